"""Which flows to take under watch next, by which approach, and what is said to a team that does it all at once."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.definitions.shapes import NOT_ASKED, Benchmark, FailureCosts, Tier
from workbench.flows.approaches import Answers, advise, beside
from workbench.flows.candidates import all_at_once, ranked
from workbench.flows.model import Complexity, Flow, Measuring, Stability, Stage
from workbench.usecases.adoption import advice_lines, why_words

COSTS = FailureCosts(dear_from="1,000 EUR", cheap_below="100 EUR")
EVERYTHING = Answers(
    tracing=True, steady_traffic=True, routing=True, operations=True, strict_compliance=False
)


def flow(key: str, **fields: Any) -> Flow:
    return Flow(key=key, name=key.capitalize(), **fields)


def test_what_is_worth_it_and_holds_still_comes_first_and_says_why() -> None:
    found = ranked(
        [
            flow("search", tier=Tier.IMPORTANT, failure_cost="50 EUR"),
            flow("checkout", tier=Tier.CRITICAL, core=True, failure_cost="4,100 EUR", complexity=Complexity.LOW,
                 stability=Stability.STABLE, staging_tests="contract tests"),
            flow("refund", tier=Tier.CRITICAL, failure_cost="2,000 EUR", stability=Stability.CHANGING),
            flow("login", tier=Tier.CRITICAL, stage=Stage.ADVISORY),
        ],
        COSTS,
    )  # fmt: skip
    assert [(one.flow.key, one.points) for one in found] == [("checkout", 11), ("search", 2), ("refund", 5)]
    assert why_words(found[0]) == (
        "critical +3, a core flow +1, its failure costs much +2, simple +2, stable +2, "
        "tested in staging already +1"
    )
    assert why_words(found[1]) == "important +2; not said: how complex it is, whether it is stable"
    assert found[2].waits.startswith("it is under major change")


def benchmarks(*flows: str) -> list[Benchmark]:
    return [Benchmark(key=f"{key}-p95", flow=key, title=key, measure=NOT_ASKED) for key in flows]


@pytest.mark.parametrize(
    ("measured", "enforced", "warned"),
    [
        ("abc", "", False),
        ("abcd", "", True),
        ("abcde", "", True),
        ("abcde", "a", False),
        ("", "", False),
    ],
)
def test_a_team_that_measures_everything_at_once_is_warned(
    measured: str, enforced: str, warned: bool
) -> None:
    flows = [flow(key, stage=Stage.ENFORCED if key in enforced else Stage.ADVISORY) for key in "abcde"]
    assert bool(all_at_once(flows, benchmarks(*measured))) is warned
    if measured == "abcde" and warned:
        assert all_at_once(flows, benchmarks(*measured)).startswith(
            "all 5 flows have benchmarks, and none is enforced"
        )


def test_what_nobody_has_said_to_be_there_is_never_recommended() -> None:
    found = advise(flow("a", tier=Tier.CRITICAL, complexity=Complexity.HIGH), Answers())
    assert found[0].approach is Measuring.SYNTHETIC
    assert [one.possible for one in found] == [True, False, False]
    assert found[1].unknown == found[1].lacks
    assert beside(found) == []


@pytest.mark.parametrize(
    ("fields", "answers", "best"),
    [
        ({"complexity": Complexity.LOW, "stability": Stability.STABLE}, EVERYTHING, Measuring.SYNTHETIC),
        ({"complexity": Complexity.HIGH, "services": ("a", "b", "c", "d")}, EVERYTHING, Measuring.MONITORING),
        ({"complexity": Complexity.HIGH, "tier": Tier.CRITICAL, "stability": Stability.CHANGING}, EVERYTHING, Measuring.CANARY),
        ({"complexity": Complexity.HIGH}, Answers(steady_traffic=True), Measuring.SYNTHETIC),
        ({"complexity": Complexity.HIGH, "steps": ("a [traces]", "b [traces]")}, Answers(steady_traffic=True), Measuring.MONITORING),
        ({"complexity": Complexity.HIGH, "steps": ("a [traces]", "b [logs]")}, Answers(steady_traffic=True), Measuring.SYNTHETIC),
    ],
)  # fmt: skip
def test_the_approach_follows_from_the_flow_and_the_answers(
    fields: dict[str, Any], answers: Answers, best: Measuring
) -> None:
    assert advise(flow("a", **fields), answers)[0].approach is best


def test_strict_rules_speak_against_a_canary() -> None:
    strict = Answers(routing=True, operations=True, strict_compliance=True)
    canary = next(one for one in advise(flow("a"), strict) if one.approach is Measuring.CANARY)
    assert canary.cons and canary not in beside(advise(flow("a"), strict))


def test_the_advice_is_said_with_its_reasons() -> None:
    lines = advice_lines(advise(flow("a", tier=Tier.CRITICAL), Answers(tracing=True, steady_traffic=True)))
    assert lines == [
        "synthetic: needs the least to begin with; quick answers for a critical flow",
        "beside it monitoring: sees all traffic that there is",
        "not canary: needs routing of a share of the traffic and somebody to run and watch it; "
        "nobody has said whether there is",
    ]


def test_an_amount_that_is_said_is_not_asked_for_again() -> None:
    (one,) = ranked([flow("billing", tier=Tier.CRITICAL, failure_cost="6,000 EUR")], None)
    assert "what counts as dear (failure_costs:)" in one.unknown
    assert "how dear its failure is" not in one.unknown
