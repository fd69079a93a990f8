"""The acts of a record, oldest first, from where somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

import msgspec

from workbench.record import EntryView, Record
from workbench.usecases.scripting.model import Act

_PAGE = 500


class Since(msgspec.Struct, frozen=True):
    """From where on: a moment, or the number of an entry as the history counts them; whose acts, if not all."""

    moment: datetime | None = None
    entry: int = 0
    person: str | None = None


EVERYTHING = Since()


def read_acts(record: Record, since: Since = EVERYTHING) -> list[Act]:
    """The acts since then, oldest first; one that began before the entry that is named is left out."""
    entries = list(_entries(record, since))[::-1]
    acts = [Act(tuple(group)) for _, group in groupby(entries, lambda entry: entry.change_id)]
    return [act for act in acts if _whole(act) and _asked(act, since)]


def _asked(act: Act, since: Since) -> bool:
    late_enough = since.moment is None or act.at >= since.moment
    return late_enough and since.person in (None, act.person)


def _whole(act: Act) -> bool:
    return len(act.entries) == act.first.parts


def _entries(record: Record, since: Since) -> Iterator[EntryView]:
    """Newest first, until they are older than what is asked for."""
    before: int | None = None
    while page := record.history(limit=_PAGE, before_seq=before):
        for entry in page:
            if entry.seq < since.entry:
                return
            yield entry
        before = page[-1].seq


def read_act(record: Record, change: str, near: Iterable[EntryView]) -> Act | None:
    """The act of that change, found through things that it touched; ``None`` where it is not whole here."""
    found = {
        entry.seq: entry
        for thing in {(entry.entity, entry.id) for entry in near}
        for entry in record.history(*thing, limit=_PAGE)
        if entry.change_id == change
    }
    act = Act(tuple(found[seq] for seq in sorted(found))) if found else None
    return act if act is not None and _whole(act) else None
