"""``<= baseline + 20%``, ``<= baseline + 50 ms``, ``<= baseline``: a distance from the baseline, to one side."""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Comparison, Need, Outcome, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import OneSided, plus, shifted_by, signed
from workbench.criteria.operators import Operator, share_of
from workbench.criteria.reader import Reader
from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit


class Relative(Comparison, frozen=True, cache_hash=True):
    """``<= baseline + 20%``; ``percent`` is signed.  ``explicit`` when written ``20% of baseline``."""

    NEEDS = frozenset({Need.BASELINE})

    percent: Decimal
    explicit: bool = False

    def printed(self) -> str:
        tail = "% of baseline" if self.explicit else "%"
        return f"{self.operator} baseline {signed(self.percent)} {decimal_text(abs(self.percent))}{tail}"

    def prepare(self, unit: Unit) -> Plan:
        if unit.kind == "share" and not self.explicit:
            number = decimal_text(abs(self.percent))
            raise CriterionError(
                f"on a share “{number}%” after the baseline can mean two things",
                text=str(self),
                hint=f"write {number} pp for percentage points, or {number}% of baseline",
            )
        return OneSided(self, self.operator, True, share=share_of(self.percent))

    def origin(self, outcome: Outcome, whose: str) -> str:
        return shifted_by(whose, self.percent, outcome.inputs)


class Shifted(Comparison, frozen=True, cache_hash=True):
    """``<= baseline + 50 ms``; the offset is signed, and ``None`` for ``<= baseline`` alone."""

    NEEDS = frozenset({Need.BASELINE})

    offset: Amount | None = None

    def printed(self) -> str:
        if self.offset is None:
            return f"{self.operator} baseline"
        size = Amount(abs(self.offset.number), self.offset.unit)
        return f"{self.operator} baseline {signed(self.offset.number)} {size}"

    def prepare(self, unit: Unit) -> Plan:
        if self.offset is None:
            return OneSided(self, self.operator, True)
        return OneSided(self, self.operator, True, self.offset.number_in(unit, str(self)))

    def origin(self, outcome: Outcome, whose: str) -> str:
        if self.offset is None:
            return whose
        return f"{whose} {plus(self.offset.number)} {Amount(abs(self.offset.number), self.offset.unit)}"


def _read(reader: Reader) -> Relative | Shifted | None:
    """``operator "baseline" [("+" | "-") amount ["of baseline"]]``, or other tools' ``<=+10%``"""
    operator = reader.operator()
    if reader.skip("baseline"):
        return _offset(reader, operator) if reader.sees("+", "-", "−") else Shifted(operator)
    return _offset(reader, operator) if reader.sees("+") else None


def _offset(reader: Reader, operator: Operator) -> Relative | Shifted:
    negative = reader.take().text != "+"
    amount = reader.amount()
    number = -amount.number if negative else amount.number
    if amount.unit == "%":
        explicit = reader.skip("of")
        if explicit:
            reader.expect("baseline")
        return Relative(operator, number, explicit)
    return Shifted(operator, Amount(number, amount.unit))


FORM = Form(read=_read)
