"""Every row of the tables of the language: forms, unknowns, edge cases."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from workbench.criteria import (
    CriterionError,
    Earlier,
    Inputs,
    Outcome,
    Verdict,
    check,
    evaluate,
    judge,
    parse,
    sentence,
)
from workbench.model.quantity import find_unit

from .cases import inputs, tried

V = Verdict


@pytest.mark.parametrize(
    ("text", "value", "baseline", "unit", "verdict", "limit", "margin"),
    [
        # absolute: equality counts as the operator says
        ("<= 600 ms", "600", None, "ms", V.PASS, "600", "0"),
        ("<= 600 ms", "0.6001", None, "s", V.FAIL, "0.6", "-0.0001"),
        (">= 99 %", "0.989", None, "share", V.FAIL, "0.99", "-0.001"),
        ("< 0.5 %", "0.5", None, "%", V.FAIL, "0.5", "0"),
        ("> 5", "5", None, "", V.FAIL, "5", "0"),
        ("== 0", "0", None, "", V.PASS, "0", "0"),
        ("== 0", "3", None, "", V.FAIL, "0", "-3"),
        ("<= 5", "4", None, "ms", V.PASS, "5", "1"),
        ("<= 60/min", "1", None, "/s", V.PASS, "1", "0"),
        ("<= 1 MiB", "1048577", None, "B", V.FAIL, "1048576", "-1"),
        # between is inclusive; the nearer bound decides
        ("between 2 and 5 ms", "2", None, "ms", V.PASS, "2", "0"),
        ("between 2 and 5 ms", "5", None, "ms", V.PASS, "5", "0"),
        ("between 2 and 5 ms", "1.5", None, "ms", V.FAIL, "2", "-0.5"),
        ("between 2 and 5 ms", "6", None, "ms", V.FAIL, "5", "-1"),
        # relative
        ("<= baseline + 20%", "0.54", "0.45", "s", V.PASS, "0.54", "0"),
        (">= baseline - 5%", "94", "100", "", V.FAIL, "95", "-1"),
        ("<= 2 x baseline", "0.9", "0.5", "%", V.PASS, "1", "0.1"),
        ("<= baseline + 0.5% of baseline", "10.06", "10", "%", V.FAIL, "10.05", "-0.01"),
        ("<= baseline", "5", "5", "", V.PASS, "5", "0"),
        # absolute difference
        ("<= baseline + 50 ms", "0.5", "0.45", "s", V.PASS, "0.5", "0"),
        (">= baseline - 1 pp", "0.979", "0.99", "share", V.FAIL, "0.98", "-0.001"),
        ("<= baseline + 5", "104", "100", "ms", V.PASS, "105", "1"),
        # two-sided
        ("within 20% of baseline", "118", "100", "ms", V.PASS, "120", "2"),
        ("within 20% of baseline", "70", "100", "ms", V.FAIL, "80", "-10"),
        ("within 50 ms of baseline", "0.1", "0.2", "s", V.FAIL, "0.15", "-0.05"),
        ("within 0.5% of baseline", "99.4", "100", "%", V.FAIL, "99.5", "-0.1"),
        # both
        ("both <= 50 ms", "40", "45", "ms", V.PASS, "50", "5"),
        ("both <= 50 ms", "40", "60", "ms", V.FAIL, "50", "-10"),
        ("both <= 50 ms", "60", "40", "ms", V.FAIL, "50", "-10"),
        # a negative baseline: relative to its magnitude
        ("<= baseline + 20%", "-8", "-10", "", V.PASS, "-8", "0"),
        (">= baseline - 20%", "-12.5", "-10", "", V.FAIL, "-12", "-0.5"),
        ("within 20% of baseline", "-11", "-10", "", V.PASS, "-12", "1"),
        ("<= 2 x baseline", "0", "-10", "", V.PASS, "0", "0"),
        # binary rounding: the numbers as written decide
        ("<= baseline + 10%", "0.77", "0.7", "", V.PASS, "0.77", "0"),
        ("<= baseline + 0.2", "0.3", "0.1", "", V.PASS, "0.3", "0"),
        ("<= baseline + 10%", "0.770000000000000000000000000000000001", "0.7", "", V.FAIL, "0.77", "-1E-36"),
    ],
)
def test_arithmetic(
    text: str, value: str, baseline: str | None, unit: str, verdict: Verdict, limit: str, margin: str
) -> None:
    outcome = tried(text, value, baseline, unit)
    assert (outcome.verdict, outcome.limit, outcome.margin) == (verdict, Decimal(limit), Decimal(margin))
    assert outcome.rule == str(parse(text))


def test_margin_in_per_cent_and_both_bounds() -> None:
    outcome = tried("within 20% of baseline", "70", "100", "ms")
    assert outcome.margin_percent == Decimal("-12.5")
    assert (outcome.limit_low, outcome.limit_high) == (80, 120)
    assert tried("<= 0", "1").margin_percent is None
    assert tried("<= 5", "1").limit_low is None


@pytest.mark.parametrize(
    "text", ["within 20% of baseline", "<= baseline + 20%", "<= 2 x baseline", "> 2 x baseline"]
)
def test_a_baseline_of_zero(text: str) -> None:
    assert tried(text, "0", "0").verdict is V.PASS
    outcome = tried(text, "1", "0")
    assert outcome.verdict is V.ERROR
    assert "an absolute clause is needed" in sentence(outcome)
    assert tried(f"{text} or <= 1", "1", "0").verdict is V.PASS
    assert tried(f"{text} or <= 0.5", "1", "0").verdict is V.ERROR


def test_an_absolute_difference_does_not_mind_a_baseline_of_zero() -> None:
    assert tried("<= baseline + 50 ms", "60", "0", "ms").verdict is V.FAIL
    assert tried("<= baseline", "0", "0").verdict is V.PASS


@pytest.mark.parametrize("value", [None, "NaN", "Infinity", "-Infinity"])
def test_no_value_is_missing_never_zero(value: str | None) -> None:
    outcome = tried("<= 5 or >= 5", value)
    assert outcome.verdict is V.MISSING
    assert "no data" in sentence(outcome)


@pytest.mark.parametrize("number", ["1E+200", "-1E-200", "1E+999999"])
def test_absurd_numbers_are_errors(number: str) -> None:
    assert tried("<= baseline + 20%", number, "1").verdict is V.ERROR
    outcome = tried("<= baseline + 20%", "1", number)
    assert outcome.verdict is V.ERROR
    assert "too large or too small" in sentence(outcome)


@pytest.mark.parametrize("baseline", [None, "NaN"])
def test_no_baseline(baseline: str | None) -> None:
    assert tried("within 20% of baseline", "5", baseline).verdict is V.NO_BASELINE
    assert tried("both <= 6", "5", baseline).verdict is V.NO_BASELINE
    assert tried("<= 6", "5", baseline).verdict is V.PASS
    assert "nothing to compare" in sentence(tried("<= baseline", "5", baseline))


@pytest.mark.parametrize(
    ("value_state", "baseline", "baseline_state", "expected"),
    [
        (V.MISSING, None, V.ERROR, V.ERROR),
        (V.STALE, None, V.MISSING, V.MISSING),
        (V.STALE, None, None, V.STALE),
        (V.STALE, "5", None, V.STALE),
        (None, "5", V.STALE, V.STALE),
        (None, None, V.ERROR, V.ERROR),
        (V.LEARNING, None, V.NO_BASELINE, V.NO_BASELINE),
    ],
)
def test_the_weightiest_unknown_is_reported(
    value_state: Verdict | None, baseline: str | None, baseline_state: Verdict | None, expected: Verdict
) -> None:
    numbers = inputs("5", baseline, value_state=value_state, baseline_state=baseline_state)
    assert evaluate(parse("within 20% of baseline"), numbers).verdict is expected


def test_an_unknown_gives_the_reason_it_was_given() -> None:
    numbers = msgspec.structs.replace(inputs(None), value_state=V.ERROR, value_why="could not ask Prometheus")
    assert sentence(evaluate(parse("<= 5"), numbers)) == "could not ask Prometheus"
    assert evaluate(parse("<= 5"), numbers).margin is None


# Clauses of known outcome for value 5 without a baseline, where it is not said which values are better.
_CLAUSES = {V.PASS: "<= 6", V.FAIL: "<= 4", V.NO_BASELINE: "<= baseline", V.ERROR: "not worse than baseline"}


@pytest.mark.parametrize("left", _CLAUSES)
@pytest.mark.parametrize("right", _CLAUSES)
def test_three_valued_logic(left: Verdict, right: Verdict) -> None:
    both, order = {left, right}, [V.ERROR, V.NO_BASELINE]
    unknown = [verdict for verdict in order if verdict in both]
    for_and = V.FAIL if V.FAIL in both else (unknown or [V.PASS])[0]
    for_or = V.PASS if V.PASS in both else (unknown or [V.FAIL])[0]
    assert tried(f"{_CLAUSES[left]} and {_CLAUSES[right]}", "5").verdict is for_and
    assert tried(f"{_CLAUSES[left]} or {_CLAUSES[right]}", "5").verdict is for_or


def test_which_clause_is_reported() -> None:
    assert tried("<= 9 or <= 12", "20").rule == "<= 12"
    assert tried("<= 12 or <= 9", "20").rule == "<= 12"
    assert tried("<= 30 and <= 12 and <= 9", "20").rule == "<= 12"
    assert tried("<= 30 and <= 25", "20").rule == "<= 25"
    assert tried("<= 12 or <= 30 or <= 40", "20").rule == "<= 30"


def test_warn_is_looked_at_only_after_pass_failed() -> None:
    assert tried("<= 5", "4", warn="<= 3").verdict is V.PASS
    assert tried("<= 5", "7", warn="<= 6").verdict is V.FAIL
    warned = tried("<= 5", "6", warn="<= 6")
    assert (warned.verdict, warned.limit, warned.margin, warned.rule) == (V.WARN, 5, -1, "<= 5")
    assert "a warning only, because “<= 6” is met" in sentence(warned)
    assert tried("<= baseline", "6", warn="<= 6").verdict is V.NO_BASELINE
    unsoftened = tried("<= 5", "6", warn="<= baseline")
    assert unsoftened.verdict is V.FAIL
    assert "could not soften" in sentence(unsoftened)


@pytest.mark.parametrize(
    ("text", "unit", "hint"),
    [
        ("<= 600 ms", "%", "give the limit in %"),
        ("<= 5 %", "ms", "within 5% of baseline"),
        ("both <= 5 B", "", "counts"),
        ("within 5 ms of baseline", "B", "give the limit in B"),
        ("<= baseline + 5 ms", "/s", "give the limit in /s"),
        ("<= 3 count", "s", "give the limit in s"),
        ("<= 5 and (<= 6 or between 2 and 5 ms)", "%", "give the limit in %"),
        ("<= baseline + 0.5%", "%", "write 0.5 pp for percentage points, or 0.5% of baseline"),
        (">= baseline - 0.5%", "share", "write 0.5 pp for percentage points, or 0.5% of baseline"),
        ("<=+10%", "%", "write 10 pp"),
        ("<= baseline + 1 pp", "ms", ""),
        ("within 1 pp of baseline", "", ""),
    ],
)
def test_units_of_another_kind_are_definition_errors(text: str, unit: str, hint: str) -> None:
    with pytest.raises(CriterionError) as caught:
        check(parse(text), find_unit(unit))
    assert hint in (caught.value.hint or "")
    with pytest.raises(CriterionError):
        evaluate(parse(text), inputs("1", "1", unit))


def test_check_accepts_what_fits() -> None:
    check(parse("within 1 pp of baseline and >= 0.5 share or < 3 x baseline"), find_unit("%"))
    check(parse("not worse than baseline by 25%"), find_unit("s"), "lower")
    with pytest.raises(CriterionError, match="which way is worse"):
        check(parse("<= 5 and not worse than baseline"), find_unit("s"), "neither")


@pytest.mark.parametrize(
    ("text", "value", "baseline", "unit", "why"),
    [
        ("within 20% of baseline", "0.69", "0.45", "s",
         "28 % over its limit: 0.69 s, limit 0.54 s (production's 0.45 s plus 20 %)"),
        ("within 20% of baseline", "0.3", "0.45", "s",
         "17 % under its limit: 0.3 s, limit 0.36 s (production's 0.45 s minus 20 %)"),
        ("<= baseline + 20%", "0.48", "0.45", "s",
         "0.06 s to spare: 0.48 s, limit 0.54 s (production's 0.45 s plus 20 %)"),
        ("<= 2 x baseline", "0.9", "0.5", "%",
         "0.1 points to spare: 0.9 %, limit 1 % (2 × production's 0.5 %)"),
        (">= 99%", "100", None, "%", "1 point to spare: 100 %, limit 99 %"),
        (">= baseline - 1 pp", "97.5", "99", "%",
         "0.5 points under its limit: 97.5 %, limit 98 % (production's 99 % minus 1 pp)"),
        ("within 50 ms of baseline", "90", "100", "ms",
         "40 ms to spare: 90 ms, limit 50 ms (production's 100 ms minus 50 ms)"),
        ("<= 2 x baseline", "1", "-10", "",
         "1 over its limit: 1, limit 0 (production's -10 plus 100 % of its magnitude)"),
        ("<= baseline", "6", "5", "", "20 % over its limit: 6, limit 5 (production's 5)"),
        ("both <= 50 ms", "40", "60", "ms",
         "20 % over the limit, on the side of the baseline: 40 ms, limit 50 ms "
         "(for the value and for production's 60 ms)"),
        ("<= 0.5401", "0.54011", None, "s", "0.0019 % over its limit: 0.54011 s, limit 0.5401 s"),
        ("< 5", "5", None, "", "exactly at its limit, and must be below it: 5, limit 5"),
        ("> 5", "5", None, "", "exactly at its limit, and must be above it: 5, limit 5"),
        ("<= 5", "5", None, "", "exactly at its limit: 5, limit 5"),
        ("== 5", "5", None, "", "exactly as required: 5, limit 5"),
        ("== 0", "3", None, "", "3 over its limit: 3, limit 0"),
        ("<= 10000", "12500", None, "", "25 % over its limit: 12,500, limit 10,000"),
    ],
)  # fmt: skip
def test_the_sentence(text: str, value: str, baseline: str | None, unit: str, why: str) -> None:
    assert sentence(judge(parse(text), None, inputs(value, baseline, unit, name="production"))) == why


def test_without_a_rule_it_is_enough_to_be_measured() -> None:
    outcome = judge(None, None, inputs("5"))
    assert (outcome.verdict, sentence(outcome), outcome.rule, outcome.limit) == (V.PASS, "measured", "", None)
    assert judge(None, parse("<= 5"), inputs(None)).verdict is V.MISSING


@pytest.mark.parametrize("name", ["the last good release", "the last good release's"])
def test_the_name_of_the_baseline_may_be_possessive(name: str) -> None:
    rule = parse("within 20% of baseline")
    assert sentence(evaluate(rule, inputs("6", "5", name=name))).endswith(
        "(the last good release's 5 plus 20 %)"
    )
    assert sentence(evaluate(rule, inputs("6", name=name))) == (
        "nothing to compare: the baseline (the last good release) has no value"
    )


@pytest.mark.parametrize(
    ("text", "value", "baseline", "accepted"),
    [
        ("<= 600", "700", None, (None, "600")),
        ("<= 600", "600", None, (None, "600")),
        (">= 99", "99", None, ("99", None)),
        ("< 5", "5", None, (None, "5")),
        ("== 0", "0", None, ("0", "0")),
        ("== 0", "3", None, ("0", "0")),
        ("within 20% of baseline", "120", "100", ("80", "120")),
        ("between 2 and 5", "1", None, ("2", "5")),
        (">= baseline - 5%", "100", "100", ("95", None)),
        ("both >= 50", "60", "50", ("50", None)),
        ("<= 2 x baseline", "0", "0", (None, None)),
        ("in control", "5", None, (None, None)),
    ],
)
def test_which_values_the_deciding_clause_accepts(
    text: str, value: str, baseline: str | None, accepted: tuple[str | None, str | None]
) -> None:
    low, high = tried(text, value, baseline).accepts()
    assert (low, high) == tuple(Decimal(bound) if bound is not None else None for bound in accepted)


def test_every_number_of_an_outcome_is_told_in_the_other_unit() -> None:
    """A field that is added is told too: each number here is 1 s."""
    one, second, at = Decimal(1), find_unit("s"), datetime(2026, 11, 1, tzinfo=UTC)
    kinds = {
        "Decimal | None": one,
        "tuple[float, ...]": (1.0,),
        "Sequence[float]": array("d", [1.0]),
        "tuple[Earlier, ...]": (Earlier(at, one),),
    }
    told = {
        "Decimal | None": 1000,
        "tuple[float, ...]": (1000.0,),
        "Sequence[float]": array("d", [1000.0]),
        "tuple[Earlier, ...]": (Earlier(at, one * 1000),),
    }
    numbers = {name: kinds[kind] for name, kind in Inputs.__annotations__.items() if kind in kinds}
    limits = {name: kinds[kind] for name, kind in Outcome.__annotations__.items() if kind in kinds}
    assert {"value", "baseline", "history", "samples", "baseline_samples"} <= set(numbers)
    assert {"limit", "limit_low", "limit_high", "margin"} <= set(limits)
    clause = tried("<= 5", "1").clause
    outcome = Outcome(V.PASS, clause, Inputs(unit=second, **numbers), **limits).told_in(find_unit("ms"))
    assert outcome.inputs.unit == find_unit("ms")
    for where, fields in ((outcome, Outcome.__annotations__), (outcome.inputs, Inputs.__annotations__)):
        for name, kind in fields.items():
            assert kind not in told or getattr(where, name) == told[kind], name
