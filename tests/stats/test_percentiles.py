"""Percentiles against the published definition and numpy."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.statistics.percentiles import percentile, percentiles

samples = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60)


def test_the_ninetieth_of_eleven() -> None:
    assert percentile(range(11), 90) == 9.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 2.5
    assert percentile([7.0], 99) == 7.0


@given(samples, st.floats(0, 100))
def test_the_same_as_numpy(values: list[float], q: float) -> None:
    span = max(map(abs, values))
    assert percentile(values, q) == pytest.approx(
        float(numpy.percentile(values, q)), rel=1e-12, abs=span * 1e-12
    )


@given(samples, st.floats(0, 100), st.randoms())
def test_the_order_of_samples_does_not_matter(values: list[float], q: float, random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert percentile(shuffled, q) == percentile(values, q)


@pytest.mark.parametrize(
    ("values", "q", "what"),
    [
        ([], 50, "no samples"),
        ([1.0, float("nan")], 50, "not a finite number"),
        ([float("inf")], 50, "not a finite number"),
        ([1.0], 101, "between 0 and 100"),
        ([1.0], float("nan"), "between 0 and 100"),
    ],
)
def test_what_has_no_percentile(values: list[float], q: float, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        percentile(values, q)


def test_many_samples_give_the_same() -> None:
    values = numpy.random.default_rng(5).lognormal(size=20_000)
    few = sorted(values.tolist())
    position = (len(few) - 1) * 0.95
    low, high = few[int(position)], few[int(position) + 1]
    assert percentiles(values, (50, 95))[1] == pytest.approx(low + (high - low) * (position % 1), rel=1e-12)
    with pytest.raises(ValueError, match="not a finite number"):
        percentiles(numpy.append(values, numpy.nan), (50,))
