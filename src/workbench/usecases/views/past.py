"""What became of one thing of the record: who did what, when, and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from workbench.record import EntryView
from workbench.usecases.context import Context
from workbench.usecases.views.history import act, field_changes

MOST = 100  # entries
TOLD = 4  # fields that one entry names


class Past(msgspec.Struct, frozen=True):
    """Something that was done to a thing: when, by whom, what, and the reason that was given."""

    at: datetime
    by: str
    what: str
    why: str


def read_past(context: Context, entity: str, id: str, untold: Collection[str] = ()) -> tuple[Past, ...]:
    """What was done to a thing, last first; ``untold`` are fields that the record sets by itself."""
    return tuple(
        Past(entry.claimed_at or entry.recorded_at, entry.actor, _what(entry, untold), entry.reason or "")
        for entry in context.record.history(entity, id, limit=MOST)
    )


def _what(entry: EntryView, untold: Collection[str]) -> str:
    """What an entry did, in words: ``edited staging: none → 1``."""
    if entry.before is None:
        return "added it"
    if entry.value is None:
        return "removed it"
    changed = [each for each in field_changes(entry) if each.changed and each.name not in untold]
    told = "; ".join(
        f"{each.name.replace('_', ' ')}: {each.before or 'nothing'} → {each.after or 'nothing'}"
        for each in changed[:TOLD]
    )
    more = f" and {len(changed) - TOLD} more fields" if len(changed) > TOLD else ""
    return f"{act(entry)} {told}{more}" if told else act(entry)
