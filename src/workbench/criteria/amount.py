"""A number with its unit as a criterion writes it, and as a number of the benchmark's unit.

Where a unit does not convert into another in finitely many digits (100 ms in minutes), 28 digits
are kept, the same for a limit and for a value that was converted.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.quantity import UNITS, Unit, rescale


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

    @property
    def written_in(self) -> Unit | None:
        """The unit that is written, of points the per cent; ``None`` where none is."""
        return None if self.unit is None else UNITS["%" if self.unit == "pp" else self.unit]

    def number_in(self, unit: Unit, text: str) -> Decimal:
        """The amount as a number of ``unit``; raises :class:`CriterionError` about the clause ``text``."""
        written = self.written_in
        if written is None:
            return self.number
        if self.unit == "pp" and unit.kind != "share":
            raise CriterionError(
                f"pp (percentage points) is only for shares, and this benchmark is in {name_of(unit)}",
                text=text,
            )
        if written.kind != unit.kind:
            hint = None
            if written.symbol == "%":
                number = decimal_text(self.number)
                hint = f"write <= baseline + {number}%, or within {number}% of baseline"
            raise CriterionError(
                f"{self} cannot be compared with a benchmark in {name_of(unit)}",
                text=text,
                hint=hint or f"give the limit in {name_of(unit)}, or change the benchmark's unit",
            )
        return rescale(self.number, written, unit)


def name_of(unit: Unit) -> str:
    """A unit's name inside a sentence."""
    return unit.symbol or "counts (no unit)"
