"""How old data is, and when it counts as fresh: never by a refresh that failed or that nobody validated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workbench.environments.freshness import Freshness, Validation, data_age, lacking, validation
from workbench.environments.model import Finding, Refresh

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
PASSED, FAILED, UNCHECKED = Finding.PASSED, Finding.FAILED, Finding.UNCHECKED


def refresh(days: float, *found: Finding, **more: Any) -> Refresh:
    rows, distributions, plans = found or (PASSED, PASSED, PASSED)
    return Refresh(
        environment="staging", at=NOW - timedelta(days=days), by="kim", rows=rows, distributions=distributions,
        plans=plans, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "state", "lacks"),
    [
        ((PASSED, PASSED, PASSED), Validation.PASSED, ""),
        ((PASSED, UNCHECKED, UNCHECKED), Validation.OPEN, "distributions and query plans not checked"),
        ((PASSED, PASSED, FAILED), Validation.FAILED, "query plans failed"),
        ((FAILED, UNCHECKED, FAILED), Validation.FAILED, "row counts and query plans failed"),
    ],
)
def test_all_three_parts_have_to_pass_and_one_holds_it_back(
    found: tuple[Finding, ...], state: Validation, lacks: str
) -> None:
    assert validation(refresh(1, *found)) is state
    assert lacking(refresh(1, *found)) == lacks


@pytest.mark.parametrize(
    ("refreshes", "limit", "state", "words"),
    [
        ([], "7d", Freshness.UNKNOWN, "not known: no refresh is recorded"),
        ([refresh(3)], "7d", Freshness.FRESH, "3 days old, limit 7 days"),
        ([refresh(7)], "7d", Freshness.FRESH, "7 days old, limit 7 days"),
        ([refresh(8)], "7d", Freshness.OLD, "8 days old, limit 7 days"),
        ([refresh(3)], None, Freshness.NO_LIMIT, "3 days old, no limit is stated"),
        ([refresh(3, PASSED, PASSED, UNCHECKED)], "7d", Freshness.NOT_VALIDATED, "3 days old, limit 7 days; query plans not checked"),
        ([refresh(1, FAILED, PASSED, PASSED), refresh(3)], "7d", Freshness.FRESH, "3 days old, limit 7 days; a later refresh was held back: row counts failed"),
        ([refresh(1, FAILED, PASSED, PASSED)], "7d", Freshness.UNKNOWN, "not known; the last refresh was held back: row counts failed"),
        ([refresh(1, data_of=NOW - timedelta(days=10))], "7d", Freshness.OLD, "10 days old, limit 7 days"),
    ],
)  # fmt: skip
def test_the_age_is_counted_from_the_data_that_is_there(
    refreshes: list[Refresh], limit: str | None, state: Freshness, words: str
) -> None:
    found = data_age(refreshes, limit, NOW)
    assert found.state is state
    assert found.words == words
