"""Trivy's reports: https://trivy.dev/latest/docs/configuration/reporting/#json, version 2 of their shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, severity_of_word
from workbench.sources.moments import moment_of_text
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan, ScanReports
from workbench.sources.trivy.keeping import kept

_VERSION = 2
_REVISION = "org.opencontainers.image.revision"  # the label in which an image names its commit


def _with_ids(field: str) -> str:
    """``vulnerability_id`` as Trivy writes it: ``VulnerabilityID``."""
    return "".join(word.title() for word in field.split("_")).replace("Id", "ID")


class _Part(msgspec.Struct, frozen=True, rename="pascal"):
    """The base of what is read: lists may be null, and absent is the same."""


class _Place(_Part, frozen=True):
    start_line: int | None = None


class _Found(_Part, frozen=True, rename=_with_ids):
    """A vulnerability, a wrong setting, a secret or a licence: each has some of these."""

    severity: str | None = None
    vulnerability_id: str | None = None
    id: str | None = None
    rule_id: str | None = None
    name: str | None = None
    title: str | None = None
    status: str | None = None
    pkg_name: str | None = None
    installed_version: str | None = None
    start_line: int | None = None
    cause_metadata: _Place | None = None


class _Modified(_Part, frozen=True):
    status: str | None = None
    statement: str | None = None
    finding: _Found | None = None


class _Result(_Part, frozen=True):
    target: str = ""
    vulnerabilities: list[_Found] | None = None
    misconfigurations: list[_Found] | None = None
    secrets: list[_Found] | None = None
    licenses: list[_Found] | None = None
    experimental_modified_findings: list[_Modified] | None = None


class _Program(_Part, frozen=True):
    version: str | None = None


class _Report(_Part, frozen=True):
    schema_version: int
    artifact_name: str
    created_at: str | None = None
    metadata: dict[str, Any] | None = None
    results: list[_Result] | None = None
    trivy: _Program | None = None


class Trivy(ScanReports):
    """Reads the reports of one source."""

    def read(self, file: File) -> Scan:
        """The findings of all targets; ``SourceError`` for another version of the shape."""
        report: _Report = file.json(_Report, self.largest)
        if report.schema_version != _VERSION:
            raise file.wrong(
                f"has version {report.schema_version} of Trivy's shape, and only {_VERSION} is read"
            )
        # A target without findings is listed; without a target nothing was looked at.
        nothing = f"Trivy found nothing to scan in {safe_text(report.artifact_name, 100)}"
        return Scan(
            findings=[finding for result in report.results or () for finding in _findings(result)],
            secrets=True,  # unless its settings leave them out, which a report does not say
            flaws=[] if report.results else [nothing],
            told=_told(report),
        )

    def evidence(self, file: File) -> bytes:
        """The file without the code that it quotes."""
        return kept(file.bytes(self.largest))


def _findings(result: _Result) -> Iterator[Finding]:
    for one in (
        *(result.vulnerabilities or ()),
        *(one for one in result.misconfigurations or () if one.status != "PASS"),
        *(result.licenses or ()),
    ):
        yield _finding(result, one, "excepted" if one.status == "EXCEPTION" else "")
    for one in result.secrets or ():
        yield msgspec.structs.replace(
            _finding(result, one, "excepted" if one.status == "EXCEPTION" else ""), secret=True
        )
    for modified in result.experimental_modified_findings or ():
        if modified.finding is not None:
            why = modified.statement or modified.status or "set aside"
            yield _finding(result, modified.finding, safe_text(why, 200))


def _finding(result: _Result, one: _Found, suppressed: str) -> Finding:
    line = one.start_line or (one.cause_metadata.start_line if one.cause_metadata else None)
    package = f"{one.pkg_name} {one.installed_version or ''}".strip() if one.pkg_name else ""
    target = f"{result.target}:{line}" if line else result.target
    rule = one.vulnerability_id or one.rule_id or one.id or one.name or ""
    return Finding(
        severity=severity_of_word(one.severity),
        rule=safe_text(rule, 100),
        title=safe_text(one.title or "", 300),
        place=safe_text(f"{package} ({target})" if package else target, 300),
        suppressed=suppressed,
    )


def _told(report: _Report) -> Told:
    at = moment_of_text(report.created_at, "CreatedAt")[0] if report.created_at else None
    version = (report.trivy.version if report.trivy else None) or ""
    return Told(
        commit=_commit(report.metadata or {}), measured_at=at, tool=f"Trivy {safe_text(version, 40)}".strip()
    )


def _commit(metadata: Mapping[str, Any]) -> str:
    """The commit of a repository that was scanned, or the one that an image's label names."""
    found: Any = metadata.get("Commit")
    if not isinstance(found, str):
        found = metadata
        for key in ("ImageConfig", "config", "Labels", _REVISION):
            found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""
