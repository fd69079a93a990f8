"""Charts: round steps, and courses drawn with what they are held against."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.usecases.views.charts.course import Bound, Chart, Course, chart_lines
from workbench.usecases.views.charts.scales import levels, time_ticks
from workbench.usecases.views.pieces import Line, Role, width_of

DAY = 86400.0
NOON = datetime(2026, 9, 15, 10, 0, tzinfo=UTC).timestamp()
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


def p95(before: float = 0.29, after: float = 0.69) -> Chart:
    """A day in which staging got slower after six hours, between limits of 0.36 s and 0.54 s."""
    times = [NOON - DAY + n * 900 for n in range(97)]
    staging = tuple((at, before if n < 26 else after) for n, at in enumerate(times))
    production = tuple((at, 0.45) for at in times)
    return Chart(
        (Course(staging, f"{after} s staging"), Course(production, "0.45 s production")),
        (Bound(0.54, "0.54 s upper limit"), Bound(0.36, "0.36 s lower limit")),
        0.36,
        0.54,
    )


@pytest.mark.parametrize(
    ("low", "high", "rows", "labels"),
    [
        (0.29, 0.69, 8, ["0.4", "0.6"]),
        (0, 5, 16, ["0", "1", "2", "3", "4", "5"]),
        (98.3, 100, 8, ["98.5", "99.0", "99.5", "100.0"]),
        (-5, 7, 16, ["-5", "0", "5", "10"]),
        (3, 3, 8, ["2.8", "3.0", "3.2", "3.4"]),
        (1e9, 3e9, 5, ["1e+09", "2e+09", "3e+09"]),
        (20_000, 60_000, 8, ["20,000", "40,000", "60,000"]),
    ],
)
def test_numbers_at_the_side_are_round(low: float, high: float, rows: int, labels: list[str]) -> None:
    assert list(levels(low, high, rows).labels().values()) == labels


@example(-1_000_000_000.0, -999_999_999.9999999, 10)
@given(NUMBERS, NUMBERS, st.integers(3, 40))
def test_levels_hold_every_number(one: float, other: float, rows: int) -> None:
    low, high = sorted((one, other))
    found = levels(low, high, rows)
    assert found.place(low) >= -0.5 and found.place(high) <= rows - 0.5
    assert found.labels()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (100, ["14 Sep 12:00", "12:01"]),
        (3600, ["14 Sep 12:00", "12:15", "12:30", "12:45", "13:00"]),
        (DAY, ["14 Sep 12:00", "18:00", "15 Sep", "06:00", "12:00"]),
        (3 * DAY, ["15 Sep", "16 Sep", "17 Sep"]),
        (90 * DAY, ["Oct 2026", "Nov", "Dec"]),
        (400 * DAY, ["Oct 2026", "Jan 2027", "Apr", "Jul", "Oct"]),
    ],
)
def test_times_are_those_of_a_clock_and_a_calendar(seconds: float, words: list[str]) -> None:
    first = NOON - DAY
    assert [said for _, said in time_ticks(first, first + seconds, 5, AMSTERDAM)] == words


def test_a_day_of_25_hours_keeps_its_hours() -> None:
    midnight = datetime(2026, 10, 25, tzinfo=AMSTERDAM).timestamp()
    found = time_ticks(midnight, midnight + 25 * 3600, 6, AMSTERDAM)
    assert [said for _, said in found] == ["25 Oct", "06:00", "12:00", "18:00", "26 Oct"]


@given(st.floats(0, 4e9), st.floats(0, 3e9), st.integers(1, 12))
def test_ticks_are_few_and_in_their_time(first: float, span: float, most: int) -> None:
    found = time_ticks(first, first + span, most)
    assert len(found) <= most + 1
    assert all(first <= at <= first + span for at, _ in found)


@pytest.mark.parametrize(("width", "height"), [(80, 9), (80, 6), (110, 24), (40, 5)])
def test_both_limits_and_the_baseline_are_drawn_and_named_once(width: int, height: int) -> None:
    lines = chart_lines(p95(), width, height, AMSTERDAM)
    assert len(lines) == height and all(width_of(line) <= width for line in lines)
    text = "\n".join(text_of(line) for line in lines)
    if width >= 80:
        for name in ("staging", "production", "upper limit", "lower limit"):
            assert text.count(name) == 1
        order = [text.index(name) for name in ("staging", "upper", "production", "lower")]
        assert order == sorted(order)
    assert "15 Sep" in text


def test_what_is_outside_the_limits_is_set_off() -> None:
    drawn = [piece for line in chart_lines(p95(), 80, 12) for piece in line if piece.text.strip("⠀─•· ")]
    dots = [piece.role for piece in drawn if any(0x2800 < ord(char) < 0x2900 for char in piece.text)]
    assert Role.ERROR in dots
    near = chart_lines(p95(0.35, 0.55), 80, 8)
    colours = {
        piece.role for line in near for piece in line if any(0x2800 < ord(c) < 0x2900 for c in piece.text)
    }
    assert Role.ERROR in colours, "also in the row that a limit is drawn in"
    inside = chart_lines(p95(0.44, 0.46), 80, 12)
    assert not any(piece.role is Role.ERROR for line in inside for piece in line)


def test_the_course_the_baseline_and_the_limits_differ_by_their_signs() -> None:
    text = "\n".join(text_of(line) for line in chart_lines(p95(), 80, 12))
    assert "•" in text and "───" in text and any(0x2800 < ord(char) < 0x2900 for char in text)


def test_no_line_is_drawn_over_a_gap() -> None:
    points = tuple((n * 60.0, 1.0) for n in range(10)) + tuple((90_000.0 + n * 60, 1.0) for n in range(10))
    middle = text_of(chart_lines(Chart((Course(points, ""),)), 80, 6)[2])
    whole = [text_of(line) for line in chart_lines(Chart((Course(points, ""),)), 80, 6)]
    drawn = sum(0x2800 < ord(char) < 0x2900 for line in whole for char in line)
    assert drawn < 8 and middle


def test_without_points_or_room_nothing_is_drawn() -> None:
    assert chart_lines(Chart((Course((), "staging"),)), 80, 10) == []
    assert chart_lines(p95(), 20, 10) == [] and chart_lines(p95(), 80, 3) == []


@given(st.lists(st.tuples(st.floats(0, 4e9), NUMBERS), min_size=1, max_size=30), st.integers(30, 160))
def test_any_course_fits(points: list[tuple[float, float]], width: int) -> None:
    chart = Chart((Course(tuple(sorted(points)), "x" * 60),), (Bound(0.0, "limit"),), None, 0.0)
    lines = chart_lines(chart, width, 10)
    assert len(lines) == 10 and all(width_of(line) <= width for line in lines)
