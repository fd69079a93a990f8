"""``both <= 50 ms``: one comparison that value and baseline both satisfy."""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Clause, Comparison, Inputs, Need, Outcome, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import unknown, usable_baseline, usable_value
from workbench.criteria.operators import COMPARE, Operator, margin_to
from workbench.criteria.reader import Reader
from workbench.criteria.verdict import Verdict
from workbench.model.quantity import Unit


class Both(Comparison, frozen=True, cache_hash=True):
    """``both <= 50 ms``: value and baseline alike"""

    NEEDS = frozenset({Need.BASELINE})

    bound: Amount

    def printed(self) -> str:
        return f"both {self.operator} {self.bound}"

    def prepare(self, unit: Unit) -> Plan:
        return _BothSided(self, self.operator, self.bound.number_in(unit, str(self)))

    def origin(self, outcome: Outcome, whose: str) -> str:
        return f"for the value and for {whose}"

    def decisive(self, inputs: Inputs, limit: Decimal) -> Decimal | None:
        """The worse of value and baseline."""
        if inputs.value is None or inputs.baseline is None:
            return inputs.value
        pair = (inputs.value, inputs.baseline)
        return min(pair, key=lambda number: margin_to(self.operator, number, limit))


class _BothSided(Plan, frozen=True):
    clause: Clause
    operator: Operator
    limit: Decimal

    def judge(self, inputs: Inputs) -> Outcome:
        value, baseline = usable_value(inputs), usable_baseline(inputs)
        if value is None or baseline is None:
            return unknown(self.clause, inputs, with_baseline=True)
        compare, limit = COMPARE[self.operator], self.limit
        verdict = Verdict.PASS if compare(value, limit) and compare(baseline, limit) else Verdict.FAIL
        margin = min(margin_to(self.operator, number, limit) for number in (value, baseline))
        return Outcome(verdict, self.clause, inputs, limit, None, None, margin)


def _read(reader: Reader) -> Both:
    """``"both" operator amount``"""
    if reader.token.kind != "operator":
        reader.unexpected("a comparison (<=, >=, <, >, ==) was expected after both")
    return Both(reader.operator(), reader.absolute())


FORM = Form(read=_read, opens=("both",), words=("both",))
