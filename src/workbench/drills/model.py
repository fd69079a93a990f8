"""IN-4: a drill walks a runbook's steps against the clock; a gameday is several of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from workbench.definitions.runbooks import Runbook
from workbench.model.canonical import digest
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.times import parse_duration
from workbench.record import Column, EntityKind, Record, Stored, Titles


class StepState(StrEnum):
    """What came of a step."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class DrillResult(StrEnum):
    """What came of a drill; a drill that was stopped says nothing of its runbook."""

    RUNNING = ""
    WORKED = "worked"
    FAILED = "failed"
    STOPPED = "stopped"


class StepAsked(msgspec.Struct, frozen=True, kw_only=True):
    """One step as the runbook had it when the drill began; ``target`` is a length of time, or empty."""

    do: str
    expect: str = ""
    target: str = ""


class StepDone(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one step of the runbook, counted from 0."""

    step: int
    state: StepState
    at: datetime
    by: str
    note: str = ""


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """One drill, or a runbook that is executed in earnest where ``incident`` names one.

    ``text`` is the digest of the runbook as it was walked, ``asked`` its steps, ``detect_within`` and
    ``mitigate_within`` its targets, which count from ``started_at``.  The clock is made of the times that are kept here.
    """

    runbook: str
    text: str
    title: str
    started_at: datetime
    by: str
    purpose: str = ""
    asked: tuple[StepAsked, ...] = ()
    detect_within: str = ""
    mitigate_within: str = ""
    people: tuple[str, ...] = ()
    environment: str = ""
    release: str = ""
    candidate: str | None = None
    incident: str = ""
    gameday: str = ""
    fault: str = ""
    steps: tuple[StepDone, ...] = ()
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None
    result: DrillResult = DrillResult.RUNNING
    words: str = ""

    @property
    def running(self) -> bool:
        return self.result is DrillResult.RUNNING

    @property
    def answered(self) -> Mapping[int, StepDone]:
        """What came of each step that somebody answered, by its number from 0."""
        return {one.step: one for one in self.steps}

    @property
    def next_step(self) -> int | None:
        """The number of the first step that nobody answered; ``None`` where there is none."""
        known = self.answered
        return next((number for number in range(len(self.asked)) if number not in known), None)

    @property
    def failed_steps(self) -> tuple[int, ...]:
        """The steps that failed, counted from 0."""
        return tuple(sorted(one.step for one in self.steps if one.state is StepState.FAILED))


class Gameday(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which several drills are run together."""

    title: str
    at: datetime
    by: str
    people: tuple[str, ...] = ()
    words: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return str(value.get("title") or value.get("runbook", ""))


def _ended_first(values: Sequence[Mapping[str, Any] | None]) -> int | None:
    """Of one drill at several desks: the one in which most was answered, unless they tell of two ends."""
    ends = {value.get("result", "") for value in values if value is not None} - {""}
    if len(ends) > 1:
        return None
    said = [
        (bool(value.get("result")), len(value.get("steps", ()))) if value is not None else (False, -1)
        for value in values
    ]
    return said.index(max(said))


ENTITIES = (
    EntityKind(
        "drill",
        Drill,
        columns=(
            Column("runbook"),
            Column("candidate"),
            Column("incident"),
            Column("result"),
            Column("started_at"),
        ),
        thing="drill",
        title=_title,
        verbs={"answered": "answered a step of"},
        judged=True,
        excerpt=True,
        together=(("result", "ended_at", "words"),),
        stricter=_ended_first,
    ),
    EntityKind("gameday", Gameday, columns=(Column("at"),), thing="gameday"),
)
_LATEST = "started_at DESC, id DESC"


def all_drills(record: Record) -> list[tuple[Stored, Drill]]:
    """Every drill, the latest first."""
    return [(row, row.decode(Drill)) for row in record.all("drill", order=_LATEST)]


def running_drills(record: Record) -> list[tuple[Stored, Drill]]:
    """Those that have not ended, the latest first."""
    return [(row, row.decode(Drill)) for row in record.all("drill", "result = ''", (), _LATEST)]


def drills_of(record: Record, runbook: str) -> list[tuple[Stored, Drill]]:
    """Those of one runbook, the latest first."""
    return [(row, row.decode(Drill)) for row in record.all("drill", "runbook = ?", (runbook,), _LATEST)]


def find(record: Record, ref: str) -> tuple[Stored, Drill]:
    """The drill with that id (or the end of one), or the latest of the runbook with that key, a running one first."""
    found = all_drills(record)
    if not found:
        raise UsageError("nobody has drilled anything yet", hint="workbench drill start RUNBOOK")
    by_id = [pair for pair in found if ref in (pair[0].id, pair[0].id[-12:])]
    of_runbook = [pair for pair in found if pair[1].runbook == ref]
    for chosen in (by_id, [pair for pair in of_runbook if pair[1].running], of_runbook):
        if chosen:
            return chosen[0]
    meant = nearest(ref, sorted({drill.runbook for _, drill in found}))
    hint = f"did you mean {meant}?" if meant else "workbench drill list shows them"
    raise UsageError(f"there is no drill “{ref}”", hint=hint)


def all_gamedays(record: Record) -> list[tuple[Stored, Gameday]]:
    """Every gameday, the latest first."""
    return [(row, row.decode(Gameday)) for row in record.all("gameday", order="at DESC, id DESC")]


def find_gameday(record: Record, ref: str) -> tuple[Stored, Gameday]:
    """The gameday with that id (or the end of one), or with these words in its title."""
    found = all_gamedays(record)
    for fits in (
        [pair for pair in found if ref in (pair[0].id, pair[0].id[-12:])],
        [pair for pair in found if pair[1].title.casefold() == ref.casefold()],
        [pair for pair in found if ref and ref.casefold() in pair[1].title.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            named = "; ".join(f"{row.id[-12:]} ({value.title})" for row, value in fits[:3])
            raise UsageError(f"“{ref}” matches several gamedays", hint=named)
    raise UsageError(f"there is no gameday “{ref}”", hint="workbench gameday list shows them")


def text_of(runbook: Runbook) -> str:
    """The digest of what a runbook tells people to do: other steps, or another day of a link's last change, are another text."""
    said: dict[str, Any] = {"steps": [{"do": step.do, "expect": step.expect} for step in runbook.steps]}
    if not runbook.steps:
        said |= {"link": runbook.link, "changed": runbook.changed}
    return digest(said)


def within(drill: Drill, what: str) -> bool | None:
    """Whether it was ``detected`` or ``mitigated`` in time; ``None`` where nobody asked, or nobody can tell.

    A moment that was not stamped is not in time once the drill has ended.
    """
    target: str = getattr(drill, f"{'detect' if what == 'detected' else 'mitigate'}_within")
    at = moment_of(drill, what)
    if not target:
        return None
    if at is None:
        return None if drill.running else False
    return at - drill.started_at <= parse_duration(target)


def moment_of(drill: Drill, what: str) -> datetime | None:
    """When it was ``detected``, ``mitigated`` or ``ended``."""
    found: datetime | None = getattr(drill, f"{what}_at")
    return found


def took(drill: Drill, what: str) -> timedelta | None:
    """How long after the beginning it was ``detected``, ``mitigated`` or ``ended``."""
    at = moment_of(drill, what)
    return at - drill.started_at if at is not None else None


def taken_by(drill: Drill, step: int) -> timedelta | None:
    """How long a step took: since the one that was answered before it, or since the beginning."""
    one = drill.answered.get(step)
    if one is None:
        return None
    before = [other.at for other in drill.steps if other.at <= one.at and other.step != step]
    return one.at - max([drill.started_at, *before])
