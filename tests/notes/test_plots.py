"""Control charts and histograms as SVG: whole, safe, and readable without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.benchmarks.charted import ChartPoint, ControlChart, Happening, Histograms
from workbench.criteria.figures import Fired, Limits
from workbench.notes.control_plot import control_svg
from workbench.notes.histogram_plot import histogram_svg
from workbench.notes.plot_scales import Across, upwards
from workbench.notes.svg import svg_file

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = ("counts", "failed", "invalid", "overridden", "judged")


def point(value: object, state: str = "counts", ago: int = 0, **fields: Any) -> ChartPoint:
    return ChartPoint(NOW - ago * DAY, Decimal(str(value)), "batch/0", "2.0.0 rc1", state, **fields)  # type: ignore[arg-type]


def chart(*points: ChartPoint, **fields: Any) -> ControlChart:
    told = {
        "key": "p95", "title": "Checkout p95", "unit": "s", "scale": "linear", "said": "within limits"
    } | fields  # fmt: skip
    return ControlChart(points=points, **told)


def drawn(found: ControlChart) -> ET.Element:
    return ET.fromstring(svg_file(found.title, [control_svg(found, UTC)]))


def classes(root: ET.Element) -> list[str]:
    return [kind for each in root.iter() for kind in (each.get("class") or "").split()]


def words(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter() if each.tag.endswith("text")]


def test_each_state_has_a_shape_of_its_own() -> None:
    root = drawn(chart(*(point(0.4, state, 5 - n) for n, state in enumerate(STATES))))
    found = [each for each in root.iter() if (each.get("class") or "") in STATES]
    assert [each.get("class") for each in found] == list(STATES)
    shapes = {each.tag + (each.get("d") or "").split("m")[-1] + (each.get("r") or "") for each in found}
    assert len(shapes) == len(STATES) - 1  # a failed point is a circle as one that counts, but empty
    (key,) = [line for line in words(root) if "diamond" in line]
    assert key == (
        "a diamond: the value that is judged; an empty circle: failed; an empty square: overridden; a cross: invalid"
    )


def test_limits_of_a_chart_stand_beside_their_lines_and_a_fired_rule_below() -> None:
    found = chart(
        point(0.4, ago=2), point(0.5, "judged", fired=("nelson_2",)),
        limits=Limits(0.45, None, 0.6), rules=(Fired("nelson_2", "9 points on one side"),),
    )  # fmt: skip
    root = drawn(found)
    assert {"0.45 s centre", "0.6 s upper limit", "nelson 2: 9 points on one side"} <= set(words(root))
    assert "ring" in classes(root) and "0.45 s lower limit" not in words(root)


def test_a_rule_that_is_no_chart_shows_what_it_allows_and_the_baseline() -> None:
    root = drawn(chart(point(0.5), limit_high=Decimal("0.54"), baseline=Decimal("0.45")))
    assert {"0.54 s upper limit", "0.45 s baseline"} <= set(words(root))


def test_what_happened_is_marked_where_it_fell_and_named_once() -> None:
    happened = tuple(
        Happening(NOW - ago * DAY, "deployment", f"build {ago}", "kim") for ago in (3, 2, 30)
    )  # the last is older than the first point
    root = drawn(chart(point(0.4, ago=4), point(0.5), happenings=happened))
    titles = [each.text for each in root.iter() if each.tag.endswith("title")]
    assert "13 Sep: build 2, by kim" in titles and not [one for one in titles if "build 30" in str(one)]
    assert words(root).count("deployment") == 1


def test_text_from_outside_is_text() -> None:
    evil = '<script>alert("1")</script>&\x1b[31m'
    found = chart(point(0.4), title=evil, said=evil, rules=(Fired("nelson_2", evil),))
    text = svg_file(evil, [control_svg(found, UTC)])
    root = ET.fromstring(text)
    assert not [each for each in root.iter() if "script" in each.tag]
    assert "\x1b" not in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_nothing_is_drawn_without_a_point_that_can_be() -> None:
    assert control_svg(chart(), UTC) == "" == control_svg(chart(point("1e250")), UTC)


@given(
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=6), min_size=1, max_size=12),
    st.sampled_from(("linear", "log")),
)
def test_any_numbers_are_drawn_within_the_picture(values: list[Decimal], scale: str) -> None:
    found = chart(*(point(value, ago=len(values) - n) for n, value in enumerate(values)), scale=scale)
    root = drawn(found) if control_svg(found, UTC) else None
    places = [
        float(str(each.get("cy"))) for each in (root.iter() if root is not None else ()) if each.get("cy")
    ]
    assert all(0 <= place <= 400 for place in places)


@pytest.mark.parametrize(
    ("numbers", "log", "shown"),
    [
        ((0.38, 0.58), False, ["0.40", "0.45", "0.50", "0.55"]),
        ((0, 100), False, ["0", "20", "40", "60", "80", "100"]),
        ((5, 5), False, ["4.6", "4.8", "5.0", "5.2", "5.4"]),
        ((0.01, 300), True, ["0.01", "0.1", "1", "10", "100"]),
        ((-3, 3), True, ["-2", "0", "2"]),
    ],
)
def test_ticks_are_round(numbers: tuple[float, ...], log: bool, shown: list[str]) -> None:
    assert [words for _, words in upwards(numbers, 0, 100, log=log).ticks()] == shown


def test_a_larger_number_lies_higher() -> None:
    for log in (False, True):
        scale = upwards((1, 1000), 0, 100, log=log)
        places = [scale.place(number) for number in (1, 10, 100, 1000)]
        assert places == sorted(places, reverse=True) and places[-1] >= 0 and places[0] <= 100


def test_a_moment_lies_between_the_points_that_it_fell_between() -> None:
    across = Across([NOW, NOW + DAY], 0, 100)
    assert [across.place(n) for n in (0, 1)] == [25, 75]
    assert across.at(NOW + DAY / 2) == 50 and across.at(NOW - DAY) is None and across.at(NOW + 9 * DAY) == 100


def overlaid(**fields: Any) -> Histograms:
    told = {
        "unit": "s", "edges": (0.0, 1.0, 2.0), "staging": (1, 3), "production": (2, 2), "staging_p50": 1.5,
        "staging_p99": 1.9, "production_p50": 1.0, "production_p99": 1.9, "overlap": 0.75, "own_overlap": 0.9,
    } | fields  # fmt: skip
    return msgspec.convert(told, Histograms)


def test_two_histograms_lie_over_each_other_with_their_percentiles() -> None:
    root = ET.fromstring(svg_file("Samples", [histogram_svg(overlaid())]))
    assert {"staging: p50 1.5 s, p99 1.9 s", "production: p50 1 s, p99 1.9 s"} <= set(words(root))
    assert (
        "staging and production have 0.75 in common; two draws of one of them would have about 0.90"
        in words(root)
    )
    lines = [each for each in root.iter() if (each.get("class") or "").endswith("percentile")]
    assert len(lines) == 4


def test_files_hold_drawings_one_below_the_other() -> None:
    root = ET.fromstring(svg_file("Both", [control_svg(chart(point(0.4)), UTC), histogram_svg(overlaid())]))
    first, second = [each for each in root if each.tag.endswith("svg")]
    assert first.get("y") == "0" and second.get("y") == first.get("height")
