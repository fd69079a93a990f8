"""``within 20% of baseline``, ``within 50 ms of baseline``: a distance from the baseline, to both sides."""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.amount import Amount
from workbench.criteria.clause import Clause, Need, Outcome, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import TwoSided, around, shifted_by
from workbench.criteria.operators import share_of
from workbench.criteria.reader import Reader
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit


class WithinPercent(Clause, frozen=True, cache_hash=True):
    """``within 20% of baseline``"""

    NEEDS = frozenset({Need.BASELINE})

    percent: Decimal

    def printed(self) -> str:
        return f"within {decimal_text(self.percent)}% of baseline"

    def prepare(self, unit: Unit) -> Plan:
        return TwoSided(self, share=share_of(self.percent))

    def origin(self, outcome: Outcome, whose: str) -> str:
        return shifted_by(whose, self.percent if _above(outcome) else -self.percent, outcome.inputs)

    def around(self, outcome: Outcome, whose: str) -> str:
        return around(whose, self.percent, outcome.inputs)


class Within(Clause, frozen=True, cache_hash=True):
    """``within 50 ms of baseline``"""

    NEEDS = frozenset({Need.BASELINE})

    distance: Amount

    def printed(self) -> str:
        return f"within {self.distance} of baseline"

    def prepare(self, unit: Unit) -> Plan:
        return TwoSided(self, distance=self.distance.number_in(unit, str(self)))

    def origin(self, outcome: Outcome, whose: str) -> str:
        return f"{whose} {'plus' if _above(outcome) else 'minus'} {self.distance}"

    def around(self, outcome: Outcome, whose: str) -> str:
        return f"{whose} ± {self.distance}"


def _above(outcome: Outcome) -> bool:
    """Whether the upper limit decided."""
    return outcome.limit == outcome.limit_high


def _read(reader: Reader) -> WithinPercent | Within:
    """``"within" amount "of baseline"``"""
    if reader.sees("-", "−", "+"):
        reader.fail("a distance has no sign", "write within 20% of baseline")
    amount = reader.amount()
    reader.expect("of", "baseline")
    return WithinPercent(amount.number) if amount.unit == "%" else Within(amount)


FORM = Form(read=_read, opens=("within",), words=("within",))
