"""IN-4: a drill walks a runbook's steps against the clock; a gameday is several of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


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


class StepDone(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one step of the runbook, counted from 0."""

    step: int
    state: StepState
    at: datetime
    by: str
    note: str = ""


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """One drill, or a runbook that is executed in earnest where ``incident`` names one.

    ``text`` is the digest of the runbook as it was walked.  The clock is made of the times that are kept here.
    """

    runbook: str
    text: str
    title: str
    started_at: datetime
    by: str
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


class Gameday(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which several drills are run together."""

    title: str
    at: datetime
    by: str
    people: tuple[str, ...] = ()
    words: str = ""


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
        judged=True,
        excerpt=True,
    ),
    EntityKind("gameday", Gameday, columns=(Column("at"),), thing="gameday"),
)


def all_drills(record: Record) -> list[tuple[Stored, Drill]]:
    """Every drill, the latest first."""
    return [(row, row.decode(Drill)) for row in record.all("drill", order="started_at DESC, id DESC")]
