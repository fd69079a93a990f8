"""Open issues of a tracker as findings: what their labels say of their severity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from workbench.model.text import safe_text
from workbench.sources.findings import SEVERITIES, Finding, Severity, severity_of_word
from workbench.sources.reading import Body

# ``severity: high``, ``severity::high``, ``Severity/High``, ``priority=critical``; GitLab's scoped labels have two colons.
_SAYS = re.compile(r"(?:severity|sev|priority|prio)\s*[:/=._-]+\s*([a-z]+)", re.IGNORECASE)


def severity_of_labels(labels: Iterable[str], mapped: Mapping[str, Severity]) -> Severity:
    """The most severe that its labels say; ``unknown`` where none says any.

    ``mapped`` tells what a label of the project means, whatever the case of its letters; a label that is a severity by
    name, or that says ``severity: high``, is understood without.
    """
    known = {label.casefold(): severity for label, severity in mapped.items()}
    found = [known.get(label.casefold()) or _said(label) for label in labels]
    named = [severity for severity in found if severity != "unknown"]
    return min(named, key=SEVERITIES.index, default="unknown")


def _said(label: str) -> Severity:
    words = label.strip().casefold()
    if words in ("critical", "high", "medium", "low"):
        return severity_of_word(words)
    found = _SAYS.fullmatch(words)
    return severity_of_word(found[1]) if found is not None else "unknown"


def body_of(issues: Iterable[Finding]) -> Body:
    """What is kept of the issues as evidence: numbers, titles and severities, not what people wrote in them."""
    return Body(
        "application/json",
        msgspec.json.encode([{"issue": one.rule, "severity": one.severity} for one in issues]),
    )


def issue(number: int, title: str, labels: Iterable[str], mapped: Mapping[str, Severity]) -> Finding:
    """An open issue: ``#12 Refunds are booked twice``."""
    return Finding(
        severity=severity_of_labels(labels, mapped),
        rule=safe_text(f"#{number} {title}".strip(), 200),
        identity=("issue", str(number)),
    )
