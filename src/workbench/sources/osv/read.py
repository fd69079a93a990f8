"""Reports of the OSV scanner, as the section “Output” of its documentation has them (JSON, versions 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.sources.findings import Finding, Severity, severity_of_score, severity_of_word
from workbench.sources.numbers import number_of
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan, ScanReports


class _Said(msgspec.Struct, frozen=True):
    severity: str | None = None


class _Vulnerability(msgspec.Struct, frozen=True):
    id: str
    summary: str | None = None
    database_specific: _Said | None = None


class _Group(msgspec.Struct, frozen=True):
    """One vulnerability under all the names that it has."""

    ids: list[str]
    max_severity: str | None = None


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    ecosystem: str | None = None


class _Scanned(msgspec.Struct, frozen=True):
    package: _Package
    vulnerabilities: list[_Vulnerability] | None = None
    groups: list[_Group] | None = None


class _Source(msgspec.Struct, frozen=True):
    path: str | None = None


class _Result(msgspec.Struct, frozen=True):
    packages: list[_Scanned] | None = None
    source: _Source | None = None


class _Report(msgspec.Struct, frozen=True):
    results: list[_Result] | None


class Osv(ScanReports):
    """Reads the reports of one source."""

    def read(self, file: File) -> Scan:
        """The vulnerabilities of all packages, each once, however many names it has."""
        report: _Report = file.json(_Report, self.largest)
        packages = [one for result in report.results or () for one in result.packages or ()]
        # Without --all-packages a clean scan and one of nothing look alike.
        nothing = "the report names no package; let osv-scanner write --all-packages, so that a clean scan can be told"
        return Scan(
            findings=[finding for one in packages for finding in _findings(one)],
            flaws=[] if packages else [nothing],
            told=Told(tool="OSV-Scanner"),
        )


def _findings(scanned: _Scanned) -> Iterator[Finding]:
    known = {one.id: one for one in scanned.vulnerabilities or ()}
    groups = list(scanned.groups or ())
    grouped = {name for group in groups for name in group.ids}
    groups += [_Group([name]) for name in known if name not in grouped]
    for group in groups:
        told = [known[name] for name in group.ids if name in known]
        package = scanned.package
        yield Finding(
            severity=_severity(group, told),
            rule=safe_text(group.ids[0] if group.ids else "", 100),
            title=safe_text(next((one.summary for one in told if one.summary), ""), 300),
            place=safe_text(f"{package.name} {package.version or ''}".strip(), 200),
            identity=(*sorted(group.ids), package.ecosystem or "", package.name, package.version or ""),
        )


def _severity(group: _Group, told: list[_Vulnerability]) -> Severity:
    """By the score of the group, else by the word that the database has for it."""
    if group.max_severity:
        try:
            score = number_of(group.max_severity, "max_severity")
        except SourceError:
            return "unknown"
        if score is not None:
            return severity_of_score(score)
    words = [
        one.database_specific.severity
        for one in told
        if one.database_specific and one.database_specific.severity
    ]
    return severity_of_word(words[0]) if words else "unknown"
