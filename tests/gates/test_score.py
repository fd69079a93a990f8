"""Benchmarks rolled up by tier, the score over advisory ones, chance and looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests import building as build

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Judged
from workbench.benchmarks.looks import Looks
from workbench.criteria import Verdict
from workbench.criteria.figures import Figures
from workbench.definitions.shapes import Mode, Tier
from workbench.gates.chance import chance_of, looked_again, rate_of
from workbench.gates.evaluate import kind_of
from workbench.gates.model import Part, State, Weight
from workbench.gates.score import by_tier, score_of
from workbench.model.errors import DefinitionError
from workbench.sources.reading import Batch, Reading
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate, verdict_of
from workbench.usecases.reporting.making import judgement_of_gate
from workbench.usecases.reporting.remarks import remarks_of


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Judged]:
    """A verdict to make others of."""
    with build.shop(tmp_path / "shop") as context:
        build.figures(context)
        yield verdict_of(evaluate(context), "errors")


def as_(item: Judged, verdict: Verdict, mode: Mode = Mode.ADVISORY, tier: Tier = Tier.CRITICAL) -> Judged:
    resolved = msgspec.structs.replace(item.resolved, mode=mode, tier=tier)
    outcome = msgspec.structs.replace(item.outcome, verdict=verdict)
    return msgspec.structs.replace(item, resolved=resolved, outcome=outcome)


def with_figures(item: Judged, **figures: float) -> Judged:
    found = Figures(form="two_sample", **figures)
    return msgspec.structs.replace(item, outcome=msgspec.structs.replace(item.outcome, figures=found))


def score(items: list[Judged], **weights: int) -> str:
    return score_of(items, {Tier(tier): weight for tier, weight in weights.items()}, ()).shown


@pytest.mark.parametrize(
    ("verdicts", "shown"),
    [
        ([Verdict.PASS], "100"),
        ([Verdict.PASS, Verdict.FAIL], "50"),
        ([Verdict.WARN], "50"),
        ([Verdict.PASS, Verdict.WARN, Verdict.FAIL], "50"),
        ([Verdict.PASS, Verdict.MISSING], "50"),
        ([Verdict.PASS, Verdict.STALE, Verdict.INCONCLUSIVE, Verdict.ERROR, Verdict.NO_BASELINE], "20"),
        ([Verdict.LEARNING], "none"),
        ([Verdict.LEARNING, Verdict.PASS], "100"),
        ([Verdict.PASS, Verdict.PASS, Verdict.FAIL], "66.6"),
        ([], "none"),
    ],
)
def test_what_is_not_known_is_worth_nothing(one: Judged, verdicts: list[Verdict], shown: str) -> None:
    assert score([as_(one, verdict) for verdict in verdicts]) == shown


def test_a_score_is_cut_and_never_rounded_over_a_limit(one: Judged) -> None:
    items = [as_(one, Verdict.PASS)] * 8996 + [as_(one, Verdict.FAIL)] * 1004
    assert score(items) == "89.9"


def test_weights_are_by_tier_and_zero_leaves_out(one: Judged) -> None:
    items = [as_(one, Verdict.PASS), as_(one, Verdict.FAIL, tier=Tier.BEST_EFFORT)]
    assert score(items) == "50"
    assert score(items, critical=3) == "75"
    assert score(items, best_effort=0) == "100"
    assert score(items, critical=0, best_effort=0) == "none"


def test_what_blocks_and_what_is_quarantined_is_no_part_of_a_score(one: Judged) -> None:
    assert score([as_(one, Verdict.FAIL, Mode.BLOCKING), as_(one, Verdict.PASS)]) == "100"
    assert score_of([as_(one, Verdict.FAIL)], {}, {"benchmark/errors"}).value is None


def test_blocking_ones_are_told_by_tier(one: Judged) -> None:
    items = [
        as_(one, Verdict.PASS, Mode.BLOCKING),
        as_(one, Verdict.FAIL, Mode.BLOCKING),
        as_(one, Verdict.FAIL, Mode.BLOCKING, Tier.BEST_EFFORT),
        as_(one, Verdict.FAIL, tier=Tier.IMPORTANT),
    ]
    assert [item.words for item in by_tier(items, ())] == [
        "critical 1 of 2",
        "important 0 of 0",
        "best effort 0 of 1",
    ]
    assert by_tier(items[:1], {"benchmark/errors"})[0].words == "critical 0 of 1 (1 excepted)"


def test_chance_adds_each_check_at_its_own_rate(one: Judged) -> None:
    items = [with_figures(one, chance=0.031), with_figures(one, chance=0.01), one]
    found = chance_of(items)
    assert (found.checks, found.expected) == (2, Decimal("0.041"))
    assert (rate_of(items[0]), rate_of(one)) == (Decimal("0.031"), None)


def test_a_check_that_could_not_be_judged_is_none(one: Judged) -> None:
    assert chance_of([with_figures(as_(one, Verdict.MISSING), chance=0.03)]).checks == 0


def test_only_advisory_comparisons_are_corrected_for_their_number(one: Judged) -> None:
    failing = [with_figures(as_(one, Verdict.FAIL), p=p) for p in (0.0001, 0.009, 0.012)]
    found = chance_of(failing)
    assert (found.failed, found.remaining) == (3, 3)
    many = [*failing, *([with_figures(as_(one, Verdict.PASS), p=0.5)] * 20)]
    assert (chance_of(many).failed, chance_of(many).remaining) == (3, 1)
    blocking = [with_figures(as_(one, Verdict.FAIL, Mode.BLOCKING), p=0.012)] * 3
    assert chance_of(blocking).failed == 0


def test_who_looked_again_is_told(one: Judged) -> None:
    again = msgspec.structs.replace(one, looks=Looks(count=4))
    assert [item.looks.count for item in looked_again([one, again])] == [4]


PLAIN = "advisory_score: {pass: 90, warn: 50}"
TIERS = build.SHOP.replace("    mode: blocking\n", "").replace(
    "      - benchmarks: {}\n", "      - advisory_score: {pass: 90, warn: 50}\n"
)


def test_a_middling_score_warns_and_a_low_one_blocks(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TIERS) as context:
        assert line(context).state is State.NOT_MET
        build.figures(context, errors="9")
        part = line(context)
        assert (part.state, part.weight) == (State.MET, Weight.RISK)
        assert part.why == "50 of 100 over 2 benchmarks (1 pass, 1 fail); 90 passes, 50 warns"


def line(context: Context) -> Part:
    part: Part
    (part,) = build.requirement(context, "benchmarks", "advisory_score").parts
    return part


def test_a_gate_says_how_each_tier_stands(tmp_path: Path) -> None:
    text = build.SHOP.replace(
        "flow: checkout\n    title: Checkout errors", "flow: refund\n    title: Refund errors"
    )
    with build.shop(tmp_path / "shop", text) as context:
        build.add_flow(context, "refund", tier="important")
        build.figures(context, errors="9")
        found = evaluate(context)
        assert "blocking benchmarks that pass: critical 1 of 1, important 0 of 1" in remarks_of(
            found, found.gate("benchmarks")
        )


CHART = build.SHOP.replace("    pass: <= 1 %\n", "    pass: in control\n").replace(
    "pass: within 20% of baseline\n    warn: within 30% of baseline", "pass: in control"
)


def test_a_gate_says_what_chance_does_to_its_charts(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", CHART) as context:
        for number in range(30):
            for key, unit in (("p95", "s"), ("errors", "%")):
                reading = Reading(
                    subject=key, source="metrics", role="value", state="ok", unit=unit, environment="staging",
                    value=Decimal("0.40") + Decimal(number * 7 % 11) / 100,
                    measured_at=context.now - timedelta(days=40 - number),
                )  # fmt: skip
                batch = Batch(source="metrics", asked_at=context.now, readings=(reading,))
                change, _ = measurements.batch_change(
                    batch, release="r", candidate=f"c{number}", now=context.now
                )
                commit(context, [change])
        build.figures(context, p95="0.45", errors="0.45")
        found = evaluate(context)
        (said,) = [text for text in remarks_of(found, found.gate("benchmarks")) if "by chance" in text]
        assert said.startswith("2 statistical checks: up to 0.0")
        report = judgement_of_gate(found, "benchmarks").gate("benchmarks")
        assert report.chance.checks == 2
        assert 0 < report.chance.expected < Decimal("0.2")


def test_only_time_made_a_score_low_where_it_is_good_without_what_is_too_old(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", TIERS) as context:
        kind, asks = kind_of(context.definitions.project.gates[0].requires[0])
        build.figures(context)
        later = build.later(context, days=2)
        assert line(later).state is State.NOT_MET
        assert kind.only_time(asks, evaluate(later).facts)
        build.measured(later, "errors", "9")
        assert not kind.only_time(asks, evaluate(later).facts)


def test_a_weight_for_every_tier_is_kept_and_none_for_all_is_told(tmp_path: Path) -> None:
    asked = "advisory_score: {pass: 90, warn: 50, weights: {critical: 3, best_effort: 0}}"
    with build.shop(tmp_path / "shop", TIERS.replace(PLAIN, asked)) as context:
        build.figures(context, p95="0.46", errors="0.4")
        assert build.requirement(context, "benchmarks", "advisory_score").parts
    nothing = "advisory_score: {weights: {critical: 0, important: 0, best_effort: 0}}"
    with (
        pytest.raises(DefinitionError, match="weights leave out every benchmark"),
        build.shop(tmp_path / "other", TIERS.replace(PLAIN, nothing)),
    ):
        pass
