"""A gate for GitLab: a Code Quality report for the merge request, and a log with a section.

Formats: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format and
https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections.
"""

from __future__ import annotations

import re
from typing import Any

from workbench.model.ci_log import break_commands
from workbench.usecases.reporting.as_sarif import fingerprint
from workbench.usecases.reporting.as_text import text_report
from workbench.usecases.reporting.checks import Check, Checked, Outcome

_SEVERITY = {
    Outcome.FAILED: "blocker",
    Outcome.ERROR: "critical",
    Outcome.WAITING: "minor",
    Outcome.EXCEPTED: "info",
    Outcome.UNJUDGED: "info",
}
_ADVISORY = "minor"  # the most that a report is worth that stops nothing
_NAMES = re.compile(r"[^A-Za-z0-9_.-]")


def code_quality(said: Checked) -> list[dict[str, Any]]:
    """One issue for each line that is open or excepted; GitLab compares them by fingerprint."""
    return [_issue(said, check) for check in said.checks if check.outcome in _SEVERITY]


def _issue(said: Checked, check: Check) -> dict[str, Any]:
    severity = _SEVERITY[check.outcome]
    stops = check.outcome in (Outcome.FAILED, Outcome.ERROR)
    note = "advisory, " if said.advisory else ""
    place = check.place
    return {
        "description": f"{check.named}: {note}{check.outcome.value}: {check.why}",
        "check_name": f"workbench/{said.gate.key}/{check.kind}",
        "fingerprint": fingerprint(said, check),
        "severity": _ADVISORY if said.advisory and stops else severity,
        "location": {
            "path": place.file if place else "workbench.yaml",
            "lines": {"begin": place.line if place else 1},
        },
    }


def log(said: Checked, reader: str = "", *, sections: bool = False) -> str:
    """The report as text; where a runner reads it, as a section that can be folded."""
    text = break_commands(text_report(said.found, said.gate, reader, advisory=said.advisory))
    if not sections:
        return f"{text}\n"
    at = int(said.found.made_at.timestamp())
    name = "workbench_" + _NAMES.sub("_", said.gate.key)
    start = f"section_start:{at}:{name}\r\x1b[0K{said.subject}"
    return f"{start}\n{text}\nsection_end:{at}:{name}\r\x1b[0K\n"
