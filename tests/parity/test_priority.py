"""PM-2, PM-6 to PM-9: how severe a difference is, which comes first, where to roll out first, what can be expected."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.definitions.shapes import Category, Environment, EnvironmentKind, Severity, StagingKind
from workbench.parity.decisions import Decision
from workbench.parity.expectations import expectation, severity_in
from workbench.parity.model import Difference
from workbench.parity.priority import contradiction, ranked, reasoning, working_days
from workbench.parity.rating import Frequency, Harm, ThirdParty, rated
from workbench.parity.rollout import regions_of, roll_out

FOUND = datetime(2026, 9, 1, tzinfo=UTC)


def difference(title: str = "pool", **fields: Any) -> Difference:
    return Difference(**{"title": title, "found_at": FOUND, **fields})


@pytest.mark.parametrize(
    ("frequency", "harm", "severity"),
    [
        (Frequency.CONSTANTLY, Harm.LOSS, Severity.HIGH), (Frequency.WEEKLY, Harm.LOSS, Severity.HIGH),
        (Frequency.CONSTANTLY, Harm.DEGRADED, Severity.HIGH), (Frequency.DAILY, Harm.DEGRADED, Severity.MEDIUM),
        (Frequency.RARELY, Harm.LOSS, Severity.MEDIUM), (Frequency.RARELY, Harm.OUTAGE, Severity.LOW),
        (Frequency.CONSTANTLY, Harm.BARELY_NOTICED, Severity.MEDIUM), (Frequency.UNKNOWN, Harm.LOSS, None),
        (Frequency.DAILY, Harm.UNKNOWN, None),
    ],
)  # fmt: skip
def test_severity_is_how_often_times_how_badly(
    frequency: Frequency, harm: Harm, severity: Severity | None
) -> None:
    assert rated(frequency, harm) is severity


@pytest.mark.parametrize(
    ("cost", "days"),
    [
        ("2 days", "2"), ("half a day", "0.5"), ("one hour", "0.125"), ("2 weeks and 340 EUR a month", "10"),
        ("3 days for the vendor's sandbox", "3"), ("1,5 weeks", "7.5"), ("a 3-day job", "3"), ("25 EUR", None),
        ("with the vendor's sandbox", None), ("", None), ("12 MONTHS", "240"), ("weekly", None), ("today", None),
    ],
)  # fmt: skip
def test_a_cost_in_working_days(cost: str, days: str | None) -> None:
    assert working_days(cost) == (Decimal(days) if days else None)


@given(st.text(max_size=500))
def test_any_text_is_a_cost_or_none(cost: str) -> None:
    days = working_days(cost)
    assert days is None or days >= 0


ROWS = [
    (
        "a",
        difference(
            "often and badly", frequency=Frequency.CONSTANTLY, harm=Harm.OUTAGE, closing_cost="2 days"
        ),
    ),
    ("b", difference("as severe, cheaper", severity=Severity.HIGH, closing_cost="one hour")),
    ("c", difference("as severe, nobody says what it costs", severity=Severity.HIGH)),
    (
        "d",
        difference(
            "found later", severity=Severity.HIGH, closing_cost="2 days", found_at=FOUND.replace(year=2027)
        ),
    ),
    ("e", difference("low", severity=Severity.LOW, closing_cost="one hour")),
]


def test_everybody_comes_to_the_same_order() -> None:
    for rows in permutations(ROWS):
        assert [ident for ident, _, _ in ranked(rows)] == ["b", "a", "d", "c", "e"]
    assert [one.place for _, _, one in ranked(ROWS)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"frequency": Frequency.DAILY, "harm": Harm.LOSS, "closing_cost": "half a day"},
         "12 of 16: runs daily × data or money is lost; closing it takes 0.5 working days"),
        ({"severity": Severity.LOW, "closing_cost": "a day"},
         "2 of 16: low severity, how often and how badly not said; closing it takes 1 working day"),
        ({"harm": Harm.LOSS}, "6 of 16: medium severity, how often not said; cost of closing not said"),
    ],
)  # fmt: skip
def test_the_reasoning_in_words(fields: dict[str, Any], words: str) -> None:
    assert reasoning(difference(**fields)) == words


def test_a_severity_that_does_not_follow_is_told() -> None:
    value = difference(frequency=Frequency.CONSTANTLY, harm=Harm.LOSS, severity=Severity.LOW)
    assert contradiction(value) == "how often × how badly says high, the severity says low"
    assert contradiction(difference(severity=Severity.LOW)) == ""
    assert (
        contradiction(difference(frequency=Frequency.CONSTANTLY, harm=Harm.LOSS, severity=Severity.HIGH))
        == ""
    )


def test_regions_are_rolled_out_to_where_parity_is_highest_first() -> None:
    environments = [
        Environment(key="p1", kind=EnvironmentKind.PRODUCTION, region="eu"),
        Environment(key="p2", kind=EnvironmentKind.PRODUCTION, region="us"),
        Environment(key="p3", kind=EnvironmentKind.PRODUCTION, region="ap"),
        Environment(key="s", kind=EnvironmentKind.STAGING, region="lab"),
    ]
    rows = [
        ("1", difference("everywhere", severity=Severity.MEDIUM)),
        ("2", difference("eu is older", severity=Severity.HIGH, region="EU")),
        ("3", difference("ap has no cache", severity=Severity.LOW, region="ap")),
        (
            "4",
            difference(
                "ap does not matter", severity=Severity.LOW, region="ap", decision=Decision.IRRELEVANT
            ),
        ),
    ]
    regions = regions_of(environments, (value for _, value in rows))
    assert regions == ["eu", "us", "ap"]
    found = roll_out(regions, rows, {"1", "2"})
    assert [(one.place, one.region, one.weight, one.words) for one in found] == [
        (1, "us", 6, "1 difference, 1 undecided"),
        (2, "ap", 8, "3 differences, 2 only here, 1 undecided"),
        (3, "eu", 18, "2 differences, 1 only here, 1 high, 2 undecided"),
    ]
    assert roll_out(["eu"], [], ())[0].words == "no known difference"


EPHEMERAL = Environment(key="pr", kind=EnvironmentKind.EPHEMERAL)
LEGACY = Environment(key="old", kind=EnvironmentKind.STAGING, legacy=True)
STAGING = Environment(key="staging", kind=EnvironmentKind.STAGING, staging_kind=StagingKind.FULL_CLONE)


@pytest.mark.parametrize(
    ("environment", "fields", "words"),
    [
        (EPHEMERAL, {"category": Category.DATA}, "data is expected to differ in an ephemeral environment"),
        (EPHEMERAL, {}, "an ephemeral environment is judged on test reliability and deployment friction"),
        (LEGACY, {}, "a legacy environment: its risk is not assessed, what can happen and how often and how badly is missing"),
        (LEGACY, {"impact": "slower", "frequency": Frequency.RARELY, "harm": Harm.DEGRADED},
         "a legacy environment: documented and its risk assessed; it need not be closed"),
        (STAGING, {}, ""), (None, {}, ""),
        (STAGING, {"third_party": ThirdParty.MOCK}, "a mock hides latency and errors of the third party"),
        (EPHEMERAL, {"category": Category.DATA, "third_party": ThirdParty.RESTRICTED},
         "data is expected to differ in an ephemeral environment; the third party's production risks leaks and its rate limits"),
    ],
)  # fmt: skip
def test_what_is_expected_of_an_environment(
    environment: Environment | None, fields: dict[str, Any], words: str
) -> None:
    assert expectation(difference(**fields), environment) == words


def test_data_that_differs_in_an_ephemeral_environment_is_of_low_severity() -> None:
    assert severity_in(EPHEMERAL, Category.DATA, Severity.MEDIUM) is Severity.LOW
    assert severity_in(EPHEMERAL, Category.SERVICES, Severity.MEDIUM) is Severity.MEDIUM
    assert severity_in(STAGING, Category.DATA, Severity.MEDIUM) is Severity.MEDIUM
