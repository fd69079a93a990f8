"""One incident as both front ends show it: what one has to know, its checklist, and its timeline line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from workbench.flows.model import Flow
from workbench.incidents import timeline
from workbench.incidents.actions import ActionState
from workbench.incidents.model import Incident
from workbench.incidents.timeline import LineKind, TimelineLine
from workbench.model.times import clock_text, day_text, in_zone
from workbench.record import Record, Stored
from workbench.releases.model import Candidate, Release
from workbench.usecases.context import Context
from workbench.usecases.incident_checklists import walk_at
from workbench.usecases.views.checklists import ListLine, lists, waits_for_people
from workbench.usecases.views.incidents import (
    Around,
    Arounds,
    facts_at_once,
    line_words,
    state_words,
    who,
)
from workbench.usecases.views.marks import Fact, Mark


class StampedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline: ``day`` and ``clock`` are when it happened, ``later`` when it was typed if that was later.

    ``told`` says that it is more than a note: the incident was mitigated, people were told.
    """

    id: str
    day: str
    clock: str
    by: str
    words: str
    later: str
    told: bool
    mark: Mark | None = None


class IncidentPage(msgspec.Struct, frozen=True, kw_only=True):
    """An incident in full: ``facts`` are what one sees at once, ``aside`` what stands beside where there is room."""

    stored: Stored
    incident: Incident
    title: str
    meta: str
    facts: tuple[Fact, ...]
    aside: tuple[Fact, ...]
    lines: tuple[StampedLine, ...]
    around: Around
    checklist: ListLine | None = None

    @property
    def id(self) -> str:
        return self.stored.id


LATER = timedelta(minutes=2)  # whoever types so soon after writes down what happens now


def read_page(context: Context, id: str) -> IncidentPage | None:
    """An incident in full; ``None`` when the record does not have it."""
    stored = context.record.get("incident", id)
    if stored is None:
        return None
    value = stored.decode(Incident)
    around = Arounds(context.record).of(id)
    walk = walk_at(context, stored, value) if value.counts else None
    listed = lists(walk, context.definitions) if walk is not None else []
    return IncidentPage(
        stored=stored,
        incident=value,
        title=value.title,
        meta=" · ".join((value.environment, value.severity.value, state_words(value, context.now))),
        facts=(*facts_at_once(context, value, around), *map(list_fact, listed)),
        aside=tuple(_aside(context, value, around)),
        lines=tuple(read_timeline(context, id)),
        around=around,
        checklist=listed[0] if listed else None,
    )


def list_fact(line: ListLine) -> Fact:
    """How far a checklist is, and what comes next of it."""
    following = next((view for view in line.views if waits_for_people(view)), None)
    said = f"{line.how_far} · next: {following.item.title}" if following else line.how_far
    return Fact("Checklist", said, line.mark)


def read_timeline(context: Context, id: str) -> list[StampedLine]:
    """The timeline in the order of what happened."""
    return [_stamped(context, stored, line) for stored, line in timeline.lines_of(context.record, id)]


_LINE_MARKS = {
    LineKind.FROZEN: Mark.BLOCKS,
    LineKind.LIFTED: Mark.DONE,
    LineKind.MITIGATED: Mark.DONE,
    LineKind.CLOSED: Mark.COMPLETE,
}


def _stamped(context: Context, stored: Stored, line: TimelineLine) -> StampedLine:
    zone, kind = context.zone, line.what
    late = line.said_at - line.at > LATER
    return StampedLine(
        id=stored.id,
        day=day_text(line.at, zone),
        clock=f"{in_zone(line.at, zone):%H:%M}",
        by=who(context, line.by),
        words=line_words(line),
        later=f"typed {clock_text(line.said_at, line.at, zone).removeprefix('today ')}" if late else "",
        told=kind is not LineKind.NOTE,
        mark=_LINE_MARKS.get(kind),
    )


def _aside(context: Context, value: Incident, around: Around) -> Iterator[Fact]:
    flows = [flow_title(context.record, each) for each in value.flows]
    yield Fact("Flows", ", ".join(flows) or "not said", aside=not flows)
    if value.release:
        yield Fact("Release", release_words(context.record, value))
    if value.runbook:
        yield Fact("Runbook", value.runbook)
    if value.link:
        yield Fact("Link", value.link)
    for action in around.actions:
        done = action.state is not ActionState.OPEN
        owner = who(context, action.owner) if action.owner else "unassigned"
        yield Fact("Action", f"{action.title} · {owner}", Mark.DONE if done else Mark.OPEN, aside=done)


def flow_title(record: Record, key: str) -> str:
    """What a flow is called; its key where the inventory does not have it."""
    rows = record.all("flow", "key = ?", (key,), limit=1)
    return rows[0].decode(Flow).name if rows else key


def release_words(record: Record, value: Incident) -> str:
    """The release and the build that it belongs to: ``2.14.0 rc2``."""
    release = record.get("release", value.release)
    candidate = record.get("candidate", value.candidate) if value.candidate else None
    words = [release.decode(Release).version if release else value.release]
    words += [candidate.decode(Candidate).name] if candidate else []
    return " ".join(words)
