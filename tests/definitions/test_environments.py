"""What the files may say of an environment, and what of it contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.definitions.shop import loaded, place_of, problems

from workbench.definitions.environments import DataStrategy, StagingPattern, Way

FULL = """\
project: shop
environments:
  - key: staging
    kind: staging
    title: Staging
    staging_kind: scaled-down
    patterns: [replay, synthetic-and-subset]
    region: eu
    owner: kim
    rota: https://rota.shop.example/staging
    backlog: https://issues.shop.example/staging
    service_level: 99 % of deployments succeed
    data: A tenth of production's, masked
    data_strategy: subset
    fresh_within: 7d
    retention: 30d
    purge: dropped with each refresh
    since: 2026-01-05
    lifetime: 52w
    ends: 2026-12-31
    cost_per_day: 40 EUR
    budget_per_day: 50 EUR
    promotion: automatic
    rollback: manual
    stack: {database: PostgreSQL 16.3, runtime: Python 3.12, tiers: 3, cache: none, replicas: 1, replicas_matter: true}
    used_by:
      - {who: payments, why: nightly load test, days: [mon, thu], hours: "22:00-02:00"}
      - {who: platform, why: patches, days: [sun], hours: "03:00-05:00", maintenance: true}
"""


def test_everything_about_an_environment_is_read(tmp_path: Path) -> None:
    definitions = loaded(tmp_path, FULL)
    (found,) = definitions.project.environments
    assert found.patterns == [StagingPattern.REPLAY, StagingPattern.SYNTHETIC_SUBSET]
    assert found.data_strategy is DataStrategy.SUBSET
    assert found.promotion is Way.AUTOMATIC
    assert found.stack is not None
    assert found.stack.database == "PostgreSQL 16.3"
    assert [use.maintenance for use in found.used_by] == [False, True]
    assert not [problem for problem in definitions.warnings if "environment" in problem.what]


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        ("2026-12-31", "2025-12-31", "2025-12-31", "it ends on 2025-12-31, before it begins on 2026-01-05"),
        ('"22:00-02:00"', '"22:00-24:00"', '"22:00-24:00"', "hours: “22:00-24:00” is not a stretch of a day"),
        ("[mon, thu]", "[monday]", "monday", None),
        ("subset\n    fresh", "some\n    fresh", "some\n", None),
        ("tiers: 3", "tiers: 0", "0, cache", None),
    ],
)
def test_each_mistake_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, at: str, what: str | None
) -> None:
    text = FULL.replace(old, new)
    found = [each for each in problems(tmp_path, text) if each.severity == "error"]
    assert len(found) == 1
    if what is not None:
        assert found[0].what == what
        assert (found[0].line, found[0].column) == place_of(text, at)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    since: 2026-01-05\n", "", "nobody can tell when this lifetime is over: it counts from “since”, which is missing"),
        ("50 EUR", "50 USD", "this budget cannot be compared with cost_per_day"),
        ("40 EUR", "forty", "this budget cannot be compared with cost_per_day"),
    ],
)  # fmt: skip
def test_what_nobody_could_judge_by_is_a_warning(tmp_path: Path, old: str, new: str, what: str) -> None:
    definitions = loaded(tmp_path, FULL.replace(old, new))
    assert what in [problem.what for problem in definitions.warnings]


def test_an_ephemeral_environment_has_a_lifetime_without_a_first_day(tmp_path: Path) -> None:
    text = "project: shop\nenvironments:\n  - {key: branch, kind: ephemeral, lifetime: 7d}\n"
    assert not [one for one in loaded(tmp_path, text).warnings if "lifetime" in one.what]
