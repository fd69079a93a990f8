"""Failure modes and anti-patterns: seen with evidence, fine only where something has looked, else not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from workbench.definitions.environments import (
    DataStrategy,
    Environment,
    EnvironmentKind,
    StagingKind,
    Way,
)
from workbench.definitions.shapes import Category, Dimension, Severity
from workbench.environments.freshness import data_age
from workbench.environments.life import Life
from workbench.environments.looked import Looked
from workbench.environments.model import Finding, Refresh
from workbench.environments.seen import Gap, Judgement, Mocked, Project, Seen, State
from workbench.environments.signs import MODES, Sign, signs

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def staging(**stated: Any) -> Environment:
    return Environment(key="staging", kind=EnvironmentKind.STAGING, **stated)


def seen(environment: Environment | None = None, **more: Any) -> Seen:
    return Seen(environment=environment or staging(), production=None, now=NOW, **more)


def probe(kind: str, state: str = "pass", days: float = 1, **more: Any) -> Looked:
    at = NOW - days * DAY if state != "never" else None
    return Looked(key=kind, title=f"The {kind} probe", kind=kind, state=state, at=at, proven=True, **more)


def sign(key: str, found: Seen) -> Sign:
    return next(one for one in signs(found) if one.mode.key == key)


def judged(**more: Any) -> Judgement:
    given = {
        "blocking": True,
        "through": True,
        "dimension": Dimension.LATENCY_CONSISTENCY,
        "relative": True,
        **more,
    }
    return Judgement(title="Checkout p95", flow="checkout", measured_at=NOW - DAY, **given)


def aged(days: float, limit: str | None = "7d") -> Any:
    passed = dict.fromkeys(("rows", "distributions", "plans"), Finding.PASSED)
    return data_age([Refresh(environment="staging", at=NOW - days * DAY, by="kim", **passed)], limit, NOW)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.key)
def test_an_environment_of_which_nothing_is_known_shows_no_sign_and_is_never_fine(mode: Any) -> None:
    assert sign(mode.key, seen()).state in (State.UNKNOWN, State.NOT_APPLICABLE)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.key)
def test_every_mode_says_what_it_is_and_what_helps(mode: Any) -> None:
    assert all((mode.title, mode.symptom, mode.cause, mode.mitigation, mode.signal))


@pytest.mark.parametrize(
    ("key", "found", "state", "evidence"),
    [
        ("drift", seen(probes=(probe("configuration", "fail", count=3),)), State.SEEN, "The configuration probe: 3 differences"),
        ("drift", seen(probes=(probe("configuration"), probe("schema"))), State.FINE, "nothing differs"),
        ("drift", seen(probes=(probe("configuration", days=20),)), State.UNKNOWN, "not looked at for up to 20 days"),
        ("drift", seen(probes=(probe("configuration"), probe("schema", "error"))), State.UNKNOWN, "The schema probe: could not look"),
        ("drift", seen(probes=(probe("flags", "never"),)), State.UNKNOWN, "never run"),
        ("leak", seen(probes=(probe("masking", "fail", count=1),)), State.SEEN, "1 difference"),
        ("leak", seen(staging(data_strategy=DataStrategy.UNMASKED_COPY)), State.SEEN, "an unmasked copy"),
        ("leak", seen(staging(retention="30d"), data=aged(40)), State.SEEN, "kept for 40 days, and 30d is the limit"),
        ("leak", seen(staging(retention="30d"), data=aged(4)), State.UNKNOWN, "no probe of kind masking"),
        ("overfitted", seen(judged=(judged(),), mocked=(Mocked("checkout", ("pay",)),)), State.SEEN, "steps that are not real in staging: pay"),
        ("overfitted", seen(judged=(judged(through=False),), mocked=(Mocked("checkout", ("pay",)),)), State.UNKNOWN, "no probe of kind simulation"),
        ("overfitted", seen(judged=(judged(),)), State.FINE, "no flow has a step that is mocked"),
        ("bleed", seen(probes=(probe("isolation", "fail", count=2),)), State.SEEN, "2 differences"),
        ("bleed", seen(probes=(probe("isolation"),)), State.FINE, "nothing differs"),
        ("runaway", seen(staging(cost_per_day="60 EUR", budget_per_day="50 EUR")), State.SEEN, "its budget is 50 EUR"),
        ("runaway", seen(staging(cost_per_day="60 EUR", budget_per_day="50 USD")), State.UNKNOWN, "not both stated"),
        ("runaway", seen(staging(cost_per_day="40 EUR", budget_per_day="50 EUR")), State.FINE, "its budget is 50 EUR"),
        ("runaway", seen(life=Life(NOW - 3 * DAY, "its last day")), State.SEEN, "over for 3 days"),
        ("runaway", seen(Environment(key="branch", kind=EnvironmentKind.EPHEMERAL)), State.SEEN, "no lifetime is stated"),
        ("scale", seen(staging(staging_kind=StagingKind.SCALED_DOWN), judged=(judged(),)), State.SEEN, "1 latency benchmark may stop a release"),
        ("scale", seen(staging(staging_kind=StagingKind.SCALED_DOWN), judged=(judged(),), probes=(probe("http", scores={"behavioural_parity": Decimal("0.8")}),)), State.FINE, "nothing differs"),
        ("golden-image", seen(data=aged(8)), State.SEEN, "8 days old, limit 7 days"),
        ("golden-image", seen(data=aged(31, None)), State.SEEN, "31 days old"),
        ("golden-image", seen(data=aged(3)), State.FINE, "3 days old"),
        ("golden-image", seen(data=aged(3), project=Project(shipped=(NOW - DAY, NOW - 2 * DAY))), State.SEEN, "2 releases have shipped since"),
        ("golden-image", seen(staging(data_strategy=DataStrategy.SYNTHETIC), data=aged(99)), State.NOT_APPLICABLE, "synthetic"),
        ("unwatched", seen(staging(promotion=Way.AUTOMATIC)), State.SEEN, "no probe has ever looked"),
        ("unwatched", seen(probes=(probe("http", days=9),), project=Project(ci_sources=("ci",))), State.SEEN, "ci says that a build is fine, and no probe has looked for 7 days"),
        ("unwatched", seen(probes=(probe("http"),), project=Project(ci_sources=("ci",))), State.FINE, "1 probe looked within 7 days"),
        ("shared", seen(judged=(judged(overlaps=True),)), State.SEEN, "measured while others were at work: Checkout p95"),
        ("shared", seen(clashes=2, teams=frozenset({"a", "b"})), State.SEEN, "at the same time 2 times"),
        ("shared", seen(teams=frozenset({"payments"})), State.FINE, "1 team in the occupancy log: payments"),
    ],
)  # fmt: skip
def test_each_is_told_by_its_evidence(key: str, found: Seen, state: State, evidence: str) -> None:
    one = sign(key, found)
    assert one.state is state
    assert evidence in "; ".join(one.evidence)


def test_an_undecided_difference_in_observability_is_a_sign_and_a_decided_one_is_known() -> None:
    def gap(*, open_: bool) -> Gap:
        return Gap(title="sampling", category=Category.OBSERVABILITY, severity=Severity.LOW, open=open_)

    assert sign("observability", seen(gaps=(gap(open_=True),))).state is State.SEEN
    assert sign("observability", seen(gaps=(gap(open_=False),))).state is State.FINE


def test_what_shows_comes_first_and_a_probe_that_was_never_seen_red_says_so() -> None:
    found = signs(
        seen(data=aged(8), probes=(Looked(key="c", title="C", kind="configuration", state="pass", at=NOW),))
    )
    states = [one.state for one in found]
    assert states == sorted(states, key=[State.SEEN, State.UNKNOWN, State.FINE, State.NOT_APPLICABLE].index)
    assert sign("drift", seen(probes=(Looked(key="c", title="C", kind="configuration", state="pass", at=NOW),))).evidence == (
        "C: nothing differs (unproven)",
    )  # fmt: skip
