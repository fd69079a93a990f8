"""Histograms: what counts by buckets tell, and what they refuse."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest

from workbench.model.histograms import Histogram

SOME = Histogram((0.1, 0.2, 0.4), (10, 60, 30, 0))


@pytest.mark.parametrize(
    ("q", "value"),
    [(0, 0.0), (0.1, 0.1), (0.4, 0.15), (0.7, 0.2), (0.85, 0.3), (1, 0.4)],
)
def test_a_quantile_is_interpolated_within_its_bucket(q: float, value: float) -> None:
    assert SOME.quantile(q) == pytest.approx(value)


def test_a_quantile_beyond_the_buckets_is_their_highest_bound() -> None:
    assert Histogram((0.1, 0.2), (1, 1, 98)).quantile(0.5) == 0.2
    assert Histogram((0.0, 1.0), (5, 5, 0)).quantile(0.2) == 0.0


def test_nothing_observed_has_no_quantile() -> None:
    assert Histogram((1.0,), (0, 0)).quantile(0.5) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        SOME.quantile(1.5)


def test_the_bucket_of_a_value() -> None:
    assert [SOME.bucket_of(value) for value in (0.05, 0.1, 0.15, 0.5)] == [
        (0.0, 0.1), (0.0, 0.1), (0.1, 0.2), (0.4, None),
    ]  # fmt: skip


def test_cumulative_counts_are_taken_apart_and_never_fall() -> None:
    assert Histogram.of_cumulative([(inf, 100), (0.1, 10), (0.4, 100), (0.2, 70)]) == SOME
    assert Histogram.of_cumulative([(0.1, 10), (0.2, 9), (inf, 12)]).counts == (10, 0, 2)
    with pytest.raises(ValueError, match=r"\+Inf"):
        Histogram.of_cumulative([(0.1, 10)])


@pytest.mark.parametrize(
    ("bounds", "counts"),
    [
        ((), (1,)),
        ((1.0,), (1,)),
        ((1.0, 1.0), (1, 1, 1)),
        ((2.0, 1.0), (1, 1, 1)),
        ((1.0,), (1, -1)),
        ((nan,), (1, 1)),
        ((inf,), (1, 1)),
        ((1.0,), (1, inf)),
    ],
)
def test_what_is_no_histogram_is_refused(bounds: Any, counts: Any) -> None:
    with pytest.raises(ValueError, match="bound"):
        Histogram(bounds, counts)
