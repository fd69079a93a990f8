"""Incidents as the command line prints them: one in text with the newest lines of its timeline, all of them as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from workbench.incidents import model as incidents
from workbench.incidents.model import Incident
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.views.incident_documents import document, told
from workbench.usecases.views.incident_page import read_timeline

SHOWN = 60  # lines of a timeline that are printed where not all are asked for


class Page(msgspec.Struct, frozen=True):
    """One incident in text: names and texts, and the last lines of its timeline; ``left_out`` are not among them."""

    pairs: list[tuple[str, str]]
    lines: list[tuple[str, str, str]]
    left_out: int = 0


def read_incidents(context: Context, *, only_open: bool = False) -> list[dict[str, Any]]:
    """Every incident as ``--json`` prints it, those that are open first."""
    found = incidents.all_incidents(context.record, only_open=only_open)
    return [document(context, *pair) for pair in found]


def page(context: Context, stored: Stored, value: Incident, *, every: bool = False) -> Page:
    """One incident in text."""
    lines = read_timeline(context, stored.id)
    shown = lines if every else lines[-SHOWN:]
    rows = []
    for line in shown:
        later = f" ({line.later})" if line.later else ""
        rows.append((f"{line.day} {line.clock}{later}", line.by, line.words))
    return Page(list(told(context, stored, value)), rows, len(lines) - len(shown))
