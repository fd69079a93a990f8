"""Who wrote a build: what git says of any commit, what a person may say, and what an unknown author means."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.building import clear, gate, requirement, sign, who

from workbench.gates.model import GateState, State
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate, Release
from workbench.usecases import builds, releasing, signing_elsewhere
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.git import author_email, head_commit

ADDRESSES = build.SHOP.replace(
    "{key: kim, name: Kim, roles: [release-owner]}",
    "{key: kim, name: Kim, email: kim@shop.example, roles: [release-owner]}",
).replace(
    "{key: jo, name: Jo, roles: [developer]}",
    "{key: jo, name: Jo, email: jo@shop.example, roles: [release-owner]}",
)


def git(root: Path, *words: str, **author: str) -> str:
    """Runs git as a machine that reads nobody's own settings."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    name, email = author.get("name", "Jo"), author.get("email", "Jo@Shop.Example")
    who_ = ["-c", f"user.name={name}", "-c", f"user.email={email}"]
    done = subprocess.run(
        ["git", *who_, *words], cwd=root, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(root: Path, email: str, words: str = "work") -> str:
    git(root, "commit", "-q", "--allow-empty", "-m", words, email=email)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A checkout with a commit of Jo's, of Kim's, and of a machine that nobody knows, the last of all."""
    root = tmp_path_factory.mktemp("authors") / "checkout"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    return root, {
        "jo": committed(root, "Jo@Shop.Example"),
        "kim": committed(root, "KIM@shop.example"),
        "machine": committed(root, "ci@machine.example"),
    }


@pytest.fixture
def shop(tmp_path: Path, checkout: tuple[Path, dict[str, str]]) -> Iterator[Context]:
    """The shop in that checkout, at Kim's desk."""
    root = tmp_path / "shop"
    shutil.copytree(checkout[0], root)
    build.write(root, ADDRESSES)
    with build.opened(root) as context:
        build.add_flow(context)
        yield context


# --- what git says ---------------------------------------------------------------------------


def test_the_author_of_any_commit_is_looked_up(shop: Context, checkout: tuple[Path, dict[str, str]]) -> None:
    commits = checkout[1]
    for length in (40, 12):
        assert builds.build_of(shop, commits["jo"][:length], {}).author == "jo"
        assert builds.build_of(shop, commits["kim"].upper()[:length], {}).author == "kim"
    assert builds.build_of(shop, commits["machine"], {}).author is None
    assert builds.build_of(shop, "ffff0000", {}).author is None
    assert builds.build_of(shop, "--output=x", {}).author is None


def test_a_branch_or_a_replacement_does_not_stand_for_a_commit(shop: Context) -> None:
    mine = committed(shop.root, "kim@shop.example", "kim's")
    theirs = committed(shop.root, "jo@shop.example", "jo's")
    git(shop.root, "branch", "deadbeef", theirs)
    assert author_email(shop.root, "deadbeef") is None
    git(shop.root, "replace", mine, theirs)
    assert author_email(shop.root, mine) == "kim@shop.example"


def test_no_program_that_the_checkout_names_is_run(shop: Context, tmp_path: Path) -> None:
    ran, program = tmp_path / "ran", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    program.chmod(0o755)
    tree = git(shop.root, "rev-parse", "HEAD^{tree}")
    text = (
        f"tree {tree}\nauthor Jo <jo@shop.example> 1 +0000\ncommitter Jo <jo@shop.example> 1 +0000\n"
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned\n"
    )
    path = tmp_path / "commit"
    path.write_text(text, encoding="utf-8")
    signed = git(shop.root, "hash-object", "-t", "commit", "-w", str(path))
    git(shop.root, "update-ref", "HEAD", signed)
    for name in ("gpg.program", "gpg.ssh.program", "core.fsmonitor", "core.sshCommand", "core.pager"):
        git(shop.root, "config", name, str(program))
    git(shop.root, "config", "log.showSignature", "true")
    git(shop.root, "config", "core.repositoryFormatVersion", "1")
    git(shop.root, "config", "extensions.partialClone", "origin")
    git(shop.root, "config", "remote.origin.url", "ssh://nowhere.invalid/x")
    git(shop.root, "config", "remote.origin.promisor", "true")
    ran.unlink(missing_ok=True)
    assert head_commit(shop.root) == (signed, "jo@shop.example")
    assert author_email(shop.root, signed) == "jo@shop.example"
    assert author_email(shop.root, "ab" * 20) is None
    assert not ran.exists()


# --- what somebody says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sam", "sam"),
        ("Sam", "sam"),
        ("JO@shop.example", "jo"),
        ("Out@Side.example", "out@side.example"),
    ],
)
def test_an_author_is_a_person_or_an_outsiders_address(shop: Context, said: str, meant: str) -> None:
    assert builds.build_of(shop, "abcd1234", {"author": said}).author == meant


