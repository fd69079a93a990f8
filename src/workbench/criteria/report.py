"""A criterion tried on numbers, and the judgement printed in full, as text and as JSON."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

from workbench.criteria.clause import Criterion, Inputs, Need, Outcome
from workbench.criteria.evaluate import check, judge
from workbench.criteria.figures import Figures
from workbench.criteria.tree import own_unit
from workbench.criteria.words import difference, headline, origin, percentage, sentence, shown
from workbench.model.quantity import COUNT, Unit, from_float, show, with_unit
from workbench.statistics.effects import size_of


def tried(
    criterion: Criterion,
    value: Decimal | None,
    baseline: Decimal | None = None,
    unit: Unit | None = None,
    beside: Inputs | None = None,
) -> Outcome:
    """The outcome for numbers in ``unit``, told in the criterion's own unit where it writes one.

    It is judged as a benchmark in ``unit`` would be, so that a bare number in the criterion
    means that unit.  ``beside`` holds what else it looks at, in the same unit: a history, samples.
    Raises :class:`CriterionError` where the criterion does not fit it.
    """
    own = own_unit(criterion)
    given = unit or own or COUNT
    check(criterion, given)
    more = beside or Inputs(value=value, unit=given)
    inputs = msgspec.structs.replace(more, value=value, unit=given, baseline=baseline)
    return judge(criterion, None, inputs).told_in(own or given)


def text(criterion: Criterion, outcome: Outcome) -> str:
    """The verdict and its arithmetic, a line each, without a final line break.

    ``from`` gives the whole criterion where only one of its clauses decided.
    """
    numbers = shown(outcome)
    lines = [f"{outcome.verdict:<6} {headline(outcome)}"]
    if numbers.value:
        lines.append(f"value  {numbers.value}")
    if outcome.limit is not None:
        source = origin(outcome, numbers.baseline)
        lines.append(f"limit  {numbers.limit}" + (f"   ({source})" if source else ""))
    elif numbers.baseline:
        lines.append(f"baseline {numbers.baseline}")
    if outcome.margin is not None:
        percent = outcome.margin_percent
        share = f"  ({percentage(percent)})" if percent is not None else ""
        lines.append(f"margin {difference(outcome.margin, outcome.inputs.unit)}{share}")
    if outcome.figures is not None:
        lines += _figures(outcome.figures, outcome.inputs.unit)
    lines.append(f"rule   {outcome.rule}")
    if outcome.clause != criterion:
        lines.append(f"from   {criterion}")
    if outcome.note:
        lines.append(f"note   {outcome.note}")
    return "\n".join(lines)


def _figures(figures: Figures, unit: Unit) -> list[str]:
    """What a statistical rule computed, a line each."""
    lines = []
    if limits := figures.limits:
        ends = [end for end in (limits.lower, limits.upper) if end is not None and isfinite(end)]
        centre, *texts = (with_unit(text, unit) for text in show(*map(from_float, (limits.centre, *ends))))
        lines.append(f"chart  {' to '.join(texts)} around {centre}   ({figures.basis})")
    lines += [f"fired  {each.rule}: {each.words}" for each in figures.rules_fired]
    if figures.p is not None:
        lines.append(f"test   {_test(figures)}   ({figures.basis})")
    return lines + (
        [f"beside {remark}" for remark in figures.remarks] if figures.form == "two_sample" else []
    )


def _test(figures: Figures) -> str:
    """``p 0.28, effect 0.06 (negligible)``"""
    effect = figures.effect
    return f"p {figures.p:.2g}" + ("" if effect is None else f", effect {effect:.2f} ({size_of(effect)})")


def as_json(criterion: Criterion, outcome: Outcome) -> dict[str, Any]:
    """The same for scripts: numbers in ``unit``, ``None`` where there is none."""
    inputs = outcome.inputs
    return {
        "verdict": outcome.verdict.value,
        "limit": number(outcome.limit),
        "limit_low": number(outcome.limit_low),
        "limit_high": number(outcome.limit_high),
        "margin": number(outcome.margin),
        "margin_percent": number(outcome.margin_percent),
        "rule": outcome.rule,
        "criterion": str(criterion),
        "value": number(inputs.value),
        "baseline": number(inputs.baseline),
        "unit": inputs.unit.symbol,
        "why": sentence(outcome),
        **(_statistical(outcome) if criterion.needs - {Need.BASELINE} else {}),
    }


def _statistical(outcome: Outcome) -> dict[str, Any]:
    """What a rule about a history or samples computed; ``None`` for what it did not."""
    figures = outcome.figures or Figures(form="chart")
    limits = figures.limits
    return {
        "statistic": _json(figures.statistic),
        "p": _json(figures.p),
        "effect": _json(figures.effect),
        "interval": None if figures.interval is None else [_json(end) for end in figures.interval],
        "ratio": figures.ratio,
        "limits": None
        if limits is None
        else {name: _json(getattr(limits, name)) for name in ("centre", "lower", "upper")},
        "basis": figures.basis,
        "rules_fired": [msgspec.structs.asdict(each) for each in figures.rules_fired],
        "points": figures.points,
        "needed": figures.needed,
        "chance": _json(figures.chance),
        "remarks": list(figures.remarks),
    }


def _json(value: float | None) -> float | None:
    """A float as JSON can say it: none that is infinite."""
    return value if value is not None and isfinite(value) else None


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number in its shortest form; ``None`` for what JSON cannot say."""
    if value is None or not value.is_finite() or value.adjusted() > 300:
        return None
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value)
