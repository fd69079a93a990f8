"""A criterion tried on numbers, and the judgement printed in full, as text and as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workbench.criteria.clause import Criterion, Inputs, Outcome
from workbench.criteria.evaluate import check, judge
from workbench.criteria.tree import own_unit
from workbench.criteria.words import difference, headline, origin, percentage, sentence, shown
from workbench.model.quantity import COUNT, Unit


def tried(
    criterion: Criterion, value: Decimal, baseline: Decimal | None = None, unit: Unit | None = None
) -> Outcome:
    """The outcome for numbers in ``unit``, told in the criterion's own unit where it writes one.

    It is judged as a benchmark in ``unit`` would be, so that a bare number in the criterion
    means that unit.  Raises :class:`CriterionError` where the criterion does not fit it.
    """
    own = own_unit(criterion)
    given = unit or own or COUNT
    check(criterion, given)
    outcome = judge(criterion, None, Inputs(value=value, unit=given, baseline=baseline))
    return outcome.told_in(own or given)


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
    lines.append(f"rule   {outcome.rule}")
    if outcome.clause != criterion:
        lines.append(f"from   {criterion}")
    if outcome.note:
        lines.append(f"note   {outcome.note}")
    return "\n".join(lines)


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
    }


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number in its shortest form; ``None`` for what JSON cannot say."""
    if value is None or not value.is_finite() or value.adjusted() > 300:
        return None
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value)
