"""Can the server be relied on?  What this desk noted, what others saw, and what was accepted; for ``verify``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.mailbox.heard import Heard
from workbench.model.text import number_of, safe_text
from workbench.model.times import day_text
from workbench.record import Known
from workbench.signoff.reconnected import Reconnection, reconnections
from workbench.usecases import known_elsewhere
from workbench.usecases.context import Context
from workbench.usecases.sharing import noted
from workbench.usecases.sharing.comparing_server import Asked, compare_server
from workbench.usecases.sharing.fault_words import (
    accepted_words,
    contradicted_by,
    fault_words,
    names_of_desks,
    who_says,
)

_MOST_TOLD = 10


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """How the server stands: ``problem`` is the first thing that is wrong, "" for nothing, and by whom it is contradicted.

    ``faults`` are all that nobody accepted, in words; ``notes`` what was accepted, and what could not be compared or is
    normal for a while.  ``compared`` is how many things that other desks said were compared, ``asked`` what the server
    was asked for, where it was.
    """

    url: str
    mailbox: str
    packs: int
    problem: str
    contradicted_by: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    compared: int
    asked: Asked | None = None

    @property
    def ok(self) -> bool:
        return not self.faults


def judge(context: Context, *, ask: bool = False) -> Trust | None:
    """How the server of this record stands; ``ask`` compares everything that it holds.  ``None`` where it is not shared."""
    asked = compare_server(context) if ask else None
    stands = noted.stands(context)
    if stands is None:
        return None
    desks = names_of_desks(context.record)
    faults = [(stands.broken, "this desk's own files")] if stands.broken else []
    faults += [(fault_words(one, desks), contradicted_by(one, desks)) for one in stands.open]
    notes = [
        accepted_words(fault, accepted, desks, day_text(accepted.at, context.zone))
        for fault, accepted in stands.accepted
    ]
    here = {fault.id for fault, _ in stands.accepted}
    notes += _accepted_elsewhere(context, here)
    notes += [_expected_words(one, desks, stands.shared.number) for one in stands.expected[:_MOST_TOLD]]
    for one in known_elsewhere.unknown_entries(context):
        text = known_elsewhere.words(one, context.now, shared=True)
        if known_elsewhere.is_wrong(one, context.now, shared=True):
            faults.append((text, f"the statement of {safe_text(one.person, 60)}"))
        else:
            notes.append(text)
    notes += stands.notes
    if asked is not None:
        notes += _asked_words(asked, desks)
    first = faults[0] if faults else ("", "")
    return Trust(
        url=stands.shared.url,
        mailbox=stands.shared.mailbox,
        packs=stands.shared.number,
        problem=first[0],
        contradicted_by=first[1],
        faults=tuple(text for text, _ in faults),
        notes=tuple(notes),
        compared=stands.compared,
        asked=asked,
    )


def _expected_words(heard: Heard, desks: dict[str, str], number: int) -> str:
    return (
        f"{who_says(heard, desks)} names {number_of(heard.number, 'pack')}, and this desk has read {number}: that is normal "
        "until it has read the server to its end again (workbench sync)"
    )


def _accepted_elsewhere(context: Context, here: set[str]) -> Iterator[str]:
    """What was accepted at another desk, and this one had not seen."""
    for _, value in reconnections(context.record):
        for fault in value.faults:
            if (
                fault.id not in here
            ):  # also what is told of another mailbox, which nobody can compare any more
                yield _elsewhere_words(context, value, fault.words)


def _elsewhere_words(context: Context, value: Reconnection, what: str) -> str:
    by, day = safe_text(value.by, 60), day_text(value.at, context.zone)
    return f"{safe_text(what, 300)}; {by} accepted that on {day}: {safe_text(value.reason, 200)}"


def _asked_words(asked: Asked, desks: dict[str, str]) -> Iterator[str]:
    if asked.unread:
        yield f"the server has {number_of(asked.unread, 'pack')} that this desk has not read yet: workbench sync"
    for one in asked.lacks[:_MOST_TOLD]:
        yield f"the server {_lacks_words(one, desks)}"


def _lacks_words(one: Known, desks: dict[str, str]) -> str:
    name = desks.get(one.desk, f"the desk {one.desk[-12:]}")
    return (
        f"lacks entries of {name} that are held here, up to number {one.desk_seq}: its own desk sends them, or a keeper "
        "with workbench repair --server"
    )
