"""``workbench notes`` and ``workbench diff`` as people type them."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.cli.conftest import Type


def test_text_is_written_shown_and_taken_away(shop: Path, type_in: Type) -> None:
    assert (
        "your text is in the section watch" in type_in("notes", "edit", "watch", "--text", "The queue.").out
    )
    assert "The queue." in type_in("notes").out
    assert "## What to watch\n\nThe queue.\n" in type_in("notes", "show", "watch").out
    found = type_in("notes", "show", "--json").json
    (line,) = [each for each in found["sections"] if each["section"] == "watch"]
    assert (line["own"], line["by"]) == ("The queue.", "Robin")
    type_in("notes", "edit", "watch", "--remove")
    assert "The queue." not in type_in("notes").out


def test_text_comes_from_a_file_or_standard_input(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "words.txt").write_text("From a file.\n", encoding="utf-8")
    type_in("notes", "edit", "open", "--file", "words.txt")
    assert "From a file." in type_in("notes", "show", "open").out
    fake = SimpleNamespace(buffer=io.BytesIO("From a pipe – é".encode()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", fake)
    type_in("notes", "edit", "open", "--file", "-")
    assert "From a pipe – é" in type_in("notes", "show", "open").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("edit", "wtch", "--text", "x"), "is watch meant?"),
        (("edit", "watch", "--text", "x", "--remove"), "contradict each other"),
        (("edit", "watch"), "no terminal to open an editor in"),
        (("edit", "watch", "--file", "nowhere.txt"), "cannot be read"),
        (("edit", "watch", "--remove"), "nobody has written anything"),
        (("hide", "12.fix.md"), "there is no change"),
        (("hide", "12.fix.md", "--back"), "no change is left out"),
        (("show", "wtch"), "is watch meant?"),
        (("show", "freeze-dates"), "no section"),
        (("chnges",), "Did you mean"),
        (("--update", "nowhere.md"), "cannot be updated"),
        (("--update", "README.md"), "no part that the workbench generates"),
        (("--update", "x.md", "--output", "y.md"), "makes a Markdown file anew"),
        (("--format", "github", "--output", "notes.github"), ""),
    ],
)
def test_what_goes_wrong_is_said_and_loses_nothing(
    shop: Path, type_in: Type, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(), isatty=lambda: False))
    before = type_in("notes").out
    found = type_in("notes", *words, code=None)
    assert said in found.err
    assert found.code == (2 if said else 0)
    assert type_in("notes").out == before


def test_a_file_is_written_edited_and_updated(shop: Path, type_in: Type) -> None:
    type_in("notes", "--output", "notes.md")
    file = shop / "notes.md"
    file.write_text("Mine, first.\n" + file.read_text("utf-8") + "Mine, last.\n", encoding="utf-8")
    assert "nothing changed in notes.md" in type_in("notes", "--update", "notes.md").err
    type_in("notes", "edit", "open", "--text", "Two of them wait.")
    assert "updated notes.md" in type_in("notes", "--update", "notes.md").err
    text = file.read_text("utf-8")
    assert text.startswith("Mine, first.\n")
    assert text.endswith("Mine, last.\n")
    assert "Two of them wait." in text
    assert type_in("notes", "--format", "github").out == type_in("notes", "--format", "github").out


def test_an_editor_opens_on_a_terminal(shop: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[-1], 'w').write('Typed there.')\n")
    editor.chmod(0o755)
    here, there = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "notes", "edit", "watch", "--json"],
            stdin=there,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "VISUAL": str(editor), "EDITOR": str(editor)},
            cwd=shop,
        )
    finally:
        os.close(here)
        os.close(there)
    assert done.returncode == 0, done.stderr
    (line,) = [each for each in json.loads(done.stdout)["sections"] if each["section"] == "watch"]
    assert line["own"] == "Typed there."


def test_two_candidates_are_compared(shop: Path, type_in: Type) -> None:
    text = type_in("diff", "rc1", "rc2").out
    assert text.startswith("✗ 2.14.0 rc1, commit 5b8e2f7ac01d: replaced")
    assert "Checkout p95: no data, blocking → fail, blocking (0.69 s)" in text
    found = type_in("diff", "2.14.0@1", "a1b2c3d", "--json").json
    assert [each["group"] for each in found["groups"]][:2] == ["gates", "verdicts"]
    assert "is no release" in type_in("diff", "rc1", "9.9.9", code=2).err
