"""Checks of data: each passed, failed, could not be evaluated, or was not looked at; whatever wrote it down.

A check that could not be evaluated (an error of its own, a table that is not there) says nothing about the data:
it has not failed, and it has certainly not passed.  Where there is one, no share and no count of failures is
measured.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Literal

import msgspec
from msgspec import field

from workbench.model.fields import Shape
from workbench.model.quantity import from_float
from workbench.model.text import number_of, safe_text, some_of
from workbench.sources.reading import Found, Question, in_unit

Outcome = Literal["passed", "failed", "errored", "not_evaluated"]

_SHOWN = 3  # checks that the line of a gate names


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check of data.

    ``of`` is what was looked at (a table), ``rows`` how many rows it had and ``rows_failed`` how many
    of them broke the check, where the check is one of rows; ``empty`` ones had no value, so it did not look at them.  A check that is not ``critical`` only warns.
    ``why`` says in words what came of it.
    """

    name: str
    outcome: Outcome
    critical: bool = True
    of: str = ""
    rows: int | None = None
    rows_failed: int | None = None
    empty: int = 0
    why: str = ""

    @property
    def words(self) -> str:
        """``amount is never null (3 of 40 rows)``."""
        told = f" ({self.why})" if self.why else ""
        return safe_text(f"{self.name}{told}", 200)


class ChecksMeasure(Shape, frozen=True, kw_only=True):
    """One number about checks of data."""

    read: Literal[
        "pass_rate", "rows_passed", "failed", "critical_failed", "errored", "not_evaluated", "total"
    ] = "pass_rate"
    """The share of checks that passed; the share of rows that at least passed every check; or a count of checks."""
    checks: list[str] = field(default_factory=list)
    """Only checks with these names count, such as ``orders.*``; all unless set."""


def measure(
    checks: Iterable[Check],
    asked: ChecksMeasure,
    question: Question,
    *,
    measured_at: datetime,
    flaws: Iterable[str] = (),
    without: str = "",
    facts: Mapping[str, str | int] = {},
) -> Found:
    """The answer to a question about checks; ``flaws`` say why what a tool wrote is not the whole of it, ``without`` why there may be none."""
    chosen = [check for check in checks if _asked(check, asked.checks)]
    told = {**facts, **_facts(chosen)}
    why_not = _why_not(chosen, asked, tuple(flaws), without)
    if why_not:
        return Found(state="missing", measured_at=measured_at, why=why_not, samples=len(chosen), facts=told)
    value, natural = _value(chosen, asked.read)
    number, unit = in_unit(value, natural, question.unit)
    return Found(
        state="ok",
        measured_at=measured_at,
        value=number,
        unit=unit,
        why=_summary(chosen),
        samples=len(chosen),
        facts=told,
    )


def _asked(check: Check, names: list[str]) -> bool:
    return not names or any(fnmatchcase(check.name, name) for name in names)


def _of(checks: Sequence[Check], outcome: Outcome) -> list[Check]:
    return [check for check in checks if check.outcome == outcome]


def _why_not(checks: Sequence[Check], asked: ChecksMeasure, flaws: tuple[str, ...], without: str) -> str:
    """Why no number can be said; ``""`` where one can."""
    if flaws:
        return f"the checks are not complete: {'; '.join(flaws[:3])}"
    if not checks:
        return (
            f"no check is called {', '.join(asked.checks)}"
            if asked.checks
            else without or "there are no checks"
        )
    if asked.read in ("errored", "not_evaluated", "total"):
        return ""
    open_ = [*_of(checks, "errored"), *_of(checks, "not_evaluated")]
    if asked.read == "critical_failed":
        open_ = [check for check in open_ if check.critical]
    if open_:
        return f"{number_of(len(open_), 'check')} could not be evaluated: {_named(open_)}"
    if asked.read == "rows_passed" and not any(check.rows for check in checks):
        return "no check says of how many rows it looked at"
    whole = [check for check in _of(checks, "failed") if check.rows is None]
    if asked.read == "rows_passed" and whole:
        return f"what failed is not told in rows: {_named(whole)}"
    return ""


def _value(checks: Sequence[Check], read: str) -> tuple[Decimal, str]:
    failed = _of(checks, "failed")
    if read == "pass_rate":
        return from_float(len(_of(checks, "passed")) / len(checks)), "share"
    if read == "rows_passed":
        return from_float(_rows_passed(checks)), "share"
    counts = {
        "failed": len(failed),
        "critical_failed": sum(check.critical for check in failed),
        "errored": len(_of(checks, "errored")),
        "not_evaluated": len(_of(checks, "not_evaluated")),
        "total": len(checks),
    }
    return Decimal(counts[read]), ""


def _rows_passed(checks: Sequence[Check]) -> float:
    """The share of rows that at least passed all checks, over everything that was looked at.

    Which rows broke a check is not told, only how many: a row that broke two is counted twice, so the true share
    may be higher and is never lower.
    """
    rows: dict[str, int] = {}
    failed: dict[str, int] = {}
    for check in checks:
        if check.rows is not None:
            rows[check.of] = max(rows.get(check.of, 0), check.rows)
            failed[check.of] = failed.get(check.of, 0) + (check.rows_failed or 0)
    passed = sum(max(0, rows[table] - failed[table]) for table in rows)
    return passed / sum(rows.values())


def _facts(checks: Sequence[Check]) -> dict[str, str | int]:
    failed = _of(checks, "failed")
    facts: dict[str, str | int] = {
        "passed": len(_of(checks, "passed")),
        "failed": len(failed),
        "critical_failed": sum(check.critical for check in failed),
        "errored": len(_of(checks, "errored")),
        "not_evaluated": len(_of(checks, "not_evaluated")),
    }
    if empty := sum(check.empty for check in checks):
        facts["empty_values"] = f"{empty:,}, which no check looked at"
    if failed:
        facts["failing"] = safe_text("; ".join(check.words for check in failed), 1000)
    return facts


def _named(checks: Sequence[Check]) -> str:
    return some_of([check.words for check in checks], _SHOWN)


def _summary(checks: Sequence[Check]) -> str:
    """``2 failed, 38 passed: orders.amount is never null (3 of 40 rows), …``."""
    counted = {
        "failed": "failed",
        "errored": "could not be evaluated",
        "not_evaluated": "were not evaluated",
        "passed": "passed",
    }
    numbers = [
        (sum(check.outcome == outcome for check in checks), words) for outcome, words in counted.items()
    ]
    told = ", ".join(f"{number:,} {words}" for number, words in numbers if number)
    not_passed = [check for check in checks if check.outcome != "passed"]
    return f"{told}: {_named(not_passed)}" if not_passed else told
