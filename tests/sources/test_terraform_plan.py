"""Plans: what drifted and what would be changed, and no value of it anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.generated import LATER, read
from tests.sources.support import ask
from tests.sources.trials.terraform_plan import SECRET, plan, resource

from workbench.sources.kinds import KINDS
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.recognising import Sample, recognised
from workbench.sources.terraform_plan import TerraformPlanConfig, TerraformPlanMeasure
from workbench.sources.terraform_plan.shapes import kept

PLAN = plan(
    resource("aws_db_instance.shop", "update"),
    resource("aws_instance.web[0]", "delete", "create"),
    resource("aws_instance.web[1]", "create", "delete"),
    resource("aws_s3_bucket.old", "delete"),
    resource("aws_s3_bucket.given_away", "forget"),
    resource("aws_s3_bucket.new", "create"),
    resource("aws_s3_bucket.same", "no-op"),
    drift=[resource("aws_db_instance.shop", "update"), resource("aws_s3_bucket.old", "delete")],
)


@pytest.mark.parametrize(
    ("asked", "number"),
    [("drifted", 2), ("changes", 6), ("created", 1), ("updated", 1), ("replaced", 2), ("destroyed", 2)],
)
def test_what_happens_to_resources(asked: str, number: int, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(PLAN)
    assert read("terraform_plan", "plan.json", root=tmp_path, read=asked).value == number
    assert read("terraform_plan", "plan.json", root=tmp_path, read=asked, resources=["none.*"]).value == 0


def test_a_plan_without_drift_has_measured_none(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(plan())
    reading = read("terraform_plan", "plan.json", root=tmp_path)
    assert (reading.state, reading.value) == ("ok", 0)


def test_no_value_of_a_plan_is_kept(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(PLAN)
    source = SourceSpec("s", "terraform_plan", TerraformPlanConfig(files="plan.json"))
    asked = Question(subject="b", source="s", at=LATER, ask=TerraformPlanMeasure())
    (batch,) = ask([source], [asked], root=tmp_path).batches
    (blob,) = batch.blobs
    assert SECRET.encode() in PLAN and SECRET.encode() not in blob.data
    assert b"aws_db_instance.shop" in blob.data


def test_what_is_kept_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(kept(PLAN))
    for asked, number in (("drifted", 2), ("changes", 6)):
        assert read("terraform_plan", "plan.json", root=tmp_path, read=asked).value == number
    assert kept(b"{") == b""


def test_it_is_recognised_and_a_state_is_not() -> None:
    for data in (PLAN, kept(PLAN), kept(plan())):
        (found,) = recognised(Sample("plan.json", data), KINDS)
        assert found.kind == "terraform_plan"
    assert not recognised(Sample("state.json", b'{"format_version": "1.0", "values": {}}'), KINDS)
