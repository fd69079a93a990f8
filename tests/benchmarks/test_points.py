"""The points of many charts, read at once: the same measurements as one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.past import Past, Subject
from workbench.model.quantity import find_unit
from workbench.releases.model import Candidate
from workbench.usecases import deciding, releasing
from workbench.usecases.context import Context

HOUR = timedelta(hours=1)
SUBJECTS = [
    Subject(key, environment, find_unit(unit))
    for key, environment, unit in (
        ("p95", "staging", "s"), ("errors", "staging", "%"), ("errors", "production", "%"), ("unknown", None, "")
    )
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        for number, hours in enumerate((5, 4, 4, 3)):
            propose(context, number + 1)
            build.measured(context, "errors", f"0.{hours}", ago=hours * HOUR, samples=hours)
            build.measured(context, "errors", f"0.{hours}1", ago=hours * HOUR)
            build.measured(context, "p95", f"0.{hours}", ago=hours * HOUR)
        build.measured(context, "errors", "7", ago=2 * HOUR, environment="production")
        build.measured(context, "errors", None, state="missing", why="no data", ago=2 * HOUR)
        build.measured(context, "errors", "0.9", role="baseline", ago=2 * HOUR)
        wrong = build.measured(context, "errors", "8", ago=HOUR)
        deciding.invalidate(context, wrong, "The probe was pointed at the wrong host")
        propose(context, 9)
        build.measured(context, "errors", "0.1", ago=HOUR)
        yield context


def propose(context: Context, number: int) -> None:
    held = releasing.find(context, None)
    releasing.propose(context, held, Candidate(release="", number=0, commit=f"{number:040x}"))


def past(context: Context, *, charted: tuple[str, ...], began: bool = False) -> Past:
    held = releasing.find(context, None)
    overridden = held.candidates[1][0].id
    return Past(
        context.record,
        candidate=held.candidate_id,
        now=context.now,
        good=list,
        let_past=lambda key: {overridden} if key == "p95" else set(),
        began=lambda key: context.now - 4 * HOUR if began else None,
        charted=charted,
    )


def shown(found: list[Measurement]) -> list[tuple[object, ...]]:
    return [
        (
            one.ref,
            one.value,
            one.unit,
            one.measured_at,
            one.samples,
            one.candidate,
            one.environment,
            one.role,
            one.state,
        )
        for one in found
    ]


@pytest.mark.parametrize("began", [False, True])
@pytest.mark.parametrize("hours", [None, 4, 9])
def test_points_are_what_was_measured_earlier(shop: Context, began: bool, hours: int | None) -> None:
    until = shop.now - hours * HOUR if hours else None
    at_once = past(shop, charted=("p95", "errors", "unknown"), began=began)
    one_by_one = past(shop, charted=(), began=began)
    for subject in SUBJECTS:
        found = shown(at_once.points(subject, until))
        assert found == shown(one_by_one.points(subject, until)) == shown(one_by_one.earlier(subject, until))
    if until is None and not began:
        values = [str(one.value) for one in at_once.points(SUBJECTS[1])]
        assert values == ["0.31", "0.3", "0.41", "0.4", "0.41", "0.4", "0.51", "0.5"]
