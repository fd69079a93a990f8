"""Trials of plans of Terraform."""

import json
from typing import Any

from tests.sources.trials.frame import FileCase, FileTrials

SECRET = "correct horse battery staple"


def resource(address: str, *actions: str, mode: str = "managed") -> dict[str, Any]:
    """A resource and what would be done to it, with a value that is nobody's business."""
    change = {"actions": list(actions), "before": {"password": SECRET}, "after_sensitive": {"password": True}}
    return {"address": address, "mode": mode, "type": address.partition(".")[0], "change": change}


def plan(*changes: dict[str, Any], drift: list[dict[str, Any]] | None = None, **more: Any) -> bytes:
    """A plan with these changes."""
    told = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "timestamp": "2026-09-15T09:00:00Z",
        "planned_values": {"root_module": {"resources": [{"values": {"password": SECRET}}]}},
        "resource_changes": list(changes),
    }
    return json.dumps(told | ({} if drift is None else {"resource_drift": drift}) | more).encode()


_RIGHT = plan(
    resource("aws_db_instance.shop", "update"),
    resource("aws_s3_bucket.logs", "no-op"),
    resource("aws_instance.web", "delete", "create"),
    resource("aws_ami.base", "read", mode="data"),
    drift=[resource("aws_db_instance.shop", "update"), resource("aws_ami.base", "update", mode="data")],
)

TRIALS = FileTrials(
    file="plans/staging.json",
    right=_RIGHT,
    expects={"no-drift": "1", "applied": "2"},
    empty=FileCase(b'{"format_version": "1.2", "values": {}}', "error", ("no plan",)),
    cut_off=FileCase(_RIGHT[:-9], "error", ("staging.json",)),
    another=FileCase(plan(format_version="2.0"), "error", ("format 2.0",)),
    bomb=FileCase(
        plan(prior_state={}).replace(
            b'"prior_state": {}', b'"prior_state": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_000
        ),
        "error",
        ("nested too deep",),
    ),
    hostile=FileCase(plan(drift=[resource("../../\x1b[2J[red]\u202e", "update")]), "ok", ()),
    more={
        "not complete": FileCase(plan(complete=False), "missing", ("not complete",)),
        "drift of no kind": FileCase(
            plan(drift=[{"address": "aws_db_instance.shop", "mode": "managed", "change": {}}]),
            "error",
            ("does not say what happens to aws_db_instance.shop",),
        ),
        "failed": FileCase(plan(errored=True), "missing", ("failed",)),
    },
)
