"""``<= 2 x baseline``: a multiple of the baseline."""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.clause import Comparison, Need, Outcome, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import OneSided, shifted_by
from workbench.criteria.operators import Operator, subtract
from workbench.criteria.reader import Reader
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit

_TIMES = ("x", "×", "*")
_ONE = Decimal(1)


class Multiple(Comparison, frozen=True, cache_hash=True):
    """``<= 2 x baseline``; of a negative baseline the limit lies as far above it as of a positive one."""

    NEEDS = frozenset({Need.BASELINE})

    factor: Decimal

    def printed(self) -> str:
        return f"{self.operator} {decimal_text(self.factor)} x baseline"

    def prepare(self, unit: Unit) -> Plan:
        return OneSided(self, self.operator, True, share=subtract(self.factor, _ONE))

    def origin(self, outcome: Outcome, whose: str) -> str:
        baseline = outcome.inputs.baseline
        if baseline is not None and baseline < 0:
            return shifted_by(whose, (self.factor - 1) * 100, outcome.inputs)
        return f"{decimal_text(self.factor)} × {whose}"


def _read(reader: Reader) -> Multiple | None:
    """``operator number "x baseline"``"""
    operator = reader.operator()
    _refuse_behind_baseline(reader, operator)
    if reader.token.kind != "number" and not reader.sees("-", "−"):
        return None
    start = reader.token
    amount = reader.amount(signed=True)
    if not reader.skip(*_TIMES):
        return None
    if amount.unit is not None:
        reader.fail("a factor has no unit", f"write {operator} 2 x baseline", start)
    if amount.number <= 0:
        reader.fail("a factor must be above 0", at=start)
    reader.expect("baseline")
    return Multiple(operator, amount.number)


def _refuse_behind_baseline(reader: Reader, operator: Operator) -> None:
    """A factor stands before the baseline, and alone."""
    start = reader.index
    named = reader.skip("baseline")
    if named and reader.sees(*_TIMES):
        reader.fail("the factor comes first", "write <= 2 x baseline")
    if reader.skip("+", "-", "−") if named else reader.skip("+"):
        offset = reader.amount()
        if offset.unit != "%" and reader.sees(*_TIMES):
            reader.fail("a multiple of the baseline stands alone", f"write {operator} 2 x baseline")
    reader.index = start


FORM = Form(read=_read, words=("x",), after_number=("x",))
