"""Incidents as the command line prints them."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.incidents import model as incidents
from workbench.incidents import timeline
from workbench.incidents.model import Incident, IncidentState
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.times import clock_text, relative_text
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.incident_documents import document, told
from workbench.usecases.views.marks import Mark

SHOWN = 60  # lines of a timeline that are printed where not all are asked for
_MARKS = {
    IncidentState.OPEN: Mark.BLOCKS,
    IncidentState.MITIGATED: Mark.UNDER_WAY,
    IncidentState.CLOSED: Mark.DONE,
    IncidentState.MISTAKE: Mark.NOT_APPLICABLE,
    IncidentState.MERGED: Mark.NOT_APPLICABLE,
}


class Page(msgspec.Struct, frozen=True):
    """One incident in text: names and texts, and the last lines of its timeline; ``left_out`` are not among them."""

    pairs: list[tuple[str, str]]
    lines: list[tuple[str, str, str, str]]
    left_out: int = 0


def read_incidents(context: Context, *, only_open: bool = False) -> list[dict[str, Any]]:
    """Every incident as ``--json`` prints it, those that are open first."""
    found = incidents.all_incidents(context.record, only_open=only_open)
    return [document(context, *pair) for pair in found]


def listed(context: Context, *, only_open: bool = False) -> list[tuple[str, ...]]:
    """The same, a row for each."""
    return [
        (
            _MARKS[value.state].symbol,
            stored.id[-12:],
            value.title,
            value.environment,
            value.severity.value,
            value.state.value,
            relative_text(value.began, context.now),
            value.commander or "",
        )
        for stored, value in incidents.all_incidents(context.record, only_open=only_open)
    ]


def page(context: Context, stored: Stored, value: Incident, *, every: bool = False) -> Page:
    """One incident in text."""
    lines = timeline.lines_of(context.record, stored.id)
    shown = lines if every else lines[-SHOWN:]
    return Page(
        list(told(context, stored, value)),
        [line_row(context, line) for _, line in shown],
        len(lines) - len(shown),
    )


def line_row(context: Context, line: TimelineLine) -> tuple[str, str, str, str]:
    """When it happened, and when it was typed where that was later; who; what sort of line it is; its words."""
    now, zone = context.now, context.zone
    when = clock_text(line.at, now, zone)
    if (line.said_at - line.at).total_seconds() >= 60:
        when += f" (typed {clock_text(line.said_at, now, zone)})"
    what = "" if line.what is LineKind.NOTE else line.what.value
    return when, line.by, what, line.words
