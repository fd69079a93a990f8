"""A gate as SARIF 2.1.0: what is open is a result, an exception is a result that is suppressed.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.  What passed or does not apply is
counted and not listed: services show every result as something to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from workbench import __version__
from workbench.gates.model import Origin, Part, RequirementState, State
from workbench.model.canonical import sha256
from workbench.model.times import day_text, to_text, zone_of
from workbench.usecases.reporting.checks import Check, Checked, Outcome, safe
from workbench.usecases.reporting.words import ADVISORY, UNSEALED
from workbench.usecases.views.meanings import Meaning, meaning_of

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_KIND = {
    Outcome.FAILED: "fail",
    Outcome.ERROR: "fail",
    Outcome.EXCEPTED: "fail",
    Outcome.WAITING: "review",
    Outcome.UNJUDGED: "open",
}
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def fingerprint(said: Checked, check: Check) -> str:
    """What stays the same of a check from run to run and release to release, as a digest."""
    names = (said.found.project_key, said.gate.key, check.kind, check.key)
    return sha256("\0".join(names).encode())


def literal(text: str) -> str:
    """Text for a SARIF message: no link and no placeholder comes of what it says."""
    escaped = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return _PLACEHOLDER.sub(r"{{\1}}", escaped)


def sarif(said: Checked) -> dict[str, Any]:
    """The log with one run."""
    shown = [check for check in said.checks if check.outcome in _KIND]
    kinds = list(dict.fromkeys(check.kind for check in shown))
    found = said.found
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "workbench",
                        "version": __version__,
                        "rules": [_rule(kind, shown) for kind in kinds],
                    }
                },
                "automationDetails": {"id": f"workbench/{said.gate.key}/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(said)],
                "results": [_result(said, check, kinds.index(check.kind)) for check in shown],
                "properties": {
                    "project": safe(found.project_key, 200),
                    "release": safe(found.version, 200),
                    "commit": safe(found.candidate.commit, 64) if found.candidate else None,
                    "gate": said.gate.key,
                    "state": said.gate.state.value,
                    "advisory": said.advisory,
                    "ledgerHead": found.head,
                    "demonstration": found.demonstration is not None,
                    "passed": said.count(Outcome.PASSED),
                    "notApplicable": said.count(Outcome.LEFT_OUT),
                },
            }
        ],
    }


def _invocation(said: Checked) -> dict[str, Any]:
    """When it was judged, and what a reader must know before the results."""
    told = [(text, "warning") for text, given in _remarks(said) if given]
    unasked = [(check.why, "error") for check in said.checks if check.outcome is Outcome.ERROR]
    return {
        "executionSuccessful": True,
        "exitCode": 0 if said.advisory else said.exit_code,
        "startTimeUtc": to_text(said.found.made_at),
        "endTimeUtc": to_text(said.found.made_at),
        "toolExecutionNotifications": [
            {"message": {"text": literal(text)}, "level": level} for text, level in (*told, *unasked)
        ],
    }


def _remarks(said: Checked) -> Iterable[tuple[str, bool]]:
    yield ADVISORY, said.advisory
    yield UNSEALED, said.found.unsealed
    yield "a demonstration: its clock is set, its measurements are replayed", bool(said.found.demonstration)


def _rule(kind: str, shown: Iterable[Check]) -> dict[str, Any]:
    """One kind of line with what it means; words of the workbench alone."""
    meaning = _meaning(kind, next(check for check in shown if check.kind == kind))
    lines = (meaning.means, f"Misread: {meaning.misread}", f"Cleared: {meaning.cleared}")
    return {
        "id": kind,
        "name": "".join(word.capitalize() for word in kind.split("_")),
        "shortDescription": {"text": meaning.title},
        "fullDescription": {"text": meaning.means},
        "help": {"text": "\n".join(lines), "markdown": "\n\n".join(lines)},
        "defaultConfiguration": {"level": "error"},
    }


def _meaning(kind: str, check: Check) -> Meaning:
    part = Part(key=check.key, title=check.title, state=State.NOT_MET, why=check.why, about=check.about)
    requirement = RequirementState(
        key=check.rule,
        kind=kind,
        title=check.rule_title,
        state=State.NOT_MET,
        why=check.why,
        origin=Origin.EARLIER if kind == "earlier_gates" else Origin.ASKED,
    )
    return meaning_of(requirement, part)


def _result(said: Checked, check: Check, rule: int) -> dict[str, Any]:
    kind = _KIND[check.outcome]
    level = "none" if kind != "fail" else "warning" if said.advisory else "error"
    marks = fingerprint(said, check)
    text = f"{check.named}: {check.why}" + (f" (fix: {check.fix})" if check.fix else "")
    found: dict[str, Any] = {
        "ruleId": check.kind,
        "ruleIndex": rule,
        "kind": kind,
        "level": level,
        "message": {"text": literal(f"{text} (advisory)" if said.advisory else text)},
        "locations": [_location(said, check)],
        "fingerprints": {"workbenchCheck/v1": marks},
        "partialFingerprints": {"workbenchCheck/v1": marks},
        "properties": {"check": check.key, "outcome": check.outcome.value},
    }
    if check.outcome is Outcome.EXCEPTED:
        found["suppressions"] = [_suppression(said, check)]
    return found


def _location(said: Checked, check: Check) -> dict[str, Any]:
    logical = {
        "logicalLocations": [{"name": check.rule, "fullyQualifiedName": f"{said.gate.key}/{check.key}"}]
    }
    if check.place is None:
        return logical
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri_of(check.place.file), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": check.place.line, "startColumn": check.place.column},
        },
        **logical,
    }


def uri_of(path: str) -> str:
    """A relative path as a relative reference of RFC 3986."""
    from urllib.parse import quote

    return quote(path, safe="/")


def _suppression(said: Checked, check: Check) -> dict[str, Any]:
    """Who let it past, in a sentence; what is not known of an exception is not made up."""
    given = check.exception
    if given is None:
        return {"kind": "external", "status": "accepted", "justification": literal(check.why)}
    until = day_text(given.until, zone_of(said.found.timezone))
    names = f"{given.sort} by {given.author}, approved by {given.approver or 'nobody'}, until {until}"
    return {
        "kind": "external",
        "status": "accepted",
        "justification": literal(f"{given.reason} ({names})"),
        "properties": {
            "author": given.author,
            "approver": given.approver,
            "at": to_text(given.at),
            "until": to_text(given.until),
        },
    }
