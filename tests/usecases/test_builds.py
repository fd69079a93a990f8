"""Which build is proposed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests import web_shop

from workbench.model.errors import UsageError
from workbench.releases.model import Artifact, Held
from workbench.usecases import builds, releasing
from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture
def shop() -> Iterator[Context]:
    context = open_context(Options(project=web_shop.prepared()), readonly=True)
    try:
        yield context
    finally:
        context.record.close()


@pytest.fixture
def held(shop: Context) -> Held:
    return releasing.find(shop)


def test_a_demonstration_offers_the_build_that_nobody_has_entered(shop: Context, held: Held) -> None:
    offered = builds.suggest(shop, held)
    assert offered.build.commit not in {candidate.commit for _, candidate in held.candidates}
    assert offered.known == "a build of this demo that is not proposed yet"
    assert builds.build_in_hand(shop, held, {}) == offered.build


def test_what_is_given_counts_on_top_of_what_is_known(shop: Context, held: Held) -> None:
    known = builds.suggest(shop, held).build
    given = {
        "commit": "ignored",
        "why": "the fault is mended",
        "author": None,
        "artifacts": ("app=sha256:00",),
    }
    meant = builds.build_of(shop, known.commit[:7], given)
    assert (meant.commit, meant.author, meant.built_at) == (known.commit, known.author, known.built_at)
    assert (meant.why, meant.artifacts) == ("the fault is mended", (Artifact("app", "sha256:00"),))


@pytest.mark.parametrize("commit", ["abcdef12", "a", ""])
def test_another_commit_is_taken_as_it_is(shop: Context, commit: str) -> None:
    assert builds.build_of(shop, commit, {}) == builds.replace(builds.EMPTY, commit=commit)


def test_without_git_one_has_to_say_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with build.shop(tmp_path / "p") as context:
        held = releasing.find(context)
        assert builds.suggest(context, held) == builds.Suggestion()
        with pytest.raises(UsageError, match="not a git checkout"):
            builds.build_in_hand(context, held, {})
        git = ["git", "-c", "user.name=Kim", "-c", "user.email=kim@example.com"]
        for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "mine"]):
            subprocess.run([*git, *words], cwd=context.root, check=True, capture_output=True)
        assert builds.suggest(context, held).known == "the commit that is checked out here"
        assert builds.build_in_hand(context, held, {"why": "first"}).why == "first"


def test_a_build_that_the_demonstration_began_with_is_known_by_its_commit(shop: Context, held: Held) -> None:
    known = held.candidates[-1][1].commit
    assert builds.build_of(shop, known[:7].upper(), {}).commit == known


def test_a_demonstration_made_earlier_still_offers_its_builds(tmp_path: Path) -> None:
    old = web_shop.copied(tmp_path / "old")
    script = old / "demonstration.yaml"
    text = script.read_text(encoding="utf-8")
    script.write_text(
        text.replace("  - benchmark: ", "  - gate: benchmarks\n    benchmark: "), encoding="utf-8"
    )
    assert script.read_text(encoding="utf-8") != text
    context = open_context(Options(project=old), readonly=True)
    try:
        assert builds.suggest(context, releasing.find(context)).build.commit
    finally:
        context.record.close()
