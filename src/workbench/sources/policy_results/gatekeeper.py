"""Gatekeeper: its audit as constraints hold it (section “Audit” of its documentation), and ``gator test``.

An audit lists some violations of each constraint, 20 unless it is set up otherwise, and counts them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, Severity
from workbench.sources.moments import moment_of_text
from workbench.sources.numbers import count_of
from workbench.sources.policy_results.violations import violation
from workbench.sources.report_files import File, Told
from workbench.sources.scans import Scan

# By what is done about a violation: how severe it is, and why it blocks nothing yet.
_ACTIONS: Mapping[str, tuple[Severity, str]] = {
    "deny": ("high", ""),
    "warn": ("medium", ""),
    "dryrun": ("high", "dry run: it would have been blocked"),
}
_MOST = 100_000  # violations of one constraint that are counted and not listed
_TOLD = Told(tool="Gatekeeper")


def audit(file: File, whole: Mapping[str, Any]) -> Scan:
    """The violations of every constraint, those that are only counted too."""
    constraints = whole["items"] if isinstance(whole.get("items"), list) else [whole]
    findings: list[Finding] = []
    flaws, moments = [], []
    for constraint in constraints:
        status = _part(constraint, "status")
        if not status.get("auditTimestamp"):
            flaws.append(f"{_name(constraint)} was not audited yet")
            continue
        moments.append(_moment(status["auditTimestamp"]))
        findings += _of_constraint(file, constraint, status)
    return Scan(
        findings=findings, flaws=flaws, told=Told(measured_at=min(moments, default=None), tool="Gatekeeper")
    )


def _of_constraint(file: File, constraint: Mapping[str, Any], status: Mapping[str, Any]) -> Iterator[Finding]:
    usual = _part(constraint, "spec").get("enforcementAction")
    listed = status.get("violations", [])
    if listed is None:
        listed = []
    if not isinstance(listed, list):
        raise file.wrong("has violations that are no list")
    for one in listed:
        if not isinstance(one, dict):
            raise file.wrong("has a violation that is no object")
        severity, suppressed = _done(one.get("enforcementAction") or usual)
        place = "/".join(str(one[key]) for key in ("kind", "namespace", "name") if one.get(key))
        yield violation(file, one, severity, rule=_name(constraint), place=place, suppressed=suppressed)
    severity, suppressed = _done(usual)
    for number in range(len(listed), _total(file, status)):
        place = f"violation {number + 1:,}, which the audit counts and does not list"
        yield violation(
            file, "not listed", severity, rule=_name(constraint), place=place, suppressed=suppressed
        )


def _total(file: File, status: Mapping[str, Any]) -> int:
    total = count_of(status.get("totalViolations"), "totalViolations")
    if total > _MOST:
        raise file.wrong(f"counts {total:,} violations, and at most {_MOST:,} are read")
    return total


def test(file: File, whole: list[Any]) -> Scan:
    """The violations that ``gator test`` lists."""
    findings = []
    for one in whole:
        if not isinstance(one, dict):
            raise file.wrong("has a violation that is no object")
        severity, suppressed = _done(one.get("enforcementAction"))
        broken = _part(one, "violatingObject")
        place = f"{broken.get('kind') or ''}/{_part(broken, 'metadata').get('name') or ''}".strip("/")
        rule = _name(_part(one, "constraint"))
        findings.append(violation(file, one, severity, rule=rule, place=place, suppressed=suppressed))
    return Scan(findings=findings, told=_TOLD)


def _done(action: Any) -> tuple[Severity, str]:
    """An action of another name is taken for one that blocks."""
    return _ACTIONS.get(str(action or "deny"), ("high", ""))


def _name(constraint: Mapping[str, Any]) -> str:
    name = _part(constraint, "metadata").get("name") or ""
    return safe_text(f"{constraint.get('kind') or 'constraint'}/{name}", 150)


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _moment(text: Any) -> datetime:
    return moment_of_text(str(text), "the time of the audit")[0]
