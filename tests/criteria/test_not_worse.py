"""``not worse than baseline``: three outcomes, directions, what ranks do not see, and odd samples."""

from __future__ import annotations

import random
from decimal import Decimal
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.criteria import Inputs, Outcome, Verdict, judge, parse, sentence
from workbench.model.quantity import find_unit


def durations(n: int, median: float = 1.0, seed: int = 1, sigma: float = 0.2) -> list[float]:
    chance = random.Random(seed)
    return [median * chance.lognormvariate(0, sigma) for _ in range(n)]


def put(
    samples: list[float],
    others: list[float],
    *,
    by: str = "25",
    better: str = "lower",
    unit: str = "s",
    **more: Any,
) -> Outcome:
    rule = parse(f"not worse than baseline by {by}%" if by else "not worse than baseline")
    more = {"value": None, **more}
    inputs = Inputs(unit=find_unit(unit), samples=samples, baseline_samples=others, better=better, **more)
    return judge(rule, None, inputs)


BASE = durations(200, seed=7)


def test_three_outcomes() -> None:
    assert put(durations(200, 1.02), BASE).verdict is Verdict.PASS
    assert put(durations(200, 1.6), BASE).verdict is Verdict.FAIL
    unsure = put(durations(25, 1.22), BASE)
    assert unsure.verdict is Verdict.INCONCLUSIVE
    assert unsure.figures is not None and unsure.figures.needed > 0
    assert "more samples on each side would tell" in sentence(unsure)


def test_absence_of_evidence_is_no_evidence() -> None:
    """20 against 20 samples with much noise: twice as slow must not pass."""
    passed = sum(
        put(durations(20, 2, seed, 1.0), durations(20, 1, seed + 5000, 1.0)).verdict is Verdict.PASS
        for seed in range(200)
    )
    assert passed <= 1


def test_the_tolerance_is_ten_per_cent_unless_said() -> None:
    slower = durations(2000, 1.15)
    assert put(slower, durations(2000, seed=3), by="").verdict is Verdict.FAIL
    assert put(slower, durations(2000, seed=3), by="25").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("better", "median", "verdict"),
    [
        ("lower", 2.0, Verdict.FAIL),
        ("lower", 0.5, Verdict.PASS),
        ("higher", 2.0, Verdict.PASS),
        ("higher", 0.5, Verdict.FAIL),
        ("neither", 1.0, Verdict.ERROR),
    ],
)
def test_the_bad_direction(better: str, median: float, verdict: Verdict) -> None:
    outcome = put(durations(200, median), BASE, better=better)
    assert outcome.verdict is verdict
    if verdict is not Verdict.ERROR:
        assert f"% {'higher' if median > 1 else 'lower'} than the baseline" in sentence(outcome)


def test_the_figures() -> None:
    samples = durations(60, 1.3)
    figures = put(samples, BASE).figures
    assert figures is not None and figures.interval is not None
    theirs = stats.mannwhitneyu(samples, BASE, method="asymptotic")
    assert figures.statistic == theirs.statistic
    assert figures.p == pytest.approx(float(theirs.pvalue))
    assert figures.effect == pytest.approx(2 * theirs.statistic / (60 * 200) - 1)
    assert figures.ratio and figures.interval[0] < 1.3 < figures.interval[1]
    assert figures.basis == "60 samples against 200"


def test_a_rare_tail_warns_where_ranks_see_nothing() -> None:
    samples = [each * (8 if place % 20 == 0 else 1) for place, each in enumerate(durations(200, seed=5))]
    outcome = put(samples, BASE)
    assert outcome.verdict is Verdict.WARN
    assert "of 200 samples" in outcome.note and "of the baseline's" in outcome.note
    assert any(remark.startswith("p95 ") for remark in outcome.figures.remarks)  # type: ignore[union-attr]


def test_equal_distributions_hardly_ever_warn_of_their_tails() -> None:
    outcomes = [put(durations(100, 1, seed), durations(100, 1, seed + 900)) for seed in range(300)]
    warned = sum(outcome.verdict is Verdict.WARN for outcome in outcomes)
    assert warned <= 6
    assert not any(outcome.verdict is Verdict.FAIL for outcome in outcomes)


@pytest.mark.parametrize("number", [0.0, 3.5])
def test_all_samples_equal(number: float) -> None:
    outcome = put([number] * 20, [number] * 30)
    assert outcome.verdict is Verdict.PASS
    assert sentence(outcome) == "the same as the baseline"


