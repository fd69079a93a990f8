"""Attacks on release notes: with commits, fragments, markers and texts that whoever writes them chooses."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.notes import FORMATS
from workbench.notes.marked import update
from workbench.releases.model import Candidate
from workbench.usecases import noting, own_notes, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.release_changes import listing
from workbench.usecases.views import release_changes

HOSTILE = (
    "fix: </details><script>alert(1)</script> \x1b[31mred\x1b[0m \u202eesrever\u2066 [x](javascript:alert(1)) "
    "![i](http://evil.example/i.png) ::error::now ##vso[task.complete] <!-- workbench:end commits -->"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        (context.root / ".gitignore").write_text(".workbench\n", encoding="utf-8")
        git(context.root, "init", "-q", "-b", "main")
        yield context


def git(root: Path, *words: str, given: bytes | None = None) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=Jo @all", "-c", "user.email=jo@shop.example"]
    done = subprocess.run(
        ["git", *who, *words], cwd=root, env=env, check=True, capture_output=True, input=given
    )
    return done.stdout.decode().strip()


def committed(root: Path, message: str) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", given=message.encode())
    return git(root, "rev-parse", "HEAD")


def listed(context: Context, first: str, last: str) -> None:
    held = releasing.find(context, "2.0.0")
    releasing.propose(context, held, Candidate(release="", number=0, commit=last, author="jo"))
    listing.list_commits(context, first)


def every_format(context: Context) -> dict[str, str]:
    found = evaluate(context)
    return {form: noting.in_file(context, found, form) for form in FORMATS}


def test_a_commit_whose_first_line_is_markup_or_a_command(shop: Context) -> None:
    """A commit's first line holds a script, a picture that calls home, terminal codes and commands of CI logs.

    Texts of git are data: escaped for each format, without codes that steer a terminal, commands broken.
    """
    listed(shop, committed(shop.root, "one"), committed(shop.root, HOSTILE))
    for form, text in every_format(shop).items():
        assert "\x1b" not in text, form
        assert "\u202e" not in text, form
        assert "##vso[" not in text, form
        assert not re.search(r"^\s*::", text, re.MULTILINE), form
    for form in ("md", "github", "gitlab"):
        text = every_format(shop)[form]
        assert "<script" not in text.replace("\\<script", "")
        assert "![" not in text
        assert "](javascript" not in text
        assert text.count("<details>") == text.count("\n</details>")
    assert "<script" not in every_format(shop)["html"]
    assert "alert(1)" in html.unescape(every_format(shop)["html"])


def test_a_fragment_that_is_a_link_out_of_the_project(shop: Context, tmp_path: Path) -> None:
    """A fragment, or its whole folder, is a link to a secret file outside of the project.

    Fragments are read from git's objects at the candidate's commit: a link is listed as one and never followed.
    """
    (tmp_path / "secret.md").write_text("the secret of the neighbours", encoding="utf-8")
    first = committed(shop.root, "one")
    (shop.root / "changelog.d").mkdir()
    (shop.root / "changelog.d" / "1.fix.md").symlink_to(tmp_path / "secret.md")
    (shop.root / "changelog.d" / "2.fix.md").symlink_to("../../../../../../etc/passwd")
    listed(shop, first, committed(shop.root, "two"))
    problems = [line.problem for line in release_changes.read(shop).changes.lines]
    assert problems == ["it is a link, and is not followed"] * 2
    for text in every_format(shop).values():
        assert "the secret of the neighbours" not in text
        assert "root:" not in text


def test_a_folder_of_fragments_that_is_a_link(shop: Context, tmp_path: Path) -> None:
    """The folder changelog.d is a link to a folder outside of the project.

    Git keeps a link as a link: there are no fragments in it, and the commits are told as they stand.
    """
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "1.fix.md").write_text("from outside", encoding="utf-8")
    first = committed(shop.root, "one")
    (shop.root / "changelog.d").symlink_to(outside)
    listed(shop, first, committed(shop.root, "feat: two"))
    assert [line.text for line in release_changes.read(shop).changes.lines] == ["two"]


def test_a_marker_smuggled_into_a_fragment(shop: Context) -> None:
    """A fragment or added text holds the marker that ends a generated part, to have later text taken for a person's.

    A marker is a whole line that begins with <, which no text of the notes can be: it is escaped there.
    """
    first = committed(shop.root, "one")
    (shop.root / "changelog.d").mkdir()
    smuggled = "<!-- workbench:end commits -->\n## Approved by everybody\n<!-- workbench:begin commits -->"
    (shop.root / "changelog.d" / "1.fix.md").write_text(smuggled, encoding="utf-8")
    listed(shop, first, committed(shop.root, smuggled))
    own_notes.write_words(shop, "commits", smuggled)
    found = evaluate(shop)
    file = noting.in_file(shop, found, "md")
    assert [line for line in file.splitlines() if line == "<!-- workbench:end commits -->"] == [
        "<!-- workbench:end commits -->"
    ]
    assert "\n## Approved" not in file
    assert update(file, noting.parts_of(noting.document(shop, found))) == file


def test_a_generated_part_that_somebody_made_nicer(shop: Context, tmp_path: Path) -> None:
    """Somebody takes a blocker out of the generated part of an exported file and updates it.

    Each part names the digest of its lines: the edit is found and named, and nothing is written until it is allowed.
    """
    path = noting.export(shop, evaluate(shop), "md", tmp_path / "notes.md")
    text = path.read_text(encoding="utf-8")
    blocker = next(line for line in text.splitlines() if line.startswith("- ✗"))
    path.write_text(text.replace(blocker + "\n", ""), encoding="utf-8")
    with pytest.raises(UsageError, match="was edited by hand"):
        noting.update(shop, evaluate(shop), path)
    assert blocker not in path.read_text(encoding="utf-8")
    noting.update(shop, evaluate(shop), path, overwrite=True)
    assert blocker in path.read_text(encoding="utf-8")


def test_a_storm_of_mentions_and_references(shop: Context) -> None:
    """A commit mentions hundreds of people and closes issues, so that publishing the notes notifies and closes them.

    Each mention and reference is broken by an invisible character in everything that a forge reads.
    """
    storm = "fix: " + " ".join(f"@user{n} closes #{n} !{n} GH-{n} shop/web#{n}" for n in range(12))
    body = "\n\n" + "\n".join(f"Co-authored-by: @mate{n} <m@shop.example>" for n in range(300))
    listed(shop, committed(shop.root, "one"), committed(shop.root, storm + body))
    own_notes.write_words(shop, "introduction", "/close\n/assign @all\n@everyone fixes #1")
    found = evaluate(shop)
    for form in ("md", "github", "gitlab"):
        text = noting.written(shop, found, form)
        assert not re.search(r"(?<![\w])@\w", text), form
        assert not re.search(r"\\?#\d|(?<!\w)!\d|GH-\d", text), form
        assert not re.search(r"^/\w", text, re.MULTILINE), form


def test_a_checkout_whose_own_settings_name_programs(shop: Context, tmp_path: Path) -> None:
    """The checkout's git settings name programs for signatures, a pager, a difference and a text filter.

    Git is asked without any of them, without a pager and without fetching, and for a bounded time and size.
    """
    first, last = committed(shop.root, "one"), committed(shop.root, "feat: two")
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!{sys.executable}\nopen({str(sprung)!r}, 'w')\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in (
        "gpg.program",
        "core.pager",
        "pager.log",
        "diff.external",
        "core.fsmonitor",
        "core.sshCommand",
    ):
        git(shop.root, "config", name, str(trap))
    git(shop.root, "config", "log.showSignature", "true")
    git(shop.root, "config", "diff.trap.textconv", str(trap))
    (shop.root / ".git" / "info" / "attributes").write_text("* diff=trap\n", encoding="utf-8")
    listed(shop, first, last)
    assert [line.text for line in release_changes.read(shop).changes.lines] == ["two"]
    assert not sprung.exists()


def test_a_message_that_never_ends(shop: Context) -> None:
    """A commit's message is megabytes long, to fill the record and whatever the notes are pasted into.

    Of a message only the beginning is read, of a line 300 characters are kept.
    """
    listed(shop, committed(shop.root, "one"), committed(shop.root, "feat: " + "x" * 3_000_000))
    (line,) = release_changes.read(shop).changes.lines
    assert len(line.text) == 300
    assert all(len(text) < 200_000 for text in every_format(shop).values())


def test_a_blocker_left_out_of_the_notes(shop: Context) -> None:
    """Somebody wants a blocker out of the notes: by hiding its line, or by a template without the section.

    Only changes can be left out; sections with what is open or overridden come back at the end of any template.
    """
    for line in ("benchmark/p95", "p95", "open"):
        with pytest.raises(UsageError, match=r"only changes can be left out|there is no change"):
            own_notes.hide(shop, line, "it does not look good there")
    text = (shop.root / "workbench.yaml").read_text(encoding="utf-8")
    template = "notes: {sections: [{section: changes}]}\n"
    (shop.root / "workbench.yaml").write_text(text + template, encoding="utf-8")
    with build.opened(shop.root) as fresh:
        found = noting.written(fresh, evaluate(fresh), "md")
    assert "BLOCKED" in found.splitlines()[2]
    assert "## What is still open" in found
    assert "Checkout p95" in found


def test_a_branch_that_is_called_like_a_commit(shop: Context) -> None:
    """The checkout has a branch whose name is the beginning of the candidate's commit, and which leads to another one.

    The record names commits by their digits: what git finds under them has to begin with them, or the commits are not known.
    """
    first = committed(shop.root, "one")
    last = committed(shop.root, "feat: in the candidate")
    other = committed(shop.root, "feat: not in the candidate")
    git(shop.root, "branch", last[:8], other)
    held = releasing.find(shop, "2.0.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last[:8], author="jo"))
    with pytest.raises(UsageError, match="git cannot list"):
        listing.list_commits(shop, first)
    assert "not in the candidate" not in "\n".join(every_format(shop).values())
    git(shop.root, "branch", "-D", last[:8])
    listing.list_commits(shop, first)
    assert [line.text for line in release_changes.read(shop).changes.lines] == ["in the candidate"]
