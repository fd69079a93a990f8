"""Trends: against scipy, against the published correction for ties, and what holds for any values."""

from __future__ import annotations

import random
from math import erfc, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics.trends import FEWEST, trend

NUMBERS = st.lists(st.integers(-1000, 1000), min_size=2, max_size=20)


@pytest.mark.parametrize("n", [2, 3, 5, 8, 12, 30])
def test_without_ties_it_is_kendalls_exact_test(n: int) -> None:
    scipy = pytest.importorskip("scipy.stats")
    source = random.Random(n)
    for _ in range(20):
        values = [source.gauss(0, 1) for _ in range(n)]
        theirs = scipy.kendalltau(range(n), values, method="exact")
        assert trend(values).p == pytest.approx(theirs.pvalue, abs=1e-9)


def test_the_slope_is_that_of_theil_and_sen() -> None:
    scipy = pytest.importorskip("scipy.stats")
    source = random.Random(7)
    for _ in range(20):
        values = [source.gauss(0, 1) for _ in range(15)]
        assert trend(values).slope == pytest.approx(scipy.theilslopes(values, range(15))[0], abs=1e-12)


def test_with_ties_the_variance_is_kendalls() -> None:
    # Var(S) = (n(n-1)(2n+5) - sum of t(t-1)(2t+5) over the ties) / 18; here two pairs and two threes are tied.
    values = [*range(13), 20, 20, 30, 30, 40, 40, 40, 50, 50, 50]
    score = 23 * 22 // 2 - 1 - 1 - 3 - 3
    variance = (23 * 22 * 51 - (2 * 1 * 9) * 2 - (3 * 2 * 11) * 2) / 18
    assert trend(values).p == pytest.approx(erfc((score - 1) / sqrt(2 * variance)), rel=1e-9)


def test_the_fewest_values_are_those_of_which_an_order_can_be_rare() -> None:
    assert trend(range(FEWEST)).p < 0.05 < trend(range(FEWEST - 1)).p
    assert trend(range(FEWEST)).p == pytest.approx(2 / 120)


def test_values_that_are_all_equal_have_no_trend() -> None:
    assert trend([3.0] * 9) == (0.0, 1.0)


def test_one_value_is_none() -> None:
    with pytest.raises(ValueError, match="two values"):
        trend([1.0])


@given(NUMBERS, st.integers(1, 50), st.integers(-50, 50))
def test_scale_and_shift_change_the_slope_alone(values: list[int], factor: int, shift: int) -> None:
    one, other = trend(values), trend([factor * value + shift for value in values])
    assert other.p == one.p and other.slope == pytest.approx(factor * one.slope)


@given(NUMBERS)
def test_backwards_it_is_the_opposite(values: list[int]) -> None:
    one, other = trend(values), trend(values[::-1])
    assert other.p == pytest.approx(one.p) and other.slope == pytest.approx(-one.slope)
    assert 0 < one.p <= 1
