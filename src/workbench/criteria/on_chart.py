"""Judging ``in control``: a value on the chart of the measurements before it, in words and figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from workbench.criteria.charting import (
    DISTINCT,
    STOPS,
    Drawn,
    advice,
    chance,
    draw,
    judged_number,
    on_scale,
    only_limits_fail,
    patterns,
    side_of,
    within_limits,
)
from workbench.criteria.clause import Clause, Earlier, Inputs, Outcome, Plan
from workbench.criteria.figures import Figures, Fired
from workbench.criteria.limits import unknown, unusual, usable_value
from workbench.criteria.operators import subtract
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import from_float


class OnChart(Plan, frozen=True):
    """``in control``, ready to be judged."""

    clause: Clause

    def judge(self, inputs: Inputs) -> Outcome:
        value = usable_value(inputs)
        if value is None:
            return unknown(self.clause, inputs, with_baseline=False)
        earlier_values = [float(earlier.value) for earlier in inputs.history]
        if wrong := unusual(earlier_values):
            reason = f"{wrong} of {len(earlier_values):,} earlier measurements are too large or too small to be charted"
            return Outcome(Verdict.ERROR, self.clause, inputs, reason=reason)
        try:
            history = [on_scale(inputs.charting, number) for number in earlier_values]
            number = on_scale(inputs.charting, float(value))
        except ValueError:
            reason = "a logarithmic scale holds only values above 0, and one is not: use scale: linear"
            return Outcome(Verdict.ERROR, self.clause, inputs, reason=reason)
        if len(history) < 2:
            figures = Figures(form="chart", points=len(history))
        else:
            drawn = draw(inputs, history)
            figures = _figures(drawn, number, inputs, history)
            if len(history) >= inputs.charting.points and len(set(history)) >= DISTINCT:
                return _judged(self.clause, inputs, value, number, drawn, figures)
        return _not_yet(self.clause, inputs, len(set(history)), figures)

    def feeds(self, inputs: Inputs, observed: Sequence[Earlier]) -> tuple[Earlier, ...] | None:
        return within_limits(inputs, observed) if only_limits_fail(inputs) else None


def _figures(drawn: Drawn, number: float, inputs: Inputs, history: Sequence[float]) -> Figures:
    return Figures(
        form="chart",
        statistic=judged_number(drawn, number),
        limits=drawn.limits,
        basis=drawn.basis,
        rules_fired=tuple(patterns(drawn, number, inputs)),
        points=len(drawn.course),
        chance=chance(drawn, inputs),
        remarks=(*drawn.remarks, *advice(drawn, history)),
    )


def _not_yet(clause: Clause, inputs: Inputs, distinct: int, figures: Figures) -> Outcome:
    """What is said while there is too little to draw a chart of."""
    points, asked = figures.points, inputs.charting.points
    lacking = max(asked - points, 0)
    figures = msgspec.structs.replace(figures, rules_fired=(), needed=lacking)
    if lacking:
        more = "1 more is" if lacking == 1 else f"{lacking} more are"
        reason = f"{points} of {asked} earlier measurements, {more} needed"
        return Outcome(Verdict.LEARNING, clause, inputs, reason=reason, figures=figures)
    values = "1 distinct value" if distinct == 1 else f"{distinct} distinct values"
    reason = f"too coarse to chart: {values} in {points} measurements, at least {DISTINCT} are needed"
    return Outcome(Verdict.INCONCLUSIVE, clause, inputs, reason=reason, figures=figures)


def _judged(
    clause: Clause, inputs: Inputs, value: Decimal, number: float, drawn: Drawn, figures: Figures
) -> Outcome:
    low, high = map(from_float, drawn.bounds)
    limit, margin = _decisive(inputs.better, (low, subtract(value, low)), (high, subtract(high, value)))
    if not side_of(drawn, number):
        margin = max(margin, Decimal(0))  # what binary rounding takes is not beyond the limit
    fired = figures.rules_fired
    verdict = Verdict.PASS
    if fired:
        verdict = Verdict.FAIL if fired[0].effect == "fail" else Verdict.WARN
    note = "; ".join(_notes(fired, margin < 0, drawn))
    return Outcome(verdict, clause, inputs, limit, low, high, margin, note=note, figures=figures)


def _decisive(
    better: str, low: tuple[Decimal, Decimal], high: tuple[Decimal, Decimal]
) -> tuple[Decimal, Decimal]:
    """The limit that is told, with what is left to it: the one on the bad side, unless the value lies beyond the other."""
    nearer = high if high[1] <= low[1] else low
    if better == "neither" or nearer[1] < 0:
        return nearer
    return low if better == "higher" else high


def _notes(fired: tuple[Fired, ...], outside: bool, drawn: Drawn) -> list[str]:
    """What is said beside the headline, which is the limit where the value lies outside, or else the first rule."""
    notes = [each.words for each in (fired if outside else fired[1:]) if each.last > each.first]
    if fired and fired[0].harmless:
        notes.append("a warning only, because that is the better direction")
    elif fired and len(drawn.course) < STOPS:
        notes.append(
            f"a warning only: {len(drawn.course)} of {STOPS} points before a chart may stop a release"
        )
    return [*notes, *drawn.remarks]
