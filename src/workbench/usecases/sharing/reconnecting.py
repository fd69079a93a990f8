"""Accepting what a server did: it was restored from a backup, or changed, and somebody says why the record goes on with it."""

from __future__ import annotations

import msgspec

from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason
from workbench.signoff.reconnected import MOST, WORDS, Accepted, Reconnection, reconnected
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.sharing import noted
from workbench.usecases.sharing.fault_words import fault_words, names_of_desks


class Reconnected(msgspec.Struct, frozen=True):
    """What was accepted, in words, and with which reason."""

    faults: tuple[str, ...]
    reason: str


def reconnect(context: Context, reason: str) -> Reconnected:
    """Accepts every fault of the server that this desk has found: who, when and why is an entry of the record.

    ``UsageError`` where none was found.  ``verify`` goes on telling it, as a note.
    """
    reason = readable_reason(reason, "going on with a server that was changed")
    stands = noted.stands(context)
    if stands is None:
        raise UsageError("this record is not shared", hint="workbench share URL")
    if not stands.open:
        raise UsageError(
            "there is nothing to accept: the server is as this desk has noted it",
            hint="workbench verify --server compares everything that it holds",
        )
    desks = names_of_desks(context.record)
    told = tuple(fault_words(one, desks) for one in stands.open[:MOST])
    value = Reconnection(
        mailbox=stands.shared.mailbox,
        faults=tuple(
            Accepted(id=one.id, words=words[:WORDS])
            for one, words in zip(stands.open[:MOST], told, strict=True)
        ),
        number=stands.shared.number,
        chain=stands.shared.chain,
        reason=reason,
        by=context.author().actor,
        at=context.now,
    )
    # Kept where the log is, too: without it nobody could say that this was noted before it was accepted.
    noted.note_faults(context, stands.shared, stands.open)
    commit(context, [reconnected(fresh_id(context), value)])
    return Reconnected(told, reason)
