"""The distributions against scipy and printed tables."""

from __future__ import annotations

import pytest
from scipy import special, stats

from workbench.statistics.distributions import (
    incomplete_beta,
    normal_quantile,
    normal_tail,
    t_quantile,
    t_tail,
)


@pytest.mark.parametrize("z", [-8.0, -1.0, 0.0, 0.5, 3.0, 9.0])
def test_the_normal_tail(z: float) -> None:
    assert normal_tail(z) == pytest.approx(float(stats.norm.sf(z)), rel=1e-12)


def test_what_every_table_prints() -> None:
    assert normal_quantile(0.975) == pytest.approx(1.959964, abs=1e-6)
    assert 2 * normal_tail(3) == pytest.approx(0.0027, abs=1e-6)
    assert t_quantile(0.975, 9) == pytest.approx(2.262, abs=5e-4)  # any table of Student's t
    assert t_quantile(0.995, 1) == pytest.approx(63.657, abs=5e-4)


@pytest.mark.parametrize("freedom", [1, 2, 4.3, 7, 19, 99, 5000])
@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.975, 0.99865, 1 - 1e-9])
def test_students_distribution(share: float, freedom: float) -> None:
    t = float(stats.t.ppf(share, freedom))
    assert t_quantile(share, freedom) == pytest.approx(t, rel=1e-9)
    assert t_tail(t, freedom) == pytest.approx(float(stats.t.sf(t, freedom)), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (1, 3), (12.5, 0.5), (400, 7)])
@pytest.mark.parametrize("x", [0.0, 1e-6, 0.2, 0.5, 0.97, 1.0])
def test_the_incomplete_beta_function(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(float(special.betainc(a, b, x)), rel=1e-10, abs=1e-300)
