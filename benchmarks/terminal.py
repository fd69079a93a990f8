"""The app on a terminal: a pseudo terminal that we read, as a terminal emulator does."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks import loopback
from benchmarks.command_line import environment, workbench
from benchmarks.large import Size
from benchmarks.measuring import Row, paired, seconds_text
from benchmarks.setting import Setting
from workbench.usecases import trusting
from workbench.usecases.context import RECORD, Options

WIDTH, HEIGHT = 160, 50
PATIENCE = 60.0
QUIET = 0.06
KEYS = 150
PEER = "a Textual app of one Static"
GATES = ("Inventory", "Benchmarks", "Parity", "Production", "Sign-off")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[P_^][^\x1b]*\x1b\\|.)")
_MARKED = [re.compile(rf"[^\w\s] {title}") for title in GATES]


class Terminal:
    """A program on a pseudo terminal of 160 × 50; use it as a context manager."""

    def __init__(self, command: Sequence[str], env: dict[str, str], cwd: Path) -> None:
        self._primary, secondary = pty.openpty()
        fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.text = ""
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=secondary,
            stdout=secondary,
            stderr=secondary,
            cwd=cwd,
            env=env | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(secondary)

    def read(self, timeout: float) -> bool:
        """Take in what the program has written; whether anything came."""
        if not select.select([self._primary], [], [], timeout)[0]:
            return False
        try:
            self.text += os.read(self._primary, 1 << 16).decode("utf-8", "replace")
        except OSError:  # Linux's word for the end
            raise RuntimeError(f"the program ended early: {self.plain[-400:]}") from None
        return True

    @property
    def plain(self) -> str:
        """What was written, without escape sequences."""
        return _ESCAPE.sub("", self.text)

    def until(self, patterns: Sequence[re.Pattern[str]]) -> float:
        """Seconds since the start until all of it has been written."""
        while time.perf_counter() - self.started < PATIENCE:
            if self.read(0.5) and all(pattern.search(self.plain) for pattern in patterns):
                return time.perf_counter() - self.started
        raise RuntimeError(f"never seen: {[p.pattern for p in patterns]} in {self.plain[-400:]}")

    def settle(self, quiet: float = QUIET) -> None:
        """Wait until nothing has been written for a while."""
        while self.read(quiet):
            pass

    def press(self, key: bytes) -> float:
        """Seconds from a key to the first byte that it causes."""
        start = time.perf_counter()
        os.write(self._primary, key)
        if not self.read(2.0):
            return 2.0
        return time.perf_counter() - start

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        deadline = time.perf_counter() + 5
        while self._process.poll() is None and time.perf_counter() < deadline:
            try:
                self.read(0.05)
            except RuntimeError:
                break
        self._process.kill()
        self._process.wait()
        os.close(self._primary)


def first_paint(setting: Setting) -> Iterator[Row]:
    """From the command to the gates' states."""
    env = environment(setting.folder / "data")
    peer = [sys.executable, str(Path(__file__).with_name("static_app.py"))]

    def theirs() -> float:
        with Terminal(peer, env, setting.folder) as terminal:
            return terminal.until([re.compile("ready to be read")])

    for size, name, words, target in (
        (Size(), "paint", "50 benchmarks", 1.8),
        (Size(benchmarks=1000), "paint-1000", "1,000 benchmarks in its files", None),
    ):
        root = setting.large(size)

        def ours(folder: Path = root) -> float:
            with Terminal([workbench()], env, folder) as terminal:
                return terminal.until(_MARKED)

        yield paired(ours, theirs).row(
            name, f"first paint with the gates' states, large record, {words}", PEER, target
        )


def keys(setting: Setting) -> Iterator[Row]:
    """A key in the largest table: the parity map with 10,000 differences."""
    env = environment(setting.folder / "data")
    with loopback.server() as url:
        root = setting.large(Size(benchmarks=500, measurements=20_000, candidates=5), url)
        trusting.agree(trusting.look(Options(project=root)))
        before = _batches(root)
        for name, words, arguments, target in (
            ("key-idle", "idle", [], 30.0),
            ("key-fetch", "while a fetch is running", ["--fetch"], 60.0),
        ):
            command = [sys.executable, "-m", "benchmarks.app", str(root), *arguments]
            here = {"PYTHONPATH": str(Path(__file__).parent.parent)}
            with Terminal(command, env | here, root) as terminal:
                terminal.until(_MARKED)
                taken = sorted(_presses(terminal))
            p95 = taken[int(len(taken) * 0.95)]
            yield Row(
                name=name,
                what=f"key to first byte, 10,000 differences, {words}: p95",
                peer=f"limit of {target:g} ms",
                measured=p95 * 1000,
                target=target,
                unit=" ms",
                times=f"p50 {seconds_text(median(taken))}, most {seconds_text(taken[-1])}",
            )
        if _batches(root) == before:
            raise RuntimeError("nothing was fetched while the keys were pressed")


def _batches(root: Path) -> int:
    with closing(sqlite3.connect(root / RECORD)) as raw:
        return int(raw.execute("SELECT count(*) FROM e_batch").fetchone()[0])


def _presses(terminal: Terminal) -> Iterator[float]:
    """Down and down again, the sides of the table now and then."""
    terminal.press(b"2")
    terminal.until([re.compile(r"Difference \d+")])
    terminal.settle(0.5)
    for number in range(KEYS):
        yield terminal.press((b"\x1b[B", b"\x1b[B", b"\x1b[B", b"\x1b[A", b"\x1b[6~")[number % 5])
        terminal.settle()
