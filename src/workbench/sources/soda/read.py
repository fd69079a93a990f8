"""Results of Soda Core 3: https://docs.soda.io/soda-v3/run-a-scan (``--scan-results-file``).

Where a query errs, Soda leaves out the checks that needed it and says only ``hasErrors``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.text import number_of, safe_text
from workbench.sources.check_runs import CheckReports, CheckRun
from workbench.sources.checks import Check, Outcome
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import File, Told

# Any other outcome, and none at all, was not evaluated.
_OUTCOMES: Mapping[str, Outcome] = {"pass": "passed", "fail": "failed", "warn": "failed"}


class _Check(msgspec.Struct, frozen=True):
    name: str
    outcome: str | None = None
    table: str | None = None
    diagnostics: dict[str, Any] | None = None


class _Line(msgspec.Struct, frozen=True):
    level: str | None = None
    message: str | None = None


class _Scan(msgspec.Struct, frozen=True, rename="camel"):
    has_errors: bool
    checks: list[_Check]
    logs: list[_Line] | None = None
    scan_start_timestamp: str | None = None
    automated_monitoring_checks: list[_Check] | None = None


class Soda(CheckReports):
    """Reads the scans of one source."""

    def read(self, file: File) -> CheckRun:
        """The checks of a scan."""
        scan: _Scan = file.json(_Scan, self.largest)
        checks = [*scan.checks, *(scan.automated_monitoring_checks or ())]
        return CheckRun(
            checks=[_check(one) for one in checks],
            flaws=[*_flaws(scan)],
            without="the scan has no checks",
            told=_told(scan),
        )


def _check(one: _Check) -> Check:
    value = (one.diagnostics or {}).get("value")
    return Check(
        name=safe_text(f"{one.table}.{one.name}" if one.table else one.name, 200),
        outcome=_OUTCOMES.get((one.outcome or "").lower(), "not_evaluated"),
        critical=one.outcome != "warn",
        of=safe_text(one.table or "", 100),
        why=f"value {safe_text(value, 40)}" if one.outcome in ("fail", "warn") and value is not None else "",
    )


def _flaws(scan: _Scan) -> Iterator[str]:
    if not scan.has_errors:
        return
    told = [one.message for one in scan.logs or () if one.level == "error" and one.message]
    first = safe_text(told[0], 200) if told else "it does not say which"
    more = f" (and {number_of(len(told) - 1, 'more error')})" if len(told) > 1 else ""
    yield f"the scan had errors: {first}{more}"


def _told(scan: _Scan) -> Told:
    text = scan.scan_start_timestamp
    return Told(measured_at=moment_of_text(text, "scanStartTimestamp")[0] if text else None, tool="Soda")
