"""``between 2 and 5 ms``: two absolute limits, both ends included."""

from __future__ import annotations

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Clause, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import TwoSided
from workbench.criteria.reader import Reader
from workbench.model.canonical import decimal_text
from workbench.model.quantity import UNITS, Quantity, Unit


class Between(Clause, frozen=True, cache_hash=True):
    """``between 2 and 5 ms``, both ends included"""

    low: Amount
    high: Amount

    def printed(self) -> str:
        first = decimal_text(self.low.number) if self.low.unit == self.high.unit else str(self.low)
        return f"between {first} and {self.high}"

    def prepare(self, unit: Unit) -> Plan:
        text = str(self)
        return TwoSided(self, self.low.number_in(unit, text), self.high.number_in(unit, text))


def _read(reader: Reader) -> Between:
    """``"between" amount "and" amount``: a bound without a unit takes the other's"""
    start = reader.token
    low = reader.absolute()
    reader.expect("and")
    high = reader.absolute()
    low = low if low.unit is not None else Amount(low.number, high.unit)
    high = high if high.unit is not None else Amount(high.number, low.unit)
    unit = UNITS[low.unit or ""]
    try:
        top = Quantity(high.number, UNITS[high.unit or ""]).to(unit).value
    except ValueError:
        reader.fail(f"the bounds {low} and {high} are not of one kind", at=start)
    if low.number > top:
        reader.fail("the lower bound comes first", f"write between {high} and {low}", start)
    return Between(low, high)


FORM = Form(read=_read, opens=("between",), words=("between",))
