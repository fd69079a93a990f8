"""A criterion made ready for one unit: limits converted once, then judged many times.

Limits, products and margins are computed without rounding.  Where a unit does not
convert into another in finitely many digits (100 ms in minutes), 28 digits are kept, the
same for a limit and for a value that was converted.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt

import msgspec

from workbench.criteria import tree
from workbench.criteria.outcome import Inputs, Outcome
from workbench.criteria.tree import Amount, Criterion, Operator
from workbench.criteria.verdict import UNKNOWN, CriterionError, Verdict
from workbench.model.canonical import decimal_text
from workbench.model.quantity import UNITS, Unit, rescale, with_unit

# Numbers of usual size (see LARGEST) stay exact in this many digits; comparing is always exact.
_EXACT = Context(prec=400)
_add, _subtract, _multiply = _EXACT.add, _EXACT.subtract, _EXACT.multiply

LARGEST = 120  # decimal exponent; measured numbers beyond 10^±120 are not judged

COMPARE: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_MOST: le, Operator.AT_LEAST: ge, Operator.BELOW: lt,
    Operator.ABOVE: gt, Operator.EQUAL: eq,
}  # fmt: skip
UPPER = (Operator.AT_MOST, Operator.BELOW)
LOWER = (Operator.AT_LEAST, Operator.ABOVE)
_PASS, _FAIL, _MISSING = Verdict.PASS, Verdict.FAIL, Verdict.MISSING
_ZERO = Decimal(0)

NOT_YET = "this version does not evaluate the rule “{}” yet"
ZERO_BASELINE = (
    "the {} is 0, so “{}” cannot be judged; an absolute clause is needed beside it, such as “or both <= {}”"
)
OUT_OF_RANGE = "the {} is too large or too small a number to be judged"
_VALUE_REASONS = {
    Verdict.MISSING: "no data",
    Verdict.ERROR: "the value could not be measured",
    Verdict.STALE: "the value is too old",
    Verdict.LEARNING: "not enough history yet",
    Verdict.NO_BASELINE: "nothing to compare",
}
_BASELINE_REASONS = {
    Verdict.MISSING: "no data for the {}",
    Verdict.ERROR: "the {} could not be measured",
    Verdict.STALE: "the {} is too old",
    Verdict.LEARNING: "not enough history for the {} yet",
    Verdict.NO_BASELINE: "nothing to compare: the {} has no value",
}


class Plan(msgspec.Struct, frozen=True):
    """One criterion in one unit."""

    clause: Criterion

    def judge(self, inputs: Inputs) -> Outcome:
        """The outcome for usable numbers; :func:`unusable` has dealt with the others."""
        raise NotImplementedError


def unusable(clause: Criterion, inputs: Inputs, *, with_baseline: bool) -> Outcome | None:
    """The unknown that the inputs force on a clause, or ``None`` where it can be judged."""
    unknowns = [_value_unknown(inputs)]
    if with_baseline:
        unknowns.append(_baseline_unknown(inputs))
    found = [unknown for unknown in unknowns if unknown is not None]
    if not found:
        return None
    state, reason = min(found, key=lambda unknown: UNKNOWN.index(unknown[0]))
    return Outcome(state, clause, inputs, reason=reason)


def _value_unknown(inputs: Inputs) -> tuple[Verdict, str] | None:
    value, state = inputs.value, inputs.value_state
    if state is not None:
        return state, inputs.value_why or _VALUE_REASONS[state]
    state = _number_state(value, Verdict.MISSING)
    if state is None:
        return None
    if state is Verdict.ERROR:
        return state, OUT_OF_RANGE.format("value")
    fallback = "no data" if value is None else "no data: the answer was not a finite number"
    return state, inputs.value_why or fallback


def _baseline_unknown(inputs: Inputs) -> tuple[Verdict, str] | None:
    state, subject = inputs.baseline_state, baseline_called(inputs)
    if state is not None:
        return state, inputs.baseline_why or _BASELINE_REASONS[state].format(subject)
    state = _number_state(inputs.baseline, Verdict.NO_BASELINE)
    if state is None:
        return None
    if state is Verdict.ERROR:
        return state, OUT_OF_RANGE.format(subject)
    return state, inputs.baseline_why or _BASELINE_REASONS[state].format(subject)


def baseline_called(inputs: Inputs) -> str:
    """The baseline as the subject of a sentence, after “the”."""
    name = inputs.baseline_name.removesuffix("'s")
    return "baseline" if name == "baseline" else f"baseline ({name})"


def _number_state(number: Decimal | None, absent: Verdict) -> Verdict | None:
    """Why a measured number cannot be judged, or ``None`` where it can."""
    if number is None or not number.is_finite():
        return absent
    if number and not -LARGEST <= number.adjusted() <= LARGEST:
        return Verdict.ERROR
    return None


class _OneSided(Plan, frozen=True):
    """Everything of the form ``value OPERATOR limit``."""

    operator: Operator
    relative: bool  # looks at the baseline
    constant: Decimal = _ZERO  # the limit, or what is added to the baseline
    share: Decimal | None = None  # of the baseline's magnitude, added to the baseline

    def judge(self, inputs: Inputs) -> Outcome:
        value, limit = inputs.value, self.constant
        if inputs.value_state or value is None or _number_state(value, _MISSING):
            return _known_unusable(self.clause, inputs, self.relative)
        if self.relative:
            baseline = inputs.baseline
            if inputs.baseline_state or baseline is None or _number_state(baseline, _MISSING):
                return _known_unusable(self.clause, inputs, True)
            if self.share is None:
                limit = _add(baseline, limit)
            elif baseline:
                limit = _add(baseline, _multiply(abs(baseline), self.share))
            else:
                return _against_zero(self.clause, inputs, value)
        return _compared(self.clause, inputs, self.operator, value, limit)


def _known_unusable(clause: Criterion, inputs: Inputs, with_baseline: bool) -> Outcome:
    outcome = unusable(clause, inputs, with_baseline=with_baseline)
    assert outcome is not None
    return outcome


def _compared(
    clause: Criterion, inputs: Inputs, operator: Operator, value: Decimal, limit: Decimal
) -> Outcome:
    verdict = _PASS if COMPARE[operator](value, limit) else _FAIL
    return Outcome(verdict, clause, inputs, limit, None, None, margin_to(operator, value, limit))


def margin_to(operator: Operator, value: Decimal, limit: Decimal) -> Decimal:
    """How far the value may still go, negative beyond the limit; 0 at best for ``==``."""
    if operator in UPPER:
        return _subtract(limit, value)
    if operator in LOWER:
        return _subtract(value, limit)
    return -abs(_subtract(value, limit))


def _against_zero(clause: Criterion, inputs: Inputs, value: Decimal) -> Outcome:
    """A multiple or a share of nothing: 0 against 0 passes, anything else cannot be said."""
    if not value:
        return Outcome(_PASS, clause, inputs, reason="0 against 0")
    example = with_unit("…", inputs.unit)
    reason = ZERO_BASELINE.format(baseline_called(inputs), clause, example)
    return Outcome(Verdict.ERROR, clause, inputs, reason=reason)


class _TwoSided(Plan, frozen=True):
    """``between`` and ``within``: the nearer bound decides."""

    low: Decimal = _ZERO
    high: Decimal = _ZERO
    distance: Decimal | None = None  # from the baseline
    share: Decimal | None = None  # of the baseline's magnitude

    def judge(self, inputs: Inputs) -> Outcome:
        value, low, high = inputs.value, self.low, self.high
        relative = self.distance is not None or self.share is not None
        if inputs.value_state or value is None or _number_state(value, _MISSING):
            return _known_unusable(self.clause, inputs, relative)
        if relative:
            baseline = inputs.baseline
            if inputs.baseline_state or baseline is None or _number_state(baseline, _MISSING):
                return _known_unusable(self.clause, inputs, True)
            distance = self.distance
            if self.share is not None:
                if not baseline:
                    return _against_zero(self.clause, inputs, value)
                distance = _multiply(abs(baseline), self.share)
            assert distance is not None
            low, high = _subtract(baseline, distance), _add(baseline, distance)
        below, above = _subtract(value, low), _subtract(high, value)
        limit, margin = (high, above) if above <= below else (low, below)
        return Outcome(_FAIL if margin < 0 else _PASS, self.clause, inputs, limit, low, high, margin)


class _BothSided(Plan, frozen=True):
    """``both <= 50 ms``: the worse of value and baseline decides."""

    operator: Operator
    bound: Decimal

    def judge(self, inputs: Inputs) -> Outcome:
        value, baseline = inputs.value, inputs.baseline
        if inputs.value_state or value is None or _number_state(value, _MISSING):
            return _known_unusable(self.clause, inputs, True)
        if inputs.baseline_state or baseline is None or _number_state(baseline, _MISSING):
            return _known_unusable(self.clause, inputs, True)
        compare, limit = COMPARE[self.operator], self.bound
        verdict = _PASS if compare(value, limit) and compare(baseline, limit) else _FAIL
        margin = min(margin_to(self.operator, number, limit) for number in (value, baseline))
        return Outcome(verdict, self.clause, inputs, limit, None, None, margin)


class _Later(Plan, frozen=True):
    """A rule whose place is kept."""

    def judge(self, inputs: Inputs) -> Outcome:
        unknown = unusable(self.clause, inputs, with_baseline=False)
        reason = NOT_YET.format(self.clause)
        return unknown or Outcome(Verdict.LEARNING, self.clause, inputs, reason=reason)


class _Measured(Plan, frozen=True):
    """No rule at all."""

    def judge(self, inputs: Inputs) -> Outcome:
        unknown = unusable(self.clause, inputs, with_baseline=False)
        return unknown or Outcome(_PASS, self.clause, inputs, reason="measured")


class _Every(Plan, frozen=True):
    """``and``: the first failure, else the weightiest unknown, else the least margin."""

    parts: tuple[Plan, ...]

    def judge(self, inputs: Inputs) -> Outcome:
        outcomes = []
        for part in self.parts:
            outcome = part.judge(inputs)
            if outcome.verdict is _FAIL:
                return outcome
            outcomes.append(outcome)
        return _first_unknown(outcomes) or min(outcomes, key=_margin)


class _Some(Plan, frozen=True):
    """``or``: the first pass, else the weightiest unknown, else the failure nearest to being met."""

    parts: tuple[Plan, ...]

    def judge(self, inputs: Inputs) -> Outcome:
        outcomes = []
        for part in self.parts:
            outcome = part.judge(inputs)
            if outcome.verdict is _PASS:
                return outcome
            outcomes.append(outcome)
        return _first_unknown(outcomes) or max(outcomes, key=_margin)


def _first_unknown(outcomes: list[Outcome]) -> Outcome | None:
    unknown = [outcome for outcome in outcomes if outcome.verdict in UNKNOWN]
    return min(unknown, key=lambda outcome: UNKNOWN.index(outcome.verdict)) if unknown else None


def _margin(outcome: Outcome) -> Decimal:
    return outcome.margin if outcome.margin is not None else _ZERO


@lru_cache(maxsize=4096)
def prepare(criterion: Criterion, symbol: str) -> Plan:
    """The plan of a criterion for a benchmark in the unit ``symbol``.

    Raises :class:`CriterionError` where a clause does not fit that unit.
    """
    unit = UNITS[symbol]
    match criterion:
        case tree.AllOf(parts=parts):
            return _Every(criterion, tuple(prepare(part, symbol) for part in parts))
        case tree.AnyOf(parts=parts):
            return _Some(criterion, tuple(prepare(part, symbol) for part in parts))
        case tree.Compare(operator=operator, bound=bound):
            return _OneSided(criterion, operator, False, _limit(criterion, bound, unit))
        case tree.Both(operator=operator, bound=bound):
            return _BothSided(criterion, operator, _limit(criterion, bound, unit))
        case tree.Between(low=low, high=high):
            return _TwoSided(criterion, _limit(criterion, low, unit), _limit(criterion, high, unit))
        case tree.Within(distance=distance):
            return _TwoSided(criterion, distance=_limit(criterion, distance, unit, difference=True))
        case tree.WithinPercent(percent=percent):
            return _TwoSided(criterion, share=_EXACT.scaleb(percent, -2))
        case tree.InControl() | tree.NotWorse():
            return _Later(criterion)
        case tree.NoRule():
            return _Measured(criterion)
        case _:
            return _prepare_relative(criterion, unit)


def _prepare_relative(criterion: Criterion, unit: Unit) -> Plan:
    match criterion:
        case tree.Relative(operator=operator, percent=percent, explicit=explicit):
            if unit.kind == "share" and not explicit:
                number = decimal_text(abs(percent))
                raise CriterionError(
                    f"on a share “{number}%” after the baseline can mean two things",
                    text=str(criterion),
                    hint=f"write {number} pp for percentage points, or {number}% of baseline",
                )
            return _OneSided(criterion, operator, True, share=_EXACT.scaleb(percent, -2))
        case tree.Multiple(operator=operator, factor=factor):
            return _OneSided(criterion, operator, True, share=_subtract(factor, Decimal(1)))
        case tree.Shifted(operator=operator, offset=None):
            return _OneSided(criterion, operator, True)
        case tree.Shifted(operator=operator, offset=Amount() as offset):
            return _OneSided(criterion, operator, True, _limit(criterion, offset, unit, difference=True))
    raise TypeError(f"{type(criterion).__name__} is not a clause")


def _limit(criterion: Criterion, amount: Amount, unit: Unit, *, difference: bool = False) -> Decimal:
    """An amount as a number of the benchmark's unit."""
    if amount.unit is None:
        return amount.number
    if amount.unit == "pp" and unit.kind != "share":
        raise CriterionError(
            f"pp (percentage points) is only for shares, and this benchmark is in {name_of(unit)}",
            text=str(criterion),
        )
    written = UNITS["%" if amount.unit == "pp" else amount.unit]
    if written.kind != unit.kind:
        hint = None
        if written.symbol == "%":
            number = decimal_text(amount.number)
            hint = f"write <= baseline + {number}%, or within {number}% of baseline"
        raise CriterionError(
            f"{amount} cannot be compared with a benchmark in {name_of(unit)}",
            text=str(criterion),
            hint=hint or f"give the limit in {name_of(unit)}, or change the benchmark's unit",
        )
    return rescale(amount.number, written, unit)


def name_of(unit: Unit) -> str:
    """A unit's name inside a sentence."""
    return unit.symbol or "counts (no unit)"


def own_unit(criterion: Criterion) -> Unit | None:
    """The unit that the criterion itself writes first; ``None`` where it writes none."""
    for clause in tree.leaves(criterion):
        for field in clause.__struct_fields__:
            amount = getattr(clause, field)
            if isinstance(amount, Amount) and amount.unit is not None:
                return UNITS["%" if amount.unit == "pp" else amount.unit]
    return None
