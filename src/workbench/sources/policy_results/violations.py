"""What policies say of one violation: a text, or an object with a message and whatever else its author gave it."""

from __future__ import annotations

from typing import Any

from workbench.model.text import safe_text
from workbench.sources.findings import Finding, Severity, severity_of_word
from workbench.sources.report_files import File


def violation(
    file: File, said: Any, severity: Severity, *, rule: str = "", place: str = "", suppressed: str = ""
) -> Finding:
    """One violation; ``severity`` stands where it names none of its own.  ``SourceError`` for what says nothing."""
    message = said
    if isinstance(said, dict):
        message = said.get("msg", said.get("message"))
        details = said.get("metadata")
        told = said.get("severity", details.get("severity") if isinstance(details, dict) else None)
        severity = severity_of_word(told) if told is not None else severity
    if not isinstance(message, str):
        raise file.wrong("has a violation without a message")
    return Finding(
        severity=severity,
        rule=safe_text(rule or message, 200),
        title=safe_text(message, 300),
        place=safe_text(place, 200),
        suppressed=suppressed,
        identity=(rule, place, message),
    )
