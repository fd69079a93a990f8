"""A test-result attestation: https://in-toto.io/attestation/test-result/v0.1.

Only what is met is passed.  What was let past, waits or was not judged is a warning; what could not be asked failed.
"""

from __future__ import annotations

from typing import Any

from workbench.usecases.attesting.shapes import Attested, statement
from workbench.usecases.reporting.checks import STOPS, Check, Outcome

PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_WARNS = (Outcome.EXCEPTED, Outcome.WAITING, Outcome.UNJUDGED)


def test_result(attested: Attested) -> dict[str, Any]:
    """The statement about the commit, each line of the gate as a test; what does not apply is left out."""
    checks = attested.said.checks
    failed = [_name(check) for check in checks if check.outcome in STOPS]
    warned = [_name(check) for check in checks if check.outcome in _WARNS]
    passed = [_name(check) for check in checks if check.outcome is Outcome.PASSED]
    if failed or attested.said.blocked:
        result = "FAILED"
    else:
        result = "PASSED" if passed and not warned and attested.stands else "WARNED"
    predicate: dict[str, Any] = {
        "result": result,
        "configuration": [{"name": "definitions", "digest": {"sha256": attested.policy.sha256}}],
        "passedTests": passed,
        "warnedTests": warned,
        "failedTests": failed,
    }
    if attested.run:
        predicate["url"] = attested.run
    return statement(attested, PREDICATE, predicate, source=True)


def _name(check: Check) -> str:
    return check.key
