"""``in control``: a control chart over earlier measurements.  Reads and prints; not judged yet."""

from __future__ import annotations

from workbench.criteria.clause import Clause, Need, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import Later
from workbench.criteria.reader import Reader
from workbench.model.quantity import Unit


class InControl(Clause, frozen=True, cache_hash=True):
    """``in control``"""

    NEEDS = frozenset({Need.HISTORY})
    PROVABLE = False
    JUDGED = False

    def printed(self) -> str:
        return "in control"

    def prepare(self, unit: Unit) -> Plan:
        return Later(self)


def _read(reader: Reader) -> InControl:
    """``"in control"``"""
    return InControl()


FORM = Form(read=_read, opens=("in", "control"), words=("in", "control"))
