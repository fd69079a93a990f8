"""A command line to type into, and the demonstration's folder to type it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import web_shop

from workbench.cli import run

CONTROL = {*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)}
REORDERING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Said(msgspec.Struct, frozen=True):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.out)
        return found


Type = Callable[..., Said]


@pytest.fixture
def type_in(capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command; ``code`` is what it must exit with (``None``: anything)."""

    def type_(*words: object, code: int | None = 0) -> Said:
        capsys.readouterr()
        found = run([str(word) for word in words])
        captured = capsys.readouterr()
        said = Said(found, captured.out, captured.err)
        assert "Traceback" not in said.err + said.out
        steering = [c for c in said.out + said.err if ord(c) in CONTROL or c in REORDERING]
        assert not steering, steering
        if code is not None:
            assert found == code, f"{words}: {found}\n{said.out}\n{said.err}"
        return said

    return type_


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the web shop, and we are in it."""
    folder = web_shop.copied(tmp_path / "shop")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and we are in it."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


class Keyboard:
    """Standard input of somebody who types these lines into a terminal."""

    encoding = "utf-8"

    def __init__(self, *lines: str) -> None:
        self.lines = [f"{line}\n" for line in lines]

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1) -> str:
        return self.lines.pop(0) if self.lines else ""

    def fileno(self) -> int:
        raise OSError("no file")


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sit down at a terminal and type lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Keyboard(*lines))
