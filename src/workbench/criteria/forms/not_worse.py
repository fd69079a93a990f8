"""``not worse than baseline by 25%``: the samples of two sides compared, with three outcomes.

Absence of evidence is no evidence: where the interval of the difference lies on both sides of what
is tolerated, nothing can be told.
"""

from __future__ import annotations

from decimal import Decimal

from workbench.criteria.clause import Clause, Need, Plan
from workbench.criteria.forms.form import Form
from workbench.criteria.reader import Reader
from workbench.criteria.verdict import CriterionError
from workbench.model.canonical import decimal_text
from workbench.model.quantity import Unit

USUAL = Decimal(10)  # per cent that are tolerated where the criterion names none


class NotWorse(Clause, frozen=True, cache_hash=True):
    """``not worse than baseline by 25%``"""

    NEEDS = frozenset({Need.BASELINE, Need.SAMPLES})
    PROVABLE = False

    percent: Decimal | None = None

    def printed(self) -> str:
        by = f" by {decimal_text(self.percent)}%" if self.percent is not None else ""
        return f"not worse than baseline{by}"

    def prepare(self, unit: Unit) -> Plan:
        from workbench.criteria.in_samples import InSamples  # what comparing needs takes 5 ms

        return InSamples(self, USUAL if self.percent is None else self.percent)

    def check(self, better: str | None, text: str) -> None:
        if better == "neither":
            raise CriterionError(
                "“not worse than” needs to know which way is worse",
                text=text,
                hint="set better: lower or better: higher on the benchmark",
            )
        if better == "higher" and self.percent is not None and self.percent >= 100:
            raise CriterionError(
                f"nothing above 0 can be lower by {decimal_text(self.percent)} %",
                text=text,
                hint="write less than 100",
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
