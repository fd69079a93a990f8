"""Why a workflow that must have run did not, as the checkout tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.sources.github_actions.absent import explain, foresee
from workbench.sources.proposing import Explanation, Folder
from workbench.usecases.yaml_files import yaml_file

FILES = {
    "ci.yml": "on: push",
    "pulls.yml": "on: [pull_request]",
    "parts.yml": "on: {workflow_call: {}}",
    "hand.yml": "name: By hand\non: workflow_dispatch",
    "nightly.yml": "on: {schedule: [{cron: '0 1 * * *'}]}",
    "charts.yml": "on: {push: {branches: [main], paths: [charts/**]}}",
    "tags.yml": "on: {push: {tags: ['v*']}}",
    "broken.yml": "on: {",
}

PUSHED = (
    "ci.yml starts on every push, so either the commit is not pushed, or GitHub does not list its run yet"
)


@pytest.fixture
def checkout(tmp_path) -> Path:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(f"{text}\n")
    return tmp_path


def told(checkout: Path, absent: str, **more: str) -> Explanation | None:
    folder = Folder(folder=checkout, top=checkout, yaml=yaml_file, **more)
    return explain("acme/shop", absent.split(","), folder)


def foretold(checkout: Path, *names: str, **more: str) -> Explanation | None:
    return foresee("acme/shop", names, Folder(folder=checkout, top=checkout, yaml=yaml_file, **more))


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        ("pulls.yml", "pulls.yml runs only for pull requests; take it out of workflow:"),
        ("parts.yml", "parts.yml runs only inside the workflows that call it; take it out of workflow:"),
        ("hand.yml", "hand.yml runs only by hand; start it for this commit, or take it out of workflow:"),
        ("By hand", "By hand runs only by hand; start it for this commit, or take it out of workflow:"),
        ("charts.yml", "charts.yml runs only on a push to main that changes charts/**; take it out of workflow:"),
        ("gone.yml", "the checkout has no gone.yml; take it out of workflow:"),
        (
            "parts.yml,ci.yml,pulls.yml",
            "parts.yml runs only inside the workflows that call it; ci.yml starts on every push, so either"
            " the commit is not pushed, or GitHub does not list its run yet; pulls.yml runs only for pull requests; take parts.yml and pulls.yml out of workflow:",
        ),
    ],
)  # fmt: skip
def test_what_cannot_run_by_itself_is_to_be_taken_out(checkout, absent, why):
    assert told(checkout, absent) == Explanation(why=why, field="workflow")


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        ("ci.yml", PUSHED),
        ("nightly.yml", "nightly.yml runs only on a schedule"),
        ("tags.yml", "tags.yml runs only on a push of the tag v*"),
    ],
)
def test_what_may_still_run_is_asked_for_again(checkout, absent, why):
    assert told(checkout, absent) == Explanation(why=why)


def test_nothing_is_said_where_nothing_is_known(checkout, tmp_path):
    assert told(checkout, "broken.yml") is None
    assert told(tmp_path / "elsewhere", "ci.yml") is None


def test_the_checkout_of_another_repository_explains_nothing(checkout):
    assert told(checkout, "pulls.yml", host="github.com", path="acme/other") is None
    assert told(checkout, "pulls.yml", host="github.com", path="Acme/Shop.git") is not None
    assert told(checkout, "pulls.yml", host="gitlab.example", path="acme/mirror") is not None


def test_what_no_commit_can_start_is_foreseen(checkout):
    names = ("ci.yml", "parts.yml", ".github/workflows/pulls.yml", "gone.yml")
    assert foretold(checkout, *names, host="github.com", path="acme/shop") == Explanation(
        why="parts.yml runs only inside the workflows that call it; .github/workflows/pulls.yml runs only for"
        " pull requests; the checkout has no gone.yml: a commit that is pushed gets no run of it",
        field="workflow",
    )


@pytest.mark.parametrize(
    "name", ["ci.yml", "hand.yml", "nightly.yml", "charts.yml", "tags.yml", "broken.yml"]
)
def test_what_may_run_is_left_alone(checkout, name):
    assert foretold(checkout, name) is None


def test_another_repositorys_workflows_are_not_foreseen(checkout):
    assert foretold(checkout, "gone.yml") is None
    assert foretold(checkout, "pulls.yml", host="github.com", path="acme/other") is None


def test_a_commit_without_any_run_is_not_pushed_or_starts_nothing(checkout):
    assert told(checkout, "*") == Explanation(why=PUSHED)
    folder = checkout / ".github" / "workflows"
    (folder / "ci.yml").unlink()
    assert told(checkout, "*") is None
    for name in ("nightly.yml", "charts.yml", "tags.yml", "broken.yml"):
        (folder / name).unlink()
    assert told(checkout, "*") == Explanation(
        why="no workflow of the checkout starts when a commit is pushed (hand.yml runs only by hand):"
        " add push to on: of one that tests"
    )
    assert told(checkout, "*", host="github.com", path="acme/other") is None
