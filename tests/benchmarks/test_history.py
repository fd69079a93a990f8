"""The points of a chart: one for each window of its own, in the benchmark's unit, and what has to be known of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from workbench.benchmarks.history import Observed, observed
from workbench.benchmarks.measurements import Measurement

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def measured(
    days: float, value: str = "1", *, window: str | None = None, batch: str = "a", **fields: Any
) -> Measurement:
    return Measurement(
        batch=batch, n=0, subject="p95", environment="staging", candidate="c", role="value", state="ok",
        value=Decimal(value), unit=fields.pop("unit", "s"), measured_at=NOW - timedelta(days=days), window=window, **fields,
    )  # fmt: skip


def points(*newest_first: Measurement) -> Observed:
    def number(item: Measurement) -> Decimal | None:
        return item.value if item.unit == "s" else None

    return observed(newest_first, usable=lambda item: item.mark != "replayed", number=number)


def values(found: Observed) -> list[str]:
    return [str(point.value) for point in found.points]


def test_they_come_oldest_first_whatever_their_order() -> None:
    assert values(points(measured(1, "3"), measured(3, "1"), measured(2, "2"))) == ["1", "2", "3"]


def test_windows_that_share_time_are_one_point() -> None:
    found = points(
        measured(0, "4", window="1d"), measured(0.5, "3", window="1d"), measured(1, "2", window="1d")
    )
    assert values(found) == ["2", "4"]


def test_of_the_same_moment_what_was_recorded_last_counts() -> None:
    assert values(points(measured(1, "2", batch="b"), measured(1, "1", batch="a"), measured(2, "0"))) == [
        "0",
        "2",
    ]
    again = points(measured(1, "2", batch="b", window="1h"), measured(1, "1", batch="a", window="1h"))
    assert values(again) == ["2"]


def test_what_may_not_count_or_has_another_unit_is_left_out_and_told() -> None:
    found = points(measured(1, "3", unit="%"), measured(2, "2"), measured(3, "1", mark="replayed"))
    assert (values(found), found.remarks) == (["2"], ("1 earlier value in another unit left out",))
    assert points().points == () and points().remarks == ()


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((40, 11, 10, 9, 8, 7), ("nothing was measured for 29 days between two of its points",)),
        ((11, 10, 9, 8, 7), ()),
        ((9, 8), ()),
        ((3.4, 2, 1.9, 1.8, 1.7, 1.6), ()),
    ],
)
def test_a_long_time_without_any_is_told(days: tuple[float, ...], told: tuple[str, ...]) -> None:
    assert points(*(measured(each) for each in reversed(days))).remarks == told
