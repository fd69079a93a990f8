"""Control charts in characters: what each point and line says by its shape alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.benchmarks.charted import ChartPoint, ControlChart, Happening, PointState
from workbench.criteria.figures import Fired, Limits
from workbench.usecases.views.charts.control import LEAST_HEIGHT, LEAST_WIDTH, control_lines, left_out
from workbench.usecases.views.pieces import Line, Role, plain, width_of

BEGIN = datetime(2026, 9, 1, 9, tzinfo=UTC)
VALUES = (0.44, 0.47, 0.41, 0.46, 0.44, 0.45, 0.43, 0.47, 0.48, 0.49, 0.50, 0.62)
SHIFT = Fired("western_electric_3", "4 of the last 5 points beyond one sigma", "warn", False, 7, 11)
BEYOND = Fired("western_electric_1", "beyond the upper limit", "fail", False, 11, 11)


def chart_of(
    *values: float, fired: tuple[Fired, ...] = (), states: dict[int, PointState] | None = None
) -> ControlChart:
    """A measurement a day, the last one judged; ``fired`` count the points that are compared."""
    states = states or {}
    last, place = len(values) - 1, 0
    points = []
    for number, value in enumerate(values):
        state = states.get(number, "judged" if number == last else "counts")
        compared = state in ("counts", "judged")
        rules = tuple(rule.rule for rule in fired if compared and rule.first <= place <= rule.last)
        place += compared
        at = BEGIN + timedelta(days=number)
        points.append(ChartPoint(at, Decimal(str(value)), "", f"rc{number}", state, rules))
    return ControlChart(
        key="checkout-p95",
        title="Checkout p95",
        unit="s",
        scale="linear",
        points=tuple(points),
        said="",
        limits=Limits(0.45, 0.36, 0.54),
        rules=fired,
    )


def glyphs(lines: list[Line], sought: str) -> int:
    return plain(lines).count(sought)


def test_limits_and_the_latest_value_are_named_at_the_right() -> None:
    text = plain(control_lines(chart_of(*VALUES), 80, 12))
    for words in ("0.54 s upper limit", "0.45 s centre", "0.36 s lower limit", "0.62 s rc11"):
        assert words in text
    assert "12 Sep" in text.splitlines()[-1]


def test_each_kind_of_point_has_a_shape_of_its_own() -> None:
    lines = control_lines(chart_of(*VALUES, states={2: "invalid", 3: "overridden", 4: "failed"}), 80, 14)
    assert glyphs(lines, "○") == 3 and glyphs(lines, "◆") == 1 and glyphs(lines, "•") == 8


def test_the_points_that_a_rule_rests_on_are_set_off_and_named_below() -> None:
    lines = control_lines(chart_of(*VALUES, fired=(SHIFT, BEYOND)), 110, 16)
    text = plain(lines)
    assert glyphs(lines, "●") == 4  # the judged one keeps its own shape
    assert "fails: beyond the upper limit ╵" in text
    assert "warns: 4 of the last 5 points beyond one sigma └" in text
    below = next(line for line in lines if "warns" in plain([line]))
    assert {piece.role for piece in below if piece.text.strip()} == {Role.WARNING}


def test_a_low_chart_names_the_gravest_rule_only() -> None:
    text = plain(control_lines(chart_of(*VALUES, fired=(SHIFT, BEYOND)), 80, 9))
    assert "fails: beyond the upper limit" in text and "sigma" not in text


def test_what_is_better_is_said_to_be_so() -> None:
    better = msgspec.structs.replace(SHIFT, harmless=True)
    text = plain(control_lines(chart_of(*VALUES, fired=(better,)), 120, 10))
    assert "warns, though better: 4 of the last 5" in text


def test_a_rule_counts_only_the_points_that_are_compared() -> None:
    one = Fired("western_electric_1", "beyond the upper limit", "fail", False, 9, 9)
    chart = chart_of(*VALUES, fired=(one,), states={2: "invalid", 3: "failed"})
    lines = plain(control_lines(chart, 80, 12)).splitlines()
    tick = next(line for line in lines if "╵" in line)
    drawn = next(line for line in lines if "◆" in line)
    assert tick.index("╵") == drawn.index("◆")


def test_what_happened_stands_under_the_points_between_which_it_happened() -> None:
    happened = (
        Happening(BEGIN + timedelta(days=4, hours=12), "deployment", "rc5 deployed"),
        Happening(BEGIN + timedelta(days=8, hours=1), "phase", "new phase"),
    )
    chart = msgspec.structs.replace(chart_of(*VALUES), happenings=happened)
    lines = plain(control_lines(chart, 110, 14)).splitlines()
    assert "╵rc5 deployed" in lines[-1] and "╵new phase" in lines[-1]
    assert "│" in lines[0]  # a phase divides the chart from top to bottom
    assert lines[0].index("│") == lines[-1].index("╵new phase")


def test_what_lies_far_away_stands_at_the_edge() -> None:
    values = (*VALUES[:5], 90.0, *VALUES[5:])
    lines = control_lines(chart_of(*values, states={5: "invalid"}), 80, 12)
    assert glyphs(lines[:1], "↑") == 1
    assert glyphs(control_lines(chart_of(*VALUES[:-1], 90.0), 80, 12)[:1], "↑") == 1


def test_a_logarithmic_scale_has_powers_and_their_parts_at_the_side() -> None:
    chart = msgspec.structs.replace(chart_of(0.1, 1, 10, 100, 30), scale="log", limits=Limits(3, 0.1, 90))
    text = plain(control_lines(chart, 80, 16))
    for number in ("0.1", "1", "10", "100"):
        assert any(line.strip().startswith(f"{number} ") for line in text.splitlines())


def test_a_rule_that_is_no_chart_shows_its_limits_and_baseline() -> None:
    chart = msgspec.structs.replace(
        chart_of(*VALUES), limits=None, baseline=Decimal("0.45"), limit_high=Decimal("0.54")
    )
    text = plain(control_lines(chart, 80, 10))
    assert "0.45 s baseline" in text and "0.54 s upper limit" in text and "lower" not in text


def test_the_latest_points_are_shown_where_not_all_fit() -> None:
    chart = chart_of(*[0.4 + (number % 7) / 100 for number in range(200)])
    lines = control_lines(chart, 80, 10)
    assert "rc199" in plain(lines)
    assert left_out(chart, 80, 10) == 200 - sum(plain(lines).count(each) for each in "•◆")


@pytest.mark.parametrize(("width", "height"), [(LEAST_WIDTH - 1, 20), (80, LEAST_HEIGHT - 1), (0, 0)])
def test_without_room_nothing_is_drawn(width: int, height: int) -> None:
    assert control_lines(chart_of(*VALUES), width, height) == []


def test_without_points_nothing_is_drawn() -> None:
    assert control_lines(chart_of(), 80, 20) == [] and left_out(chart_of(), 80, 20) == 0


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60),
    st.integers(LEAST_WIDTH, 200),
    st.integers(LEAST_HEIGHT, 60),
    st.sampled_from(["linear", "log"]),
    st.booleans(),
)
def test_whatever_was_measured_fits_into_any_room(
    values: list[float], width: int, height: int, scale: str, limits: bool
) -> None:
    happened = tuple(Happening(BEGIN + timedelta(days=n), "deployment", f"build {n}") for n in range(3))
    chart = msgspec.structs.replace(
        chart_of(*values, fired=(SHIFT, BEYOND)), scale=scale, happenings=happened
    )
    chart = chart if limits else msgspec.structs.replace(chart, limits=None)
    lines = control_lines(chart, width, height)
    assert 0 < len(lines) <= height
    assert all(width_of(line) <= width for line in lines)
