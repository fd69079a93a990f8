"""Clauses joined by ``and`` and ``or``: how that prints and how it is judged when something is not known."""

from __future__ import annotations

from collections.abc import Iterator, Set
from decimal import Decimal
from functools import lru_cache

import msgspec

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Clause, Comparison, Criterion, Inputs, Need, Outcome, Plan
from workbench.criteria.operators import LOWER, UPPER
from workbench.criteria.verdict import UNKNOWN, Verdict
from workbench.model.quantity import UNITS, Unit

_PASS, _FAIL = Verdict.PASS, Verdict.FAIL
_ZERO = Decimal(0)


class _Joined(Criterion, frozen=True, cache_hash=True):
    parts: tuple[Criterion, ...]

    @property
    def needs(self) -> Set[Need]:
        return frozenset().union(*(part.needs for part in self.parts))


class AllOf(_Joined, frozen=True, cache_hash=True):
    """``A and B``; build it with :func:`all_of`, which keeps the tree flat."""

    def printed(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)

    def prepare(self, unit: Unit) -> Plan:
        return _Every(tuple(prepare(part, unit.symbol) for part in self.parts))


class AnyOf(_Joined, frozen=True, cache_hash=True):
    """``A or B``; build it with :func:`any_of`, which keeps the tree flat."""

    def printed(self) -> str:
        return " or ".join(str(part) for part in self.parts)

    def prepare(self, unit: Unit) -> Plan:
        return _Some(tuple(prepare(part, unit.symbol) for part in self.parts))


def all_of(*parts: Criterion) -> Criterion:
    """The parts joined by ``and``; a single part stays itself."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, AllOf) else (part,))]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(*parts: Criterion) -> Criterion:
    """The parts joined by ``or``; a single part stays itself."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def leaves(criterion: Criterion) -> Iterator[Clause]:
    """Every clause, in the order of the text."""
    if isinstance(criterion, _Joined):
        for part in criterion.parts:
            yield from leaves(part)
    elif isinstance(criterion, Clause):
        yield criterion


def own_unit(criterion: Criterion) -> Unit | None:
    """The unit that the criterion itself writes first; ``None`` where it writes none."""
    for clause in leaves(criterion):
        for field in msgspec.structs.astuple(clause):
            if isinstance(field, Amount) and field.unit is not None:
                return field.written_in
    return None


def bounds_only_above(criterion: Criterion) -> bool:
    """Whether every clause is a limit that values must not exceed."""
    return all(isinstance(clause, Comparison) and clause.operator in UPPER for clause in leaves(criterion))


def bounds_only_below(criterion: Criterion) -> bool:
    """Whether every clause is a limit that values must reach."""
    return all(isinstance(clause, Comparison) and clause.operator in LOWER for clause in leaves(criterion))


@lru_cache(maxsize=4096)
def prepare(criterion: Criterion, symbol: str) -> Plan:
    """The plan of a criterion for a benchmark in the unit ``symbol``; see :meth:`Criterion.prepare`."""
    return criterion.prepare(UNITS[symbol])


class _Every(Plan, frozen=True):
    """``and``: the first failure, else the weightiest unknown, else a warning, else the least margin."""

    parts: tuple[Plan, ...]

    def judge(self, inputs: Inputs) -> Outcome:
        outcomes = []
        for part in self.parts:
            outcome = part.judge(inputs)
            if outcome.verdict is _FAIL:
                return outcome
            outcomes.append(outcome)
        return _first_unknown(outcomes) or _warning(outcomes) or min(outcomes, key=_margin)


class _Some(Plan, frozen=True):
    """``or``: the first pass, else a warning, else the weightiest unknown, else the failure nearest to being met."""

    parts: tuple[Plan, ...]

    def judge(self, inputs: Inputs) -> Outcome:
        outcomes = []
        for part in self.parts:
            outcome = part.judge(inputs)
            if outcome.verdict is _PASS:
                return outcome
            outcomes.append(outcome)
        return _warning(outcomes) or _first_unknown(outcomes) or max(outcomes, key=_margin)


def _warning(outcomes: list[Outcome]) -> Outcome | None:
    return next((outcome for outcome in outcomes if outcome.verdict is Verdict.WARN), None)


def _first_unknown(outcomes: list[Outcome]) -> Outcome | None:
    unknown = [outcome for outcome in outcomes if outcome.verdict in UNKNOWN]
    return min(unknown, key=lambda outcome: UNKNOWN.index(outcome.verdict)) if unknown else None


def _margin(outcome: Outcome) -> Decimal:
    return outcome.margin if outcome.margin is not None else _ZERO
