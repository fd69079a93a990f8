"""Routines as both front ends show them: what falls due first, what was done, and what the next one is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.routine_defaults import AFTER_A_REFRESH_WITHIN, BUILT_IN_KEYS
from workbench.definitions.routines import AFTER_REFRESH, PERIODS, SPRINT_LENGTH, Routine, Sprint
from workbench.evidence.model import Attachment
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.model.times import clock_text, parse_duration, to_text
from workbench.routines.due import Due, DueState
from workbench.usecases import routines
from workbench.usecases.context import Context
from workbench.usecases.routines import Past
from workbench.usecases.views.marks import Fact, Mark, Phrase
from workbench.usecases.views.people import named

MARKS = {
    DueState.OVERDUE: Mark.BLOCKS,
    DueState.DUE: Mark.OPEN,
    DueState.DONE: Mark.DONE,
    DueState.WAITING: Mark.NOT_APPLICABLE,
}
# What is due first stands first; of the rest, what comes next.
_ORDER = (DueState.OVERDUE, DueState.DUE)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A routine in words: how often, how it stands, when it was done last and by whom."""

    due: Due
    title: str
    mark: Mark
    every: str
    state: str
    last: str
    owner: str

    @property
    def key(self) -> str:
        return self.due.routine.key


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One routine in full: what there is to know about it, how often it was done, and the same in words."""

    line: Line
    facts: tuple[Fact, ...]
    past: tuple[Past, ...]
    told: tuple[Fact, ...]


def read_lines(context: Context) -> tuple[Line, ...]:
    """Every routine, what is due first."""
    return tuple(sorted((_line(context, due) for due in routines.read_dues(context)), key=_place))


def _place(line: Line) -> tuple[int, float, str]:
    due = line.due
    order = _ORDER.index(due.state) if due.state in _ORDER else len(_ORDER)
    return order, due.due_at.timestamp() if due.due_at else float("inf"), line.key


def read_page(context: Context, key: str) -> Page:
    """One routine in full; ``UsageError`` where there is none."""
    due = routines.find_due(context, key)
    past = routines.read_past(context, due)
    return Page(
        line=_line(context, due),
        facts=tuple(_facts(due.routine, _in_files(due.routine))),
        past=tuple(past),
        told=tuple(_past_fact(context, each) for each in past),
    )


def _line(context: Context, due: Due) -> Line:
    routine, last = due.routine, due.last
    by = named(context.definitions, last.by, context.author().actor) if last else ""
    return Line(
        due=due,
        title=routine.title,
        mark=MARKS[due.state],
        every=every_words(routine, context.definitions.project.sprint),
        state=state_words(due, context.zone),
        last=f"{clock_text(last.at, context.now, context.zone)} by {by}" if last else "never",
        owner=routine.role or "",
    )


def every_words(routine: Routine, sprint: Sprint | None = None) -> str:
    """How often: ``each week``, ``each sprint of 14 days``, ``within 3 days of a refresh``, ``every 10 days``."""
    if routine.every == "sprint":
        return f"each sprint of {_days(sprint.length if sprint else SPRINT_LENGTH)}"
    if routine.every in PERIODS:
        return f"each {routine.every}"
    if routine.every == AFTER_REFRESH:
        return f"within {_days(routine.within or AFTER_A_REFRESH_WITHIN)} of a refresh"
    days = _days(routine.every)
    return "every day" if days == "1 day" else f"every {days}"


def _days(length: str) -> str:
    days = parse_duration(length).days
    return number_of(days, "day") if days else length


def state_words(due: Due, zone: tzinfo) -> str:
    """How it stands, with the day that counts."""
    if due.due_at is None:
        return "done, and again after the next refresh" if due.last else "due after the next refresh"
    day = end_text(due.due_at, zone)
    if due.state is DueState.OVERDUE:
        return f"overdue, was due by {day}"
    if due.state is DueState.DUE:
        return f"due by {day}"
    return f"done, next by {day}" if due.last else f"first due by {day}"


def _in_files(routine: Routine) -> str:
    return "built in" if routine.key in BUILT_IN_KEYS else "the project's own"


def _facts(routine: Routine, origin: str) -> Iterator[Fact]:
    if routine.how:
        yield Fact("How", routine.how)
    if routine.evidence or routine.needs_evidence:
        needed = " Without it, it is not done." if routine.needs_evidence else ""
        yield Fact("Evidence", f"{routine.evidence or 'A link, a file or a note.'}{needed}")
    yield Fact("Routine", f"{routine.key}, {origin}", aside=True)


def _past_fact(context: Context, past: Past) -> Fact:
    doing = past.doing
    by = named(context.definitions, doing.by, context.author().actor)
    said = (doing.words, *(_piece(piece) for piece in past.evidence))
    return Fact(
        clock_text(doing.at, context.now, context.zone),
        " · ".join(filter(None, (by, *said))),
        Mark.DONE,
    )


def _piece(piece: Attachment) -> str:
    return piece.link if piece.link and piece.link == piece.title else f"{piece.kind}: {piece.title}"


def summary(lines: Sequence[Line]) -> list[Phrase]:
    """How all of them stand, in one line."""
    late = sum(line.due.state is DueState.OVERDUE for line in lines)
    due = sum(line.due.state is DueState.DUE for line in lines)
    rest = len(lines) - late - due
    found = [Phrase(f"{late} overdue", Mark.BLOCKS)] if late else []
    found += [Phrase(f"{due} due", Mark.OPEN)] if due else []
    return [*found, Phrase(f"{rest} not due", aside=True)]


def document(line: Line) -> dict[str, Any]:
    """A routine as ``--json`` prints it."""
    due, routine = line.due, line.due.routine
    return {
        "routine": routine.key,
        "title": routine.title,
        "every": routine.every,
        "role": routine.role,
        "built_in": routine.key in BUILT_IN_KEYS,
        "needs_evidence": bool(routine.needs_evidence),
        "state": due.state.value,
        "overdue": due.overdue,
        "due_at": _text(due.due_at),
        "words": line.state,
        "last": None
        if due.last is None
        else {"at": to_text(due.last.at), "by": due.last.by, "words": due.last.words, "what": due.last.what},
    }


def page_document(page: Page) -> dict[str, Any]:
    """One routine in full, as ``--json`` prints it."""
    routine = page.line.due.routine
    return {
        **document(page.line),
        "how": routine.how,
        "evidence": routine.evidence,
        "times": [_past_document(each) for each in page.past],
    }


def _past_document(past: Past) -> dict[str, Any]:
    doing = past.doing
    return {
        "at": to_text(doing.at),
        "by": doing.by,
        "words": doing.words,
        "what": doing.what,
        "id": doing.id,
        "evidence": [
            {"kind": piece.kind, "title": piece.title, "link": piece.link, "digest": piece.digest}
            for piece in past.evidence
        ],
    }


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment is not None else None
