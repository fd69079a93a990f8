"""Charts in the notes: which benchmarks are drawn, and that a kept report draws the same."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.criteria.figures import Limits
from workbench.usecases import noting
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.charts import as_kept, charts_of, drawn_again
from workbench.usecases.reporting.keeping import decode, encode
from workbench.usecases.reporting.whole import report_of

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def measured_builds(context: Context, *values: str) -> None:
    for place, value in enumerate(values):
        if place:
            build.proposed(context, place)
        build.measured(context, "errors", value, ago=HOUR * (len(values) - place))


def drawn(context: Context) -> list[str]:
    return [one.chart.key for one in charts_of(context, evaluate(context))]


def test_what_does_not_pass_is_drawn_once_three_builds_were_measured(shop: Context) -> None:
    measured_builds(shop, "0.4", "1.4")
    assert drawn(shop) == []
    build.proposed(shop, 7)
    build.measured(shop, "errors", "1.5", ago=HOUR / 30)
    assert drawn(shop) == ["errors"]
    build.proposed(shop, 8)
    build.measured(shop, "errors", "0.5", ago=HOUR / 60)
    assert drawn(shop) == []


def test_the_notes_draw_it_or_say_it_in_a_sentence(shop: Context) -> None:
    measured_builds(shop, "0.4", "1.4", "1.5")
    evaluation = evaluate(shop)
    page = noting.written(shop, evaluation, "html")
    svg = page[page.index('<svg class="plot"') :].partition("</svg>")[0] + "</svg>"
    assert ET.fromstring(svg).get("role") == "img" and "<script" not in page and ".course {" in page
    sentence = "3 measurements, 0.4 % to 1.5 %; 1 failed"
    assert sentence in noting.written(shop, evaluation, "txt")
    assert f"**Checkout errors**: {sentence}" in noting.written(shop, evaluation, "md")
    told = msgspec.json.decode(noting.written(shop, evaluation, "json"))
    assert [point["state"] for point in told["charts"][0]["points"]] == ["counts", "failed", "judged"]


def test_a_page_without_a_drawing_has_no_styles_for_one(shop: Context) -> None:
    measured_builds(shop, "0.4")
    assert ".course {" not in noting.written(shop, evaluate(shop), "html")


def test_a_kept_report_draws_the_same(shop: Context) -> None:
    measured_builds(shop, "0.4", "1.4", "1.5")
    report = report_of(shop, evaluate(shop))
    assert decode(encode(report)).charts == report.charts


@pytest.mark.parametrize("limits", [None, Limits(0.45, None, 0.6), Limits(32.5, -20.7, 85.7)])
def test_limits_are_kept_as_decimals_and_drawn_as_they_were(shop: Context, limits: Limits | None) -> None:
    measured_builds(shop, "0.4", "1.4", "1.5")
    (kept,) = charts_of(shop, evaluate(shop))
    chart = msgspec.structs.replace(kept.chart, limits=limits)
    assert drawn_again(as_kept(chart)) == chart
    encode(msgspec.structs.replace(report_of(shop, evaluate(shop)), charts=(as_kept(chart),)))
