"""``in control``: the value lies where earlier measurements lead one to expect it, by a control chart of them."""

from __future__ import annotations

from workbench.criteria.clause import Clause, Need, Outcome, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.reader import Reader
from workbench.model.quantity import Unit


class InControl(Clause, frozen=True, cache_hash=True):
    """``in control``"""

    NEEDS = frozenset({Need.HISTORY})
    PROVABLE = False

    def printed(self) -> str:
        return "in control"

    def prepare(self, unit: Unit) -> Plan:
        from workbench.criteria.on_chart import OnChart  # what charts need takes 3 ms

        return OnChart(self)

    def origin(self, outcome: Outcome, whose: str) -> str:
        return outcome.figures.basis if outcome.figures else ""


def _read(reader: Reader) -> InControl:
    """``"in control"``"""
    return InControl()


FORM = Form(read=_read, opens=("in", "control"), words=("in", "control"))
