"""A line of a timeline as it is typed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workbench.usecases.stamps import Typed, read_line

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 12, 1, 14, 42, tzinfo=UTC)  # 15:42 in Amsterdam


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "words", "moment"),
    [
        ("the vendor calls", "the vendor calls", None),
        ("14:05 the vendor calls", "the vendor calls", "2026-12-01T13:05Z"),
        ("14:05:30 paged", "paged", "2026-12-01T13:05:30Z"),
        ("9:05 paged", "paged", "2026-12-01T08:05Z"),
        ("yesterday 14:05 seen", "seen", "2026-11-30T13:05Z"),
        ("2026-11-28 14:05 seen", "seen", "2026-11-28T13:05Z"),
        ("-10m seen", "seen", "2026-12-01T14:32Z"),
        ("-2 h seen", "seen", "2026-12-01T12:42Z"),
        ("25:05 is no time", "25:05 is no time", None),
        ("2026-13-01 14:05 is no day", "2026-13-01 14:05 is no day", None),
        ("18:00 the vendor calls back", "18:00 the vendor calls back", None),
        ("14:05", "14:05", None),
        ("14:05   ", "14:05", None),
        ("-10 % of requests fail", "-10 % of requests fail", None),
        ("14:05backup", "14:05backup", None),
        ("  ", "", None),
    ],
)
def test_a_moment_before_the_words_is_when_it_happened(text: str, words: str, moment: str | None) -> None:
    assert read_line(text, NOW, AMSTERDAM) == Typed(words, at(moment) if moment else None)


def test_a_time_of_day_is_the_last_one_that_was() -> None:
    midnight = datetime(2026, 12, 1, 23, 10, tzinfo=UTC)  # 0:10 on the 2nd
    assert read_line("23:50 paged", midnight, AMSTERDAM).at == at("2026-12-01T22:50Z")
    assert read_line("0:10 paged", midnight, AMSTERDAM).at == midnight