def test_one_side_constant() -> None:
    assert put([1.0] * 30, BASE).verdict is Verdict.PASS
    assert put([2.0] * 30, BASE).verdict is Verdict.FAIL
    assert put(durations(30, 1.0), [1.0] * 30).verdict is Verdict.PASS
    assert put(durations(30, 2.0), [1.0] * 30).verdict is Verdict.FAIL


def test_a_baseline_around_zero_needs_an_absolute_clause() -> None:
    outcome = put([1.0] * 30, [0.0] * 30)
    assert outcome.verdict is Verdict.ERROR and "an absolute clause is needed" in sentence(outcome)
    assert put([0.0] * 30, [0.0] * 30).verdict is Verdict.PASS
    assert put([-1.0] * 30, [0.0] * 30).verdict is Verdict.PASS


def test_samples_that_are_not_positive_are_compared_by_their_distance() -> None:
    samples = [each - 0.9 for each in durations(200, 1.0)]
    baseline = [each - 0.9 for each in BASE]
    figures = put(samples, baseline).figures
    assert figures is not None and not figures.ratio and figures.interval is not None
    assert figures.interval[0] < 0 < figures.interval[1]


@pytest.mark.parametrize(
    ("samples", "baseline", "verdict", "why"),
    [
        ([], BASE, Verdict.MISSING, "there are no samples behind the value"),
        (BASE, [], Verdict.NO_BASELINE, "there are no samples behind the baseline"),
        (BASE[:12], BASE, Verdict.MISSING, "12 of 20 samples"),
        (BASE, BASE[:3], Verdict.MISSING, "3 of 20 samples of the baseline"),
        ([*BASE, nan], BASE, Verdict.ERROR, "1 of 201 samples behind the value are not finite numbers"),
        (
            BASE,
            [*BASE, float("inf")],
            Verdict.ERROR,
            "1 of 201 samples behind the baseline are not finite numbers",
        ),
    ],
)
def test_samples_that_cannot_be_compared(
    samples: list[float], baseline: list[float], verdict: Verdict, why: str
) -> None:
    outcome = put(samples, baseline)
    assert (outcome.verdict, sentence(outcome)) == (verdict, why)


def test_few_samples_still_give_figures() -> None:
    figures = put([1.0, 2.0, 3.0], [1.5, 2.5, 3.5]).figures
    assert figures is not None and figures.statistic == 3 and figures.p is not None


def test_samples_that_were_chosen_differently_are_not_judged() -> None:
    outcome = put(BASE, BASE, samples_why="the samples are selected differently (10 % against nothing said)")
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert sentence(outcome) == "the samples are selected differently (10 % against nothing said)"


def test_the_state_of_a_value_comes_first() -> None:
    outcome = put(BASE, BASE, value_state=Verdict.STALE, value_why="too old: 3 days, at most 24 h")
    assert (outcome.verdict, sentence(outcome)) == (Verdict.STALE, "too old: 3 days, at most 24 h")


@pytest.mark.parametrize(
    ("share", "base", "count", "verdict"),
    [
        ("0.5", "0.5", 1_000_000, Verdict.PASS),
        ("0.9", "0.5", 100_000, Verdict.FAIL),
        ("0.5", "0.5", 1000, Verdict.INCONCLUSIVE),
        ("20", "2", 50, Verdict.FAIL),
    ],
)
def test_shares_are_compared_by_their_counts(share: str, base: str, count: int, verdict: Verdict) -> None:
    outcome = put(
        [],
        [],
        by="25",
        unit="%",
        value=Decimal(share),
        baseline=Decimal(base),
        count=count,
        baseline_count=count,
    )
    assert outcome.verdict is verdict, sentence(outcome)
    assert outcome.figures is not None and outcome.figures.p is not None
    assert "points" in sentence(outcome) or "the same" in sentence(outcome)


samples = st.lists(st.integers(1, 80).map(lambda number: number / 8), min_size=20, max_size=40)


@given(samples, samples, st.sampled_from([0.5, 4.0]))
def test_units_cancel(first: list[float], second: list[float], scale: float) -> None:
    before = put(first, second)
    after = put([each * scale for each in first], [each * scale for each in second])
    assert before.verdict is after.verdict
    assert before.figures is not None and after.figures is not None
    assert before.figures.interval == pytest.approx(after.figures.interval)


