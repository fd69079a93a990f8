"""``<= 600 ms``: an absolute limit."""

from __future__ import annotations

from typing import NoReturn

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Comparison, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import OneSided
from workbench.criteria.operators import Operator
from workbench.criteria.reader import Reader
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit


class Compare(Comparison, frozen=True, cache_hash=True):
    """``<= 600 ms``"""

    bound: Amount

    def printed(self) -> str:
        return f"{self.operator} {self.bound}"

    def prepare(self, unit: Unit) -> Plan:
        return OneSided(self, self.operator, False, self.bound.number_in(unit, str(self)))


def _read(reader: Reader) -> Compare:
    """``operator amount``"""
    operator = reader.operator()
    start = reader.token
    amount = reader.amount(signed=True)
    if reader.sees("of"):
        _share_of_baseline(reader, operator, amount)
    if amount.unit == "%" and amount.number < 0:
        reader.fail(
            "it is not clear whether this is a negative limit or a distance from the baseline",
            f"write {operator} baseline - {decimal_text(-amount.number)}%, "
            f"or {operator} {decimal_text(amount.number)} for a limit in the benchmark's unit",
            start,
        )
    return Compare(operator, reader.not_points(amount, start))


def _share_of_baseline(reader: Reader, operator: Operator, amount: Amount) -> NoReturn:
    if amount.unit != "%":
        reader.fail("only “within” takes a distance of the baseline", f"write within {amount} of baseline")
    factor, raised = decimal_text(amount.number / 100), decimal_text(1 + amount.number / 100)
    reader.fail(
        "a limit as a share of the baseline is written as a multiple",
        f"write {operator} {factor} x baseline, or {operator} {raised} x baseline",
    )


FORM = Form(read=_read)
