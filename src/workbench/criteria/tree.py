"""A criterion as a tree of immutable clauses, and its one canonical printing.

The leaves are the forms of the language; ``AllOf`` and ``AnyOf`` join them.  Numbers stay as
they were written; a unit of ``None`` means the benchmark's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

from workbench.model.canonical import decimal_text


class Operator(StrEnum):
    """A comparison; equality counts as the operator says."""

    AT_MOST = "<="
    AT_LEAST = ">="
    BELOW = "<"
    ABOVE = ">"
    EQUAL = "=="


class Amount(msgspec.Struct, frozen=True, cache_hash=True):
    """A number and the symbol of its unit: ``None`` for the benchmark's own, ``pp`` for percentage points."""

    number: Decimal
    unit: str | None = None

    def __str__(self) -> str:
        number = decimal_text(self.number)
        if self.unit is None:
            return number
        if self.unit.startswith("/"):
            return number + self.unit
        return f"{number} {self.unit or 'count'}"


class Criterion(msgspec.Struct, frozen=True, cache_hash=True):
    """Any criterion.  ``str()`` gives the canonical text, which parses to an equal tree."""

    def __str__(self) -> str:
        return _printed(self)

    @property
    def needs_baseline(self) -> bool:
        """Whether any clause looks at the baseline."""
        return any(isinstance(leaf, _WITH_BASELINE) for leaf in leaves(self))

    @property
    def needs_history(self) -> bool:
        """Whether any clause looks at earlier measurements."""
        return any(isinstance(leaf, InControl) for leaf in leaves(self))


class Compare(Criterion, frozen=True, cache_hash=True):
    """``<= 600 ms``"""

    operator: Operator
    bound: Amount


class Between(Criterion, frozen=True, cache_hash=True):
    """``between 2 and 5 ms``, both ends included"""

    low: Amount
    high: Amount


class Relative(Criterion, frozen=True, cache_hash=True):
    """``<= baseline + 20%``; ``percent`` is signed.  ``explicit`` when written ``20% of baseline``."""

    operator: Operator
    percent: Decimal
    explicit: bool = False


class Multiple(Criterion, frozen=True, cache_hash=True):
    """``<= 2 x baseline``"""

    operator: Operator
    factor: Decimal


class Shifted(Criterion, frozen=True, cache_hash=True):
    """``<= baseline + 50 ms``; the offset is signed, and ``None`` for ``<= baseline`` alone."""

    operator: Operator
    offset: Amount | None = None


class WithinPercent(Criterion, frozen=True, cache_hash=True):
    """``within 20% of baseline``"""

    percent: Decimal


class Within(Criterion, frozen=True, cache_hash=True):
    """``within 50 ms of baseline``"""

    distance: Amount


class Both(Criterion, frozen=True, cache_hash=True):
    """``both <= 50 ms``: value and baseline alike"""

    operator: Operator
    bound: Amount


class InControl(Criterion, frozen=True, cache_hash=True):
    """``in control``: reads and prints; not evaluated yet"""


class NotWorse(Criterion, frozen=True, cache_hash=True):
    """``not worse than baseline by 25%``: reads and prints; not evaluated yet"""

    percent: Decimal | None = None


class NoRule(Criterion, frozen=True, cache_hash=True):
    """What stands for a rule that nobody wrote: to be measured is enough.  It cannot be written."""


class AllOf(Criterion, frozen=True, cache_hash=True):
    """``A and B``; build it with :func:`all_of`, which keeps the tree flat."""

    parts: tuple[Criterion, ...]


class AnyOf(Criterion, frozen=True, cache_hash=True):
    """``A or B``; build it with :func:`any_of`, which keeps the tree flat."""

    parts: tuple[Criterion, ...]


_WITH_BASELINE = (Relative, Multiple, Shifted, WithinPercent, Within, Both, NotWorse)


def all_of(*parts: Criterion) -> Criterion:
    """The parts joined by ``and``; a single part stays itself."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, AllOf) else (part,))]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(*parts: Criterion) -> Criterion:
    """The parts joined by ``or``; a single part stays itself."""
    flat = [leaf for part in parts for leaf in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def leaves(criterion: Criterion) -> Iterator[Criterion]:
    """Every clause, in the order of the text."""
    if isinstance(criterion, (AllOf, AnyOf)):
        for part in criterion.parts:
            yield from leaves(part)
    else:
        yield criterion


@lru_cache(maxsize=4096)
def _printed(criterion: Criterion) -> str:
    match criterion:
        case Compare(operator=operator, bound=bound):
            return f"{operator} {bound}"
        case Between(low=low, high=high):
            first = decimal_text(low.number) if low.unit == high.unit else str(low)
            return f"between {first} and {high}"
        case WithinPercent(percent=percent):
            return f"within {decimal_text(percent)}% of baseline"
        case Within(distance=distance):
            return f"within {distance} of baseline"
        case Both(operator=operator, bound=bound):
            return f"both {operator} {bound}"
        case AllOf(parts=parts):
            return " and ".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(str(part) for part in parts)
        case InControl():
            return "in control"
        case NoRule():
            return ""
        case NotWorse(percent=limit):
            return "not worse than baseline" + (f" by {decimal_text(limit)}%" if limit is not None else "")
        case _:
            return _printed_one_sided(criterion)


def _printed_one_sided(criterion: Criterion) -> str:
    match criterion:
        case Relative(operator=operator, percent=percent, explicit=explicit):
            tail = "% of baseline" if explicit else "%"
            return f"{operator} baseline {_sign(percent)} {decimal_text(abs(percent))}{tail}"
        case Multiple(operator=operator, factor=factor):
            return f"{operator} {decimal_text(factor)} x baseline"
        case Shifted(operator=operator, offset=None):
            return f"{operator} baseline"
        case Shifted(operator=operator, offset=Amount(number=number, unit=unit)):
            return f"{operator} baseline {_sign(number)} {Amount(abs(number), unit)}"
    raise TypeError(f"{type(criterion).__name__} is not a clause")


def _sign(number: Decimal) -> str:
    return "-" if number < 0 else "+"
