"""A gate as a CTRF report (version 1.0.0 of the schema that https://ctrf.io publishes)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workbench import __version__
from workbench.model.times import to_text
from workbench.usecases.reporting.as_sarif import fingerprint
from workbench.usecases.reporting.checks import Check, Checked, Outcome, safe
from workbench.usecases.reporting.words import ADVISORY

_STATUS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.ERROR: "other",
    Outcome.WAITING: "pending",
    Outcome.EXCEPTED: "skipped",
    Outcome.UNJUDGED: "skipped",
    Outcome.LEFT_OUT: "skipped",
}
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def ctrf(said: Checked) -> dict[str, Any]:
    """The document.  Durations are 0: a gate takes no time that means anything."""
    found = said.found
    counted = Counter(_STATUS[check.outcome] for check in said.checks)
    at = int(found.made_at.timestamp() * 1000)
    environment = {
        "appName": safe(found.project, 200),
        "buildName": safe(found.version, 200),
        **({"commit": safe(found.candidate.commit, 64)} if found.candidate else {}),
    }
    return {
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "timestamp": to_text(found.made_at),
        "generatedBy": "workbench",
        "results": {
            "tool": {"name": "workbench gate", "version": __version__},
            "summary": {
                "tests": len(said.checks),
                **{name: counted[name] for name in _STATUSES},
                "start": at,
                "stop": at,
            },
            "tests": [_test(said, check) for check in said.checks],
            "environment": environment,
            "extra": {
                "gate": said.gate.key,
                "state": said.gate.state.value,
                "exitCode": said.exit_code,
                "advisory": said.advisory,
                **({"note": ADVISORY} if said.advisory else {}),
                "ledgerHead": found.head,
                "unsealed": found.unsealed,
                "demonstration": found.demonstration is not None,
            },
        },
    }


def _test(said: Checked, check: Check) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if check.place:
        more = {"filePath": check.place.file, "line": check.place.line}
    if check.outcome is not Outcome.PASSED:
        more["message"] = f"{check.why} (fix: {check.fix})" if check.fix else check.why
    return {
        "name": check.named if check.key == check.rule else f"{check.named} [{check.key}]",
        "status": _STATUS[check.outcome],
        "rawStatus": check.outcome.value,
        "duration": 0,
        "suite": [said.subject, check.rule_title or check.rule],
        "testId": fingerprint(said, check),
        **more,
    }
