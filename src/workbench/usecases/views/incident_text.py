"""An incident in a few lines, ready to paste where people read: what is seen, since when, who leads, what it blocks."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.gates import model as gates
from workbench.incidents import timeline
from workbench.incidents.model import Incident, IncidentState
from workbench.incidents.timeline import LineKind
from workbench.model.text import capitalised
from workbench.model.times import clock_text
from workbench.record import Stored
from workbench.usecases.context import Context
from workbench.usecases.flow_names import flow_names
from workbench.usecases.views.incident_documents import release_names

LAST_LINES = 5  # so many of the newest lines are told


def headline(value: Incident) -> str:
    """What one reads first: ``Incident in staging, high, open: checkout answers 503``."""
    return f"Incident in {value.environment}, {value.severity.value}, {value.state.value}: {value.title}"


def told_text(context: Context, stored: Stored, value: Incident) -> str:
    """An incident as text to paste, several lines."""
    return "\n".join([headline(value), *_lines(context, stored, value)])


def _lines(context: Context, stored: Stored, value: Incident) -> Iterator[str]:
    yield _times(context, value)
    names = flow_names(context)
    if value.flows:
        yield f"Affected: {', '.join(names.get(key, key) for key in value.flows)}."
    version, build = release_names(context.record, value)
    if version:
        yield f"Release: {' '.join(filter(None, (version, build)))}."
    yield _people(context, value)
    freeze = next((one for _, one in gates.freezes(context.record) if one.incident == stored.id), None)
    if freeze is not None:
        yield f"Promotion is frozen since {clock_text(freeze.at, context.now, context.zone)}."
    if value.summary:
        yield f"Known: {value.summary}"
    if value.ended_why:
        yield f"Ended: {value.ended_why}"
    if value.link:
        yield f"Talk: {value.link}"
    yield from _last(context, stored)


def _times(context: Context, value: Incident) -> str:
    said = (
        ("started", value.started_at),
        ("detected", value.detected_at),
        ("mitigated", value.mitigated_at),
        ("closed", value.closed_at),
    )
    told = [f"{word} {clock_text(at, context.now, context.zone)}" for word, at in said if at is not None]
    if not told:
        told = [f"written down {clock_text(value.declared_at, context.now, context.zone)}"]
    if value.state is IncidentState.OPEN:
        told.append("not mitigated yet")
    return f"{capitalised(', '.join(told))} ({context.definitions.project.timezone})."


def _people(context: Context, value: Incident) -> str:
    def name(key: str) -> str:
        found = context.definitions.person(key)
        return found.name if found is not None else key

    others = ", ".join(name(key) for key in value.people if key != value.commander)
    lead = f"{name(value.commander)} leads" if value.commander else "Nobody leads yet"
    return f"{lead}, with {others}." if others else f"{lead}."


def _last(context: Context, stored: Stored) -> Iterator[str]:
    """The newest lines that say more than what stands above."""
    lines = [
        line
        for _, line in timeline.lines_of(context.record, stored.id)
        if line.what in (LineKind.NOTE, LineKind.TOLD, LineKind.RUNBOOK) and line.words
    ]
    if lines:
        yield "Last:"
    for line in lines[-LAST_LINES:]:
        yield f"- {clock_text(line.at, context.now, context.zone)} {' '.join(line.words.split())}"
