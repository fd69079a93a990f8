"""Trials of results of policies."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials


def conftest(successes: int = 0, **lists: Any) -> dict[str, Any]:
    """What Conftest says of one file."""
    return {"filename": "deployment.yaml", "namespace": "main", "successes": successes, **lists}


def constraint(*violations: dict[str, Any], total: int | None = None, **more: Any) -> dict[str, Any]:
    """A constraint that was audited."""
    counted = len(violations) if total is None else total
    status = {
        "auditTimestamp": "2026-09-15T09:00:00Z",
        "totalViolations": counted,
        "violations": list(violations),
    }
    return {
        "apiVersion": "constraints.gatekeeper.sh/v1beta1",
        "kind": "K8sRequiredLabels",
        "metadata": {"name": "owner"},
        "spec": {"enforcementAction": "deny"},
        "status": status,
        **more,
    }


def opa(value: Any, text: str = "data.main.deny") -> dict[str, Any]:
    """A decision of one rule."""
    return {"result": [{"expressions": [{"value": value, "text": text}]}]}


def encoded(value: Any) -> bytes:
    """A file of it."""
    return json.dumps(value).encode()


_RIGHT = encoded(
    [
        conftest(
            3,
            failures=[{"msg": "runs as root"}],
            warnings=[{"msg": "no limits"}],
            exceptions=[{"msg": "old"}],
        )
    ]
)

TRIALS = FileTrials(
    file="reports/policies.json",
    right=_RIGHT,
    expects={"no-violation": "1", "would-have-been-blocked": "1"},
    empty=FileCase(encoded([conftest()]), "missing", ("no rule", "namespace")),
    cut_off=FileCase(_RIGHT[:-9], "error", ("policies.json",)),
    another=FileCase(encoded([{"file": "a", "failed": []}]), "error", ("no results of policies",)),
    bomb=FileCase(b"[" * 200_000, "error", ("policies.json",)),
    hostile=FileCase(encoded([conftest(failures=[{"msg": "../../\x1b[2J[red]\u202e"}])]), "ok", ("../../",)),
    more={
        "skipped": FileCase(
            encoded([conftest(3, skipped=[{"msg": "x"}])]), "missing", ("skipped for deployment.yaml",)
        ),
        "undefined": FileCase(b"{}", "missing", ("decided nothing",)),
        "an error of OPA": FileCase(
            encoded({"errors": [{"message": "rego_parse_error"}]}), "missing", ("rego_parse",)
        ),
        "no decision": FileCase(encoded(opa(7)), "error", ("neither",)),
        "not audited": FileCase(encoded({"items": [constraint(status={})]}), "missing", ("not audited yet",)),
        "failures that are no list": FileCase(encoded([conftest(3, failures={})]), "error", ("no list",)),
        "an audit without a list": FileCase(
            encoded(constraint(status={"auditTimestamp": "2026-09-15T09:00:00Z", "violations": {}})),
            "error",
            ("no list",),
        ),
        "no message": FileCase(encoded([conftest(failures=[{}])]), "error", ("without a message",)),
        "no count": FileCase(encoded(constraint(total=-1)), "error", ("no count",)),
        "too many": FileCase(encoded(constraint(total=10**9)), "error", ("1,000,000,000",)),
    },
)
