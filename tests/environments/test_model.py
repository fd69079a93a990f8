"""What may be recorded of environments, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.usecases.projects import NOW, at, opened

from workbench.environments.model import EndOfLife, Finding, Occupancy, Refresh, occupancies, refreshes
from workbench.model.errors import UsageError
from workbench.usecases import environments as acts
from workbench.usecases.context import Context

TEXT = """\
project: shop
people: [{key: kim, name: Kim, roles: [release-owner]}]
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, fresh_within: 7d}
"""
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path: Path) -> object:
    with opened(tmp_path / "shop", TEXT) as context:
        yield context


def used(who: str = "payments", **said: object) -> Occupancy:
    given = {"why": "load test of the ledger", "begins": NOW, "by": "kim", **said}
    return Occupancy(environment="staging", who=who, **given)


def test_without_a_name_the_environment_is_staging(shop: Context) -> None:
    assert acts.find_environment(shop, None).key == "staging"
    with pytest.raises(UsageError, match="no environment “stagin”") as told:
        acts.find_environment(shop, "stagin")
    assert told.value.hint == "did you mean staging?"


def test_a_refresh_is_recorded_and_validated_afterwards(shop: Context) -> None:
    acts.record_refresh(shop, Refresh(environment="staging", at=NOW - HOUR, by="kim"))
    stored, found = acts.last_refresh(shop, "staging")
    with pytest.raises(UsageError, match="nothing to change"):
        acts.validate_refresh(shop, stored, found)
    passed = Refresh(environment="staging", at=NOW - HOUR, by="kim", rows=Finding.PASSED)
    acts.validate_refresh(shop, stored, passed)
    ((_, kept),) = refreshes(shop.record, "staging")
    assert kept.rows is Finding.PASSED
    assert kept.plans is Finding.UNCHECKED


@pytest.mark.parametrize(
    ("when", "of", "what"),
    [
        (NOW + HOUR, None, "has not happened yet"),
        (NOW, NOW + HOUR, "data cannot be of a later moment"),
    ],
)
def test_a_refresh_lies_in_the_past_and_so_does_its_data(
    shop: Context, when: datetime, of: datetime | None, what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        acts.record_refresh(shop, Refresh(environment="staging", at=when, data_of=of, by="kim"))


def test_validating_needs_a_refresh(shop: Context) -> None:
    with pytest.raises(UsageError, match="no refresh of staging is recorded"):
        acts.last_refresh(shop, "staging")


@pytest.mark.parametrize(
    ("occupancy", "what"),
    [
        (used(who=" "), "needs a name"),
        (used(why="tbd"), "an occupancy needs a reason"),
        (used(ends=NOW), "ends before it begins"),
    ],
)
def test_an_occupancy_says_who_why_and_until_when(shop: Context, occupancy: Occupancy, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        acts.occupy(shop, occupancy)


def test_an_occupancy_ends_now_and_one_ahead_is_called_off(shop: Context) -> None:
    acts.occupy(shop, used())
    acts.occupy(shop, used(begins=NOW + 48 * HOUR))
    later = at(shop, NOW + HOUR)
    acts.free(later, *acts.find_occupancy(later, "staging", "payments", later.now), later.now)
    acts.free(later, *acts.find_occupancy(later, "staging", "payments", later.now), later.now)
    ((_, kept),) = occupancies(shop.record)
    assert kept.ends == NOW + HOUR
    with pytest.raises(UsageError, match="no occupancy of staging is open"):
        acts.find_occupancy(later, "staging", "", later.now)
    with pytest.raises(UsageError, match="ends now, or ended earlier"):
        acts.free(shop, *occupancies(shop.record)[0], shop.now + HOUR)


def test_of_several_who_use_it_one_is_named(shop: Context) -> None:
    acts.occupy(shop, used("payments"))
    acts.occupy(shop, used("search"))
    with pytest.raises(UsageError, match="used by several: payments, search"):
        acts.find_occupancy(shop, "staging", "", NOW)
    assert acts.find_occupancy(shop, "staging", "Search", NOW)[1].who == "search"


def test_an_end_of_life_has_a_reason(shop: Context) -> None:
    end = EndOfLife(
        environment="staging", ends=datetime(2026, 12, 1, tzinfo=UTC), reason="", by="kim", at=NOW
    )
    with pytest.raises(UsageError, match="the end of an environment needs a reason"):
        acts.end_life(shop, end)
