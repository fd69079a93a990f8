"""A standard stream that is closed, full or not to be written: words and exit code 2, whatever the command."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench.cli import run

COMMANDS = ("status", "gate --json", "parity list", "--help")
FULL = Path("/dev/full")


def shell(command: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """A command line in which ``workbench`` is this one."""
    line = command.replace("workbench", f"{sys.executable} -m workbench", 1)
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=cwd,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_without_standard_output_nothing_is_done(shop: Path, command: str) -> None:
    done = shell(f"workbench {command} >&-", shop)
    assert done.returncode == 2
    assert b"standard output is closed" in done.stderr


def test_without_any_stream_the_exit_code_says_it(shop: Path) -> None:
    assert shell("workbench gate <&- >&- 2>&-", shop).returncode == 2


def test_what_only_talks_needs_no_standard_error(shop: Path) -> None:
    done = shell("workbench gate nosuch 2>&-", shop)
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_output_is_told(shop: Path, command: str) -> None:
    done = shell(f"workbench {command} >{FULL}", shop)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_standard_error_changes_no_exit_code(shop: Path) -> None:
    assert shell(f"workbench gate nosuch 2>{FULL}", shop).returncode == 2
    assert shell(f"workbench --version >{FULL} 2>&1", shop).returncode == 2


class Refusing(io.TextIOBase):
    """A stream that takes nothing."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@contextmanager
def refusing(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for name in names:
            patch.setattr(sys, name, Refusing())
        yield


@pytest.mark.parametrize(
    "words",
    [
        ("check",), ("check", "--json"), ("gate",), ("gate", "--json"), ("gate", "--format", "markdown"),
        ("status", "--short"), ("status", "--json"), ("release", "list"), ("release", "show"), ("parity", "list"),
        ("parity", "list", "--json"), ("flow", "list"), ("checklist", "list"), ("checklist", "show", "pre-production"),
        ("benchmark", "list"), ("benchmark", "show", "checkout-p95"), ("history",), ("history", "--json"),
        ("export", "differences"), ("export", "table", "answer"), ("notes",), ("notes", "--json"), ("schema", "project"),
        ("trust",), ("doctor",), ("contested",), ("approve",), ("verify",), ("excerpt",), ("try", "<= 5", "--value", "3"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_command_takes_a_full_output_for_a_fault_of_ours(
    shop: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing(monkeypatch, "stdout", "stderr"):
        assert run(words) == 2


def test_what_was_saved_before_is_saved(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with refusing(monkeypatch, "stdout"):
        assert run(["parity", "reviewed", "--as", "kim"]) == 2
    assert "what was saved before is saved" in capsys.readouterr().err
    assert run(["history", "--limit", "1"]) == 0
    assert "reviewed" in capsys.readouterr().out
