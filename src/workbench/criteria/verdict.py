"""The nine verdicts and their words, and the error that a badly written criterion raises."""

from __future__ import annotations

from enum import StrEnum

import msgspec

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
    INCONCLUSIVE = "inconclusive"

    @property
    def known(self) -> bool:
        """Whether something was measured and judged."""
        return self not in UNKNOWN

    @property
    def words(self) -> Words:
        """How people say it."""
        return _WORDS[self]


# Of several unknowns the first one here is reported.
UNKNOWN = (
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.NO_BASELINE,
    Verdict.INCONCLUSIVE,
    Verdict.LEARNING,
)


class Words(msgspec.Struct, frozen=True):
    """A verdict as it stands in a table (``no data``) and behind a number (``3 without data``).

    Of an unknown also the reason where nothing more is known: about the value, and about the
    baseline, which stands for ``{}``.
    """

    alone: str
    counted: str
    of_value: str = ""
    of_baseline: str = ""


_WORDS = {
    Verdict.PASS: Words("pass", "pass"),
    Verdict.WARN: Words("warn", "warn"),
    Verdict.FAIL: Words("fail", "fail"),
    Verdict.MISSING: Words("no data", "without data", "no data", "no data for the {}"),
    Verdict.ERROR: Words(
        "could not ask", "could not be asked", "the value could not be measured", "the {} could not be measured"
    ),
    Verdict.STALE: Words("too old", "too old", "the value is too old", "the {} is too old"),
    Verdict.LEARNING: Words(
        "learning", "learning", "not enough history yet", "not enough history for the {} yet"
    ),
    Verdict.NO_BASELINE: Words(
        "nothing to compare", "with nothing to compare", "nothing to compare",
        "nothing to compare: the {} has no value",
    ),
    Verdict.INCONCLUSIVE: Words(
        "cannot be told", "that cannot be told", "the samples cannot tell", "the samples of the {} cannot tell"
    ),
}  # fmt: skip

_SHOWN = 120


class CriterionError(WorkbenchError):
    """A criterion that cannot be read, or that does not fit its benchmark.

    ``column`` counts characters from 1; 0 means the criterion as a whole.  ``rule`` says which
    of a benchmark's two it is, ``pass`` or ``warn``, where both were looked at.
    """

    def __init__(
        self, what: str, *, text: str = "", column: int = 0, hint: str | None = None, rule: str = ""
    ) -> None:
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        place = f"column {column} of " if column else "in "
        super().__init__(what, where=f"{place}“{shown}”" if text else None, hint=hint)
        self.column = column
        self.rule = rule
