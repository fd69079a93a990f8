"""The app on a terminal: a pseudo terminal that we read, as a terminal emulator does."""

from __future__ import annotations

import codecs
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

from bench import loopback
from bench.command_line import MAP, environment, workbench
from bench.large import Size
from bench.measuring import Row, paired, seconds_text
from bench.setting import Setting
from workbench.usecases import trusting
from workbench.usecases.project import RECORD, Options

WIDTH, HEIGHT = 160, 50
PATIENCE = 60.0
QUIET = 0.06
KEYS = 150
EDITS = 15
CONTROL_S = b"\x13"
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
        # A sign may begin in one piece and end in the next.
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
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
            self.text += self._decode(os.read(self._primary, 1 << 16))
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

    def see(self, pattern: str) -> None:
        """Wait until this has been written."""
        self.started = time.perf_counter()
        self.until([re.compile(pattern)])

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
        (Size(), "paint", "50 benchmarks", 1.6),
        (Size(benchmarks=1000), "paint-1000", "1,000 benchmarks in its files", 2.0),
    ):
        root = setting.large(size)

        def ours(folder: Path = root) -> float:
            with Terminal([workbench()], env, folder) as terminal:
                return terminal.until(_MARKED)

        yield paired(ours, theirs).row(
            name, f"first paint with the gates' states, large record, {words}", PEER, target
        )

    def paint(differences: int) -> float:
        with Terminal([workbench()], env, setting.large(Size(differences=differences, **MAP))) as terminal:
            return terminal.until(_MARKED)

    yield paired(lambda: paint(100_000), lambda: paint(1000)).row(
        "paint-many",
        "first paint with the gates' states, 100,000 differences of which 300 are high and undecided",
        "the same with 1,000 differences",
        2.0,
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
            command = [sys.executable, "-m", "bench.app", str(root), *arguments]
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


def edit(setting: Setting) -> Iterator[Row]:
    """One difference of 10,000 is given another title: from the key that saves it to its row."""
    root = setting.large(Size())
    busy = setting.folder / "loop.txt"
    command = [sys.executable, "-m", "bench.app", str(root), "--loop", str(busy)]
    env = environment(setting.folder / "data") | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    taken: list[float] = []
    blocked: list[float] = []
    with Terminal(command, env, root) as terminal:
        terminal.until(_MARKED)
        terminal.press(b"2")
        terminal.until([re.compile(r"▸.*Difference \d+")])
        terminal.settle(0.5)
        for number in range(EDITS):
            start, end = _edit(terminal, f"edit {number:02}")
            taken.append((end - start) * 1000)
            blocked.append(_longest(busy, start, end) * 1000)
    for name, what, values, target in (
        ("edit", "an edit on a map of 10,000 rows, key to row: p50", taken, 40.0),
        ("edit-loop", "the same, the longest that the event loop is busy at a stretch: p50", blocked, 8.0),
    ):
        yield Row(
            name=name,
            what=what,
            peer=f"limit of {target:g} ms",
            measured=median(values),
            target=target,
            unit=" ms",
            times=f"least {min(values):.1f} ms, most {max(values):.1f} ms",
        )


def _edit(terminal: Terminal, words: str) -> tuple[float, float]:
    """Give the row under the cursor another title in its cell; when it was saved and when shown."""
    terminal.text = ""
    terminal.press(b"e")
    terminal.settle(0.3)
    for letter in words:
        terminal.press(letter.encode())
    terminal.settle(0.3)
    terminal.press(CONTROL_S)
    terminal.see("Save 1 cell")
    terminal.settle(0.3)
    terminal.text = ""
    start = time.perf_counter()
    terminal.press(b"\r")
    terminal.see("▸ . " + words)
    end = time.perf_counter()
    terminal.settle(0.3)
    return start, end


def _longest(path: Path, start: float, end: float) -> float:
    """The longest that the event loop worked at a stretch between two moments, in seconds."""
    lines = path.read_text(encoding="ascii").splitlines()
    spans = [tuple(map(float, line.split())) for line in lines]
    return max(took for begin, stop, took in spans if stop > start and begin < end)


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
