"""Putting a criterion to a value and what else it looks at."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workbench.criteria.clause import Clause, Criterion, Earlier, Inputs, Outcome, Plan
from workbench.criteria.limits import unusable
from workbench.criteria.tree import leaves, prepare
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import Unit


class NoRule(Clause, frozen=True, cache_hash=True):
    """What stands for a rule that nobody wrote: to be measured is enough.  It cannot be written."""

    def printed(self) -> str:
        return ""

    def prepare(self, unit: Unit) -> Plan:
        return _Measured(self)


class _Measured(Plan, frozen=True):
    clause: Clause

    def judge(self, inputs: Inputs) -> Outcome:
        unknown = unusable(self.clause, inputs, with_baseline=False)
        return unknown or Outcome(Verdict.PASS, self.clause, inputs, reason="measured")


_NO_RULE = NoRule()


def not_judged(criterion: Criterion | None, inputs: Inputs, reason: str) -> Outcome:
    """The error of a value that must not be judged, for a reason that lies in the definition."""
    clause = next(leaves(criterion), _NO_RULE) if criterion is not None else _NO_RULE
    return Outcome(Verdict.ERROR, clause, inputs, reason=reason)


def evaluate(criterion: Criterion, inputs: Inputs) -> Outcome:
    """The outcome of one criterion: pass, fail or an unknown; warn only where a statistical rule says so.

    Raises :class:`CriterionError` where the criterion does not fit the unit; ``check``
    finds that beforehand.
    """
    return prepare(criterion, inputs.unit.symbol).judge(inputs)


def judge(pass_: Criterion | None, warn: Criterion | None, inputs: Inputs) -> Outcome:
    """The outcome of a benchmark.

    ``warn`` is looked at only after ``pass_`` has failed, and only a ``warn`` that is met
    softens the failure.  The arithmetic stays that of ``pass_``.  Without a ``pass_`` any
    usable value passes.
    """
    if pass_ is None:
        return prepare(_NO_RULE, inputs.unit.symbol).judge(inputs)
    outcome = prepare(pass_, inputs.unit.symbol).judge(inputs)
    if warn is None or outcome.verdict is not Verdict.FAIL:
        return outcome
    softer = prepare(warn, inputs.unit.symbol).judge(inputs)
    if softer.verdict in (Verdict.PASS, Verdict.WARN):
        return msgspec.structs.replace(
            outcome, verdict=Verdict.WARN, note=f"a warning only, because “{warn}” is met"
        )
    if softer.verdict is Verdict.FAIL:
        return outcome
    return msgspec.structs.replace(outcome, note=f"“{warn}” could not soften it: {softer.reason}")


def fed(
    pass_: Criterion | None, warn: Criterion | None, inputs: Inputs, observed: Sequence[Earlier]
) -> tuple[Earlier, ...]:
    """The earlier values, oldest first, that later ones are held against: those that did not fail in their time."""
    if pass_ is not None and warn is None:
        quick = prepare(pass_, inputs.unit.symbol).feeds(inputs, observed)
        if quick is not None:
            return quick
    kept: tuple[Earlier, ...] = ()
    for item in observed:
        then = msgspec.structs.replace(inputs, value=item.value, count=item.count, history=kept)
        if judge(pass_, warn, then).verdict is not Verdict.FAIL:
            kept += (item,)
    return kept


def check(criterion: Criterion, unit: Unit, better: str | None = None) -> None:
    """Raises :class:`CriterionError` where a criterion does not fit a benchmark's unit or direction."""
    prepare(criterion, unit.symbol)
    for clause in leaves(criterion):
        clause.check(better, str(criterion))
