"""Shares of counts: published intervals, scipy, and that charts of shares know their n."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.statistics.proportions import Shares, difference, larger, wilson

parts = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def test_published_intervals() -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_published_differences() -> None:
    """The companion paper on differences, table II, method 10."""
    assert difference(56, 70, 48, 80, 0.95) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference(9, 10, 3, 10, 0.95) == pytest.approx((0.1705, 0.8090), abs=5e-5)


@given(parts)
def test_the_interval_is_scipys_and_holds_the_share(part: tuple[int, int]) -> None:
    low, high = wilson(*part)
    theirs = stats.binomtest(*part).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((float(theirs.low), float(theirs.high)), abs=1e-12)
    assert 0 <= low <= part[0] / part[1] <= high <= 1


def test_the_lady_tasting_tea() -> None:
    """Fisher (1935): all four of four cups by guessing, once in 70; three or more, 17 in 70."""
    assert larger(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert larger(3, 4, 1, 4) == pytest.approx(17 / 70)


@given(parts, parts)
def test_the_exact_test_is_scipys(part: tuple[int, int], base: tuple[int, int]) -> None:
    table = [[part[0], part[1] - part[0]], [base[0], base[1] - base[0]]]
    theirs = float(stats.fisher_exact(table, alternative="greater").pvalue)
    assert larger(*part, *base) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_a_share_of_more_things_has_closer_limits() -> None:
    chart = Shares([12, 9, 14, 8, 11, 13, 10, 7], [1000] * 8)
    assert chart.centre == pytest.approx(84 / 8000)
    assert chart.reach(4000) == pytest.approx(chart.reach(1000) / 2)
    ranges = (3, 5, 6, 3, 2, 3, 3)  # with equal counts it is the chart of individual values
    assert chart.reach(1000) == pytest.approx(3 * sum(ranges) / 7 / 1.128 / 1000)
    assert chart.scores[0] == pytest.approx(3 * (0.012 - chart.centre) / chart.reach(1000))
    assert Shares([0] * 8, [500] * 8).reach(500) == 0
