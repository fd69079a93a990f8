"""IN-7: what somebody said would hold in production when they let something past, and whether it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.criteria import CriterionError, parse
from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class PredictionOf(StrEnum):
    """What it goes with: an exception of that kind, or the release as such."""

    OVERRIDE = "override"
    ACCEPTANCE = "acceptance"
    CONDITION = "condition"
    RELEASE = "release"


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark measured in production meets ``states``, a rule of the criterion language, until a moment.

    ``part`` is the line of a gate whose exception it goes with, "" for none; ``release`` is an id.
    """

    release: str
    benchmark: str
    title: str
    states: str
    until: datetime
    of: PredictionOf = PredictionOf.RELEASE
    part: str = ""
    words: str = ""
    by: str
    at: datetime


class Score(StrEnum):
    """What came of a prediction.  One of which nothing was measured is neither right nor wrong."""

    RIGHT = "right"
    WRONG = "wrong"
    HOLDS = "holds so far"
    WAITS = "waits for the release"
    UNKNOWN = "cannot be told"


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"that {value.get('title', '')} is {value.get('states', '')}"


ENTITIES = (
    EntityKind(
        "prediction",
        Prediction,
        columns=(Column("release"), Column("benchmark")),
        thing="that",
        title=_title,
        verbs={"predicted": "predicted"},
        many="predictions",
    ),
)


def all_predictions(record: Record, release: str | None = None) -> list[tuple[Stored, Prediction]]:
    """All of them, or those of one release, the newest first."""
    where = ("release = ?", (release,)) if release else ("", ())
    rows = sorted(record.all("prediction", *where), key=lambda row: row.made, reverse=True)
    return [(row, row.decode(Prediction)) for row in rows]


def predicted_benchmarks(record: Record, release: str) -> list[str]:
    """The benchmarks that are measured of a release that is watched because somebody predicted something of them."""
    return sorted({value.benchmark for _, value in all_predictions(record, release)})


def predicted(ident: str, value: Prediction) -> Change:
    """The change that keeps a prediction; ``UsageError`` for what nobody could ever score."""
    try:
        parse(value.states)
    except CriterionError as error:
        raise UsageError(f"“{value.states}” cannot be scored: {error.what}", hint=error.hint) from None
    if value.until <= value.at:
        raise UsageError("a prediction is about what comes", hint="--until a later moment")
    return Change("prediction", ident, "predicted", plain(value), None, value.words or None)
