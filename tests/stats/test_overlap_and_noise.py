"""The overlap of histograms, and what chance alone does."""

from __future__ import annotations

from itertools import pairwise

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics.noise import expected_by_chance, holm, noise_floor
from workbench.statistics.overlap import overlap, own_overlap

buckets = st.lists(st.integers(1, 50), min_size=6, max_size=6)


def test_overlap() -> None:
    assert overlap([10, 20, 30], [1, 2, 3]) == pytest.approx(1)
    assert overlap([10, 0], [0, 5]) == 0
    assert overlap([5, 5, 0], [0, 5, 5]) == pytest.approx(0.5)


@given(buckets, buckets)
def test_overlap_lies_between_0_and_1_whichever_side_is_first(one: list[int], two: list[int]) -> None:
    assert 0 <= overlap(one, two) <= 1 + 1e-12
    assert overlap(one, two) == pytest.approx(overlap(two, one))


@pytest.mark.parametrize(("n", "published"), [(50, 0.72), (200, 0.85)])
def test_equal_distributions_do_not_overlap_wholly(n: int, published: float) -> None:
    """The figures of the specification, for 20 buckets; what is expected is what a simulation finds."""
    random = numpy.random.default_rng(n)
    found, expected = [], []
    for _ in range(400):
        one, two = random.lognormal(0, 0.5, n), random.lognormal(0, 0.5, n)
        edges = numpy.linspace(0, max(one.max(), two.max()), 21)
        counts = numpy.histogram(one, edges)[0], numpy.histogram(two, edges)[0]
        found.append(overlap(*counts))
        expected.append(own_overlap(*counts))
    assert numpy.mean(found) == pytest.approx(published, abs=0.03)
    assert numpy.mean(expected) == pytest.approx(numpy.mean(found), abs=0.01)


def in_a_row(values: list[float]) -> list[float]:
    return [abs(later - earlier) for earlier, later in pairwise(values)]


def test_the_noise_floor_needs_twenty_differences() -> None:
    assert noise_floor(in_a_row([1.0] * 20)) is None
    assert noise_floor(in_a_row([1.0] * 21)) == 0
    alternating = [100.0 + (place % 2) * 5 for place in range(30)]
    assert noise_floor(in_a_row(alternating)) == 5


def test_what_fails_by_chance_adds_up() -> None:
    assert expected_by_chance([0.0027] * 100 + [0.01] * 18) == pytest.approx(0.45)


def test_holm() -> None:
    """The smallest counts as often as there are tests, the next once less, and none below one before it."""
    assert holm([0.01, 0.02, 0.03, 0.04]) == pytest.approx([0.04, 0.06, 0.06, 0.06])
    assert holm([0.04, 0.01]) == pytest.approx([0.04, 0.02])
    assert holm([]) == []
