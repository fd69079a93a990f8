"""The password of a role is used to connect, and is nowhere afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.sharing.team import PASSWORD, Team

from workbench.cli.running import run
from workbench.mailbox.errors import ServerRefuses
from workbench.usecases.sharing.syncing import sync


def holding(folder: Path, secret: str) -> list[Path]:
    """The files below a folder that hold a text."""
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_no_file_holds_the_password_of_a_role(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    sam = team.join("sam")
    sync(sam)
    for words in (("share",), ("share", "--check"), ("sync",), ("member", "list"), ("doctor",), ("history",)):
        run([*words, "--project", str(sam.root)])
    printed = capsys.readouterr()
    assert PASSWORD not in printed.out + printed.err
    assert holding(tmp_path, PASSWORD) == [team.passwords]


def test_a_password_that_is_wrong_is_not_repeated(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kim = team.first_desk()
    monkeypatch.setenv("PGPASSWORD", "a-password-that-is-wrong")
    with pytest.raises(ServerRefuses, match="does not let this role in") as caught:
        sync(kim)
    assert "a-password-that-is-wrong" not in str(caught.value)
    run(["sync", "--json", "--project", str(kim.root)])
    printed = capsys.readouterr()
    assert "a-password-that-is-wrong" not in printed.out + printed.err
    assert holding(tmp_path, "a-password-that-is-wrong") == []
