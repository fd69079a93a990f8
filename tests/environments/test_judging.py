"""Kinds of staging and what is watched, maturity with its next step, and what makes staging a product."""

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
    StagingPattern,
    Way,
)
from workbench.definitions.shapes import Category, Dimension, Severity
from workbench.environments import product, staging_kinds
from workbench.environments.freshness import as_proven, data_age
from workbench.environments.life import Life
from workbench.environments.looked import Looked
from workbench.environments.maturity import Level, maturity
from workbench.environments.model import Finding, Refresh
from workbench.environments.seen import Gap, Judgement, Project, Seen, State

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)


def staging(**stated: Any) -> Environment:
    return Environment(key="staging", kind=EnvironmentKind.STAGING, **stated)


def seen(environment: Environment | None = None, **more: Any) -> Seen:
    return Seen(environment=environment or staging(), production=None, now=NOW, **more)


def probe(kind: str, state: str = "pass", **more: Any) -> Looked:
    return Looked(key=kind, title=kind, kind=kind, state=state, at=NOW, proven=True, **more)


@pytest.mark.parametrize("kind", StagingKind)
def test_every_kind_says_what_it_is_good_and_bad_at_and_what_to_watch(kind: StagingKind) -> None:
    (one,) = staging_kinds.about(staging(staging_kind=kind))
    assert all((one.title, one.strength, one.weakness, one.use, one.limits, one.watch))
    assert all(each.words for each in staging_kinds.watched(seen(staging(staging_kind=kind))))


@pytest.mark.parametrize("pattern", StagingPattern)
def test_every_pattern_says_when_to_use_it(pattern: StagingPattern) -> None:
    (one,) = staging_kinds.about(staging(patterns=[pattern]))
    assert all((one.title, one.strength, one.weakness, one.use, one.watch))


def test_a_score_is_held_against_the_limit_of_the_kind() -> None:
    def parity(kind: StagingKind, share: str) -> State:
        found = seen(
            staging(staging_kind=kind), probes=(probe("http", scores={"behavioural_parity": Decimal(share)}),)
        )
        return next(
            one.state for one in staging_kinds.watched(found) if one.watch.score == "behavioural_parity"
        )

    assert parity(StagingKind.SCALED_DOWN, "0.75") is State.FINE
    assert parity(StagingKind.FULL_CLONE, "0.75") is State.SEEN
    assert parity(StagingKind.SCALED_DOWN, "0.69") is State.SEEN


def test_what_nobody_measures_is_not_known_and_each_thing_is_watched_once() -> None:
    environment = staging(staging_kind=StagingKind.HYBRID, patterns=[StagingPattern.MINIMAL_PARITY])
    found = staging_kinds.watched(seen(environment))
    titles = [one.watch.title for one in found]
    assert len(titles) == len(set(titles))
    assert {one.state for one in found} == {State.UNKNOWN}


def test_nothing_said_is_a_beginner_whose_next_step_is_named() -> None:
    found = maturity(seen())
    assert found.level is Level.BEGINNER
    assert found.next is not None
    assert found.next.title == "automated promotion"


def test_intermediate_is_reached_once_all_of_it_is_there() -> None:
    gap = Gap(title="x", category=Category.DATA, severity=Severity.LOW, open=True)
    judged = Judgement(
        title="p95", flow="checkout", dimension=Dimension.LATENCY_CONSISTENCY, blocking=True, through=True, measured_at=NOW
    )  # fmt: skip
    environment = staging(promotion=Way.AUTOMATIC, data_strategy=DataStrategy.SYNTHETIC)
    whole = seen(
        environment, gaps=(gap,), probes=(probe("schema"),), judged=(judged,), project=Project(measuring_sources=("metrics",))
    )  # fmt: skip
    found = maturity(whole)
    assert found.level is Level.INTERMEDIATE
    assert found.next is not None
    assert found.next.title == "staging on demand"


def test_a_product_is_checked_and_not_believed() -> None:
    def state(title: str, found: Seen) -> State:
        return next(one.state for one in product.checks(found) if one.title == title)

    assert state("owner", seen(staging(owner="kim"))) is State.FINE
    assert state("owner", seen()) is State.UNKNOWN
    assert state("own secrets", seen()) is State.UNKNOWN
    assert state("own secrets", seen(probes=(probe("isolation"),))) is State.FINE
    failing = probe("isolation", "fail", count=1, differing=("app.env/DB_PASSWORD",))
    assert state("own secrets", seen(probes=(failing,))) is State.SEEN
    assert state("isolated names", seen(probes=(failing,))) is State.UNKNOWN
    assert state("lifetime kept", seen(life=Life(NOW - timedelta(days=1), "its last day"))) is State.SEEN


def test_a_refresh_that_nobody_checked_is_proven_by_the_probes_that_ran_after_it() -> None:
    refresh = Refresh(environment="staging", at=NOW - timedelta(hours=1), by="kim", plans=Finding.FAILED)
    proven = as_proven(refresh, [probe("data_profile")])
    assert (proven.rows, proven.distributions, proven.plans) == (
        Finding.PASSED,
        Finding.PASSED,
        Finding.FAILED,
    )
    assert as_proven(refresh, [probe("data_profile", "fail")]) == refresh
    early = Looked(key="d", title="d", kind="data_profile", state="pass", at=NOW - timedelta(hours=2))
    assert as_proven(refresh, [early]) == refresh


def test_the_advice_to_refresh_more_often_is_a_sign() -> None:
    def freshness(**more: Any) -> tuple[State, str]:
        found = staging_kinds.watched(seen(staging(staging_kind=StagingKind.FULL_CLONE), **more))
        one = next(one for one in found if one.watch.title == "data freshness")
        return one.state, one.words

    looked = probe("freshness")
    assert freshness(probes=(looked,)) == (State.FINE, "freshness: nothing differs")
    growing = probe("freshness", notes=("orders grew by 2.0 % in the last day: refresh staging more often",))
    assert freshness(probes=(growing,))[0] is State.SEEN
    assert "refresh more often" in freshness(sinking="data consistency sank", data=data_age([], None, NOW))[1]
