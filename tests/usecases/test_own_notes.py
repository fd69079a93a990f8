"""Text that people add to release notes, and changes that they leave out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import NotAllowed, StaleChange, UsageError
from workbench.record.packs import decode_pack, encode_pack
from workbench.releases.model import Candidate
from workbench.usecases import excerpts, noting, own_notes, releasing, shipping, soundness
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options
from workbench.usecases.release_changes import listing
from workbench.usecases.scripting.acts import tell
from workbench.usecases.scripting.shell import typed
from workbench.usecases.undoing import undo
from workbench.usecases.views import release_changes


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def git(root: Path, *words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=Jo", "-c", "user.email=jo@shop.example"]
    done = subprocess.run(
        ["git", *who, *words], cwd=root, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def with_two_changes(context: Context) -> tuple[str, str]:
    """A fix and a plain commit since the first one; the keys of their lines."""
    git(context.root, "init", "-q", "-b", "main")
    git(context.root, "commit", "-q", "--allow-empty", "-m", "one")
    first = git(context.root, "rev-parse", "HEAD")
    git(context.root, "commit", "-q", "--allow-empty", "-m", "fix: the total")
    git(context.root, "commit", "-q", "--allow-empty", "-m", "an inside matter")
    last = git(context.root, "rev-parse", "HEAD")
    held = releasing.find(context, "2.0.0")
    releasing.propose(context, held, Candidate(release="", number=0, commit=last, author="jo"))
    listing.list_commits(context, first)
    fixed, plain = (line.key for line in release_changes.read(context).changes.lines)
    return fixed, plain


def notes(context: Context, form: str = "md") -> str:
    return noting.written(context, evaluate(context), form)


def test_added_text_stands_in_its_section_with_who_wrote_it_and_when(shop: Context) -> None:
    own_notes.write_words(shop, "watch", "Look at the queue.\nThen at the till.")
    text = notes(shop)
    section = text[text.index("## What to watch") :]
    said = "Written by Kim, Tue 15 Sep 2026 12:00 CEST."
    assert section.startswith(f"## What to watch\n\nLook at the queue.\n\nThen at the till.\n\n{said}\n")
    assert own_notes.read_words(shop, "watch").by == "kim"


def test_it_survives_a_hundred_changes_of_everything_else(shop: Context) -> None:
    own_notes.write_words(shop, "open", "Mine.")
    for number in range(100):
        build.add_difference(shop, f"difference {number}")
    assert notes(shop).count("\nMine.\n") == 1
    assert notes(shop) == notes(shop)


def test_the_introduction_is_the_release_managers_text(shop: Context) -> None:
    own_notes.write_words(shop, "introduction", "Thursday it is.")
    assert releasing.find(shop, "2.0.0").release.notes == "Thursday it is."
    own_notes.remove_words(shop, "introduction")
    assert own_notes.read_words(shop, "introduction").text == ""


def test_it_can_be_replaced_removed_and_undone(shop: Context) -> None:
    own_notes.write_words(shop, "watch", "one")
    own_notes.write_words(shop, "watch", "two")
    undo(shop)
    assert own_notes.read_words(shop, "watch").text == "one"
    own_notes.remove_words(shop, "watch")
    assert own_notes.read_words(shop, "watch").text == ""
    with pytest.raises(UsageError, match="nobody has written anything"):
        own_notes.remove_words(shop, "watch")


def test_two_people_who_write_at_once_are_told(shop: Context) -> None:
    seen = own_notes.read_words(shop, "watch")
    own_notes.write_words(build.who(shop, "robin"), "watch", "first")
    with pytest.raises(StaleChange):
        own_notes.write_words(shop, "watch", "second", made_from=seen)
    assert own_notes.read_words(shop, "watch").text == "first"


@pytest.mark.parametrize(
    ("section", "text", "words"),
    [
        ("wach", "x", "no section “wach”"),
        ("proof", "x", "no section “proof”"),
        ("evidence", "x", "no section"),
        ("watch", "  ", "no words to keep"),
        ("watch", "x" * 20_001, "more than 20,000"),
    ],
)
def test_what_cannot_be_kept_is_said(shop: Context, section: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        own_notes.write_words(shop, section, text)


def test_a_secret_in_it_is_removed_and_told(shop: Context) -> None:
    token = "ghp_" + "a1B2" * 9
    own_notes.write_words(shop, "watch", f"use {token}")
    assert token not in notes(shop)
    assert any("removed before saving" in remark for remark in shop.remarks)


def test_a_release_that_went_out_keeps_its_text(shop: Context) -> None:
    own_notes.write_words(shop, "watch", "Mine.")
    shipping.ship(shop, "2.0.0", reason="the vendor switches off")
    with pytest.raises(NotAllowed, match="frozen"):
        own_notes.write_words(shop, "watch", "Other.")
    later = build.at(shop, shop.now + timedelta(days=30))
    assert "\nMine.\n" in notes(later)


def test_a_change_is_left_out_with_a_reason_and_put_back(shop: Context) -> None:
    fixed, plain = with_two_changes(shop)
    own_notes.hide(shop, plain[:6], "an inside matter of the shop")
    for form in ("md", "json", "txt", "html"):
        text = notes(shop, form)
        assert "the total" in text
        assert "an inside matter of the shop" in text
        assert text.count("an inside matter") == 1, "what it said is not told again"
    own_notes.show(shop, plain)
    assert "an inside matter" in notes(shop)
    commands = [typed(line) for act in tell(shop) for line in act.commands]
    assert commands[-2:] == [
        f"workbench notes hide {plain} --reason 'an inside matter of the shop'",
        f"workbench notes hide {plain} --back",
    ]
    assert fixed != plain


@pytest.mark.parametrize("line", ["benchmark/p95", "", "zzzz", "checkout"])
def test_only_a_change_can_be_left_out(shop: Context, line: str) -> None:
    with_two_changes(shop)
    with pytest.raises(UsageError, match="there is no change"):
        own_notes.hide(shop, line, "because it is not nice to read")


@pytest.mark.parametrize("reason", ["", "tbd", "x", "........"])
def test_a_reason_that_says_nothing_is_refused(shop: Context, reason: str) -> None:
    _, plain = with_two_changes(shop)
    with pytest.raises(UsageError):
        own_notes.hide(shop, plain, reason)


def test_a_file_is_updated_and_what_was_written_into_it_stays(shop: Context, tmp_path: Path) -> None:
    path = noting.export(shop, evaluate(shop), "md", tmp_path / "notes.md")
    path.write_bytes(b"Mine.\r\n" + path.read_bytes() + b"Mine, too")
    assert not noting.update(shop, evaluate(shop), path)
    build.add_difference(shop, "another region")
    assert noting.update(shop, evaluate(shop), path)
    data = path.read_bytes()
    assert data.startswith(b"Mine.\r\n<!-- workbench:begin head")
    assert data.endswith(b"-->\nMine, too")
    assert b"another region" in data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"only mine", "no part that the workbench generates"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "cannot be updated"),
    ],
)
def test_a_file_that_cannot_be_updated_is_left_as_it_was(
    shop: Context, tmp_path: Path, data: bytes | None, words: str
) -> None:
    path = tmp_path / "notes.md"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError, match=words):
        noting.update(shop, evaluate(shop), path)
    assert not path.exists() or path.read_bytes() == data


def test_two_desks_that_write_at_once_are_told_in_the_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundness, "check_end", lambda *_, **__: None)  # the desks share a user data folder
    with ExitStack() as stack:
        kim = stack.enter_context(build.shop(tmp_path / "kim"))
        shutil.copytree(tmp_path / "kim", tmp_path / "sam", ignore=shutil.ignore_patterns(".workbench"))
        (tmp_path / "sam" / ".workbench").mkdir()
        kim.record.backup(tmp_path / "sam" / ".workbench" / "record.db")
        sam = stack.enter_context(build.opened(tmp_path / "sam", "sam"))
        own_notes.write_words(kim, "watch", "of kim")
        own_notes.write_words(sam, "watch", "of sam")
        own_notes.write_words(sam, "open", "alone")
        pack = decode_pack(encode_pack(sam.record.pack()), "a pack")
        kim.record.take_in(pack, author=kim.author(), clock=kim.clock)
        text = notes(kim)
        assert text.count("Two desks wrote here at once") == 1
        assert "\nalone\n" in text


def test_an_excerpt_has_the_added_text_and_the_commits(shop: Context, tmp_path: Path) -> None:
    _, plain = with_two_changes(shop)
    own_notes.write_words(shop, "watch", "Look at the queue.")
    own_notes.hide(shop, plain, "an inside matter of the shop")
    file = tmp_path / "shop.excerpt.jsonl"
    file.write_bytes(excerpts.excerpt(shop))
    there = excerpts.from_excerpt(Options(project=shop.root, now=shop.now), file)
    try:
        text = notes(there)
    finally:
        there.record.close()
    assert "Look at the queue." in text
    assert "the total" in text
    assert "left out by" in text


def test_fragments_of_a_project_below_the_repositorys_root_are_found(shop: Context) -> None:
    root = shop.root.parent
    git(root, "init", "-q", "-b", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "one")
    first = git(root, "rev-parse", "HEAD")
    for folder in (shop.root, root):
        (folder / "changelog.d").mkdir()
    (shop.root / "changelog.d" / "1.fix.md").write_text("of this project", encoding="utf-8")
    (root / "changelog.d" / "2.fix.md").write_text("of another project", encoding="utf-8")
    git(root, "add", "shop/changelog.d", "changelog.d")
    git(root, "commit", "-q", "-m", "work")
    last = git(root, "rev-parse", "HEAD")
    held = releasing.find(shop, "2.0.0")
    releasing.propose(shop, held, Candidate(release="", number=0, commit=last, author="jo"))
    listing.list_commits(shop, first)
    found = release_changes.read(shop).changes
    assert [line.text for line in found.lines] == ["of this project"]
    assert found.coverage.by_fragment == 1
