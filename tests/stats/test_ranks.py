"""Two samples compared: against scipy, published examples, and all differences written out."""

from __future__ import annotations

from math import inf

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.statistics import ranks
from workbench.statistics.effects import cliffs_delta, size_of
from workbench.statistics.ranks import mann_whitney, shift

# Hollander and Wolfe, "Nonparametric Statistical Methods", table 4.1: permeability of human chorioamnion.
TERM = (0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
EARLY = (1.15, 0.88, 0.90, 0.74, 1.21)
values = st.lists(st.integers(-50, 50).map(lambda number: number / 4), min_size=1, max_size=30)


def drawn(number: int) -> tuple[list[float], list[float]]:
    """Two samples: continuous, rounded so that there are ties, or of a few whole numbers."""
    random = numpy.random.default_rng(number)
    n, m = random.integers(2, 60, 2)
    first, second = random.lognormal(0.2, 1, n), random.lognormal(0, 1, m)
    if number % 3 == 1:
        first, second = first.round(1), second.round(1)
    if number % 3 == 2:
        first, second = numpy.floor(first), numpy.floor(second)
    return first.tolist(), second.tolist()


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_the_same_as_scipy(start: int) -> None:
    for number in range(start, start + 100):
        first, second = drawn(number)
        found, theirs = mann_whitney(first, second), stats.mannwhitneyu(first, second, method="asymptotic")
        assert found.statistic == theirs.statistic
        assert found.p == pytest.approx(float(theirs.pvalue), rel=1e-9, abs=1e-12)
        assert ranks._ranked_many(first, second) == ranks._ranked(first, second)


def test_a_published_example() -> None:
    """The same book and R's ``wilcox.test``: 35 pairs, and a shift of 0.305."""
    found = mann_whitney(TERM, EARLY)
    assert found.statistic == 35
    assert found.p == pytest.approx(float(stats.mannwhitneyu(TERM, EARLY, method="asymptotic").pvalue))
    differences = sorted(one - other for one in TERM for other in EARLY)
    moved = shift(TERM, EARLY, 0.95)
    assert moved.estimate == pytest.approx(0.305)
    assert moved.low in differences and moved.high in differences
    assert moved.low < 0 < moved.high


@given(values, values, st.sampled_from([0, 3, 1 << 18]))
def test_many_differences_are_found_as_if_they_were_listed(
    first: list[float], second: list[float], listed: int
) -> None:
    pairs = len(first) * len(second)
    wanted = sorted({1, (pairs + 1) // 2, pairs // 2 + 1, pairs})
    before, ranks._LISTED = ranks._LISTED, listed
    try:
        assert ranks._differences_of_many(first, second, wanted) == ranks._differences(first, second, wanted)
    finally:
        ranks._LISTED = before


def test_values_that_differ_in_their_last_digit() -> None:
    random = numpy.random.default_rng(8)
    first = (0.1 + random.integers(0, 40, 80) * 1.4e-17).tolist()
    second = (0.3 + random.integers(0, 40, 70) * 5.6e-17).tolist()
    wanted = [1, 2800, 4000, 5600]
    before, ranks._LISTED = ranks._LISTED, 4
    try:
        assert ranks._differences_of_many(first, second, wanted) == ranks._differences(first, second, wanted)
    finally:
        ranks._LISTED = before


@given(values, values, st.integers(-40, 40), st.sampled_from([0.5, 2.0, 16.0]))
def test_shift_and_scale(first: list[float], second: list[float], by: int, scale: float) -> None:
    before = shift(first, second)
    after = shift([value * scale + by for value in first], [value * scale for value in second])
    assert after == pytest.approx(tuple(end * scale + by for end in before))
    turned = shift(second, first)
    assert (-turned.estimate, -turned.high, -turned.low) == pytest.approx(tuple(before))
    assert before.low <= before.estimate <= before.high


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = numpy.random.default_rng(3)
    held = 0
    for _ in range(1500):
        first, second = random.lognormal(0.3, 0.5, 20), random.lognormal(0, 0.5, 20)
        found = shift(numpy.log(first).tolist(), numpy.log(second).tolist())
        held += found.low <= 0.3 <= found.high
    assert held / 1500 == pytest.approx(0.98, abs=0.011)


def test_so_few_values_allow_no_interval() -> None:
    assert shift([1.0, 2.0, 3.0], [1.5, 2.5, 3.5])[1:] == (-inf, inf)
    assert shift([1.0] * 4, [2.0] * 4)[1:] == (-inf, inf)
    assert shift([1.0] * 5, [2.0] * 5) == (-1.0, -1.0, -1.0)


def test_all_values_equal() -> None:
    assert mann_whitney([2.0] * 20, [2.0] * 30) == (300.0, 1.0)
    assert shift([0.0] * 20, [0.0] * 20) == (0.0, 0.0, 0.0)
    found = mann_whitney([2.0] * 20, [1.0, 2.0, 3.0] * 7)
    assert found.p == pytest.approx(1.0)


def test_large_samples_meet_the_same_rules_as_small_ones() -> None:
    random = numpy.random.default_rng(11)
    first, second = random.lognormal(0.1, 1, 900), random.lognormal(0, 1, 700)
    found = shift(first.tolist(), second.tolist())
    listed = numpy.sort(numpy.subtract.outer(first, second).ravel())
    assert found.estimate == pytest.approx(float(numpy.median(listed)))
    assert found.low in listed and found.high in listed


def test_effect_sizes() -> None:
    assert cliffs_delta(400, 20, 20) == 1
    assert cliffs_delta(200, 20, 20) == 0
    assert cliffs_delta(0, 20, 20) == -1
    assert [size_of(delta) for delta in (0.1, -0.2, 0.4, -0.9)] == ["negligible", "small", "medium", "large"]
