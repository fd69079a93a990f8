"""Rules that cannot do what they seem to say.

For one baseline every criterion changes only at its limits, and the limits are straight
lines in the baseline with a bend at 0.  So it is enough to look at the baselines where
two limits meet, between and beyond them, and there at the limits, between and beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeAlias

import msgspec

from workbench.criteria.clause import Criterion, Inputs, Plan
from workbench.criteria.tree import leaves, prepare
from workbench.criteria.verdict import CriterionError, Verdict
from workbench.model.quantity import UNITS, Unit

MAX_CLAUSES = 8  # more than that is left alone: the cost grows with the third power
_ZERO, _ONE, _TWO = Decimal(0), Decimal(1), Decimal(2)
_DIGITS = 100  # so that what lies between two limits is never rounded onto one of them
_Findings: TypeAlias = tuple[tuple[str, Criterion, str], ...]  # words, and which rule they are about

_CANNOT_FAIL = "the pass rule “{}” can never fail"
_CANNOT_PASS = "the pass rule “{}” can never be met"
_CANNOT_WARN = "the warn rule “{}” can never fire: where the pass rule fails, it fails too"


class _Seen(msgspec.Struct):
    """Whether a case was found in which the rule fails, is met, and warns."""

    fails: bool = False
    passes: bool = False
    warns: bool = False


def lint(pass_: Criterion, warn: Criterion | None, unit: Unit) -> list[str]:
    """Warnings about rules that are doubtful; raises :class:`CriterionError` for the provable.

    A rule is doubtful that works only for values below 0, which hardly any benchmark has.
    """
    proved, doubtful = _examine(pass_, warn, unit.symbol)
    if proved:
        what, about, rule = proved[0]
        raise CriterionError(what, text=str(about), rule=rule)
    return [f"{what}, unless values are negative" for what, *_ in doubtful]


@lru_cache(maxsize=1024)
def _examine(pass_: Criterion, warn: Criterion | None, symbol: str) -> tuple[_Findings, _Findings]:
    """What is wrong for all numbers, and what is wrong unless there are negative ones."""
    clauses = [*leaves(pass_), *(leaves(warn) if warn is not None else ())]
    plan, softer = prepare(pass_, symbol), prepare(warn, symbol) if warn is not None else None
    if len(clauses) > MAX_CLAUSES or not all(clause.PROVABLE for clause in clauses):
        return (), ()
    compares = any(clause.needs_baseline for clause in clauses)
    anywhere, usual = _Seen(), _Seen()
    with localcontext(prec=_DIGITS):
        for inputs in _cases([prepare(clause, symbol) for clause in clauses], UNITS[symbol], compares):
            _look(plan, softer, inputs, anywhere)
            if _usual(inputs):
                _look(plan, softer, inputs, usual)
                if usual.fails and usual.passes and (usual.warns or softer is None):
                    return (), ()
    return _findings(anywhere, pass_, warn), _findings(usual, pass_, warn)


def _usual(inputs: Inputs) -> bool:
    return all(number is None or number >= 0 for number in (inputs.value, inputs.baseline))


def _look(pass_plan: Plan, warn_plan: Plan | None, inputs: Inputs, seen: _Seen) -> None:
    verdict = pass_plan.judge(inputs).verdict
    seen.passes |= verdict is Verdict.PASS
    if verdict is Verdict.FAIL:
        seen.fails = True
        if warn_plan is not None and not seen.warns:
            seen.warns = warn_plan.judge(inputs).verdict is Verdict.PASS


def _findings(seen: _Seen, pass_: Criterion, warn: Criterion | None) -> _Findings:
    if not seen.fails:
        return ((_CANNOT_FAIL.format(pass_), pass_, "pass"),)
    if not seen.passes:
        return ((_CANNOT_PASS.format(pass_), pass_, "pass"),)
    if warn is not None and not seen.warns:
        return ((_CANNOT_WARN.format(warn), warn, "warn"),)
    return ()


def _cases(plans: list[Plan], unit: Unit, compares: bool) -> Iterator[Inputs]:
    """Values and baselines of which one at least lies in every region that the rules tell apart."""
    for baseline in _baselines(plans, unit) if compares else [_ONE]:
        marks = {mark for plan in plans for mark in _limits(plan, baseline, unit)}
        for value in _between({*marks, _ZERO}):
            yield Inputs(value=value, unit=unit, baseline=baseline)


def _limits(plan: Plan, baseline: Decimal, unit: Unit) -> list[Decimal]:
    outcome = plan.judge(Inputs(value=baseline, unit=unit, baseline=baseline))
    return [limit for limit in (outcome.limit, outcome.limit_low, outcome.limit_high) if limit is not None]


def _baselines(plans: list[Plan], unit: Unit) -> list[Decimal]:
    """0, where two limits meet, where a limit meets 0 or the baseline itself, and what lies between."""
    marks = {_ZERO}
    for side in (_ONE, -_ONE):
        lines = [(_ZERO, _ZERO), (_ONE, _ZERO)]  # slope and height of: 0, the baseline
        for plan in plans:
            near, far = (sorted(set(_limits(plan, side * at, unit))) for at in (_ONE, _TWO))
            lines += [((b - a) * side, a - (b - a)) for a, b in zip(near, far, strict=True)]
        for (slope, height), (other, level) in combinations(set(lines), 2):
            if slope != other:
                marks.add((level - height) / (slope - other))
    # The usual ones first: an ordinary rule shows within a few of them that all is well.
    return sorted(_between(marks), key=lambda baseline: (baseline <= 0, baseline))


def _between(marks: set[Decimal]) -> list[Decimal]:
    ordered = sorted(marks)
    middles = [(a + b) / _TWO for a, b in pairwise(ordered)]
    return [ordered[0] - 1, *ordered, *middles, ordered[-1] + 1]