@pytest.mark.parametrize("said", ["nobody", "Jo Smith", "@", "a b@c.example"])
def test_another_author_is_refused(shop: Context, said: str) -> None:
    with pytest.raises(UsageError, match="no person"):
        builds.build_of(shop, "abcd1234", {"author": said})


def test_nobody_names_another_author_for_their_own_build(
    shop: Context, checkout: tuple[Path, dict[str, str]]
) -> None:
    commit = checkout[1]["jo"]
    with pytest.raises(NotAllowed, match="git says that you wrote"):
        builds.build_of(who(shop, "jo"), commit, {"author": "sam"})
    assert builds.build_of(shop, commit, {"author": "sam"}).author == "sam"


# --- what follows -----------------------------------------------------------------------------


def planned(context: Context, commit: str, **given: str) -> Context:
    releasing.plan(context, Release(version="2.0.0"), builds.build_of(context, commit, given))
    clear(context)
    sign(context, "benchmarks", "robin")
    return context


def test_the_author_of_a_commit_that_was_given_may_not_sign(
    shop: Context, checkout: tuple[Path, dict[str, str]]
) -> None:
    planned(shop, checkout[1]["jo"])
    with pytest.raises(NotAllowed, match="wrote this candidate"):
        sign(shop, "go", "jo")
    assert "jo" not in gate(shop, "go").roles[0].can


def test_an_unknown_author_blocks_and_says_so(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        releasing.propose(context, evaluate(context).held, Candidate(release="", number=0, commit="a1b2c3d4"))
        clear(context)
        words = "the author of a1b2c3d is unknown, so own: false cannot be checked: name them with --author PERSON"
        with pytest.raises(NotAllowed, match="the author of a1b2c3d is unknown"):
            sign(context, "benchmarks", "robin")
        with pytest.raises(NotAllowed, match="the author of a1b2c3d is unknown"):
            signing_elsewhere.ask(context, evaluate(context), "benchmarks", "robin")
        found = requirement(context, "benchmarks", "signatures")
        assert found.parts[0].why == words and found.state is State.NOT_MET
        assert gate(context, "benchmarks").state is GateState.BLOCKED
        sign(context, "benchmarks", "robin", "reject", "it was not tried")  # a no needs no author
        own = build.rewrite(
            context, "{roles: [{role: staging-owner}]}", "{roles: [{role: staging-owner}], own: true}"
        )
        sign(own, "benchmarks", "robin")
        assert gate(own, "benchmarks").through


def test_who_wrote_it_can_be_said_afterwards(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        releasing.propose(context, evaluate(context).held, Candidate(release="", number=0, commit="a1b2c3d4"))
        clear(context)
        meant = builds.build_of(context, "a1b2c3d", {"author": "out@side.example"})
        releasing.propose(context, evaluate(context).held, meant)
        held = evaluate(context).held
        assert held.candidate is not None
        assert (held.candidate.name, held.candidate.author) == ("rc2", "out@side.example")
        sign(context, "benchmarks", "robin")
        assert gate(context, "benchmarks").through
        with pytest.raises(UsageError, match="already is commit"):
            releasing.propose(context, held, Candidate(release="", number=0, commit="a1b2c3d4", author="sam"))


@pytest.mark.parametrize("author", ["KIM@shop.example", "Kim", "kim"])
def test_an_author_however_named_is_the_person_who_is_meant(tmp_path: Path, author: str) -> None:
    with build.shop(tmp_path / "p", ADDRESSES) as context:
        held = evaluate(context).held
        releasing.propose(context, held, Candidate(release="", number=0, commit="a1b2c3d4", author=author))
        clear(context)
        sign(context, "benchmarks", "robin")
        with pytest.raises(NotAllowed, match="wrote this candidate"):
            sign(context, "go", "kim")


@pytest.mark.parametrize(
    ("name", "whose"),
    [("HEAD", "machine"), ("main", "machine"), (" HEAD~1 ", "kim"), ("v1.2", "jo"), ("v1.2^0", "jo")],
)
def test_a_commit_may_be_anything_that_git_resolves(
    shop: Context, checkout: tuple[Path, dict[str, str]], name: str, whose: str
) -> None:
    git(shop.root, "tag", "-f", "-a", "v1.2", "-m", "x", checkout[1]["jo"])
    assert builds.build_of(shop, name, {}).commit == checkout[1][whose]


@pytest.mark.parametrize("name", ["nosuch", "--all", "HEAD:file", "HEAD^{tree}", "a\0b"])
def test_what_git_does_not_resolve_is_no_commit(shop: Context, name: str) -> None:
    with pytest.raises(UsageError, match="is not a commit"):
        releasing.plan(shop, Release(version="9.9"), builds.build_of(shop, name, {}))
