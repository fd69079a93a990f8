"""``not worse than baseline by 25%``: two samples compared.  Reads and prints; not judged yet."""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.clause import Clause, Need, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.limits import Later
from workbench.criteria.reader import Reader
from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit


class NotWorse(Clause, frozen=True, cache_hash=True):
    """``not worse than baseline by 25%``"""

    NEEDS = frozenset({Need.BASELINE, Need.SAMPLES})
    PROVABLE = False
    JUDGED = False

    percent: Decimal | None = None

    def printed(self) -> str:
        by = f" by {decimal_text(self.percent)}%" if self.percent is not None else ""
        return f"not worse than baseline{by}"

    def prepare(self, unit: Unit) -> Plan:
        return Later(self)

    def check(self, better: str | None, text: str) -> None:
        if better == "neither":
            raise CriterionError(
                "“not worse than” needs to know which way is worse",
                text=text,
                hint="set better: lower or better: higher on the benchmark",
            )


def _read(reader: Reader) -> NotWorse:
    """``"not worse than baseline" ["by" percent]``"""
    reader.expect("baseline")
    return NotWorse(reader.percent() if reader.skip("by") else None)


FORM = Form(
    read=_read,
    opens=("not", "worse", "than"),
    words=("not", "worse", "than", "by"),
    after_number=("by",),
)
