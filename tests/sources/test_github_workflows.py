"""What starts a workflow, read from its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.sources.github_actions import workflows
from workbench.sources.github_actions.triggers import Starts, Trigger, Workflow, fits, how_it_starts, starts
from workbench.usecases.yaml_files import yaml_data, yaml_file


def read_workflow(text: str, file: str) -> Workflow:
    return workflows.read_workflow(yaml_data(text), file)


def workflows_of(top: Path) -> tuple[Workflow, ...]:
    return workflows.workflows_of(top, yaml_file)


def events(on: str) -> set[str]:
    return set(read_workflow(on, "ci.yml").events)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("on: push", {"push"}),
        ("on: [push, pull_request]", {"push", "pull_request"}),
        ("on:\n  - push\n  - workflow_dispatch", {"push", "workflow_dispatch"}),
        ("on:\n  push:\n  pull_request:\n    branches: [main]", {"push", "pull_request"}),
        ("'on': push", {"push"}),
        ("true:\n  push:", {"push"}),
        ("name: CI", set()),
        ("on:", set()),
        ("- on: push", set()),
        ("on: {push: [", set()),
        ("", set()),
    ],
)
def test_on_may_be_a_text_a_list_a_mapping_or_the_key_true(on, found):
    assert events(on) == found


def test_filters_and_the_title_are_read():
    text = "name: Charts\non:\n  push:\n    branches: main\n    paths: [charts/**, '*.md']\n  schedule:\n    - cron: 0 1 * * *\n"
    workflow = read_workflow(text, "charts.yml")
    assert workflow.title == "Charts"
    assert workflow.triggers == (
        Trigger(event="push", branches=("main",), paths=("charts/**", "*.md")),
        Trigger(event="schedule"),
    )


@pytest.mark.parametrize(
    ("on", "branch", "expected", "words"),
    [
        ("push", None, Starts.ALWAYS, "on a push"),
        ("[push, pull_request]", None, Starts.ALWAYS, "on a push, or for pull requests"),
        ("pull_request", "main", Starts.NEVER, "for pull requests"),
        ("workflow_call", "main", Starts.NEVER, "inside the workflows that call it"),
        ("workflow_dispatch", "main", Starts.NEVER, "by hand"),
        ("{workflow_call: {}, workflow_dispatch: {}}", "main", Starts.NEVER, "inside the workflows that call it, or by hand"),
        ("{schedule: [{cron: 0 1 * * *}]}", "main", Starts.SOMETIMES, "on a schedule"),
        ("{push: {paths: [charts/**]}}", "main", Starts.SOMETIMES, "on a push that changes charts/**"),
        ("{push: {paths-ignore: ['**.md']}}", "main", Starts.SOMETIMES, "on a push that changes more than **.md"),
        ("{push: {tags: ['v*']}}", "main", Starts.SOMETIMES, "on a push of the tag v*"),
        ("{push: {branches: [main]}}", "main", Starts.ALWAYS, "on a push to main"),
        ("{push: {branches: [main]}}", "next", Starts.SOMETIMES, "on a push to main"),
        ("{push: {branches: [main]}}", None, Starts.SOMETIMES, "on a push to main"),
        ("{push: {branches-ignore: [gh-pages]}}", "main", Starts.ALWAYS, "on a push to other branches than gh-pages"),
        ("{push: {branches: ['**'], tags: ['v*']}}", "a/b", Starts.ALWAYS, "on a push to ** or of the tag v*"),
        ("merge_group", "main", Starts.SOMETIMES, "in the merge queue"),
        ("something_new", "main", Starts.NEVER, "on something_new"),
        (
            "[schedule, issues, workflow_dispatch, label, watch]",
            "main",
            Starts.SOMETIMES,
            "on a schedule, on issues, by hand, or in 2 other cases",
        ),
        ("[]", "main", Starts.UNKNOWN, ""),
    ],
)  # fmt: skip
def test_whether_a_pushed_commit_gets_a_run(on, branch, expected, words):
    workflow = read_workflow(f"on: {on}", "ci.yml")
    assert starts(workflow, branch) is expected
    assert how_it_starts(workflow) == words


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        (["main"], "main", True),
        (["main"], "mainly", False),
        (["release/*"], "release/1.2", True),
        (["release/*"], "release/1/2", False),
        (["release/**"], "release/1/2", True),
        (["v[12].[0-9]+"], "v1.27", True),
        (["v[12].[0-9]+"], "v3.1", False),
        (["releases?"], "release", True),
        (["*", "!wip*"], "wip-1", False),
        (["!wip*", "*"], "wip-1", True),
        (["["], "[", True),
        (["[z-a]"], "m", False),
        (["?"], "a", False),
        (["*" * 30 + "b"], "a" * 60, False),
    ],
)
def test_filter_patterns_are_githubs(patterns, name, expected):
    assert fits(patterns, name) is expected


def test_the_workflows_of_a_checkout(tmp_path):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "b.yml").write_text("on: push\n")
    (folder / "a.yaml").write_text("on: pull_request\n")
    (folder / "notes.md").write_text("no workflow\n")
    (folder / "bad.yml").write_bytes(b"\xff\xfe\x00on")
    (folder / "link.yml").symlink_to(folder / "b.yml")
    os.mkfifo(folder / "pipe.yml")
    (folder / "folder.yml").mkdir()
    found = workflows_of(tmp_path)
    assert [workflow.file for workflow in found] == ["a.yaml", "b.yml", "bad.yml"]
    assert [sorted(workflow.events) for workflow in found] == [["pull_request"], ["push"], []]
    assert workflows_of(tmp_path / "nowhere") == ()


def test_a_linked_folder_is_not_followed(tmp_path):
    other = tmp_path / "other" / "workflows"
    other.mkdir(parents=True)
    (other / "ci.yml").write_text("on: push\n")
    (tmp_path / ".github").symlink_to(Path("other"))
    assert workflows_of(tmp_path) == ()
