"""The pattern of a probe's runs, as marks and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.usecases.views.pattern import OF_DIFFERENCES, Beat, row_of_marks, trend

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
STATES = {"✓": "pass", "▲": "fail", "~": "error"}


def beats(marks: str) -> list[Beat]:
    """A run for each mark, a day apart, the last one two hours ago."""
    last = NOW - timedelta(hours=2)
    return [
        Beat(STATES[mark], last - timedelta(days=len(marks) - place))
        for place, mark in enumerate(marks, start=1)
    ]


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ("", "never run"),
        ("✓", "passed its only run"),
        ("▲▲", "failed both runs"),
        ("✓✓✓✓", "passed all of the last 4 runs"),
        ("✓✓▲", "fails since today 10:00"),
        ("✓✓▲▲▲", "fails since 13 Sep 10:00, 3 runs in a row"),
        ("▲✓✓", "passes again since yesterday 10:00, 2 runs in a row"),
        ("✓▲✓▲✓✓", "comes and goes: failed 2 of the last 6 runs"),
        ("~", "could not look"),
        ("✓✓~~", "could not look 2 times in a row; passed before"),
        ("✓▲~", "could not look; failed before"),
        ("✓~✓", "passed both runs"),
    ],
)
def test_the_pattern_says_since_when_and_how_often(marks: str, words: str) -> None:
    assert trend(beats(marks), NOW, UTC) == words
    assert row_of_marks(beats(marks)) == marks


def test_a_row_holds_the_latest_runs_and_the_words_speak_of_all() -> None:
    many = beats("▲" + "✓" * 30)
    assert row_of_marks(many) == "✓" * 10
    assert trend(many, NOW, UTC) == "passes again since 17 Aug 10:00, 30 runs in a row"


def test_what_came_and_went_long_ago_is_not_said_of_the_last_runs() -> None:
    assert trend(beats("▲✓▲✓▲" + "✓" * 10), NOW, UTC).startswith("passes again since")


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ("▲", "found in its only run"),
        ("▲▲▲", "found in all of the last 3 runs"),
        ("✓✓▲", "found since today 10:00"),
        ("▲✓✓", "found no more since yesterday 10:00, 2 runs in a row"),
        ("▲✓▲✓", "comes and goes: found in 2 of the last 4 runs"),
        ("▲~", "could not look; found before"),
    ],
)
def test_of_a_difference_it_says_since_when_it_is_found(marks: str, words: str) -> None:
    assert trend(beats(marks), NOW, UTC, OF_DIFFERENCES) == words
