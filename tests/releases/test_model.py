"""Releases and candidates by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.releases.model import WATCH, Outcome, Release, ReleaseState, state

NOW = datetime(2026, 9, 15, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "candidate", "through", "expected"),
    [
        (Outcome.OPEN, False, True, ReleaseState.PLANNED),
        (Outcome.OPEN, True, False, ReleaseState.IN_GATES),
        (Outcome.OPEN, True, True, ReleaseState.READY),
        (Outcome.SHIPPED, True, False, ReleaseState.WATCHING),
        (Outcome.ROLLED_BACK, True, True, ReleaseState.ROLLED_BACK),
        (Outcome.ABANDONED, False, False, ReleaseState.ABANDONED),
    ],
)
def test_states(outcome: Outcome, candidate: bool, through: bool, expected: ReleaseState) -> None:
    release = Release(version="1", outcome=outcome, outcome_at=NOW)
    assert state(release, has_candidate=candidate, through=through, now=NOW) is expected


@given(st.integers(-30, 30))
def test_a_shipped_release_is_watched_for_a_week(days: int) -> None:
    release = Release(version="1", outcome=Outcome.SHIPPED, outcome_at=NOW)
    found = state(release, has_candidate=True, through=True, now=NOW + timedelta(days=days))
    assert (found is ReleaseState.CLOSED) == (timedelta(days=days) >= WATCH)
