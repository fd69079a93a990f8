"""Skewness, against scipy."""

from __future__ import annotations

import numpy
import pytest
from scipy import stats

from workbench.statistics.shape import skew_of_chance, skewness


@pytest.mark.parametrize("seed", range(20))
def test_the_same_as_scipy(seed: int) -> None:
    values = numpy.random.default_rng(seed).lognormal(0, 0.6, 40)
    assert skewness(values.tolist()) == pytest.approx(float(stats.skew(values)))
    assert skewness((-values).tolist()) == pytest.approx(-float(stats.skew(values)))


def test_equal_values_and_what_chance_does() -> None:
    assert skewness([3.0] * 9) == 0
    rows = numpy.random.default_rng(1).normal(size=(4000, 30))
    beyond = sum(skewness(row) > skew_of_chance(30) for row in rows) / 4000
    assert beyond == pytest.approx(0.025, abs=0.01)


@pytest.mark.parametrize("size", [1e-110, 1e110])
def test_the_skewness_is_the_same_in_any_unit(size: float) -> None:
    values = [1.0, 1.5, 2.0, 9.0]
    assert skewness([size * each for each in values]) == pytest.approx(skewness(values))
