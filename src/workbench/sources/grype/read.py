"""Grype's reports: https://oss.anchore.com/docs/reference/grype/json/"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, severity_of_word
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan, ScanReports


class _Vulnerability(msgspec.Struct, frozen=True):
    id: str
    severity: str | None = None
    description: str | None = None


class _Artifact(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    type: str | None = None


class _Ignored(msgspec.Struct, frozen=True):
    reason: str | None = None


class _Match(msgspec.Struct, frozen=True, rename={"rules": "appliedIgnoreRules"}):
    vulnerability: _Vulnerability
    artifact: _Artifact
    rules: list[_Ignored] | None = None


class _Descriptor(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    timestamp: str | None = None
    db: dict[str, Any] | None = None


class _Report(msgspec.Struct, frozen=True, rename={"ignored": "ignoredMatches"}):
    descriptor: _Descriptor
    matches: list[_Match] | None
    ignored: list[_Match] | None = None


class Grype(ScanReports):
    """Reads the reports of one source."""

    def read(self, file: File) -> Scan:
        """The vulnerabilities of all packages, and those that rules of the team ignore."""
        report: _Report = file.json(_Report, self.largest)
        if report.descriptor.name != "grype":
            raise file.wrong(f"was written by {safe_text(report.descriptor.name, 60)}, not by Grype")
        ignored = [_finding(one, _why(one)) for one in report.ignored or ()]
        return Scan(
            findings=[*(_finding(one, "") for one in report.matches or ()), *ignored],
            flaws=[*_flaws(report.descriptor.db)],
            told=_told(report.descriptor),
        )


def _finding(match: _Match, suppressed: str) -> Finding:
    artifact = match.artifact
    return Finding(
        severity=severity_of_word(match.vulnerability.severity),
        rule=safe_text(match.vulnerability.id, 100),
        title=safe_text(match.vulnerability.description or "", 300),
        place=safe_text(f"{artifact.name} {artifact.version or ''}".strip(), 200),
        suppressed=suppressed,
        identity=(match.vulnerability.id, artifact.type or "", artifact.name, artifact.version or ""),
    )


def _why(match: _Match) -> str:
    reasons = [rule.reason for rule in match.rules or () if rule.reason]
    return safe_text(reasons[0] if reasons else "ignored by a rule", 200)


def _flaws(db: dict[str, Any] | None) -> Iterator[str]:
    """What the database of vulnerabilities says of itself; it was wrapped in ``status`` since version 6 of its shape."""
    status = (db or {}).get("status", db)
    if isinstance(status, dict):
        if status.get("error"):
            yield f"Grype's database: {safe_text(status['error'], 150)}"
        elif status.get("valid") is False:
            yield "Grype says that its database is not valid"


def _told(descriptor: _Descriptor) -> Told:
    at = moment_of_text(descriptor.timestamp, "the time of the scan")[0] if descriptor.timestamp else None
    return Told(measured_at=at, tool=safe_text(f"Grype {descriptor.version or ''}".strip(), 60))
