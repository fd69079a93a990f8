"""Where each benchmark is going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.usecases import deciding
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.views.trends import Going, document, limits_document, read_going, words

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield build.rewrite(context, "pass: <= 1 %", "pass: <= 1 %\n    better: lower")


def measured_builds(context: Context, *values: str) -> list[str]:
    refs = []
    for place, value in enumerate(values):
        if place:
            build.proposed(context, place)
        refs.append(build.measured(context, "errors", value, ago=HOUR * (len(values) - place)))
    return refs


def going(context: Context) -> Going:
    return read_going(context, evaluate(context))["errors"]


def said(context: Context) -> str:
    return words(going(context), verdict_of(evaluate(context), "errors"))


def test_values_that_rise_build_by_build_are_rising_and_that_is_worse(shop: Context) -> None:
    measured_builds(shop, "0.1", "0.2", "0.3", "0.4", "0.5")
    found = going(shop)
    assert (found.way, found.worse, str(found.per_build)) == ("rising", True, "0.1")
    assert found.p == pytest.approx(2 / 120)
    assert said(shop) == "rising by 0.1 % a build, which is worse"


def test_an_order_that_chance_makes_is_no_trend(shop: Context) -> None:
    measured_builds(shop, "0.1", "0.3", "0.2", "0.4", "0.3", "0.5")
    assert going(shop).way == "none" and said(shop) == ""


def test_of_four_builds_nothing_is_said(shop: Context) -> None:
    measured_builds(shop, "0.1", "0.2", "0.3", "0.4")
    found = going(shop)
    assert (found.way, found.p, len(found.values)) == ("unknown", None, 4)


def test_of_a_build_the_last_valid_value_counts(shop: Context) -> None:
    build.measured(shop, "errors", "9", ago=9 * HOUR)
    refs = measured_builds(shop, "0.5", "0.4", "8", "0.3", "0.2", "0.1")
    deciding.invalidate(shop, refs[2], "The probe was pointed at the wrong host")
    found = going(shop)
    assert [str(value) for value in found.values] == ["0.5", "0.4", "0.3", "0.2", "0.1"]
    assert (found.way, found.worse) == ("falling", False)


def test_the_document_has_limits_and_trend(shop: Context) -> None:
    measured_builds(shop, "0.1", "0.2", "0.3", "0.4", "0.5")
    judged = verdict_of(evaluate(shop), "errors")
    assert limits_document(judged) == {"chart": False, "centre": None, "lower": None, "upper": 1}
    assert document(going(shop))["values"] == [0.1, 0.2, 0.3, 0.4, 0.5]
