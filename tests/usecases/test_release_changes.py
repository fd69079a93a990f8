"""The commits between production and a candidate, listed by real git and kept in the record."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.releases.change_lines import NOT_LISTED, Known
from workbench.releases.conventional import Group
from workbench.releases.model import Candidate, Release
from workbench.usecases import releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.release_changes import listing
from workbench.usecases.scripting.acts import tell
from workbench.usecases.scripting.shell import typed
from workbench.usecases.views import release_changes as view


def git(root: Path, *words: str) -> str:
    """Runs git as a machine that reads nobody's own settings."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=Jo", "-c", "user.email=jo@shop.example"]
    done = subprocess.run(
        ["git", *who, *words], cwd=root, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(root: Path, message: str, **files: str) -> str:
    """A commit with that message; ``changelog__12_fix`` writes ``changelog.d/12.fix.md``."""
    for name, text in files.items():
        path = root / name.replace("changelog__", "changelog.d/").replace("_fix", ".fix.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        (tmp_path / "shop" / ".gitignore").write_text(".workbench\n", encoding="utf-8")
        git(context.root, "init", "-q", "-b", "main")
        yield context


def shipped(context: Context, commit: str) -> None:
    held = releasing.find(context, "2.0.0")
    releasing.propose(context, held, Candidate(release="", number=0, commit=commit, author="jo"))
    shipping.ship(context, "2.0.0", reason="the vendor switches off")


def planned(context: Context, commit: str) -> Context:
    after = build.at(context, context.now + timedelta(days=1))
    releasing.plan(after, Release(version="2.1.0"), Candidate(release="", number=1, commit=commit))
    return after


def test_they_are_listed_with_the_build_against_what_runs_in_production(shop: Context) -> None:
    shipped(shop, committed(shop.root, "one"))
    committed(shop.root, "feat(cart): vouchers\n\nCo-authored-by: Kim <kim@shop.example>")
    last = committed(shop.root, "a plain line", changelog__12_fix="# The total is right\n\nMore words.\n")
    after = planned(shop, last)
    found = view.read(after).changes
    assert [(line.group, line.key, line.text) for line in found.lines] == [
        (Group.FEATURES, found.lines[0].commits[0][:12], "vouchers"),
        (Group.FIXES, "12.fix.md", "The total is right"),
    ]
    assert found.lines[0].people == ("Jo", "Kim")
    coverage = found.coverage
    assert (coverage.known, coverage.since_version, coverage.until) == (Known.WHOLE, "2.0.0", last)
    assert (coverage.commits, coverage.by_fragment, coverage.conventional, coverage.other) == (2, 1, 1, 0)


def test_a_fragment_that_production_has_already_tells_nothing_new(shop: Context) -> None:
    shipped(shop, committed(shop.root, "one", changelog__1_fix="old"))
    after = planned(shop, committed(shop.root, "fix: new"))
    assert [line.text for line in view.read(after).changes.lines] == ["new"]


def test_what_runs_in_production_and_is_not_in_the_candidate_is_named(shop: Context) -> None:
    base = committed(shop.root, "one")
    hotfix = committed(shop.root, "fix: only in production")
    shipped(shop, hotfix)
    git(shop.root, "checkout", "-q", "-b", "next", base)
    after = planned(shop, committed(shop.root, "feat: new"))
    found = view.read(after).changes
    assert found.coverage.missing == 1
    assert found.missing == (f"{hotfix[:12]} only in production",)
    assert any("is not in this candidate" in line for line in view.lines(view.read(after)))


def test_what_no_one_has_listed_is_not_known_and_never_nothing(shop: Context) -> None:
    found = view.read(shop).changes
    assert (found.coverage.known, found.coverage.why) == (Known.NOT_KNOWN, (NOT_LISTED,))
    assert "not known" in "\n".join(view.lines(view.read(shop)))


def test_a_person_names_the_commit_that_runs_in_production(shop: Context) -> None:
    first = committed(shop.root, "one")
    held = releasing.find(shop, "2.0.0")
    last = committed(shop.root, "feat: two")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last, author="jo"))
    with pytest.raises(UsageError, match="no release is known to run in production"):
        listing.list_commits(shop)
    with pytest.raises(UsageError, match="git cannot list"):
        listing.list_commits(shop, "f" * 40)
    listing.list_commits(shop, first[:10])
    assert [line.text for line in view.read(shop).changes.lines] == ["two"]
    told = [typed(line) for act in tell(shop) for line in act.commands]
    assert told[-1] == f"workbench notes changes --since {first}"


def test_the_range_of_a_shallow_checkout_is_known_in_part(shop: Context, tmp_path: Path) -> None:
    committed(shop.root, "zero")
    first = committed(shop.root, "one")
    last = committed(shop.root, "feat: two")
    held = releasing.find(shop, "2.0.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last, author="jo"))
    git(shop.root, "clone", "-q", "--depth", "2", f"file://{shop.root}", str(tmp_path / "cut"))
    (tmp_path / "cut" / ".git").rename(tmp_path / "git-cut")
    (shop.root / ".git").rename(tmp_path / "git-whole")
    (tmp_path / "git-cut").rename(shop.root / ".git")
    listing.list_commits(shop, first)
    assert view.read(shop).changes.coverage.known is Known.PART


def test_a_secret_in_a_message_is_not_kept(shop: Context) -> None:
    first = committed(shop.root, "one")
    token = "ghp_" + "a1B2" * 9
    last = committed(shop.root, f"fix: the key is {token}", changelog__1_fix=f"token {token}")
    held = releasing.find(shop, "2.0.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last, author="jo"))
    listing.list_commits(shop, first)
    assert token not in "\n".join(view.lines(view.read(shop)))
    assert token.encode() not in (shop.root / ".workbench" / "record.db").read_bytes()


def test_undoing_the_listing_makes_it_not_known_again(shop: Context) -> None:
    first = committed(shop.root, "one")
    last = committed(shop.root, "feat: two")
    held = releasing.find(shop, "2.0.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last, author="jo"))
    listing.list_commits(shop, first)
    from workbench.usecases.undoing import undo

    undo(shop)
    assert view.read(shop).changes.coverage.known is Known.NOT_KNOWN
