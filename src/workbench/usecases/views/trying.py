"""A criterion, tried: on numbers that somebody types, or on a benchmark's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from workbench import criteria
from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.criteria.figures import USUAL, ChartName, ScaleName
from workbench.criteria.words import allowed, difference, headline
from workbench.model.errors import UsageError
from workbench.model.quantity import COUNT, find_unit, from_float, read_number
from workbench.usecases.typed_samples import samples_of
from workbench.usecases.views.marks import Fact, Mark

# It blocks nothing: it is only tried.
_MARKS = {
    Verdict.PASS: (Mark.DONE, "would pass"),
    Verdict.WARN: (Mark.WARNS, "would warn"),
    Verdict.FAIL: (Mark.WARNS, "would fail"),
    Verdict.LEARNING: (Mark.LEARNING, "would learn"),
    Verdict.INCONCLUSIVE: (Mark.LEARNING, "cannot be told"),
}


_NO_NUMBER = ("nan", "inf", "infinity")


class Trial(msgspec.Struct, frozen=True):
    """What a criterion says of numbers: in words with its arithmetic, and as an object."""

    verdict: Verdict
    text: str
    document: Mapping[str, Any]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What a criterion may look at beside value and baseline: files with one number on each line, and how it is drawn."""

    samples: Path | None = None
    baseline_samples: Path | None = None
    history: Path | None = None
    chart: ChartName = USUAL.chart
    scale: ScaleName = USUAL.scale
    better: str = "neither"


def try_on_numbers(
    criterion: str, value: str | None, baseline: str | None, unit: str | None, beside: Beside | None = None
) -> Trial:
    """Try a criterion on numbers as typed, in ``unit`` or else in the criterion's own.

    ``UsageError`` for a number, a unit or a file that cannot be read, ``CriterionError`` for the criterion.
    """
    rule = criteria.parse(criterion)
    try:
        given = find_unit(unit) if unit is not None else None
    except ValueError as error:
        raise UsageError(str(error), where="--unit") from None
    compared = _number(baseline, "--baseline") if baseline is not None else None
    if value is None and not (beside and beside.samples):
        raise UsageError(
            "there is no value to judge", where="--value", hint="add --value V, or --samples FILE"
        )
    number = _number(value, "--value") if value is not None else None
    inputs = _inputs(rule, beside) if beside else None
    if inputs is not None and value is not None and number is None:  # it was said that there is none
        inputs = msgspec.structs.replace(inputs, value_state=Verdict.MISSING, value_why="no data")
    outcome = criteria.tried(rule, number, compared, given, inputs)
    return Trial(outcome.verdict, criteria.text(rule, outcome), criteria.as_json(rule, outcome))


def _inputs(rule: criteria.Criterion, beside: Beside) -> criteria.Inputs:
    """What files hold; lower is taken for better where samples are compared and nothing is said."""
    better = beside.better
    if better == "neither" and criteria.Need.SAMPLES in rule.needs:
        better = "lower"
    history = samples_of(beside.history, "--history") if beside.history else ()
    return criteria.Inputs(
        value=None,
        unit=COUNT,
        history=tuple(criteria.Earlier(None, from_float(number)) for number in history),
        samples=samples_of(beside.samples, "--samples") if beside.samples else (),
        baseline_samples=samples_of(beside.baseline_samples, "--baseline-samples")
        if beside.baseline_samples
        else (),
        better=better,
        charting=criteria.Charting(chart=beside.chart, scale=beside.scale),
    )


def _number(text: str, option: str) -> Decimal | None:
    """The number that is typed; ``None`` for what programs write where there is none."""
    if text.strip().lower().lstrip("+-") in _NO_NUMBER:
        return None
    try:
        return read_number(text)
    except ValueError as error:
        raise UsageError(str(error), where=option, hint="write it like 118 or 0.45, without a unit") from None


def unread_by(criterion: str, judged: Judged) -> str:
    """What a criterion looks at that was not read for the benchmark's own rule; "" for nothing, or for no criterion."""
    try:
        needs = criteria.parse(criterion).needs - judged.resolved.needs
    except criteria.CriterionError:
        return ""
    words = {
        criteria.Need.HISTORY: "earlier measurements",
        criteria.Need.SAMPLES: "the samples of both sides",
    }
    return " and ".join(said for need, said in words.items() if need in needs)


def try_on_benchmark(criterion: str, judged: Judged) -> list[Fact]:
    """What a criterion says of a benchmark's figures; ``CriterionError`` for one that cannot be read.

    A criterion that looks at earlier measurements or samples, which the benchmark's own rule does not, is
    judged by :func:`~workbench.usecases.views.what_if.what_if` alone, which reads them.
    """
    rule = criteria.parse(criterion)
    criteria.check(rule, judged.resolved.unit, judged.resolved.better)
    if unread := unread_by(criterion, judged):
        return [Fact("Needs", unread), Fact("Read as", str(rule), aside=True)]
    outcome = criteria.judge(rule, None, judged.outcome.inputs)
    mark, word = _MARKS.get(outcome.verdict, (Mark.LEARNING, "cannot be judged"))
    facts = [Fact("Verdict", f"{word}: {headline(outcome)}", mark)]
    if (may := allowed(outcome)).range:
        facts.append(Fact("Allowed", may.range + (f": {may.source}" if may.source else "")))
    if outcome.margin is not None:
        facts.append(Fact("Margin", difference(outcome.margin, outcome.inputs.unit)))
    return [*facts, Fact("Read as", str(rule), aside=True)]
