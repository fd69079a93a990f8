"""The eight verdicts, and the error that a badly written criterion raises."""

from __future__ import annotations

from enum import StrEnum

from workbench.model.errors import WorkbenchError


class Verdict(StrEnum):
    """What a criterion makes of measurements (PRODUCT 5)."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    MISSING = "missing"
    ERROR = "error"
    STALE = "stale"
    LEARNING = "learning"
    NO_BASELINE = "no_baseline"

    @property
    def known(self) -> bool:
        """Whether something was measured and judged."""
        return self not in UNKNOWN


# Of several unknowns the first one here is reported.
UNKNOWN = (Verdict.ERROR, Verdict.MISSING, Verdict.STALE, Verdict.NO_BASELINE, Verdict.LEARNING)

_SHOWN = 120


class CriterionError(WorkbenchError):
    """A criterion that cannot be read, or that does not fit its benchmark.

    ``column`` counts characters from 1; 0 means the criterion as a whole.
    """

    def __init__(self, what: str, *, text: str = "", column: int = 0, hint: str | None = None) -> None:
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        place = f"column {column} of " if column else "in "
        super().__init__(what, where=f"{place}“{shown}”" if text else None, hint=hint)
        self.column = column
