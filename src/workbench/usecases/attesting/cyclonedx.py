"""A CycloneDX attestation (CDXA, version 1.6 of https://cyclonedx.org/docs/1.6/json/): claims about the candidate, by requirement and control.

It is the predicate of an in-toto statement of the type ``https://cyclonedx.org/bom``.  A line that passed is a claim; one
that did not, or was excepted, is a counter-claim of the same requirement, so that nothing conforms that did not pass.
Nothing conforms either that was judged from a demonstration or from an excerpt that nobody sealed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from workbench import __version__
from workbench.model.times import to_text
from workbench.usecases.attesting.shapes import VERIFIER, Attested, statement
from workbench.usecases.reporting.checks import Check, Outcome, safe

PREDICATE = "https://cyclonedx.org/bom"
_IDS = uuid.UUID("6f0f7a0e-6a6e-5f2c-9d3b-2f1a6f2d8c12")
_ALGORITHMS = {"sha1": "SHA-1", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_TARGET, _ASSESSOR = "candidate", "workbench"


def cyclonedx(attested: Attested) -> dict[str, Any]:
    """The statement; the same gate at the same moment has the same serial number."""
    return statement(attested, PREDICATE, bom(attested))


def bom(attested: Attested) -> dict[str, Any]:
    """The document with its standards (the gate, and each framework whose controls it serves) and its declarations."""
    said = attested.said
    applying = [check for check in said.checks if check.outcome is not Outcome.LEFT_OUT]
    serial = uuid.uuid5(_IDS, "\0".join((said.found.head, said.gate.key, to_text(attested.made_at))))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": to_text(attested.made_at),
            "tools": {"components": [{"type": "application", "name": "workbench", "version": __version__}]},
            "component": _component(attested),
        },
        "definitions": {"standards": list(_standards(attested, applying))},
        "declarations": {
            "assessors": [{"bom-ref": _ASSESSOR, "thirdParty": False, "organization": {"name": VERIFIER}}],
            "attestations": [
                {"summary": said.subject, "assessor": _ASSESSOR, "map": list(_map(attested, applying))}
            ],
            "claims": [_claim(check) for check in applying],
            "evidence": [
                {
                    "bom-ref": "evidence/report",
                    "propertyName": "urn:release-workbench:ledger-head",
                    "data": [
                        {"name": "ledger head", "contents": {"attachment": {"content": said.found.head}}}
                    ],
                    "created": to_text(said.found.judged_at),
                }
            ],
            "targets": {"components": [{**_component(attested), "bom-ref": _TARGET}]},
        },
    }


def _component(attested: Attested) -> dict[str, Any]:
    found = attested.said.found
    hashes = [
        {"alg": _ALGORITHMS[kind], "content": digest}
        for item in attested.products
        for kind, digest in item["digest"].items()
    ]
    named: dict[str, Any] = {
        "type": "application",
        "name": safe(found.project_key, 200),
        "version": safe(found.version, 200),
    }
    return {**named, "hashes": hashes} if hashes else named


def _standards(attested: Attested, checks: Sequence[Check]) -> Iterator[dict[str, Any]]:
    gate = attested.said.gate
    rules = {check.rule: check.rule_title for check in checks}
    yield {
        "bom-ref": f"standard/gate/{gate.key}",
        "name": f"gate {gate.key}",
        "version": attested.policy.sha256,
        "requirements": [
            {"bom-ref": f"requirement/{key}", "identifier": key, "title": title}
            for key, title in rules.items()
        ],
    }
    for framework, controls in _frameworks(attested).items():
        yield {
            "bom-ref": f"standard/{framework}",
            "name": framework,
            "requirements": [{"bom-ref": f"control/{key}", "identifier": key} for key in controls],
        }


def _frameworks(attested: Attested) -> dict[str, list[str]]:
    """Controls by what stands before their first ``/``."""
    found: dict[str, list[str]] = {}
    for key in sorted({one for served in attested.controls.values() for one in served}):
        found.setdefault(key.partition("/")[0], []).append(key)
    return found


def _map(attested: Attested, checks: Sequence[Check]) -> Iterator[dict[str, Any]]:
    for rule in dict.fromkeys(check.rule for check in checks):
        mine = [check for check in checks if check.rule == rule]
        yield _conformance(f"requirement/{rule}", mine, attested)
    for controls in _frameworks(attested).values():
        for control in controls:
            served = [key for key, listed in attested.controls.items() if control in listed]
            mine = [check for check in checks if "" in served or check.rule in served]
            yield _conformance(f"control/{control}", mine, attested)


def _conformance(requirement: str, checks: Sequence[Check], attested: Attested) -> dict[str, Any]:
    passed = [check for check in checks if check.outcome is Outcome.PASSED]
    others = [check for check in checks if check.outcome is not Outcome.PASSED]
    words = f"{len(passed)} of {len(checks)} lines passed"
    if not attested.genuine:
        words = f"judged from {'a demonstration' if attested.said.found.demonstration else 'an excerpt that nobody sealed'}; {words}"
    told = "; ".join(f"{check.title}: {check.outcome.value}" for check in others[:5])
    return {
        "requirement": requirement,
        "claims": [_ref(check) for check in passed],
        "counterClaims": [_ref(check) for check in others],
        "conformance": {
            "score": 1 if passed and not others and attested.genuine else 0,
            "rationale": f"{words}; {told}" if told else words,
        },
    }


def _ref(check: Check) -> str:
    return f"claim/{check.key}"


def _claim(check: Check) -> dict[str, Any]:
    given = check.exception
    by = f" ({given.sort} by {given.author}, approved by {given.approver})" if given else ""
    return {
        "bom-ref": _ref(check),
        "target": _TARGET,
        "predicate": f"{check.named}: {check.outcome.value}",
        "reasoning": f"{check.why}{by}",
        "evidence": ["evidence/report"],
    }
