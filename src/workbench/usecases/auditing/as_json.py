"""``workbench.audit.1``: the audit for scripts."""

from __future__ import annotations

from typing import Any

from workbench.model.canonical import plain
from workbench.usecases.auditing.shapes import Audit

SCHEMA = "workbench.audit.1"


def document(audit: Audit) -> dict[str, Any]:
    """What ``audit --json`` prints: every field, and how much an auditor has to look at."""
    found: dict[str, Any] = plain(audit)
    return {
        "schema": SCHEMA,
        "from": found.pop("begins"),
        "to": found.pop("ends"),
        **found,
        "happenings": [{**plain(one), "sort": one.sort.value} for one in audit.happenings],
        "flagged": len(audit.flagged),
    }
