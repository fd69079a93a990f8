"""A timeline that was kept elsewhere is read line by line, each with its time."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workbench.model.errors import UsageError
from workbench.usecases.timeline_files import read_timeline

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
TEXT = """\
2026-09-12 23:40 the gateway answers 503

- 23:50: first page
[00:05] Kim leads
00:05:30 - traceback:
    ConnectionError: timed out
2026-09-13T02:00Z answers again
"""


def test_a_time_of_day_goes_on_from_the_line_before_over_midnight_too() -> None:
    assert [(f"{one.at:%d %H:%M:%S}", one.words) for one in read_timeline(TEXT, NOW, ZONE)] == [
        ("12 21:40:00", "the gateway answers 503"),
        ("12 21:50:00", "first page"),
        ("12 22:05:00", "Kim leads"),
        ("12 22:05:30", "traceback:\n    ConnectionError: timed out"),
        ("13 02:00:00", "answers again"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no lines"),
        ("the gateway answers 503", "line 1 does not begin with a time"),
        ("2026-09-12 23:40 one\n25:00 two", "line 2"),
        ("2026-09-15 11:40 one\n11:20 two", "line 2: “2026-09-16 11:20” is still to come"),
        ("2026-09-20 11:40 one", "line 1: “2026-09-20 11:40” is still to come"),
        ("2026-02-30 11:40 one", "line 1: “2026-02-30” is not a date"),
        ("9:00 x\n" * 10_001, "more than 10,000 lines"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_timeline(text, NOW, ZONE)
