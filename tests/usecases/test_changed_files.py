"""Which files a candidate changes, which flows that touches, and what was not measured on it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.releases.model import Candidate, Release
from workbench.usecases import changed_files, excerpts, releasing, shipping
from workbench.usecases.changed_files import Touched
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.reporting.remarks import remarks_of
from workbench.usecases.scripting.acts import tell
from workbench.usecases.views.readiness import Reader, Section, about, sections


def git(root: Path, *words: str) -> str:
    """Runs git as a machine that reads nobody's own settings."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=Jo", "-c", "user.email=jo@shop.example"]
    done = subprocess.run(
        ["git", *who, *words], cwd=root, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(root: Path, **files: str) -> str:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "work")
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        (tmp_path / "shop" / ".gitignore").write_text(".workbench\n", encoding="utf-8")
        git(context.root, "init", "-q", "-b", "main")
        build.add_flow(context, "refund", paths=["refunds/**"])
        build.add_flow(context, "search", paths=["search/**"])
        yield context


def proposed(context: Context, **files: str) -> None:
    """A first commit that runs in production, and a candidate of the next release on top."""
    first = committed(context.root, README="one")
    held = releasing.find(context, "2.0.0")
    releasing.propose(context, held, Candidate(release="", number=0, commit=first, author="jo"))
    commit = committed(context.root, **files)
    held = releasing.find(context, "2.0.0")
    releasing.propose(context, held, Candidate(release="", number=0, commit=commit, author="jo"))
    changed_files.list_files(context, first)


def test_it_names_the_flows_and_what_was_not_measured_on_it(shop: Context) -> None:
    proposed(shop, refunds__a="x", refunds__b="y", docs__c="z")
    reach, found = changed_files.read_reach(evaluate(shop))
    assert (reach.files, reach.elsewhere, reach.unknown) == (3, 1, "")
    assert found == [
        Touched(flow="refund", title="Refund", files=2, first="refunds/a", why="by its paths", measured=False)
    ]
    found_now = evaluate(shop)
    (remark,) = remarks_of(found_now, found_now.gate("benchmarks"))
    assert remark.startswith("this candidate touches 1 flow (3 files changed since ")
    assert remark.endswith("not measured on it: Refund")


def test_a_blocker_of_a_flow_that_is_touched_comes_first_and_says_so(shop: Context) -> None:
    build.rewrite(
        shop, "flow: checkout\n    title: Checkout errors", "flow: refund\n    title: Refund errors"
    )
    with build.opened(shop.root) as fresh:
        proposed(fresh, refunds__a="x")
        parts = list(evaluate(fresh).gate("benchmarks").parts)
        assert [part.key for part in parts][:2] == ["benchmark/errors", "benchmark/p95"]
        assert parts[0].why.endswith("; touched by this candidate")
        build.measured(fresh, "errors", "0.4")
        assert [item.measured for item in changed_files.read_reach(evaluate(fresh))[1]] == [True]


def test_a_value_of_another_candidate_is_no_measurement_of_this_one(shop: Context) -> None:
    build.rewrite(
        shop,
        "flow: checkout\n    title: Checkout errors",
        "flow: refund\n    carry: true\n    title: Refund errors",
    )
    with build.opened(shop.root) as fresh:
        build.measured(fresh, "errors", "0.4")
        proposed(fresh, refunds__a="x")
        assert [item.measured for item in changed_files.read_reach(evaluate(fresh))[1]] == [False]


def test_against_the_release_that_runs_in_production_it_is_listed_with_the_build(shop: Context) -> None:
    first = committed(shop.root, README="one")
    releasing.propose(shop, releasing.find(shop), Candidate(release="", number=0, commit=first, author="jo"))
    shipping.ship(shop, "2.0.0", reason="the vendor switches off")
    after = build.at(shop, shop.now + timedelta(days=1))
    second = committed(shop.root, search__index="x")
    releasing.plan(after, Release(version="2.1.0"), Candidate(release="", number=1, commit=second))
    reach, found = changed_files.read_reach(evaluate(after, "2.1.0"))
    assert (reach.since_version, [item.flow for item in found]) == ("2.0.0", ["search"])


def test_what_git_cannot_compare_is_not_known_and_never_nothing(shop: Context) -> None:
    reach, found = changed_files.read_reach(evaluate(shop))
    assert (found, reach.unknown) == ([], "nobody has looked which files it changes")
    found_now = evaluate(shop)
    assert remarks_of(found_now, found_now.gate("benchmarks")) == (
        "which flows this candidate touches is not known: nobody has looked which files it changes",
    )
    with pytest.raises(UsageError, match="git cannot compare"):
        changed_files.list_files(shop, "0123abc")


def test_a_file_list_is_told_as_a_command(shop: Context) -> None:
    proposed(shop, refunds__a="x")
    lines = [str(line) for act in tell(shop) for line in act.lines]
    assert any("touched" in line and "--since" in line for line in lines)


def test_names_of_files_are_data(shop: Context) -> None:
    proposed(shop, **{"refunds__a\nb; rm -rf": "x"})
    _, found = changed_files.read_reach(evaluate(shop))
    assert found[0].first == "refunds/a\nb; rm -rf"


def test_readiness_lists_what_is_touched_and_not_measured_among_the_risks(shop: Context) -> None:
    proposed(shop, refunds__a="x", refunds__b="y")
    found = judgement_of_lines(evaluate(shop))
    reader = Reader("kim", UTC, wide=True)
    line = next(item for item in sections(found, reader)[Section.RISKS] if item.key == "touched/refund")
    assert line.title == "Refund is touched"
    assert line.why == "not measured on this candidate, which changes 2 files of it"
    told = about(found, line.key, reader)
    assert told is not None
    assert [fact.text for fact in told.facts if fact.label == "Files"] == ["refunds/a and 1 more"]


def test_what_a_candidate_touches_is_known_from_an_excerpt_too(shop: Context, tmp_path: Path) -> None:
    proposed(shop, refunds__a="x")
    file = tmp_path / "release.excerpt.jsonl"
    file.write_bytes(excerpts.excerpt(shop))
    context = excerpts.from_excerpt(Options(project=shop.root), file)
    _, found = changed_files.read_reach(evaluate(build.at(context, shop.now)))
    assert [item.flow for item in found] == ["refund"]
