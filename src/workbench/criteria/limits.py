"""What the forms share: numbers that cannot be judged, one limit, two limits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workbench.criteria.clause import Clause, Inputs, Outcome, Plan
from workbench.criteria.operators import COMPARE, Operator, add, margin_to, multiply, subtract
from workbench.criteria.verdict import UNKNOWN, Verdict
from workbench.model.canonical import decimal_text
from workbench.model.quantity import from_float, show, with_unit

LARGEST = 120  # decimal exponent; measured numbers beyond 10^±120 are not judged
_LARGEST, _SMALLEST = 10.0**LARGEST, 10.0**-LARGEST

ZERO_BASELINE = (
    "the {} is 0, so “{}” cannot be judged; an absolute clause is needed beside it, such as “or both <= {}”"
)
OUT_OF_RANGE = "the {} is too large or too small a number to be judged"
_PASS, _FAIL = Verdict.PASS, Verdict.FAIL
_ZERO = Decimal(0)


def unusable(clause: Clause, inputs: Inputs, *, with_baseline: bool) -> Outcome | None:
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
        return state, inputs.value_why or state.words.of_value
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
        return state, inputs.baseline_why or state.words.of_baseline.format(subject)
    state = _number_state(inputs.baseline, Verdict.NO_BASELINE)
    if state is None:
        return None
    if state is Verdict.ERROR:
        return state, OUT_OF_RANGE.format(subject)
    return state, inputs.baseline_why or state.words.of_baseline.format(subject)


def baseline_called(inputs: Inputs) -> str:
    """The baseline as the subject of a sentence, after “the”."""
    name = inputs.baseline_name.removesuffix("'s")
    return "baseline" if name == "baseline" else f"baseline ({name})"


def _number_state(number: Decimal | None, absent: Verdict) -> Verdict | None:
    """Why a measured number cannot be judged, or ``None`` where it can."""
    if number is None or not number.is_finite():
        return absent
    return None if _of_usual_size(number) else Verdict.ERROR


def usable_value(inputs: Inputs) -> Decimal | None:
    """The value, if it can be judged: the quick answer to :func:`unusable`."""
    value = inputs.value
    return value if inputs.value_state is None and value is not None and _of_usual_size(value) else None


def usable_baseline(inputs: Inputs) -> Decimal | None:
    """The baseline, if it can be compared with."""
    value = inputs.baseline
    return value if inputs.baseline_state is None and value is not None and _of_usual_size(value) else None


def _of_usual_size(number: Decimal) -> bool:
    return number.is_finite() and (-LARGEST <= number.adjusted() <= LARGEST or not number)


def unusual(numbers: Iterable[float]) -> int:
    """How many of these are no finite number, or too large or too small to be judged."""
    return sum([not (_SMALLEST <= abs(each) <= _LARGEST or not each) for each in numbers])


def unknown(clause: Clause, inputs: Inputs, *, with_baseline: bool) -> Outcome:
    """The outcome of numbers that cannot be judged."""
    outcome = unusable(clause, inputs, with_baseline=with_baseline)
    assert outcome is not None
    return outcome


def against_zero(clause: Clause, inputs: Inputs, value: Decimal) -> Outcome:
    """A multiple or a share of nothing: 0 against 0 passes, anything else cannot be said."""
    if not value:
        return Outcome(_PASS, clause, inputs, reason="0 against 0")
    example = with_unit("…", inputs.unit)
    reason = ZERO_BASELINE.format(baseline_called(inputs), clause, example)
    return Outcome(Verdict.ERROR, clause, inputs, reason=reason)


class OneSided(Plan, frozen=True):
    """Everything of the form ``value OPERATOR limit``."""

    clause: Clause
    operator: Operator
    relative: bool  # looks at the baseline
    constant: Decimal = _ZERO  # the limit, or what is added to the baseline
    share: Decimal | None = None  # of the baseline's magnitude, added to the baseline

    def judge(self, inputs: Inputs) -> Outcome:
        value, limit = usable_value(inputs), self.constant
        if value is None:
            return unknown(self.clause, inputs, with_baseline=self.relative)
        if self.relative:
            baseline = usable_baseline(inputs)
            if baseline is None:
                return unknown(self.clause, inputs, with_baseline=True)
            if self.share is None:
                limit = add(baseline, limit)
            elif baseline:
                limit = add(baseline, multiply(abs(baseline), self.share))
            else:
                return against_zero(self.clause, inputs, value)
        verdict = _PASS if COMPARE[self.operator](value, limit) else _FAIL
        margin = margin_to(self.operator, value, limit)
        outcome = Outcome(verdict, self.clause, inputs, limit, None, None, margin)
        return outcome if inputs.noise is None else within_noise(outcome, relative=self.relative)


class TwoSided(Plan, frozen=True):
    """Two limits, both of them allowed: the nearer one decides."""

    clause: Clause
    low: Decimal = _ZERO
    high: Decimal = _ZERO
    distance: Decimal | None = None  # from the baseline
    share: Decimal | None = None  # of the baseline's magnitude

    def judge(self, inputs: Inputs) -> Outcome:
        value, low, high = usable_value(inputs), self.low, self.high
        relative = self.distance is not None or self.share is not None
        if value is None:
            return unknown(self.clause, inputs, with_baseline=relative)
        if relative:
            baseline = usable_baseline(inputs)
            if baseline is None:
                return unknown(self.clause, inputs, with_baseline=True)
            distance = self.distance
            if self.share is not None:
                if not baseline:
                    return against_zero(self.clause, inputs, value)
                distance = multiply(abs(baseline), self.share)
            assert distance is not None
            low, high = subtract(baseline, distance), add(baseline, distance)
        below, above = subtract(value, low), subtract(high, value)
        limit, margin = (high, above) if above <= below else (low, below)
        outcome = Outcome(_FAIL if margin < 0 else _PASS, self.clause, inputs, limit, low, high, margin)
        return outcome if inputs.noise is None else within_noise(outcome, relative=relative)


def within_noise(outcome: Outcome, *, relative: bool) -> Outcome:
    """The same, or that nothing can be told: the baseline differs from itself by more than the rule allows.

    A rule that allows nothing, such as ``<= baseline``, does not speak of noise.
    """
    inputs, limit = outcome.inputs, outcome.limit
    if not relative or inputs.noise is None or inputs.baseline is None or limit is None:
        return outcome
    tolerance, noise = abs(subtract(limit, inputs.baseline)), from_float(inputs.noise)
    if not tolerance or noise <= tolerance:
        return outcome
    larger, smaller = (with_unit(text, inputs.unit) for text in show(noise, tolerance))
    reason = f"the {baseline_called(inputs)} differs from itself by up to {larger}, more than the {smaller} that the rule allows"
    return Outcome(Verdict.INCONCLUSIVE, outcome.clause, inputs, reason=reason)


def signed(number: Decimal) -> str:
    """The sign of an offset as a criterion writes it."""
    return "-" if number < 0 else "+"


def plus(number: Decimal) -> str:
    """The sign of an offset in words."""
    return "minus" if number < 0 else "plus"


def shifted_by(whose: str, percent: Decimal, inputs: Inputs) -> str:
    """Where a limit comes from that lies per cents of the baseline away: ``… plus 20 %``."""
    return f"{whose} {plus(percent)} {_share(percent, inputs)}"


def around(whose: str, percent: Decimal, inputs: Inputs) -> str:
    """Where two limits come from that lie so many per cents of the baseline away: ``… ± 20 %``."""
    return f"{whose} ± {_share(percent, inputs)}"


def _share(percent: Decimal, inputs: Inputs) -> str:
    of_size = " of its magnitude" if inputs.baseline is not None and inputs.baseline < 0 else ""
    return f"{decimal_text(abs(percent))} %{of_size}"
