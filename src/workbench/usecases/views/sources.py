"""The sources of a project: what each is, what asks it, and what came of it the last time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Source
from workbench.model.quantity import find_unit, show_in
from workbench.model.times import age_text
from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question
from workbench.usecases.context import Context
from workbench.usecases.fetching import questions
from workbench.usecases.source_trying import held_of
from workbench.usecases.trusting import trusts
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.source_kinds import source_page

_COUNTED = {"ok": "answered", "missing": "without data", "error": "failed"}


class AskedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One question to a source, and the last answer to it: ``came`` is its state, "" where it was never asked."""

    subject: str
    role: str
    came: str
    words: str
    mark: Mark


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """One source.  ``page`` is the recipe that it names, else its kind.

    ``came`` says what its last answers were, ``at`` and ``age`` when the last of them came.
    """

    key: str
    title: str
    kind: str
    kind_title: str
    page: str
    unproven: str
    asks: bool
    asked: tuple[AskedLine, ...]
    at: datetime | None
    age: str
    came: str
    mark: Mark


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """All sources, and whether this machine may ask those that are asked over a network; a demonstration always may."""

    lines: tuple[SourceState, ...]
    trusted: bool


def read_sources(context: Context) -> Sources:
    """The project's sources in the order of the file."""
    held = held_of(context)
    wanted: dict[str, list[Question]] = {}
    for question in questions(context, held):
        wanted.setdefault(question.source, []).append(question)
    last = measurements.latest(context.record, held.candidate_id) if held and held.candidate else {}
    lines = tuple(
        _state(context, source, wanted.get(source.key, ()), last)
        for source in context.definitions.project.sources
    )
    asked = context.demonstration is not None or trusts(context.root, context.definitions)
    return Sources(lines=lines, trusted=asked)


def document(found: Sources) -> dict[str, Any]:
    """The same for a program."""
    lines = [
        {
            "source": line.key,
            "title": line.title,
            "kind": line.kind,
            "unproven": line.unproven,
            "at": line.at,
            "came": line.came,
            "asked": [
                {"subject": one.subject, "role": one.role, "state": one.came, "words": one.words}
                for one in line.asked
            ],
        }
        for line in found.lines
    ]
    return {"schema": "workbench.sources.1", "trusted": found.trusted, "sources": lines}


def _state(
    context: Context,
    source: Source,
    wanted: Sequence[Question],
    last: Mapping[tuple[str, str], Measurement],
) -> SourceState:
    kind, page = KINDS[source.kind], source.recipe or source.kind
    answers = {(one.subject, one.role): last.get((one.subject, one.role)) for one in wanted}
    told = [one for one in answers.values() if one is not None]
    at = max((one.measured_at for one in told), default=None)
    return SourceState(
        key=source.key,
        title=source.title or source.key,
        kind=source.kind,
        kind_title=source_page(page).line.title,
        page=page,
        unproven=context.definitions.unproven(source.key),
        asks=not kind.by_hand,
        asked=tuple(_asked(subject, role, answer) for (subject, role), answer in answers.items()),
        at=at,
        age=_age(context.now, at) if at else "",
        came=_came(kind.by_hand, len(answers), told),
        mark=_mark(kind.by_hand, len(answers), told),
    )


def _age(now: datetime, at: datetime) -> str:
    return f"{age_text(now - at)} ago" if now - at >= timedelta(seconds=1) else "just now"


def _asked(subject: str, role: str, answer: Measurement | None) -> AskedLine:
    if answer is None:
        return AskedLine(subject=subject, role=role, came="", words="never asked", mark=Mark.OPEN)
    number = show_in(answer.value, find_unit(answer.unit)) if answer.value is not None else ""
    marks = {"ok": Mark.DONE, "missing": Mark.WARNS, "error": Mark.BLOCKS}
    words = answer.why if answer.state != "ok" else answer.why or number
    return AskedLine(
        subject=subject, role=role, came=answer.state, words=words or answer.state, mark=marks[answer.state]
    )


def _came(by_hand: bool, asked: int, told: Sequence[Measurement]) -> str:
    if by_hand:
        return "typed by people"
    if not asked:
        return "nothing asks it"
    if not told:
        return "never asked"
    counts = Counter(one.state for one in told)
    words = [f"{counts[state]} {word}" for state, word in _COUNTED.items() if counts[state]]
    return ", ".join([*words, *([f"{asked - len(told)} never asked"] if asked > len(told) else [])])


def _mark(by_hand: bool, asked: int, told: Sequence[Measurement]) -> Mark:
    if by_hand or not asked:
        return Mark.NOT_APPLICABLE
    states = {one.state for one in told}
    if "error" in states:
        return Mark.BLOCKS
    if "missing" in states:
        return Mark.WARNS
    return Mark.DONE if len(told) == asked else Mark.OPEN
