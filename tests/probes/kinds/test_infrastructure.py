"""Plans and states of Terraform: resources by address, what was changed outside the code, and sensitive values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.probes.kinds.looking import look, put, told

PLANS = {"staging": "staging.json", "production": "production.json"}


def resource(address: str, sensitive: Any = None, mode: str = "managed", **values: Any) -> dict[str, Any]:
    return {"address": address, "mode": mode, "values": values, "sensitive_values": sensitive or {}}


def plan(*resources: dict[str, Any], **more: Any) -> str:
    module = {"resources": list(resources), "child_modules": more.pop("modules", [])}
    return json.dumps({"format_version": "1.2", "planned_values": {"root_module": module}, **more})


def looked(place: Path, staging: str, production: str, **run: Any) -> Any:
    put(place, {"staging.json": staging, "production.json": production})
    return look(place, "infrastructure", **PLANS, about_run=run)


def test_attributes_differ_and_what_a_cloud_gives_anew_does_not(tmp_path: Path) -> None:
    ran = looked(
        tmp_path,
        plan(
            resource(
                "aws_db_instance.main",
                instance_class="t3",
                id="db-1",
                arn="arn:1",
                multi_az=False,
                tags={"env": "x"},
            ),
            resource("data.aws_ami.base", mode="data", name="a"),
        ),
        plan(
            resource(
                "aws_db_instance.main",
                multi_az="true",
                instance_class="m5",
                id="db-2",
                arn="arn:2",
                tags={"env": "x"},
            )
        ),
    )
    assert told(ran.changes) == {
        "aws_db_instance.main/instance_class": ("t3", "m5"),
        "aws_db_instance.main/multi_az": ("false", "true"),
    }
    assert [change.title for change in ran.changes] == [
        "aws_db_instance.main: instance_class",
        "aws_db_instance.main: multi_az",
    ]


def test_sensitive_values_are_secret_whatever_they_are_called(tmp_path: Path) -> None:
    marks = {"greeting": True, "list": [{"deep": True}]}
    kept = tmp_path / "kept"
    ran = looked(
        tmp_path / "project",
        plan(resource("a.b", marks, greeting="hidden-one", list=[{"deep": "hidden-two", "open": "x"}])),
        plan(resource("a.b", marks, greeting="hidden-three", list=[{"deep": "hidden-four", "open": "y"}])),
        record_to=kept,
    )
    assert told(ran.changes) == {
        "a.b/greeting": ("secret", "secret"),
        "a.b/list/1/deep": ("secret", "secret"),
        "a.b/list/1/open": ("x", "y"),
    }
    written = b"".join(path.read_bytes() for path in kept.rglob("*.json"))
    assert b"hidden-" not in repr(ran).encode() + written + b"".join(blob.data for blob in ran.blobs)


def test_what_was_changed_outside_the_code_is_told(tmp_path: Path) -> None:
    drift = {
        "address": "aws_security_group.web",
        "mode": "managed",
        "change": {
            "actions": ["update"],
            "before": {"ports": [443], "id": "1"},
            "after": {"ports": [443, 22], "id": "1"},
        },
    }
    gone = {
        "address": "aws_instance.old",
        "mode": "managed",
        "change": {"actions": ["delete"], "before": {"a": 1}, "after": None},
    }
    ran = looked(
        tmp_path, plan(resource("a.b", x=1), resource_drift=[drift, gone]), plan(resource("a.b", x=1))
    )
    assert {change.title: change.staging for change in ran.changes} == {
        "aws_security_group.web: ports was changed outside the code": "[22, 443]",
        "aws_instance.old: it was changed outside the code": "it is gone",
    }


def test_modules_are_read_and_a_large_resource_that_only_one_has_is_one_difference(tmp_path: Path) -> None:
    inner = {
        "address": "module.db",
        "resources": [resource("module.db.x.y", **{f"f{n}": n for n in range(20)})],
    }
    ran = looked(tmp_path, plan(resource("a.b", x=1)), plan(resource("a.b", x=1), modules=[inner]))
    assert told(ran.changes) == {"module.db.x.y": (None, "there, with 20 values")}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (plan(complete=False), "not complete"),
        (plan(errored=True), "failed"),
        ('{"a": 1}', "neither a plan nor a state"),
        ("binary\0", "neither a plan nor a state"),
    ],
)
def test_what_is_no_whole_plan_is_an_error(tmp_path: Path, text: str, why: str) -> None:
    ran = looked(tmp_path, text, plan(resource("a.b", x=1)))
    assert ran.run.state == "error" and why in ran.run.why and "staging.json" in ran.run.why


def test_every_planted_difference_is_found_in_a_plan_of_one_line(tmp_path: Path) -> None:
    resources = [resource(f"a.r{number}", size=number, name=f"n{number}", on=True) for number in range(6)]
    ran = looked(tmp_path, plan(*resources), plan(*resources), proving=True)
    assert ran.run.state == "pass"
    assert [one for one in ran.proof.planted if not one.found] == []
    assert {one.key for one in ran.proof.planted} == {
        "changed-value",
        "flipped-switch",
        "lost-resource",
        "drift",
    }
    assert len(ran.proof.planted) >= 12
