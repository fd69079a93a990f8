"""The page of one difference: all that it says, the evidence attached to it, and what became of it."""

from __future__ import annotations

import msgspec

from workbench.evidence.model import Attachment, attachments
from workbench.usecases.context import Context
from workbench.usecases.parity_map import Detail, read_detail
from workbench.usecases.views.past import Past, read_past

_OF_THE_RECORD = frozenset(
    (
        "decided_at",
        "decided_by",
        "decided_on",
        "found_at",
        "gap",
        "one_was_enough",
        "severity_written",
        "statement",
    )
)


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
    evidence = tuple(attachments(context.record, subject).get(subject, ()))
    return DifferencePage(detail, evidence, read_past(context, "difference", id, _OF_THE_RECORD))
