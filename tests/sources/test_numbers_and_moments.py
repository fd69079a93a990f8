"""Numbers and moments as servers and files write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from workbench.model.errors import SourceError
from workbench.sources.moments import moment_of_number, moment_of_text
from workbench.sources.numbers import count_of, number_of


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (3, Decimal(3)),
        (0.1, Decimal("0.1")),
        ("0.25", Decimal("0.25")),
        (Decimal("1e3"), Decimal(1000)),
        (None, None),
    ],
)
def test_a_number_may_be_written_as_a_text(given: object, number: Decimal | None) -> None:
    assert number_of(given, "the value") == number


@pytest.mark.parametrize(
    "given", [True, "1,5", "1.234,5", "NaN", float("nan"), float("inf"), "-Infinity", "", [], {}, "12 ms"]
)
def test_what_is_no_number_is_an_error_that_says_where(given: object) -> None:
    with pytest.raises(SourceError, match="the value"):
        number_of(given, "the value")


@pytest.mark.parametrize("given", [-1, 1.5, "-3", 2**60])
def test_a_count_is_whole_and_not_negative(given: object) -> None:
    with pytest.raises(SourceError):
        count_of(given, "failed")


def test_a_moment_is_read_in_the_one_unit_that_fits() -> None:
    meant = datetime(2026, 11, 28, 12, 0, 0, 500_000, tzinfo=UTC)
    seconds = Decimal("1795867200.5")
    for factor in (1, 10**3, 10**6, 10**9):
        assert moment_of_number(seconds * factor) == meant
    assert moment_of_number(1795867200.5, "s") == meant


@pytest.mark.parametrize("given", [0, -1, 5, float("nan"), 10**30])
def test_a_clock_that_was_not_set_is_told(given: float) -> None:
    with pytest.raises(SourceError):
        moment_of_number(given)


def test_a_text_says_whether_it_names_its_zone() -> None:
    meant = datetime(2026, 11, 28, 12, tzinfo=UTC)
    assert moment_of_text("2026-11-28T13:00:00+01:00") == (meant, True)
    assert moment_of_text("2026-11-28T12:00:00.000000000Z") == (meant, True)
    assert moment_of_text("2026-11-28 12:00:00") == (meant, False)
    for wrong in ("yesterday", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "28.11.2026"):
        with pytest.raises(SourceError):
            moment_of_text(wrong)
