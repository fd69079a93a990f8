"""What a benchmark would have stopped while it was advisory, and which of that were false alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.releases.model import Candidate
from workbench.usecases import releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.alarms import Trial, read_trial


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def errors(context: Context, *values: str, days: float = 6) -> None:
    """Values in order, the first of them so many days ago, the last an hour ago."""
    step = timedelta(days=days) / max(len(values) - 1, 1)
    for number, value in enumerate(values):
        build.measured(context, "errors", value, ago=timedelta(days=days, hours=1) - number * step)


def trial(context: Context, days: float = 7) -> Trial:
    return read_trial(context, evaluate(context), "errors", timedelta(days=days))


def test_nothing_is_known_of_what_was_never_judged(shop: Context) -> None:
    found = trial(shop)
    assert (found.judged, found.alarms, found.long_enough) == (0, (), False)
    assert found.lines == ["It has judged nothing in 7 days: nobody knows what it would have stopped."]


def test_a_fail_of_a_build_that_passed_later_is_a_false_alarm(shop: Context) -> None:
    errors(shop, "0.4", "1.5", "0.5", "0.4", "0.4", "0.4", "0.4")
    found = trial(shop)
    assert (found.judged, len(found.alarms), found.false, found.long_enough) == (7, 1, 1, True)
    assert found.alarms[0].words.endswith("over its limit; the same build passed later")
    assert found.lines[0] == "In the last 6 days it failed 1 of 7 values, 1 of them false alarms."


def test_a_fail_that_another_build_mended_was_none(shop: Context) -> None:
    errors(shop, "1.5", "1.6", days=3)
    held = releasing.find(shop)
    releasing.propose(shop, held, Candidate(release=held.id, number=3, commit=build.SHA_2))
    build.measured(shop, "errors", "0.4", ago=timedelta(minutes=1))
    found = trial(shop)
    assert [(alarm.became, alarm.false) for alarm in found.alarms] == [("a later build passed", False)] * 2
    assert found.lines[-1] == "Watch it for 7 days before it blocks: that shows its false alarms."


def test_only_what_was_measured_lately_is_counted(shop: Context) -> None:
    errors(shop, "1.5", "0.4", "0.4", "0.4", days=20)
    assert (trial(shop).judged, len(trial(shop, 30).alarms)) == (2, 1)
