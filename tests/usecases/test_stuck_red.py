"""A shift that is real and accepted: a chart stays red until a person begins a new phase, and then learns again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests import building as build

from workbench.benchmarks import measurements
from workbench.criteria import Verdict
from workbench.sources.reading import Batch, Reading
from workbench.usecases import baselines
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

SHOP = (
    build.HEAD
    + build.PEOPLE
    + """\
sources:
  - {key: metrics, kind: prometheus, url: "http://127.0.0.1:9"}
benchmarks:
  - key: p95
    flow: checkout
    title: Checkout p95
    measure: {source: metrics, query: up, unit: ms, window: 1h}
    better: lower
    pass: in control
    mode: blocking
gates:
  - {key: go, title: Go, requires: [benchmarks: {}]}
"""
)
DAY = timedelta(days=1)
USUAL = (
    401,
    398,
    403,
    399,
    402,
    397,
    400,
    404,
    396,
    401,
    399,
    402,
    398,
    400,
    403,
    397,
    401,
    399,
    402,
    400,
    398,
    403,
)


def earlier(context: Context, build_number: int, value: float, days: float) -> None:
    """A value of an earlier build, so many days before now."""
    reading = Reading(
        subject="p95", source="metrics", role="value", state="ok", value=Decimal(str(value)), unit="ms",
        measured_at=context.now - days * DAY, environment="staging", window="1h",
    )  # fmt: skip
    batch = Batch(source="metrics", asked_at=context.now, readings=(reading,))
    change, _ = measurements.batch_change(batch, release="r", candidate=f"c{build_number}", now=context.now)
    commit(context, [change])


@pytest.fixture
def shifted(tmp_path: Path) -> Iterator[Context]:
    """Twenty-two usual builds, and then nine that are half as slow again."""
    with build.shop(tmp_path / "shop", SHOP) as context:
        for number, value in enumerate(USUAL):
            earlier(context, number, value, 40 - number)
        for number in range(9):
            earlier(context, 100 + number, 600 + (number * 7) % 5, 9.5 - number)
        build.measured(context, "p95", "603", ago=timedelta(), window="1h")
        yield context


def test_what_failed_never_feeds_the_chart_so_it_stays_red(shifted: Context) -> None:
    found = build.verdict(shifted, "p95")
    assert (found.verdict, len(found.outcome.inputs.history)) == (Verdict.FAIL, len(USUAL))


def test_a_new_phase_lets_it_learn_again(shifted: Context) -> None:
    begins = shifted.now - 10 * DAY
    baselines.begin_phase(shifted, evaluate(shifted), "p95", begins, "the new gateway encrypts twice")
    assert build.verdict(shifted, "p95").verdict is Verdict.FAIL
    build.second_person(shifted, "phase/p95")
    found = build.verdict(shifted, "p95")
    assert (found.verdict, found.through, len(found.outcome.inputs.history)) == (Verdict.PASS, True, 9)
    later = shifted.now - 3 * DAY
    baselines.begin_phase(shifted, evaluate(shifted), "p95", later, "and once more, with the second gateway")
    build.second_person(shifted, "phase/p95")
    found = build.verdict(shifted, "p95")
    assert (found.verdict, found.through) == (Verdict.LEARNING, True)
    assert found.why == "2 of 8 earlier measurements, 6 more are needed"
