"""Commands of the command line, run from inside the app: each in a process of its own, on the same record."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

import msgspec

from workbench.model.errors import UsageError
from workbench.model.text import safe_lines
from workbench.usecases.project import Options

Complete: TypeAlias = Callable[[Options, str], list[str]]
"""What the last word of a line can become; the command line says it, which the app does not know."""
PROGRAM = "workbench"
MOST = 200_000  # characters of what a command printed that are shown


class Ran(msgspec.Struct, frozen=True):
    """A command that has ended: its exit code, and what it printed, in lines that are safe to show."""

    line: str
    code: int
    printed: tuple[str, ...]
    said: tuple[str, ...]


def words_of(line: str) -> list[str]:
    """The words of a line, with or without ``workbench`` in front; ``UsageError`` where it cannot be run here."""
    try:
        words = shlex.split(line)
    except ValueError:
        raise UsageError("a quotation mark is not closed", hint="close it, or put \\ before it") from None
    if words[:1] == [PROGRAM]:
        del words[0]
    if not words or all(
        word.startswith("-") and word not in ("-h", "--help", "-V", "--version") for word in words
    ):
        raise UsageError("this would open the app, which is open", hint="type a command, such as: status")
    if words[0] == "demo" and "--headless" not in words:
        raise UsageError("this would open the app on a sample", hint="demo --headless makes one")
    return words


def told_of(options: Options) -> list[str]:
    """What was said when the app was opened, for each command to hear."""
    said = {
        "--project": options.project,
        "--record": options.record,
        "--as": options.as_person,
        "--release": options.release,
    }
    return [word for name, value in said.items() if value is not None for word in (name, str(value))]


class Running:
    """A command on its way; it can be stopped as ctrl+c stops it on a shell."""

    def __init__(self, line: str, options: Options, columns: int) -> None:
        """``columns`` is the width that tables are cut to."""
        self.line, self._columns = line, columns
        self._words = [*told_of(options), *words_of(line)]
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> Ran:
        """Start it and wait until it has ended; nothing can be typed into it."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", PROGRAM, *self._words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "NO_COLOR": "1",
                "PYTHONIOENCODING": "utf-8",
                "WORKBENCH_COLUMNS": str(self._columns),
            },
            start_new_session=True,
        )
        try:
            printed, said = await self._process.communicate()
        except asyncio.CancelledError:
            self.stop()
            raise
        return Ran(self.line, self._process.returncode or 0, _lines(printed), _lines(said))

    def stop(self) -> None:
        """Ask it to stop, once."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGINT)


def _lines(data: bytes) -> tuple[str, ...]:
    text = data.decode("utf-8", "replace").removesuffix("\n")
    return tuple(safe_lines(text, MOST)) if text else ()


class Typed:
    """The commands that were typed in this sitting, and where one stands among them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._place = 0
        self._unsent = ""

    def add(self, line: str) -> None:
        """A line that was sent; one that is sent again stands once."""
        if self.lines[-1:] != [line]:
            self.lines.append(line)
        self._place, self._unsent = len(self.lines), ""

    def earlier(self, shown: str) -> str:
        """The line before the one that is shown; what was not sent is kept."""
        if self._place == len(self.lines):
            self._unsent = shown
        self._place = max(0, self._place - 1)
        return self.lines[self._place] if self.lines else shown

    def later(self) -> str:
        """The line after it; at the end what was not sent."""
        self._place = min(len(self.lines), self._place + 1)
        return self.lines[self._place] if self._place < len(self.lines) else self._unsent


def completed(line: str, found: Sequence[str]) -> str:
    """The line with its last word as far as all that it can become agree; a single one whole, and a blank."""
    if not found:
        return line
    head = line if line.endswith(" ") or not line else line[: _last(line)]
    if len(found) == 1:
        return f"{head}{shlex.quote(found[0])} "
    common = _common(found)
    grown = len(common) > len(line[len(head) :]) and shlex.quote(common) == common
    return f"{head}{common}" if grown else line


def _common(found: Sequence[str]) -> str:
    """What all of them begin with."""
    least, most = min(found), max(found)
    return least[: next((n for n, letter in enumerate(least) if most[n : n + 1] != letter), len(least))]


def _last(line: str) -> int:
    """Where the last word of a line begins, quotation marks counted."""
    place, quote = 0, ""
    for number, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == " ":
            place = number + 1
    return place
