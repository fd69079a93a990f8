"""Kills: of processes that write, and of the first command of a project, which makes its record."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec
from tests.record.support import ADA, KINDS

from workbench.cli.running import run
from workbench.model.times import Clock
from workbench.record import Change, Record

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
PROJECT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
gates:
  - {key: parity, title: Parity, requires: [{differences_decided: high}]}
start_from: {parity: differences.csv}
"""
ROWS = 40
_FIRST = "from workbench.__main__ import main; main()"


class Outcome(msgspec.Struct):
    """What was done and what came of it; ``wrong`` is empty where all is well."""

    done: int = 0
    acknowledged: int = 0
    whole: int = 0
    nothing: int = 0
    wrong: list[str] = []


def kill_writers(folder: Path, count: int, dice: random.Random) -> Outcome:
    """Kills processes that write, at any moment; whatever one acknowledged has to be there."""
    path = folder / "record.db"
    with Record.create(path, KINDS, project="shop", author=ADA, clock=Clock()) as record:
        record.commit([Change("note", "shared", "added", {"about": "x"})], author=ADA, clock=Clock())
    found = Outcome()
    acknowledged: set[tuple[str, ...]] = set()
    for number in range(count):
        acknowledged.update(_killed_writer(path, number, dice))
        found.done += 1
        if number % 20 == 0 or number == count - 1:
            found.wrong += _lost(path, acknowledged)
    found.acknowledged = len(acknowledged)
    return found


def _killed_writer(path: Path, number: int, dice: random.Random) -> Iterator[tuple[str, ...]]:
    command = [sys.executable, "-m", "tests.record.writer", str(path), f"w{number}", "100000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(dice.randrange(0, 12))]
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
    return (tuple(line.split()) for line in lines if line.endswith("\n"))


def _lost(path: Path, acknowledged: set[tuple[str, ...]]) -> list[str]:
    with Record.open(path, KINDS) as record:
        report = record.verify()
        present = set(record.query("SELECT change_id, id FROM ledger WHERE entity = 'difference'"))
        parts = "SELECT change_id FROM ledger WHERE seq > 2 GROUP BY 1 HAVING count(*) <> 2"
        torn = record.query(parts)  # each act of these writers has two entries
    wrong = [f"lost: {id}" for _, id in acknowledged - present]
    wrong += [f"half there: {change}" for (change,) in torn]
    return wrong if report.ok else [*wrong, f"not intact: {report.problem}"]


def interrupt_first_commands(folder: Path, count: int, dice: random.Random) -> Outcome:
    """Interrupts the command that makes the record; there must be all of it or nothing, and the next one works."""
    found = Outcome()
    longest = _time_of(_project(folder / "whole"))
    for number in range(count):
        root = _project(folder / f"p{number}")
        which = SIGNALS[number % len(SIGNALS)]
        _interrupted(root, which, dice.uniform(0.3, 1.05) * longest)
        found.done += 1
        there = (root / ".workbench" / "record.db").exists()
        found.whole, found.nothing = found.whole + there, found.nothing + (not there)
        found.wrong += [f"{which.name} in {root.name}: {what}" for what in _after(root, there)]
    return found


def _project(root: Path) -> Path:
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    rows = "".join(f"cache {n},off,on,slower,low\n" for n in range(ROWS))
    (root / "differences.csv").write_text(
        "title,staging,production,impact,severity\n" + rows, encoding="utf-8"
    )
    return root


def _first(root: Path) -> list[str]:
    words = ["release", "new", "1.0", "--commit", "abcdef12", "--as", "kim", "--project", str(root)]
    return [sys.executable, "-c", _FIRST, *words]


def _environment(root: Path) -> dict[str, str]:
    return os.environ | {"WORKBENCH_DATA": str(root / "data")}


def _run(root: Path, *words: str) -> int:
    """The command that comes next, in this process: only the first one is interrupted."""
    before = os.environ.get("WORKBENCH_DATA")
    os.environ["WORKBENCH_DATA"] = str(root / "data")
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return run([*words, "--project", str(root)])
    finally:
        os.environ.pop("WORKBENCH_DATA")
        if before is not None:
            os.environ["WORKBENCH_DATA"] = before


def _time_of(root: Path) -> float:
    start = time.perf_counter()
    subprocess.run(_first(root), env=_environment(root), capture_output=True, check=True)
    return time.perf_counter() - start


def _interrupted(root: Path, which: signal.Signals, after: float) -> None:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(_first(root), env=_environment(root), stdout=quiet, stderr=quiet) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(which)


def _after(root: Path, there: bool) -> Iterator[str]:
    """What is wrong after an interruption, and after the command that comes next."""
    if there:
        yield from _half(root)
    code = _run(root, "release", "new", "2.0", "--commit", "abcdef13", "--as", "kim")
    if code != 0:
        yield f"the next command ends with {code}"
    yield from _half(root)
    if (code := _run(root, "verify")) != 0:
        yield f"verify ends with {code}"
    left = [path.name for path in (root / ".workbench").iterdir() if path.name.endswith(".part")]
    if left:
        yield f"left behind: {left}"


def _half(root: Path) -> Iterator[str]:
    raw = sqlite3.connect(root / ".workbench" / "record.db")
    rows = raw.execute("SELECT count(*) FROM e_difference").fetchone()[0]
    raw.close()
    if rows != ROWS:
        yield f"a record with {rows} of {ROWS} rows that it starts from"
