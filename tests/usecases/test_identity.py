"""Who this folder says sits here, and whose word that is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions import Definitions
from workbench.model.errors import UsageError
from workbench.record import Author
from workbench.usecases.identity import author_finder
from workbench.usecases.project import Options, read_definitions


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("WORKBENCH_AS", raising=False)
    build.write(tmp_path)
    (tmp_path / ".workbench").mkdir()
    return tmp_path


def definitions(root: Path) -> Definitions:
    return read_definitions(Options(project=root))[1]


def author(root: Path) -> Author:
    return author_finder(root, definitions(root), Options(project=root))()


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)


@pytest.mark.parametrize("data", [b"kim\n", b"\xef\xbb\xbfkim"])
def test_a_folder_says_who_sits_here(root: Path, data: bytes) -> None:
    (root / ".workbench" / "person").write_bytes(data)
    assert (author(root).actor, author(root).identity) == ("kim", "set for this folder")


def test_what_came_with_the_repository_says_nothing_about_us(root: Path) -> None:
    (root / ".workbench" / "person").write_text("kim\n", encoding="utf-8")
    git(root, "init", "-q")
    git(root, "config", "user.email", "nobody@example.org")
    assert author(root).actor == "kim"
    git(root, "add", "-f", ".workbench/person")
    assert author(root).identity == "name of the system user"


def test_what_is_no_text_is_said_in_words(root: Path) -> None:
    (root / ".workbench" / "person").write_bytes("jörg".encode("latin-1"))
    with pytest.raises(UsageError, match="not UTF-8 text"):
        author(root)
