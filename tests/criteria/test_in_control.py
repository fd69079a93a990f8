"""``in control``: verdicts, limits, run rules and what is said of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.criteria import Charting, Earlier, Inputs, Outcome, Verdict, fed, judge, parse, sentence
from workbench.criteria.charting import can_fail
from workbench.criteria.report import text
from workbench.model.quantity import find_unit

RULE = parse("in control")
DAY = datetime(2026, 11, 1, tzinfo=UTC)
E1, E2, E3 = (f"western_electric_{number}" for number in (1, 2, 3))


def earlier(numbers: list[float], count: int | None = None) -> tuple[Earlier, ...]:
    return tuple(
        Earlier(DAY + timedelta(days=place), Decimal(str(number)), count)
        for place, number in enumerate(numbers)
    )


def normal(n: int, seed: int = 4, mean: float = 450, sigma: float = 20) -> list[float]:
    chance = random.Random(seed)
    return [round(chance.gauss(mean, sigma), 1) for _ in range(n)]


def put(
    value: float, history: list[float], *, unit: str = "ms", count: int | None = None, **more: Any
) -> Outcome:
    charting = Charting(
        **{key: more.pop(key) for key in ("chart", "points", "scale", "run_rules") if key in more}
    )
    inputs = Inputs(
        value=Decimal(str(value)),
        unit=find_unit(unit),
        history=earlier(history, count),
        charting=charting,
        count=more.pop("now", count),
        **more,
    )
    return judge(RULE, None, inputs)


def fired(outcome: Outcome) -> list[tuple[str, str]]:
    assert outcome.figures is not None
    return [(each.rule, each.effect) for each in outcome.figures.rules_fired]


def test_reference_values_are_told_while_the_chart_learns() -> None:
    outcome = put(30, [10, 50, 40, 30], unit="", chart="xmr")
    assert outcome.verdict is Verdict.LEARNING and outcome.figures is not None
    assert outcome.reason == "4 of 8 earlier measurements, 4 more are needed"
    assert (outcome.figures.points, outcome.figures.needed) == (4, 4)
    limits = outcome.figures.limits
    assert limits is not None and (limits.centre, limits.lower, limits.upper) == (32.5, -20.7, 85.7)
    limits = put(30, [9, 2, 5, 4, 12, 7]).figures.limits  # type: ignore[union-attr]
    assert limits is not None and limits.upper == pytest.approx(17.358, abs=5e-4)


@pytest.mark.parametrize("history", [[], [5.0]])
def test_without_two_points_there_are_no_limits(history: list[float]) -> None:
    outcome = put(5, history)
    assert outcome.verdict is Verdict.LEARNING and outcome.figures is not None
    assert outcome.figures.limits is None and outcome.limit is None


def test_a_value_within_the_limits_passes_and_says_what_is_to_spare() -> None:
    outcome = put(455, normal(30))
    assert outcome.verdict is Verdict.PASS
    assert outcome.limit_low is not None and outcome.limit_high is not None
    assert outcome.limit_low < 455 < outcome.limit_high
    assert "to spare" in sentence(outcome) and "(mean ± 3 s of 30 points)" in sentence(outcome)


def test_a_value_beyond_the_limits_fails_from_twenty_points_on() -> None:
    outcome = put(700, normal(20))
    assert outcome.verdict is Verdict.FAIL
    assert fired(outcome)[0] == (E1, "fail")
    assert "over its limit" in sentence(outcome)
    few = put(700, normal(19))
    assert few.verdict is Verdict.WARN
    assert sentence(few).endswith("a warning only: 19 of 20 points before a chart may stop a release")


@pytest.mark.parametrize(
    ("better", "value", "verdict"),
    [
        ("lower", 700, Verdict.FAIL),
        ("lower", 200, Verdict.WARN),
        ("higher", 200, Verdict.FAIL),
        ("higher", 700, Verdict.WARN),
        ("neither", 200, Verdict.FAIL),
        ("neither", 700, Verdict.FAIL),
    ],
)
def test_the_harmless_direction_warns(better: str, value: float, verdict: Verdict) -> None:
    outcome = put(value, normal(30), better=better)
    assert outcome.verdict is verdict and outcome.figures is not None
    assert outcome.figures.rules_fired[0].harmless is (verdict is Verdict.WARN)
    assert ("the better direction" in sentence(outcome)) is (verdict is Verdict.WARN)


def test_to_be_at_the_limit_is_in_control() -> None:
    history = [9, 2, 5, 4, 12, 7, 8, 3]
    high = put(5, history).limit_high
    assert high is not None
    at = judge(RULE, None, Inputs(value=high, unit=find_unit("ms"), history=earlier(history)))
    assert (at.verdict, at.margin) == (Verdict.PASS, 0)
    assert "exactly at its limit" in sentence(at)


def shifted() -> list[float]:
    """26 quiet points, and then four beyond one sigma."""
    return [*normal(26), 478.0, 481.0, 477.0]


def test_a_slow_shift_is_named_with_its_day() -> None:
    outcome = put(482, shifted(), better="lower")
    assert outcome.verdict is Verdict.WARN
    assert fired(outcome)[0] == (E3, "warn")
    assert sentence(outcome).startswith(
        "4 of the last 5 points beyond one sigma: a slow shift since 27 Nov: 482 ms"
    )
    (rule, *_) = outcome.figures.rules_fired  # type: ignore[union-attr]
    assert (rule.first, rule.last) == (26, 29)


def test_run_rules_do_what_the_benchmark_says() -> None:
    assert put(482, shifted(), run_rules={"western_electric_3": "fail"}).verdict is Verdict.FAIL
    assert put(482, shifted(), run_rules={"western_electric": "fail"}).verdict is Verdict.FAIL
    quiet = put(482, shifted(), run_rules={"western_electric": "off", "nelson": "off"})
    assert (quiet.verdict, fired(quiet)) == (Verdict.PASS, [])
    only = put(482, shifted(), run_rules={"western_electric": "off", "nelson_6": "fail"})
    assert ("nelson_6", "fail") in fired(only) and only.verdict is Verdict.FAIL
    harmless = put(482, shifted(), run_rules={"western_electric_3": "fail"}, better="higher")
    assert harmless.verdict is Verdict.WARN


def correlated(n: int, by: float) -> list[float]:
    chance = random.Random(9)
    away, found = 0.0, []
    for _ in range(n):
        away = by * away + chance.gauss(0, 1)
        found.append(round(450 + 20 * away, 1))
    return found


@pytest.mark.parametrize("chart", ["mean_3s", "xmr", "ewma", "moving_average"])
def test_correlated_points_silence_the_run_rules(chart: Any) -> None:
    outcome = put(470, correlated(60, 0.8), chart=chart)
    assert outcome.figures is not None
    assert "run rules are silent, limits are mean ± 3 s" in sentence(outcome)
    assert fired(outcome) == [] and outcome.figures.chance is None
    assert outcome.figures.basis.startswith("mean ± 3 s")


def test_what_is_too_coarse_cannot_be_told() -> None:
    outcome = put(3, [1, 2, 3, 2] * 6)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert (
        sentence(outcome)
        == "too coarse to chart: 3 distinct values in 24 measurements, at least 5 are needed"
    )
    for same in (0.0, 7.0):
        assert put(same, [same] * 30).verdict is Verdict.INCONCLUSIVE
        assert put(same + 100, [same] * 30).verdict is Verdict.INCONCLUSIVE


def test_limits_are_no_closer_than_the_buckets_around_them() -> None:
    history = normal(30)
    plain = put(455, history)
    coarse = put(455, history, edges=(100.0, 250.0, 500.0, 1000.0))
    assert plain.limit_high is not None and 500 < plain.limit_high < 520
    assert (coarse.limit_low, coarse.limit_high) == (250, 1000)
    assert put(700, history, edges=(100.0, 250.0, 500.0, 1000.0)).verdict is Verdict.PASS


def test_a_logarithmic_scale_widens_the_limit_of_skewed_values() -> None:
    chance = random.Random(2)
    history = [round(chance.lognormvariate(6, 0.6), 1) for _ in range(30)]
    linear, log = put(400, history), put(400, history, scale="log")
    assert linear.limit_high is not None and log.limit_high is not None
    assert log.limit_high > linear.limit_high
    assert log.limit_low is not None and log.limit_low > 0
    assert "log scale" in sentence(log)


def test_a_logarithmic_scale_is_recommended_where_a_few_points_are_large() -> None:
    chance = random.Random(2)
    skewed = put(400, [round(chance.lognormvariate(6, 0.8), 1) for _ in range(60)])
    assert skewed.figures is not None and "scale: log" in skewed.figures.remarks[-1]
    plain = put(455, normal(60)).figures
    assert plain is not None and plain.remarks == ()


def test_a_logarithmic_scale_holds_no_zero() -> None:
    outcome = put(5, [0.0, *normal(20)], scale="log")
    assert outcome.verdict is Verdict.ERROR and "use scale: linear" in sentence(outcome)


def test_shares_are_charted_by_their_own_counts() -> None:
    history = [1.2, 0.9, 1.4, 0.8, 1.1, 1.3, 1.0, 0.7] * 3
    many, few = (
        put(1.5, history, unit="%", count=1000, now=4000),
        put(1.5, history, unit="%", count=1000, now=250),
    )
    assert many.limit_high is not None and few.limit_high is not None and many.limit_high < few.limit_high
    assert "p′, by the count of each share" in sentence(many)
    assert "p′" not in sentence(put(1.5, history, unit="%"))


def test_limits_are_not_below_what_there_can_be() -> None:
    history = [1, 9, 4, 7, 2, 8, 3, 6, 5]
    bounded = put(4, history, unit="", least=0.0)
    assert bounded.limit_low == 0 and bounded.figures.limits.lower == 0  # type: ignore[union-attr]
    negative = put(4, [-2, *history], unit="", least=0.0)
    assert negative.limit_low is not None and negative.limit_low < 0


@pytest.mark.parametrize("chart", ["moving_average", "ewma"])
def test_charts_of_several_points_warn(chart: Any) -> None:
    history = [*normal(28), 495.0, 498.0]
    outcome = put(700, history, chart=chart)
    assert outcome.verdict is Verdict.WARN
    assert fired(outcome) == [(chart, "warn")]
    assert put(700, history, chart=chart, run_rules={chart: "fail"}).verdict is Verdict.FAIL


def test_the_chance_is_that_of_the_chart_at_its_points() -> None:
    def chance(**more: Any) -> float:
        figures = put(455, normal(30), **more).figures
        assert figures is not None and figures.chance is not None
        return figures.chance

    assert chance(chart="prediction") == pytest.approx(0.0027)
    assert chance(chart="prediction", better="lower") == pytest.approx(0.00135)
    assert chance(chart="xmr") > chance() > 0.0027
    assert chance(run_rules={"western_electric_4": "fail"}) == pytest.approx(chance() + 0.00781)


def test_everything_is_told_in_another_unit() -> None:
    told = put(455, normal(30)).told_in(find_unit("s"))
    assert told.figures is not None and told.figures.limits is not None
    assert told.figures.limits.centre == pytest.approx(0.45, abs=0.01)
    assert "chart  0." in text(RULE, told)


@given(
    st.lists(st.integers(0, 400).map(lambda n: n / 4), min_size=8, max_size=40),
    st.integers(0, 400),
    st.booleans(),
)
def test_a_worse_value_never_has_a_better_verdict(history: list[float], value: int, more: bool) -> None:
    order = [Verdict.PASS, Verdict.WARN, Verdict.FAIL]
    rules = {"western_electric": "off", "nelson": "off", "western_electric_1": "fail"}
    near, far = (put(each, history, better="lower", run_rules=rules) for each in (value, value + 50))
    if near.verdict.known and near.margin is not None and near.limit == near.limit_high:
        assert order.index(far.verdict) >= order.index(near.verdict)


@given(st.lists(st.integers(-50, 50).map(float), min_size=8, max_size=30), st.integers(-60, 60))
def test_the_sentence_never_contradicts_the_verdict(history: list[float], value: int) -> None:
    outcome = put(value, history)
    words = sentence(outcome)
    if outcome.verdict is Verdict.PASS:
        assert "to spare" in words or "exactly at" in words
    if outcome.verdict is Verdict.FAIL:
        assert outcome.margin is not None and outcome.margin < 0
        assert "over its limit" in words or "under its limit" in words


@given(
    st.lists(st.integers(0, 4000).map(lambda n: n / 4), max_size=60),
    st.sampled_from(["lower", "higher", "neither"]),
    st.sampled_from(["mean_3s", "xmr", "prediction", "ewma"]),
)
def test_what_failed_in_its_time_does_not_count_however_it_is_found(
    values: list[float], better: str, chart: Any
) -> None:
    measured = earlier([*normal(20), *values])
    alike = Inputs(value=None, unit=find_unit("ms"), better=better, charting=Charting(chart=chart))
    history: list[Earlier] = []
    for each in measured:
        then = Inputs(
            value=each.value,
            unit=find_unit("ms"),
            better=better,
            charting=Charting(chart=chart),
            history=tuple(history),
        )
        if judge(RULE, None, then).verdict is not Verdict.FAIL:
            history.append(each)
    assert fed(RULE, None, alike, measured) == tuple(history)


def test_other_rules_feed_by_their_own_verdict() -> None:
    alike = Inputs(value=None, unit=find_unit("ms"))
    measured = earlier([5, 50, 6])
    assert fed(parse("in control and <= 20"), None, alike, measured) == (measured[0], measured[2])
    assert fed(None, None, alike, measured) == measured


def one_by_one(alike: Inputs, measured: tuple[Earlier, ...]) -> tuple[Earlier, ...]:
    """What did not fail in its time, each value judged in full."""
    kept: tuple[Earlier, ...] = ()
    for item in measured:
        then = msgspec.structs.replace(alike, value=item.value, count=item.count, history=kept)
        if judge(RULE, None, then).verdict is not Verdict.FAIL:
            kept += (item,)
    return kept


@pytest.mark.parametrize("chart", ["mean_3s", "xmr", "prediction"])
@pytest.mark.parametrize("better", ["lower", "higher", "neither"])
@pytest.mark.parametrize("counts", [(500, 500), (200, 900), (0, 60)])
def test_shares_that_failed_in_their_time_are_found_quickly_and_the_same(
    chart: Any, better: str, counts: tuple[int, int]
) -> None:
    source = random.Random(f"{chart} {better} {counts}")
    measured = []
    for _ in range(90):
        count = source.randint(*counts)
        share = 0.05 + source.gauss(0, 0.01) + (source.random() < 0.05) * source.choice((0.3, -0.06))
        value = Decimal(str(round(max(share, 0) * 100, 3)))
        measured.append(Earlier(DAY + timedelta(days=len(measured)), value, count or None))
    alike = Inputs(value=None, unit=find_unit("%"), better=better, charting=Charting(chart=chart), least=0.0)
    found = fed(RULE, None, alike, measured)
    assert found == one_by_one(alike, tuple(measured))


@pytest.mark.parametrize("chart", ["mean_3s", "xmr"])
def test_shares_that_depend_on_each_other_are_found_quickly_and_the_same(chart: Any) -> None:
    source = random.Random(7)
    numbers, level = [], 5.0
    for _ in range(120):
        level = 5 + 0.9 * (level - 5) + source.gauss(0, 0.3)
        numbers.append(round(max(level + (source.random() < 0.08) * source.choice((1, 2, 3, 4)), 0), 3))
    measured = earlier(numbers, count=400)
    alike = Inputs(value=None, unit=find_unit("%"), better="lower", charting=Charting(chart=chart))
    found = fed(RULE, None, alike, measured)
    assert len(found) < len(measured)
    assert found == one_by_one(alike, measured)


def test_a_share_far_beyond_the_limits_of_its_count_does_not_count() -> None:
    measured = earlier([5 + 0.1 * (place % 7) for place in range(30)] + [9, 5.2], count=400)
    alike = Inputs(value=None, unit=find_unit("%"), better="lower")
    assert [float(each.value) for each in fed(RULE, None, alike, measured)][-2:] == [5.1, 5.2]


@pytest.mark.parametrize("number", [1e130, 1e300, 1e-130, -1e121])
def test_a_history_of_numbers_that_nobody_can_mean_is_an_error(number: float) -> None:
    outcome = put(450, [*normal(29), number])
    assert outcome.verdict is Verdict.ERROR
    assert outcome.reason == "1 of 30 earlier measurements are too large or too small to be charted"


def test_large_numbers_that_are_judged_are_charted() -> None:
    assert put(1e110, [1e110 * each for each in normal(30, mean=1, sigma=0.2)]).verdict is Verdict.PASS


def test_a_prediction_keeps_its_limits_where_points_depend_on_each_other_and_says_so() -> None:
    outcome = put(470, correlated(60, 0.8), chart="prediction")
    assert outcome.figures is not None and outcome.figures.basis.startswith("mean ± t·s")
    assert sentence(outcome).endswith("run rules are silent")


@pytest.mark.parametrize("chart", ["moving_average", "ewma"])
def test_charts_of_several_points_warn_also_where_points_depend_on_each_other(chart: Any) -> None:
    assert put(900, correlated(60, 0.8), chart=chart).verdict is Verdict.WARN
    stops = put(900, correlated(60, 0.8), chart=chart, run_rules={chart: "fail"})
    assert stops.verdict is Verdict.FAIL


def test_what_is_outside_limits_that_are_switched_off_does_not_read_as_inside() -> None:
    outcome = put(570, normal(30), run_rules={"western_electric": "off", "nelson": "off"}, better="lower")
    assert outcome.verdict is Verdict.PASS
    assert "% over its limit, of which its run rules take no notice" in sentence(outcome)


EDGES = (0.0, 100.0, 250.0, 500.0, 1000.0)


def test_limits_at_the_edges_of_buckets_are_told_as_such() -> None:
    moved = sentence(put(520, normal(30), edges=EDGES))
    assert "values come in buckets, so its limits lie at their edges" in moved
    assert "buckets" not in sentence(put(470, normal(30)))


def test_a_value_that_passed_within_its_bucket_counts_later() -> None:
    """The limit is moved out to the bucket's edge; what passed by that did not fail."""
    observed = earlier([*normal(30), 520.0, 1200.0])
    inputs = Inputs(value=None, unit=find_unit("ms"), better="lower")
    assert len(fed(RULE, None, inputs, observed)) == 30
    assert len(fed(RULE, None, msgspec.structs.replace(inputs, edges=EDGES), observed)) == 31


