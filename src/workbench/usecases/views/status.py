"""A release at a glance: its state, its gates, and what is open, for ``workbench status``.

It is Readiness as text, made from the same sections of the same judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import Move, Turn, as_read_by
from workbench.gates.words import TITLES, open_words
from workbench.model.steps import Job, Step
from workbench.model.text import safe_text
from workbench.model.times import moment_text, relative_text, to_text, zone_of
from workbench.model.width import cells, crop, fit
from workbench.usecases.answer_times import AnswerTimes, read_answer_times
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.judgement import GateReport, Judgement
from workbench.usecases.reporting.showing import shown_lines
from workbench.usecases.reporting.words import SINCE, UNSEALED
from workbench.usecases.views.clearing import command
from workbench.usecases.views.exceptions import lift_command
from workbench.usecases.views.gates import gate_line
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.next_step import Next, NextSteps
from workbench.usecases.views.readiness import WEIGHTS, Line, Reader, Section, role_of, sections
from workbench.usecases.views.ready_at import ReadyAt, ready_at
from workbench.usecases.views.releases import state_mark

SCHEMA = "workbench.status.1"
MOST_SHOWN = 8  # lines of a section; what blocks is shown whole
WIDEST_TITLE = 44


class Point(msgspec.Struct, frozen=True, gc=False):
    """Something that is open, or a risk.

    ``gate`` is the key of the gate that asks for it, none for an advisory benchmark; ``fix`` the
    command that clears it, "" where there is none; ``owner`` who takes care of it, by key.  ``line`` is
    how it is shown.
    """

    key: str
    title: str
    gate: str | None
    why: str
    fix: str
    owner: str | None
    move: Move | None
    line: Line

    @property
    def turn(self) -> Turn | None:
        """Whose move it is, if it is open."""
        return self.line.turn

    @property
    def folded(self) -> bool:
        """Whether it is told and counted with the point that it is behind."""
        return self.line.folded


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A release at a glance; ``points`` are those of each section but the met ones, counted in ``met``.

    ``next`` is what comes first, ``ready_at`` when the release can be ready at the earliest.
    """

    found: Judgement
    mark: Mark
    counts: Mapping[Weight, int]
    points: Mapping[Section, tuple[Point, ...]]
    met: int
    next: Next
    ready_at: ReadyAt


def read_status(context: Context, release: str | None = None, *, for_people: bool = True) -> Status:
    """The status of a release, without one of the release in hand; ``for_people`` says “you” to who sits here."""
    found = shown_lines(context, evaluate(context, release))
    found.gate(None)  # a project without gates is told so
    person = context.author().actor
    return status_of(found, person if for_people else "", person, read_answer_times(context))


def status_of(found: Judgement, person: str, sits_here: str = "", times: AnswerTimes | None = None) -> Status:
    """The status of a release as ``person`` reads it; whose move it is, as it is for who ``sits_here``."""
    lines = sections(found, Reader(person, zone_of(found.timezone), wide=True))
    sits_here = person or sits_here
    steps = NextSteps(found, sits_here)
    places = _places(found)
    counts = found.counts()
    return Status(
        found=found,
        mark=state_mark(found.state, counts),
        counts=counts,
        points={
            section: tuple(
                _point(found, line, places.get(line.key), steps, sits_here) for line in lines[section]
            )
            for section in Section
            if section is not Section.MET
        },
        met=len(lines[Section.MET]),
        next=steps.first(found.gates),
        ready_at=ready_at(found, times),
    )


_Place = tuple[GateReport, Part]


def _places(found: Judgement) -> dict[str, _Place]:
    """The gate and the part of each line, by its key: the first gate that asks for it."""
    places: dict[str, _Place] = {}
    for gate in found.gates:
        for part in gate.parts:
            places.setdefault(part.key, (gate, part))
    return places


def _point(found: Judgement, line: Line, place: _Place | None, steps: NextSteps, sits_here: str) -> Point:
    gate, part = place if place and line.of_part else (_gate_signed(found, line.key), None)
    open_ = part is not None and part.state is State.NOT_MET
    return Point(
        key=line.key,
        title=line.title,
        gate=gate.key if gate else None,
        why=line.why,
        fix=steps.of(part).command if part is not None and open_ else _shows(found, line.key),
        owner=_owner(found, line.key, gate, part),
        line=line,
        move=as_read_by(line.turn, sits_here) if line.turn else None,
    )


def _shows(found: Judgement, key: str) -> str:
    """The command that shows the benchmark or the investigation which is a risk, or lifts the override that nothing needs."""
    kind, _, rest = key.partition("/")
    if kind == "override" and any(item.part == rest and not item.needed for item in found.overrides):
        return lift_command(rest)
    shows = {"benchmark": Job.SHOW_BENCHMARK, "investigation": Job.SHOW_INVESTIGATION}
    return command(Step(shows[kind], rest)) if kind in shows else ""


def _gate_signed(found: Judgement, key: str) -> GateReport | None:
    """The gate of a sign-off that does not count."""
    ident = key.removeprefix("signoff/")
    return next((gate for gate in found.gates for word in gate.signatures if word.id == ident), None)


def _owner(found: Judgement, key: str, gate: GateReport | None, part: Part | None) -> str | None:
    """Who promised to take care of it, else the only person who can sign or approve it."""
    for promise in found.promises:
        if promise.part == key:
            return promise.owner
    if gate is None or part is None:
        return None
    waiting = next((item for item in found.proposals if item.ref == part.proposal), None)
    role = role_of(gate, part)
    able = waiting.able.keys if waiting else role.can if role else ()
    return able[0] if len(able) == 1 else None


