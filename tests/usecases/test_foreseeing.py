"""What ``check`` foresees of sources, and what a fetch explains, from the checkout around the project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.usecases.projects import opened

from workbench.definitions import load
from workbench.sources.reading import Batch, Reading
from workbench.usecases.explaining import explained
from workbench.usecases.foreseeing import foreseen
from workbench.usecases.project import kinds

FIVE = Path(__file__).parents[1] / "data" / "five-workflows"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    return shutil.copytree(FIVE, tmp_path / "parcels")


def naming(folder: Path, workflows: str) -> Path:
    file = folder / "workbench.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("    url:", f"    workflow: {workflows}\n    url:").replace("key: petra", "key: kim"),
        encoding="utf-8",
    )
    return folder


def test_a_workflow_that_no_commit_can_start_is_warned_about(folder):
    (found,) = foreseen(load(naming(folder, "[ci.yml, build.yml]"), kinds()))
    assert (found.where, found.severity) == ("workbench.yaml:9:5", "warning")
    assert found.what == (
        "build.yml runs only inside the workflows that call it: a commit that is pushed gets no run of it"
    )


def test_nothing_is_said_where_no_workflow_is_named(folder):
    assert not list(foreseen(load(folder, kinds())))


@pytest.mark.parametrize(("name", "edit"), [("build.yml", "workflow"), ("nightly.yml", None)])
def test_a_missing_run_says_what_would_start_it(folder, name, edit):
    with opened(naming(folder, f"[ci.yml, {name}]")) as context:
        reading = Reading(
            subject="tests/ci", source="ci", role="tests", state="missing", measured_at=context.now,
            why=f"no run of {name}", facts={"absent": name},
        )  # fmt: skip
        (found,) = explained(context, Batch(source="ci", asked_at=context.now, readings=(reading,))).readings
    assert found.why.startswith(f"no run of {name}; {name} runs only ")
    assert found.facts.get("edit") == edit
