"""The difference of two means, against scipy."""

from __future__ import annotations

import random

import pytest
from scipy import stats

from workbench.statistics.means import difference


@pytest.mark.parametrize("seed", range(20))
def test_the_interval_is_that_of_welch(seed: int) -> None:
    chance = random.Random(seed)
    own = [float(chance.randint(0, 3)) for _ in range(chance.randint(2, 90))]
    base = [float(chance.randint(0, 2)) for _ in range(chance.randint(20, 90))]
    found = difference(own, base)
    expected = stats.ttest_ind(own, base, equal_var=False).confidence_interval(0.98)
    assert found.estimate == pytest.approx(sum(own) / len(own) - sum(base) / len(base))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_equal_values_differ_for_sure() -> None:
    assert difference([3.0] * 20, [1.0] * 30) == (2.0, 2.0, 2.0)