@given(samples, samples, st.integers(1, 60), st.integers(1, 60))
def test_a_larger_tolerance_never_makes_it_worse(
    first: list[float], second: list[float], by: int, more: int
) -> None:
    order = [Verdict.PASS, Verdict.WARN, Verdict.INCONCLUSIVE, Verdict.FAIL]
    closer, wider = (put(first, second, by=str(each)) for each in (by, by + more))
    if Verdict.WARN not in (closer.verdict, wider.verdict):
        assert order.index(wider.verdict) <= order.index(closer.verdict)


@given(samples, samples, st.randoms())
def test_the_order_of_samples_does_not_matter(first: list[float], second: list[float], chance: Any) -> None:
    shuffled = list(first)
    chance.shuffle(shuffled)
    assert put(first, second).figures == put(shuffled, second).figures


@given(samples, samples)
def test_the_printed_numbers_never_contradict_the_verdict(first: list[float], second: list[float]) -> None:
    outcome = put(first, second)
    words = sentence(outcome)
    assert ("would tell" in words) == (outcome.verdict is Verdict.INCONCLUSIVE)


@pytest.mark.parametrize("number", [1e130, 1e-130, -1e121])
def test_samples_that_nobody_can_mean_are_an_error(number: float) -> None:
    for own, base in (([*BASE, number], BASE), (BASE, [*BASE, number])):
        outcome = put(own, base)
        assert outcome.verdict is Verdict.ERROR
        assert "1 of 201 samples" in outcome.reason and "too large or too small" in outcome.reason


def mixed(zeros: int, ones: int) -> list[float]:
    return [0.0] * zeros + [1.0] * ones


@pytest.mark.parametrize(
    ("own", "base", "better", "verdict"),
    [
        (mixed(550, 450), mixed(700, 300), "lower", Verdict.FAIL),  # 45 in 100 against 30
        (mixed(550, 450), mixed(700, 300), "higher", Verdict.PASS),
        (mixed(700, 300), mixed(450, 550), "higher", Verdict.FAIL),
        (mixed(640, 360), mixed(700, 300), "lower", Verdict.INCONCLUSIVE),
        (mixed(705, 295), mixed(700, 300), "lower", Verdict.PASS),
        (mixed(600, 400), mixed(1000, 0), "lower", Verdict.ERROR),  # 40 in 100 against none
        ([1.0] * 990 + [2.0] * 10, [1.0] * 1000, "lower", Verdict.WARN),  # 1 in 100 is twice as slow
    ],
)
def test_where_most_samples_are_equal_their_means_tell(
    own: list[float], base: list[float], better: str, verdict: Verdict
) -> None:
    """The median of all differences is 0 then, however many samples are worse."""
    assert put(own, base, better=better, unit="").verdict is verdict


def test_what_is_compared_by_means_says_so() -> None:
    words = sentence(put(mixed(550, 450), mixed(700, 300), unit=""))
    assert words.startswith("0.15 higher than the baseline (98 % sure: 0.1 higher to 0.2 higher)")
    assert words.endswith("their means are compared, for most samples are equal")


def test_most_is_not_all() -> None:
    assert sentence(put(mixed(705, 295), mixed(700, 300), unit="")) == "mostly the same as the baseline"
    assert sentence(put([2.0] * 30, [2.0] * 30)) == "the same as the baseline"


def test_the_bad_end_is_the_low_one_where_higher_is_better() -> None:
    own = [each / 8 if place % 10 == 0 else each for place, each in enumerate(BASE)]
    outcome = put(own, BASE, better="higher")
    assert outcome.verdict is Verdict.WARN and outcome.figures is not None
    assert outcome.figures.remarks[0].startswith("p5 ") and ", p1 " in outcome.figures.remarks[0]
    assert "samples lie below the baseline's p1 by more than is allowed" in outcome.figures.remarks[1]


def test_where_half_of_the_baseline_is_equal_nothing_is_an_outlier() -> None:
    outcome = put([1.0] * 303 + [2.0] * 197, [1.0] * 398 + [2.0] * 102)
    assert outcome.verdict is Verdict.PASS and outcome.figures is not None
    assert not any("outliers" in remark for remark in outcome.figures.remarks)
