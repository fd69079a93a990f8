"""Releases and candidates by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.releases.model import WATCH, Outcome, Release, ReleaseState, Standing, state

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "candidate", "gates", "expected"),
    [
        (Outcome.OPEN, False, Standing.SIGNED, "planned"),
        (Outcome.OPEN, True, Standing.BLOCKED, "blocked"),
        (Outcome.OPEN, True, Standing.READY, "ready"),
        (Outcome.OPEN, True, Standing.SIGNED, "signed"),
        (Outcome.SHIPPED, True, Standing.BLOCKED, "watching"),
        (Outcome.ROLLED_BACK, True, Standing.SIGNED, "rolled_back"),
        (Outcome.ABANDONED, False, Standing.BLOCKED, "abandoned"),
    ],
)
def test_states(outcome: Outcome, candidate: bool, gates: Standing, expected: str) -> None:
    release = Release(version="1", outcome=outcome, outcome_at=NOW)
    assert state(release, has_candidate=candidate, gates=gates, now=NOW) == expected


def test_of_a_release_that_nobody_knows_the_shipping_of_no_watching_ends() -> None:
    release = Release(version="1", outcome=Outcome.SHIPPED)
    assert state(release, has_candidate=True, gates=Standing.SIGNED, now=NOW) is ReleaseState.SHIPPED


def test_a_state_is_read_as_words_without_a_line_below() -> None:
    assert ReleaseState.ROLLED_BACK.words == "rolled back"


@given(st.integers(-30, 30))
def test_a_shipped_release_is_watched_for_a_week(days: int) -> None:
    release = Release(version="1", outcome=Outcome.SHIPPED, outcome_at=NOW)
    found = state(release, has_candidate=True, gates=Standing.SIGNED, now=NOW + timedelta(days=days))
    assert (found is ReleaseState.CLOSED) == (timedelta(days=days) >= WATCH)