# --- as a document ---------------------------------------------------------------------------


def status_document(status: Status) -> dict[str, Any]:
    """What ``status --json`` prints."""
    found = status.found
    build = found.candidate
    return {
        "schema": SCHEMA,
        "project": found.project,
        "project_key": found.project_key,
        "release": found.version,
        "candidate": {"name": build.name, "commit": build.commit} if build else None,
        "state": found.state.value,
        "gates": [
            {"key": item.key, "title": item.title, "state": item.state.value, "set_up": item.set_up}
            for item in found.gates
        ],
        "blockers": _documents(status, Section.BLOCKS),
        "todo": _documents(status, Section.TO_DO),
        "to_sign": _documents(status, Section.TO_SIGN),
        "risks": _documents(status, Section.RISKS),
        "ready_at": to_text(status.ready_at.at) if status.ready_at.at else None,
        "long_pole": status.ready_at.long_pole or None,
        "signed_at": to_text(status.ready_at.signed_at) if status.ready_at.signed_at else None,
        "ledger_head": found.head,
        "evaluated_at": to_text(found.made_at),
        "demonstration": found.demonstration is not None,
        "unsealed": found.unsealed,
        "kept": found.kept,
        "since": list(found.since),
    }


def _documents(status: Status, section: Section) -> list[dict[str, Any]]:
    return [
        {
            "key": point.key,
            "title": point.title,
            "gate": point.gate,
            "why": point.why,
            "fix": point.fix,
            "owner": point.owner,
            "move": point.move.value if point.move else None,
            "who": list(point.turn.who) if point.turn else [],
            "until": to_text(point.turn.until) if point.turn and point.turn.until else None,
            "behind": (point.turn.behind if point.turn else "") or None,
            "next": point.fix,
        }
        for point in status.points[section]
    ]


# --- as text -------------------------------------------------------------------------------


def short_status(status: Status) -> str:
    """One line: the release, its state, and how much is open."""
    found = status.found
    line = f"{status.mark.symbol} {found.project} {found.title}: {found.state.words}"
    return safe_text(", ".join([line, *how_much(status)]), 200)


def how_much(status: Status) -> tuple[str, ...]:
    """How many blockers there are, how much is to do and to sign, how many risks."""
    return open_words(
        {
            WEIGHTS[section]: sum(not point.folded for point in points)
            for section, points in status.points.items()
        }
    )


def status_lines(status: Status) -> list[str]:
    """The whole as lines for a terminal, every one safe."""
    found = status.found
    lines = [*_head(status), "", *_gates(found)]
    titles = [point.title for points in status.points.values() for point in points]
    width = min(WIDEST_TITLE, max((cells(safe_text(title)) for title in titles), default=0))
    if found.since:
        lines += ["", SINCE, *(f"  {Mark.WARNS.symbol} {text}" for text in found.since)]
    for section, points in status.points.items():
        told = [point for point in points if not point.folded]
        if told:
            lines += ["", f"{TITLES[WEIGHTS[section]]} ({len(told)})"]
            lines += _section(section, told, width)
    lines += ["", f"{Mark.DONE.symbol} {status.met} met"] if status.met else []
    if found.ending is None:
        lines += ["", *status.ready_at.lines] if status.ready_at.lines else []
        lines += ["", f"next: {status.next.command}"] if status.next.command else []
    return [safe_text(line, 400) for line in lines]


def _head(status: Status) -> Iterator[str]:
    found = status.found
    commit = f" {found.candidate.commit[:7]}" if found.candidate else ""
    counts = ", ".join(how_much(status)) if found.ending is None else ""
    state = f"{status.mark.symbol} {found.state.words}"
    yield f"{found.project} {found.title}{commit}: {state}" + (f", {counts}" if counts else "")
    zone = zone_of(found.timezone)
    if found.planned_at is not None and found.ending is None:
        yield f"planned for {moment_text(found.planned_at, zone)}, {relative_text(found.planned_at, found.made_at)}"
    if found.demonstration:
        yield f"demonstration, clock set to {moment_text(found.made_at, zone)}"
    if found.unsealed:
        yield UNSEALED
    if found.kept:
        yield found.kept


def _gates(found: Judgement) -> Iterator[str]:
    width = max((cells(safe_text(item.title)) for item in found.gates), default=0)
    for item in found.gates:
        yield f"  {fit(safe_text(item.title), width)}  {gate_line(item)}"


def _section(section: Section, points: Sequence[Point], width: int) -> Iterator[str]:
    """A line for each point; what blocks is whole, with the command that clears it below."""
    whole = section is Section.BLOCKS or len(points) <= MOST_SHOWN + 1
    for point in points if whole else points[:MOST_SHOWN]:
        title = fit(crop(safe_text(point.title), width), width)
        line = point.line
        told = line.who.text and (line.who.taken or point.move in (Move.ANOTHER, Move.CLOCK))
        who = f" ({line.who.text})" if told else ""
        more = f" · +{line.behind} behind this" if line.behind else ""
        yield f"  {line.mark.symbol} {title}  {point.why}{who}{more}"
        if section is Section.BLOCKS and point.fix:
            yield f"      {point.fix}"
    if not whole:
        yield f"  … {len(points) - MOST_SHOWN} more: --json lists them"
