"""Investigations as both front ends show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from workbench.criteria.report import number
from workbench.investigations import model as investigations
from workbench.investigations.fields import FIELDS
from workbench.investigations.model import Ending, Investigation, fell
from workbench.model.noun_fields import pairs
from workbench.model.times import relative_text
from workbench.parity.model import Difference, short_id
from workbench.record import Record, Stored
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark

NOBODY = "unassigned"


class Line(msgspec.Struct, frozen=True):
    """One investigation: ``fell`` is what it was opened by, ``state`` how it stands or what it ended in."""

    id: str
    title: str
    mark: Mark
    fell: str
    owner: str
    state: str
    when: str


def read_investigations(context: Context, *, only_open: bool = False) -> list[tuple[Stored, Investigation]]:
    """The open ones before those that ended, each the latest first."""
    return investigations.all_investigations(context.record, only_open=only_open)


def lines(context: Context, *, only_open: bool = False) -> list[Line]:
    """The same, a line for each."""
    return [
        _line(context.record, stored, value, context.now)
        for stored, value in read_investigations(context, only_open=only_open)
    ]


def _line(record: Record, stored: Stored, value: Investigation, now: datetime) -> Line:
    return Line(
        id=stored.id,
        title=value.title,
        mark=Mark.OPEN if value.open else Mark.DONE,
        fell=fell(value),
        owner=value.owner or (NOBODY if value.open else ""),
        state=ended_words(record, value) or "open",
        when=relative_text(value.opened_at, now) if value.opened_at else "",
    )


def ended_words(record: Record, value: Investigation) -> str:
    """What it ended in: ``difference: smaller database``; "" while it is open."""
    if value.open:
        return ""
    outcome = value.outcome
    if value.ended is Ending.DIFFERENCE:
        row = record.get("difference", outcome)
        outcome = row.decode(Difference).title if row else f"{short_id(outcome)}, which left the map"
    return f"{value.ended.value}: {outcome}"


def told(context: Context, value: Investigation) -> list[tuple[str, str]]:
    """All that an investigation says, as names and texts."""
    left_out = ("title", "value", "limit", "unit", "outcome")
    fields = [field for field in FIELDS if field.name not in left_out]
    words = ended_words(context.record, value) or "open"
    found = pairs(fields, value, context.zone, ended=words, owner=value.owner or NOBODY)
    return [*found, ("fell to", fell(value))] if fell(value) else found


def numbers(value: Investigation) -> dict[str, Any]:
    """Its figures as ``--json`` prints them."""
    return {"value": number(value.value), "limit": number(value.limit)}
