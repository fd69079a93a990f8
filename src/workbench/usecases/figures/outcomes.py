"""BM-13 and BM-15 out of the record: the figures of the same names that ``workbench learn`` prints.

They are answered however few there are; the note says how many, and what they may be in the long run.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workbench.learning import staging
from workbench.learning.figure import Figure as Learnt
from workbench.learning.reading import Reading, read
from workbench.usecases.figures.asked import Answer, Asking, Figure
from workbench.usecases.learning import read_past


def _learnt(count: Callable[[Reading], Learnt], nothing: str) -> Figure:
    """A figure that is counted from what became of releases, incidents and failed tests."""

    def answer(asking: Asking) -> Answer:
        found = count(read(read_past(asking.context)))
        if not found.denominator or found.interval is None:
            return asking.missing(nothing)
        low, high = (round(100 * bound, 1) for bound in found.interval)
        note = f"{found.numerator} of {found.denominator} {found.among}; between {low} % and {high} % in the long run"
        value = Decimal(found.numerator) / found.denominator
        return Answer(at=asking.context.now, value=value, unit="share", note=note, of=found.denominator)

    return answer


_NONE_PASSED = "no release that staging passed without an exception has been watched to its end"
predictive_value = _learnt(staging.predictive_value, _NONE_PASSED)
missed_faults = _learnt(staging.missed_faults, _NONE_PASSED)
staging_only_failures = _learnt(
    staging.staging_only, "no review of a test that failed says whether a difference contributed"
)
