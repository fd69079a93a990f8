"""The gate's report as an in-toto statement with a predicate of our own, and all attestations of a gate together.

Format: https://github.com/in-toto/attestation, Statement v1.
"""

from __future__ import annotations

from typing import Any

from workbench import __version__
from workbench.model.canonical import encode
from workbench.model.times import to_text
from workbench.usecases.attesting.cyclonedx import cyclonedx
from workbench.usecases.attesting.dsse import Sign, envelope
from workbench.usecases.attesting.shapes import MEDIA, VERIFIER, Attested, Document, statement
from workbench.usecases.attesting.test_result import test_result
from workbench.usecases.attesting.verification_summary import verification_summary
from workbench.usecases.reporting.checks import Check, safe
from workbench.usecases.reporting.judgement import SignatureReport

GATE_REPORT = f"{VERIFIER}:gate-report:v1"


def gate_statement(attested: Attested) -> dict[str, Any]:
    """What was judged of the candidate at a gate: each line, who signed, what was let past."""
    said = attested.said
    found, gate = said.found, said.gate
    predicate: dict[str, Any] = {
        "tool": {"name": "workbench", "version": __version__},
        "project": safe(found.project_key, 200),
        "release": safe(found.version, 200),
        "gate": {"key": gate.key, "title": safe(gate.title, 200), "state": gate.state.value},
        "passed": attested.stands,
        "exitCode": said.exit_code,
        "advisory": said.advisory,
        "demonstration": found.demonstration is not None,
        "unsealed": found.unsealed,
        "judgedAt": to_text(found.judged_at),
        "attestedAt": to_text(attested.made_at),
        "ledgerHead": found.head,
        "definitions": attested.policy.document,
        "reports": [item.document for item in attested.inputs],
        "checks": [_check(item) for item in said.checks],
        "signatures": [_signature(item) for item in gate.signatures],
    }
    if attested.run:
        predicate["run"] = attested.run
    return statement(attested, GATE_REPORT, predicate)


def _check(item: Check) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": item.key,
        "kind": item.kind,
        "requirement": item.rule,
        "title": item.named,
        "outcome": item.outcome.value,
        "why": item.why,
    }
    if given := item.exception:
        found["exception"] = {
            "sort": given.sort,
            "reason": given.reason,
            "author": given.author,
            "approver": given.approver,
            "at": to_text(given.at),
            "until": to_text(given.until),
        }
    return found


def _signature(item: SignatureReport) -> dict[str, Any]:
    return {
        "person": safe(item.person, 100),
        "role": safe(item.role, 100),
        "decision": item.decision.value,
        "at": to_text(item.at),
        "counts": item.counts,
        "identity": safe(item.identity, 500),
        "statement": item.statement,
        "shown": item.shown,
        "basis": item.basis,
    }


def attestations(attested: Attested, sign: Sign | None = None) -> list[Document]:
    """The gate's report, a verification summary, a test result and a CycloneDX attestation: signed envelopes, or bare statements.

    The same gate at the same moment gives the same statements.  ``UsageError`` where there is nothing to name.
    """
    made = (
        ("gate-report", gate_statement(attested)),
        ("verification-summary", verification_summary(attested)),
        ("test-result", test_result(attested)),
        ("cyclonedx", cyclonedx(attested)),
    )
    ending = "intoto.json" if sign is None else "dsse.json"
    return [
        Document(
            f"{attested.said.gate.key}.{name}.{ending}",
            MEDIA if sign is None else "application/vnd.dsse+json",
            encode(document) if sign is None else envelope(encode(document), sign),
        )
        for name, document in made
    ]
