"""Limits of control charts: published values, properties, and how often each is wrong by chance."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics.charts import CHARTS, Course, band, charted, false_alarms

# Montgomery, "Introduction to Statistical Quality Control", table 6.6 (example 6.5): mortgage loan costs, weeks 1 to 20.
LOANS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
courses = st.lists(st.integers(-1000, 1000).map(float), min_size=3, max_size=40)
charts = st.sampled_from(sorted(CHARTS))


def test_reference_values() -> None:
    """Those of the specification of the criteria."""
    xmr = band("xmr", Course([10, 50, 40, 30]))
    assert (xmr.centre, xmr.upper, xmr.lower) == pytest.approx((32.5, 85.7, -20.7))
    assert band("mean_3s", Course([9, 2, 5, 4, 12, 7])).upper == pytest.approx(17.358, abs=5e-4)


def test_published_individuals() -> None:
    """The same book prints 300.5, a mean moving range of 7.79, and limits of 321.22 and 279.78."""
    course = Course(LOANS)
    found = band("xmr", course)
    assert course.moving_range == pytest.approx(7.79, abs=5e-3)
    assert (found.centre, found.upper, found.lower) == pytest.approx((300.5, 321.22, 279.78), abs=0.02)


def test_a_published_prediction_interval() -> None:
    """Hahn and Meeker, "Statistical Intervals", section 4.7: the factor for n = 5 and 95 % is 3.04."""
    from workbench.statistics.distributions import t_quantile

    assert t_quantile(0.975, 4) * (1 + 1 / 5) ** 0.5 == pytest.approx(3.04, abs=5e-3)
    course = Course([50.0, 52.1, 49.2, 51.3, 48.8])
    reach = t_quantile(1 - 0.00135, 4) * course.deviation * (1 + 1 / 5) ** 0.5
    assert band("prediction", course).reach == pytest.approx(reach)


def test_a_published_ewma() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.2.4: 50 ± 3 (0.4201)(2.0539) for a weight of 0.3; here it is 0.2."""
    data = (
        52.0,
        47.0,
        53.0,
        49.3,
        50.1,
        47.0,
        51.0,
        50.1,
        51.2,
        50.5,
        49.6,
        47.6,
        49.9,
        51.3,
        47.8,
        51.2,
        52.6,
    )
    course = Course(data)
    found = band("ewma", course)
    assert found.reach == pytest.approx(3 * (0.2 / 1.8) ** 0.5 * float(numpy.std(data, ddof=1)))
    z = found.centre
    for point in (*data, 52.4):
        z = 0.2 * point + 0.8 * z
    assert charted("ewma", course, 52.4) == pytest.approx(z)


def test_the_autocorrelation_of_a_published_series() -> None:
    """Box, Jenkins, Reinsel and Ljung, "Time Series Analysis", section 2.1: the first 10 batches, -0.79."""
    batches = (47.0, 64.0, 23.0, 71.0, 38.0, 64.0, 55.0, 41.0, 59.0, 48.0)
    assert Course(batches).correlation == pytest.approx(-0.79, abs=0.005)


@given(courses)
def test_the_course_is_what_numpy_computes(points: list[float]) -> None:
    course = Course(points)
    assert course.mean == pytest.approx(float(numpy.mean(points)), abs=1e-9)
    assert course.deviation == pytest.approx(float(numpy.std(points, ddof=1)), abs=1e-9)
    assert course.moving_range == pytest.approx(float(numpy.abs(numpy.diff(points)).mean()))
    away = numpy.asarray(points) - numpy.mean(points)
    if (away @ away) > 1e-6:
        assert course.correlation == pytest.approx(float(away[:-1] @ away[1:] / (away @ away)), abs=1e-9)


@given(charts, courses, st.integers(-500, 500), st.sampled_from([0.25, 1.0, 8.0]))
def test_shift_and_scale(name: str, points: list[float], by: int, scale: float) -> None:
    before, after = band(name, Course(points)), band(name, Course([point * scale + by for point in points]))
    size = 1e-6 * (1 + abs(by) + scale * 1000)
    for old, new in zip(before[:1] + before[2:], after[:1] + after[2:], strict=True):
        assert new == pytest.approx(old * scale + by, abs=size)
    assert after.reach == pytest.approx(before.reach * scale, abs=size)


@given(charts, courses)
def test_a_value_at_its_limit_puts_the_charted_number_at_the_limit_of_the_chart(
    name: str, points: list[float]
) -> None:
    course = Course(points)
    found = band(name, course)
    for value, side in ((found.upper, 1), (found.lower, -1)):
        assert charted(name, course, value) == pytest.approx(found.centre + side * found.reach, abs=1e-6)


@given(st.sampled_from(["mean_3s", "prediction"]), courses, st.randoms())
def test_the_order_of_points_does_not_matter_where_no_order_is_looked_at(
    name: str, points: list[float], random: object
) -> None:
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert band(name, Course(shuffled)) == pytest.approx(band(name, Course(points)), abs=1e-6)


@pytest.mark.parametrize("n", [8, 20, 100])
@pytest.mark.parametrize("name", ["mean_3s", "xmr", "prediction"])
def test_the_rate_of_false_alarms_is_what_a_simulation_finds(name: str, n: int) -> None:
    rows = numpy.random.default_rng(n).normal(size=(60_000, n + 1))
    rates = {"mean_3s": (3, 1), "xmr": (2.66, 1), "prediction": (1, 1)}
    before, value = rows[:, :n], rows[:, n]
    spread = (
        numpy.abs(numpy.diff(before, axis=1)).mean(axis=1) if name == "xmr" else before.std(axis=1, ddof=1)
    )
    reach = rates[name][0] if name != "prediction" else CHARTS[name].multiple(n)
    outside = float((numpy.abs(value - before.mean(axis=1)) > reach * spread).mean())
    chance = (outside / 60_000) ** 0.5  # of the simulation itself
    assert false_alarms(name, n) == pytest.approx(outside, rel=0.1, abs=3 * chance)


def test_a_prediction_chart_keeps_its_rate_at_any_number_of_points() -> None:
    for n in (2, 8, 20, 49, 1000):
        assert false_alarms("prediction", n) == pytest.approx(0.0027, rel=1e-9)
    assert false_alarms("mean_3s", 8) == pytest.approx(0.0255, abs=5e-4)
    assert false_alarms("mean_3s", 10**6) == pytest.approx(0.0027, abs=1e-5)
    assert false_alarms("xmr", 1) == 0


def test_too_few_and_equal_points() -> None:
    assert band("xmr", Course([5.0])).upper == float("inf")
    still = band("mean_3s", Course([5.0] * 9))
    assert (still.lower, still.centre, still.upper) == (5.0, 5.0, 5.0)
    assert Course([5.0] * 9).correlation == 0
    assert not Course([]).correlated
