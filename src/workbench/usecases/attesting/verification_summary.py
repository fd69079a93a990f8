"""A verification summary (VSA) of SLSA: https://slsa.dev/spec/v1.0/verification_summary.

It says ``PASSED`` only for a gate that has passed whole, signatures too, judged from a record and no demonstration.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from workbench.model.times import to_text
from workbench.usecases.attesting.shapes import VERIFIER, Attested, statement

PREDICATE = "https://slsa.dev/verification_summary/v1"
_NAME = re.compile(r"[^A-Z0-9]+")


def verification_summary(attested: Attested) -> dict[str, Any]:
    """The statement.  Its level is one of our own: a gate says nothing of how the artifact was built."""
    found, gate = attested.said.found, attested.said.gate
    level = f"WORKBENCH_GATE_{_NAME.sub('_', gate.key.upper()).strip('_')}"
    predicate = {
        "verifier": {"id": VERIFIER},
        "timeVerified": to_text(found.made_at),  # of a release that went out: when it was judged
        "resourceUri": resource(attested),
        "policy": {
            "uri": attested.policy.uri or f"workbench:definitions/{quote(found.project_key, safe='')}",
            "digest": {"sha256": attested.policy.sha256},
        },
        "inputAttestations": [
            {"uri": item.uri or item.name, "digest": {"sha256": item.sha256}} for item in attested.inputs
        ],
        "verificationResult": "PASSED" if attested.stands else "FAILED",
        "verifiedLevels": [level] if attested.stands else ["FAILED"],
        "slsaVersion": "1.0",
    }
    return statement(attested, PREDICATE, predicate)


def resource(attested: Attested) -> str:
    """What the summary is of: ``workbench:release/PROJECT/VERSION``, percent-encoded."""
    found = attested.said.found
    return f"workbench:release/{quote(found.project_key, safe='')}/{quote(found.version, safe='')}"
