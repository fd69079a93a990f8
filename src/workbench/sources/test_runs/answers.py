"""What test reports answer: whether all tests passed, or one number about them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.model.canonical import decimal_text
from workbench.model.quantity import from_float
from workbench.model.text import safe_text
from workbench.sources.reading import ALL_FAILING, Body, Found, in_unit
from workbench.sources.test_runs import Read
from workbench.sources.test_runs.counts import Counts

_SHARES: tuple[Read, ...] = ("pass_rate", "fail_rate")
_OF_WHAT_RAN: tuple[Read, ...] = (*_SHARES, "failed", "flaky")  # none of no tests at all is no good news
_SHOWN = 3  # names of failing tests in the line that a gate shows


class Run(msgspec.Struct, frozen=True):
    """The files of a source that speak of one commit, counted together.

    ``flaws`` say what keeps them from being the whole truth; ``left_out`` is how many are in
    version control.
    """

    names: list[str]
    counts: Counts
    measured: datetime
    bodies: tuple[Body, ...]
    told: bool
    red: bool
    flaws: tuple[str, ...]
    left_out: int


def _facts(run: Run) -> dict[str, str | int]:
    counts = run.counts
    facts: dict[str, str | int] = {
        "passed": counts.passed,
        "failed": counts.failed,
        "errors": counts.errors,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
        "files": len(run.names),
        "file": run.names[0],
        "seconds": decimal_text(from_float(round(counts.seconds, 3))),
    }
    if counts.unclear:
        facts["unclear"] = counts.unclear
    if counts.failing:
        facts["failing"] = safe_text("; ".join(counts.failing), 1000)
    if named := _all_failing(run):
        facts[ALL_FAILING] = msgspec.json.encode(named).decode()
    if run.left_out:
        facts["left_out"] = run.left_out
    if counts.subtests:
        facts["subtests"] = counts.subtests
    if counts.environment:
        facts["tested_in"] = safe_text(counts.environment, 200)
    if counts.note:
        facts["note"] = counts.note
    return facts


def _all_failing(run: Run) -> list[str]:
    """The tests that failed, where the report names every one of them and nothing else is red; else nothing."""
    counts = run.counts
    names = [safe_text(name, 300) for name in counts.failing]
    complete = len(set(names)) == counts.failed + counts.errors and not (counts.unclear or run.flaws)
    return names if complete else []


def _flaws(run: Run) -> str | None:
    """What keeps a report from being the whole truth; the first few, in words."""
    if not run.flaws:
        return None
    more = f"; and {len(run.flaws) - 3:,} more" if len(run.flaws) > 3 else ""
    return "; ".join(run.flaws[:3]) + more


def about_tests(run: Run) -> Found:
    counts = run.counts
    facts = _facts(run) | {"commit_known": "asked" if run.told else "asserted"}
    flaws = _flaws(run)
    if not counts.ran and not run.red:
        why = flaws or _why_nothing(counts)
        return Found(
            state="missing", measured_at=run.measured, why=why, facts=facts, bodies=run.bodies, unit=""
        )
    facts["green"] = "no" if run.red else "yes"
    return Found(
        state="ok",
        measured_at=run.measured,
        value=Decimal(0 if run.red else 1),
        unit="",
        why=_summary(counts),
        samples=counts.total,
        partial=flaws,
        facts=facts,
        bodies=run.bodies,
    )


def _summary(counts: Counts) -> str:
    """``2 failed, 5 passed: cart.adds, cart.pays``."""
    counted = {
        "failed": counts.failed,
        "with errors": counts.errors,
        "with an unknown result": counts.unclear,
        "passed": counts.passed,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
    }
    summary = ", ".join(f"{count:,} {word}" for word, count in counted.items() if count)
    if not counts.failing:
        return summary
    more = max(len(counts.failing), counts.not_passed) - _SHOWN
    named = ", ".join(counts.failing[:_SHOWN])
    return f"{summary}{': ' if summary else ''}{named}{f' and {more:,} more' if more > 0 else ''}"


def _why_nothing(counts: Counts) -> str:
    return "every test was skipped" if counts.skipped else "the report holds no tests"


def measured(run: Run, read: Read, wanted: str) -> Found:
    counts = run.counts
    flaws = _flaws(run)
    if flaws or not counts.total or (read in _OF_WHAT_RAN and not counts.ran):
        # A number from a report that contradicts itself would look like a measured one.
        return Found(
            state="missing",
            measured_at=run.measured,
            why=f"the report is incomplete: {flaws}" if flaws else _why_nothing(counts),
            samples=counts.total,
            facts=_facts(run),
            bodies=run.bodies,
        )
    number, unit = in_unit(*_value(counts, read), wanted)
    return Found(
        state="ok",
        measured_at=run.measured,
        value=number,
        unit=unit,
        samples=counts.ran if read in _SHARES else counts.total,
        facts=_facts(run),
        bodies=run.bodies,
    )


def _value(counts: Counts, read: Read) -> tuple[Decimal, str]:
    """The number and its natural unit."""
    if read == "pass_rate":
        return from_float(counts.passed / counts.ran), "share"
    if read == "fail_rate":
        return from_float(counts.not_passed / counts.ran), "share"
    if read == "duration":
        return from_float(round(counts.seconds, 6)), "s"
    number = {
        "failed": counts.not_passed,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
        "total": counts.total,
    }
    return Decimal(number[read]), ""
