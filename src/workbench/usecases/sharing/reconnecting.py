"""Accepting what a server did: it was restored from a backup, or changed, and somebody says why the record goes on with it."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from workbench.mailbox import heard as hearing
from workbench.mailbox.errors import ServerUnavailable
from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason
from workbench.signoff.reconnected import MOST, WORDS, Accepted, Reconnection, reconnected
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.sharing import noted
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks
from workbench.usecases.sharing.shared import Shared, connected, note_of, require_shared


class Reconnected(msgspec.Struct, frozen=True):
    """What was accepted, in words, and with which reason."""

    faults: tuple[str, ...]
    reason: str


def reconnect(context: Context, reason: str) -> Reconnected:
    """Accepts every fault of the server that this desk has found: who, when and why is an entry of the record.

    Where the server holds the record in a new mailbox, because it was shared there anew, this desk goes on with that.
    ``UsageError`` where nothing was found.  ``verify`` goes on telling it, as a note.
    """
    reason = readable_reason(reason, "going on with a server that was changed")
    shared = require_shared(context)
    stands = noted.stands(context)
    found = stands.open if stands is not None else ()
    desks = names_of_desks(context.record)
    faults = [
        Accepted(
            id=one.id,
            words=fault_words(one, desks)[:WORDS],
            first=one.common + 1 if one.sort in hearing.LISTS else 0,
        )
        for one in found[:MOST]
    ]
    other = _other_mailbox(context, shared)
    if other is not None:
        faults.append(_anew(shared, other))
    if not faults:
        raise UsageError(
            "there is nothing to accept: the server is as this desk has noted it",
            hint="workbench verify --server compares everything that it holds",
        )
    value = Reconnection(
        mailbox=shared.mailbox,
        faults=tuple(faults),
        number=shared.number,
        chain=shared.chain,
        reason=reason,
        by=context.author().actor,
        at=context.now,
    )
    noted.note_faults(context, shared, found)  # what was worked out just now is found again with its name
    commit(context, [reconnected(fresh_id(context), value)])
    if other is not None:
        context.record.keep_note(*note_of(other))
    return Reconnected(tuple(one.words for one in faults), reason)


def _other_mailbox(context: Context, shared: Shared) -> Shared | None:
    """The mailbox that the server holds now, if it is another one than this desk has joined; ``None`` off-line."""
    with suppress(ServerUnavailable), connected(shared) as server:
        there = next((one for one in server.records() if one.record == context.record.info.record_id), None)
        if there is not None and there.mailbox != shared.mailbox:
            return Shared(url=shared.url, mailbox=there.mailbox, role=server.role())
    return None


def _anew(shared: Shared, other: Shared) -> Accepted:
    return Accepted(
        id=f"{shared.mailbox[-12:]}/mailbox/{other.mailbox[-12:]}",
        words=f"the server holds the record in a new mailbox: the old one, of which this desk had read pack {shared.number}, "
        "is not there any more",
    )
