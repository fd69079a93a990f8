"""What holds of every criterion, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.criteria import Criterion, Inputs, Verdict, as_json, evaluate, judge, parse, sentence
from workbench.criteria.forms.both import Both
from workbench.criteria.operators import COMPARE, Operator
from workbench.criteria.words import difference, percentage, shown
from workbench.model.quantity import Unit, find_unit, rescale

from .cases import clauses, criteria, numbers, positive

S, MS, PERCENT, SHARE = (find_unit(symbol) for symbol in ("s", "ms", "%", "share"))
relative = st.sampled_from(
    ["<= baseline + 20%", ">= baseline - 5%", "<= 2 x baseline", "within 20% of baseline", "> 0.5 x baseline"]
).map(parse)
absolute = st.sampled_from(["<= baseline + 5", "> baseline - 7", "within 3 of baseline", "<= baseline"]).map(
    parse
)


@given(relative, numbers, numbers, positive)
def test_relative_rules_ignore_the_scale(
    rule: Criterion, value: Decimal, base: Decimal, factor: Decimal
) -> None:
    small = evaluate(rule, Inputs(value=value, unit=S, baseline=base))
    large = evaluate(rule, Inputs(value=value * factor, unit=S, baseline=base * factor))
    assert large.verdict is small.verdict
    if small.margin is not None:
        assert large.margin == small.margin * factor


@given(absolute, numbers, numbers, numbers)
def test_absolute_differences_ignore_a_shift(
    rule: Criterion, value: Decimal, base: Decimal, by: Decimal
) -> None:
    here = evaluate(rule, Inputs(value=value, unit=S, baseline=base))
    there = evaluate(rule, Inputs(value=value + by, unit=S, baseline=base + by))
    assert (there.verdict, there.margin) == (here.verdict, here.margin)


@given(
    numbers,
    numbers,
    positive,
    positive,
    st.sampled_from(["<= {}", "<= baseline + {}%", "within {} of baseline"]),
)
def test_a_wider_limit_never_fails_what_passed(
    value: Decimal, base: Decimal, narrow: Decimal, more: Decimal, form: str
) -> None:
    assume(base)
    tight = evaluate(parse(form.format(narrow)), Inputs(value=value, unit=S, baseline=base))
    wide = evaluate(parse(form.format(narrow + more)), Inputs(value=value, unit=S, baseline=base))
    assert wide.verdict is Verdict.PASS or tight.verdict is Verdict.FAIL
    assert tight.margin is not None and wide.margin is not None
    assert tight.margin <= wide.margin


def _in(value: Decimal, base: Decimal, unit: Unit, to: Unit) -> Inputs:
    return Inputs(value=rescale(value, unit, to), unit=to, baseline=rescale(base, unit, to))


def _with_units(criterion: Criterion) -> bool:
    """Whether the criterion means the same in every unit: no bare numbers."""
    text = str(criterion)
    return parse(text) == criterion and not any(
        amount.unit is None
        for leaf in _leaves(criterion)
        for amount in (getattr(leaf, name, None) for name in ("bound", "low", "high", "offset", "distance"))
        if amount is not None
    )


def _leaves(criterion: Criterion) -> list[Criterion]:
    from workbench.criteria.tree import leaves

    return list(leaves(criterion))


@given(criteria(clauses().filter(_with_units)), numbers, numbers)
def test_units_of_time_cancel(criterion: Criterion, value: Decimal, base: Decimal) -> None:
    seconds = evaluate(criterion, _in(value, base, S, S))
    assert evaluate(criterion, _in(value, base, S, MS)).verdict is seconds.verdict
    if seconds.limit is not None:
        thousandths = evaluate(criterion, _in(value, base, S, MS)).limit
        assert thousandths == seconds.limit * 1000


@given(criteria(clauses(share=True).filter(_with_units)), numbers, numbers)
def test_units_of_shares_cancel(criterion: Criterion, value: Decimal, base: Decimal) -> None:
    percent = evaluate(criterion, _in(value, base, PERCENT, PERCENT))
    assert evaluate(criterion, _in(value, base, PERCENT, SHARE)).verdict is percent.verdict


def _read(text: str) -> Decimal:
    return Decimal(text.replace(",", "").removesuffix(" ms"))


close = st.decimals("-1e-9", "1e-9", places=12)


@given(clauses(), numbers, numbers, st.none() | close)
def test_printed_numbers_never_contradict_the_verdict(
    clause: Criterion, value: Decimal, base: Decimal, gap: Decimal | None
) -> None:
    outcome = evaluate(clause, Inputs(value=value, unit=MS, baseline=base))
    if gap is not None and outcome.limit is not None:  # as near to the limit as it gets
        outcome = evaluate(clause, Inputs(value=outcome.limit + gap, unit=MS, baseline=base))
    assume(outcome.limit is not None and outcome.margin is not None)
    printed = shown(outcome)
    value_text, limit = _read(printed.value), _read(printed.limit)
    operator = getattr(clause, "operator", None)
    passed = outcome.verdict is Verdict.PASS
    if isinstance(clause, Both):
        compare = COMPARE[clause.operator]
        assert passed == (compare(value_text, limit) and compare(_read(printed.baseline), limit))
    elif isinstance(operator, Operator):
        assert passed == COMPARE[operator](value_text, limit)
    else:
        below_top = outcome.limit != outcome.limit_high or value_text <= limit
        above_bottom = outcome.limit != outcome.limit_low or value_text >= limit
        assert passed == (below_top and above_bottom)
    margin = _read(difference(outcome.margin, MS))
    assert (margin > 0, margin < 0) == (outcome.margin > 0, outcome.margin < 0)
    assert margin >= 0 or not passed
    if outcome.margin and outcome.margin_percent:
        assert percentage(outcome.margin_percent) != "0 %"
    assert sentence(outcome)


@given(criteria(clauses()), criteria(clauses()), numbers, st.none() | numbers)
def test_a_warning_is_a_failure_that_another_rule_softens(
    strict: Criterion, soft: Criterion, value: Decimal, base: Decimal | None
) -> None:
    numbers_in = Inputs(value=value, unit=MS, baseline=base)
    plain, softer = evaluate(strict, numbers_in), evaluate(soft, numbers_in)
    judged = judge(strict, soft, numbers_in)
    warns = plain.verdict is Verdict.FAIL and softer.verdict is Verdict.PASS
    assert judged.verdict is (Verdict.WARN if warns else plain.verdict)
    assert (judged.limit, judged.margin, judged.rule) == (plain.limit, plain.margin, plain.rule)
    assert as_json(strict, judged)["verdict"] == judged.verdict.value
