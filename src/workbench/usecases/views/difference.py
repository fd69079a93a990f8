"""The page of one difference: all that it says, the evidence attached to it, and what became of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.evidence.model import Attachment, attachments
from workbench.record import EntryView
from workbench.usecases.context import Context
from workbench.usecases.parity_map import Detail, read_detail
from workbench.usecases.views.history import act, field_changes

MOST = 100  # entries of its past
TOLD = 4  # fields that one entry names
_OF_THE_RECORD = frozenset(
    ("decided_at", "decided_by", "decided_on", "found_at", "one_was_enough", "severity_written", "statement")
)


class Past(msgspec.Struct, frozen=True):
    """Something that was done to a difference: when, by whom, what, and the reason that was given."""

    at: datetime
    by: str
    what: str
    why: str


class DifferencePage(msgspec.Struct, frozen=True):
    """A difference in full; what was done last comes first."""

    detail: Detail
    evidence: tuple[Attachment, ...]
    past: tuple[Past, ...]


def read_page(context: Context, id: str) -> DifferencePage | None:
    """A difference in full; ``None`` when it is not on the map."""
    detail = read_detail(context, id)
    if detail is None:
        return None
    subject = f"difference:{id}"
    return DifferencePage(
        detail,
        tuple(attachments(context.record, subject).get(subject, ())),
        tuple(_past(entry) for entry in context.record.history("difference", id, limit=MOST)),
    )


def _past(entry: EntryView) -> Past:
    return Past(entry.claimed_at or entry.recorded_at, entry.actor, _what(entry), entry.reason or "")


def _what(entry: EntryView) -> str:
    """What an entry did, in words: ``edited staging: none → 1``."""
    if entry.before is None or entry.value is None:
        return act(entry)
    changed = [each for each in field_changes(entry) if each.changed and each.name not in _OF_THE_RECORD]
    told = "; ".join(
        f"{each.name.replace('_', ' ')}: {each.before or 'nothing'} → {each.after or 'nothing'}"
        for each in changed[:TOLD]
    )
    more = f" and {len(changed) - TOLD} more fields" if len(changed) > TOLD else ""
    return f"{act(entry)} {told}{more}" if told else act(entry)
