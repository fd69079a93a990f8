"""Two apps, each in a terminal and a process of its own, on two records that share a real server."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests import building as build
from tests.sharing.cable import Cable, cable_to
from tests.sharing.team import Team

from workbench.usecases.sharing.syncing import sync

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
SILENCE = 20.0  # seconds without a byte, after which a test stops waiting


class Terminal:
    """An app in a terminal of 120 by 40."""

    def __init__(self, root: Path, person: str) -> None:
        self._screen, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workbench", "--project", str(root), "--as", person],
            cwd=root, stdin=child, stdout=child, stderr=child, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )  # fmt: skip
        os.close(child)
        self._written = b""

    def sees(self, words: str) -> None:
        """Wait until these words are on their way to the screen, after those that were waited for before."""
        while words.encode() not in self._written:
            ready, _, _ = select.select([self._screen], [], [], SILENCE)
            data = os.read(self._screen, 65536) if ready else b""
            assert data, f"never saw “{words}”: {self._written[-3000:]!r}"
            self._written += data
        self._written = self._written.partition(words.encode())[2]

    def types(self, keys: str) -> None:
        """As if somebody pressed these keys."""
        os.write(self._screen, keys.encode())

    def leaves(self) -> int:
        """Press q; the exit code."""
        self.types("q")
        while True:
            try:
                if not select.select([self._screen], [], [], SILENCE)[0] or not os.read(self._screen, 65536):
                    break
            except OSError:  # the terminal is closed
                break
        return self._process.wait(SILENCE)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._screen)


@pytest.fixture
def cable(team: Team) -> Iterator[Cable]:
    """A cable to the team's server."""
    with cable_to(team.server.port) as cable:
        yield cable


@pytest.fixture
def terminals(team: Team, cable: Cable) -> Iterator[tuple[Terminal, Terminal]]:
    """Kim's and sam's, both live."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync(kim)
    sam = team.join("sam")
    cable.joins(kim, sam)
    with ExitStack() as stack:
        both = []
        for desk, person in ((kim, "kim"), (sam, "sam")):
            both.append(Terminal(desk.root, person))
            stack.callback(both[-1].close)
        yield both[0], both[1]


def test_what_is_added_in_one_terminal_comes_to_the_other(terminals: tuple[Terminal, Terminal]) -> None:
    kim, sam = terminals
    for one in terminals:
        one.sees("Your move")
        one.types("2")
        one.sees("type what differs")
    kim.types("a")
    kim.sees("a new row")
    kim.types("session store\x13")  # ctrl+s
    kim.sees("saved 1 new row")
    sam.sees("session store")
    assert [one.leaves() for one in terminals] == [0, 0]


def test_a_terminal_is_left_while_the_server_is_gone(
    cable: Cable, terminals: tuple[Terminal, Terminal]
) -> None:
    for one in terminals:
        one.sees("Your move")
    cable.cut()
    for one in terminals:
        one.sees("off-line")
    assert [one.leaves() for one in terminals] == [0, 0]
