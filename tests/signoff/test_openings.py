"""One gate opened at several desks that did not know of each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from workbench.model.canonical import plain
from workbench.signoff.model import ENTITIES, Opening

(KIND,) = [kind for kind in ENTITIES if kind.name == "opening"]
NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


def opening(minute: int, **fields: Any) -> dict[str, Any]:
    at = NOW + timedelta(minutes=minute, microseconds=minute)
    value: dict[str, Any] = {
        "release": "r", "candidate": "c", "gate": "go", "at": at, "until": at + timedelta(days=3), "by": f"p{minute}",
        "measurements": {"p95": ["1"]}, "verdicts": {"p95": "pass"},
    }  # fmt: skip
    said: dict[str, Any] = plain(Opening(**(value | fields)))
    return said


def chosen(*values: dict[str, Any] | None) -> dict[str, Any] | None:
    assert KIND.stricter is not None
    place = KIND.stricter(values)
    return None if place is None else values[place]


def test_openings_that_count_the_same_are_one_which_ends_first() -> None:
    openings = [opening(minute) for minute in (3, 0, 7)]
    for order in permutations(openings):
        assert chosen(*order) == openings[1]


@pytest.mark.parametrize(
    "other",
    [
        opening(1, measurements={"p95": ["2"]}),
        opening(1, verdicts={"p95": "fail"}),
        opening(1, candidate="d"),
        None,
    ],
    ids=["other measurements", "other verdicts", "another candidate", "taken back"],
)
def test_of_openings_that_count_something_else_a_person_chooses(other: dict[str, Any] | None) -> None:
    assert chosen(opening(0), other) is None
    assert chosen(other, opening(0)) is None
