"""A criterion, tried: on numbers that somebody types, or on a benchmark's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from workbench import criteria
from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.words import allowed, difference, headline
from workbench.model.errors import UsageError
from workbench.model.quantity import find_unit, read_number
from workbench.usecases.views.marks import Fact, Mark

# It blocks nothing: it is only tried.
_MARKS = {Verdict.PASS: (Mark.DONE, "would pass"), Verdict.FAIL: (Mark.WARNS, "would fail")}


class Trial(msgspec.Struct, frozen=True):
    """What a criterion says of numbers: in words with its arithmetic, and as an object."""

    verdict: Verdict
    text: str
    document: Mapping[str, Any]


def try_on_numbers(criterion: str, value: str, baseline: str | None, unit: str | None) -> Trial:
    """Try a criterion on numbers as typed, in ``unit`` or else in the criterion's own.

    ``UsageError`` for a number or a unit that cannot be read, ``CriterionError`` for the criterion.
    """
    rule = criteria.parse(criterion)
    try:
        given = find_unit(unit) if unit is not None else None
    except ValueError as error:
        raise UsageError(str(error), where="--unit") from None
    compared = _number(baseline, "--baseline") if baseline is not None else None
    outcome = criteria.tried(rule, _number(value, "--value"), compared, given)
    return Trial(outcome.verdict, criteria.text(rule, outcome), criteria.as_json(rule, outcome))


def _number(text: str, option: str) -> Decimal:
    try:
        return read_number(text)
    except ValueError as error:
        raise UsageError(str(error), where=option, hint="write it like 118 or 0.45, without a unit") from None


def try_on_benchmark(criterion: str, judged: Judged) -> list[Fact]:
    """What a criterion says of a benchmark's figures; ``CriterionError`` for one that cannot be read."""
    rule = criteria.parse(criterion)
    criteria.check(rule, judged.resolved.unit, judged.resolved.better)
    outcome = criteria.judge(rule, None, judged.outcome.inputs)
    mark, word = _MARKS.get(outcome.verdict, (Mark.LEARNING, "cannot be judged"))
    facts = [Fact("Verdict", f"{word}: {headline(outcome)}", mark)]
    if (may := allowed(outcome)).range:
        facts.append(Fact("Allowed", may.range + (f": {may.source}" if may.source else "")))
    if outcome.margin is not None:
        facts.append(Fact("Margin", difference(outcome.margin, outcome.inputs.unit)))
    return [*facts, Fact("Read as", str(rule), aside=True)]
