"""Built-in kinds of benchmark: every rule fits its unit, says why, and none is a guess."""

from __future__ import annotations

import pytest

from workbench.benchmarks.kinds import KINDS
from workbench.criteria import check, lint, parse
from workbench.definitions.defaults import REVIEWS
from workbench.definitions.shapes import Dimension, StagingKind, Tier
from workbench.model.kinds import ANY_TIER, BenchmarkKind
from workbench.model.quantity import find_unit

EVERY = pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.name)


@EVERY
def test_the_rules_fit_the_unit_and_the_direction_and_say_why(kind: BenchmarkKind) -> None:
    unit = find_unit(kind.unit)
    for rule in (*kind.rules.values(), *kind.in_staging.values()):
        read = parse(rule.pass_)
        check(read, unit, kind.better)
        assert str(read) == rule.pass_, "written as it is printed"
        softer = parse(rule.warn) if rule.warn else None
        assert list(lint(read, softer, unit)) == []
        assert rule.why and not rule.why.endswith("."), "one sentence behind a colon"


@EVERY
def test_it_has_rules_for_all_tiers_or_says_what_a_project_states(kind: BenchmarkKind) -> None:
    tiers = {tier.value for tier in Tier}
    assert kind.rules.keys() == {ANY_TIER} or kind.rules.keys() <= tiers
    assert kind.states or kind.rules.keys() in ({ANY_TIER}, tiers)
    assert {*kind.in_staging, *kind.doubtful_in} <= {staging.value for staging in StagingKind}


@EVERY
def test_what_it_names_is_there(kind: BenchmarkKind) -> None:
    assert KINDS[kind.name] is kind and "{name}" in kind.title
    assert kind.dimension is None or Dimension(kind.dimension)
    assert kind.dimension or kind.review, "somebody looks at it now and then"
    assert kind.review is None or kind.review in REVIEWS


def test_a_title_is_made_of_the_key() -> None:
    assert KINDS["latency"].title_of("sign-in") == "Sign in p95 is as fast as in production"
