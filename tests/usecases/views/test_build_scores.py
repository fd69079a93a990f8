"""How the benchmarks of a flow stood, build by build."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.usecases.context import Context
from workbench.usecases.views.build_scores import document, line_of, read_build_scores
from workbench.usecases.views.marks import Mark

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def measured(context: Context, p95: str, errors: str, ago: timedelta) -> None:
    build.measured(context, "p95", p95, ago=ago)
    build.measured(context, "p95", "0.45", role="baseline", ago=ago)
    build.measured(context, "errors", errors, ago=ago)


def test_a_pass_counts_one_a_warning_a_half_and_a_failure_nothing(shop: Context) -> None:
    measured(shop, "0.45", "0.4", 3 * HOUR)
    build.proposed(shop, 1)
    measured(shop, "0.56", "0.4", 2 * HOUR)
    build.proposed(shop, 2)
    measured(shop, "0.56", "1.4", HOUR)
    (found,) = read_build_scores(shop)
    assert [(point.build, int(point.value)) for point in found.points] == [
        ("2.0.0 rc1", 100), ("2.0.0 rc2", 75), ("2.0.0 rc3", 25),
    ]  # fmt: skip
    line = line_of(found)
    assert (line.title, line.value, line.judged, line.mark) == ("Checkout", "25 of 100", "2 of 2", Mark.WARNS)
    assert line.moved == "fell from 75 with 2.0.0 rc3: errors failed" and len(line.bars) == 3
    printed = document(found)
    assert printed["builds"][-1]["failed"] == ("errors",) and printed["score"] == 25


def test_what_could_not_be_judged_does_not_count(shop: Context) -> None:
    build.measured(shop, "errors", "0.4", ago=2 * HOUR)
    build.measured(shop, "p95", None, state="missing", why="no data", ago=HOUR)
    (found,) = read_build_scores(shop)
    assert (found.latest.value, found.latest.judged, found.latest.of, found.moved) == (100, 1, 2, "")


def test_one_flow_or_environment_may_be_asked_for(shop: Context) -> None:
    measured(shop, "0.45", "0.4", HOUR)
    assert [one.key for one in read_build_scores(shop, flow="checkout")] == ["checkout"]
    assert [one.key for one in read_build_scores(shop, environment="staging")] == ["checkout"]
    assert read_build_scores(shop, flow="other") == [] == read_build_scores(shop, environment="production")


def test_benchmarks_without_a_flow_are_those_of_their_environment(shop: Context) -> None:
    shop = build.rewrite(
        shop, "  - key: errors\n    flow: checkout\n", "  - key: errors\n    environment: staging\n"
    )
    build.measured(shop, "errors", "0.4", ago=HOUR)
    (found,) = read_build_scores(shop)
    assert (found.key, found.flow, document(found)["kind"]) == ("staging", False, "environment")


def test_without_measurements_there_is_no_score(shop: Context) -> None:
    assert read_build_scores(shop) == []