@pytest.mark.parametrize(("better", "limit"), [("lower", 503.6), ("higher", 395.0), ("neither", 395.0)])
def test_the_limit_that_is_told_is_the_one_on_the_bad_side(better: str, limit: float) -> None:
    """How far a value is from being too good is of no interest."""
    outcome = put(430, normal(30), better=better)
    assert outcome.verdict is Verdict.PASS
    assert float(outcome.limit or 0) == pytest.approx(limit, abs=0.1)


def test_of_the_same_rule_in_both_families_the_one_that_is_said_to_fail_is_told() -> None:
    two = [*normal(30), 500.0]
    assert ("western_electric_2", "warn") in fired(put(498, two))
    strict = put(498, two, run_rules={"nelson_5": "fail"})
    assert strict.verdict is Verdict.FAIL
    assert ("nelson_5", "fail") in fired(strict) and ("western_electric_2", "warn") not in fired(strict)
    row = [*normal(30), *[456.0] * 7]
    assert ("western_electric_4", "warn") in fired(put(456, row, run_rules={"nelson_2": "fail"}))
    assert ("nelson_2", "fail") in fired(put(456, [*row, 456.0], run_rules={"nelson_2": "fail"}))


@pytest.mark.parametrize(
    ("rules", "verdict", "name"),
    [
        ({"western_electric_1": "warn"}, Verdict.WARN, E1),
        ({"western_electric_1": "warn", "nelson_1": "fail"}, Verdict.FAIL, "nelson_1"),
        ({"western_electric": "off"}, Verdict.FAIL, "nelson_1"),
        ({"nelson": "off"}, Verdict.FAIL, E1),
    ],
)
def test_the_limits_do_what_is_said_of_them(rules: Any, verdict: Verdict, name: str) -> None:
    outcome = put(570, normal(30), run_rules=rules)
    assert outcome.verdict is verdict and fired(outcome)[0][0] == name
    assert can_fail(Charting(run_rules=rules)) == (verdict is Verdict.FAIL)
