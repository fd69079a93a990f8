"""Several processes at once; ``tests/torture`` kills them, too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.record.support import ADA, KINDS

from workbench.model.times import Clock
from workbench.record import Change, Record
from workbench.record.connection import log_of

ROOT = Path(__file__).parents[2]


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.record.writer", str(path), name, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def prepared(path: Path) -> None:
    with Record.create(path, KINDS, project="shop", author=ADA, clock=Clock()) as record:
        record.commit([Change("note", "shared", "added", {"about": "x"})], author=ADA, clock=Clock())


def test_two_processes_write_and_nothing_is_lost(path: Path) -> None:
    prepared(path)
    count = 250
    both = [writer(path, "one", count), writer(path, "two", count)]
    acknowledged = [line.split()[0] for process in both for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in both] == [0, 0]
    assert len(set(acknowledged)) == 2 * count
    with Record.open(path, KINDS) as record:
        assert record.count("difference") == 2 * count
        assert {
            change_id for (change_id,) in record.query("SELECT change_id FROM ledger WHERE seq > 2")
        } == set(acknowledged)
        shared = record.get("note", "shared")
        assert shared is not None
        assert shared.decode(dict) == {"about": "x", "one": count - 1, "two": count - 1}
        report = record.verify()
        assert (report.ok, report.entries, report.blobs) == (True, 2 + 4 * count, 2 * count)


def test_a_program_that_leaves_takes_no_log_away_from_one_that_opened_the_record_twice(path: Path) -> None:
    """As an app does that probes over a connection of its own, while a second window is closed."""
    prepared(path)
    with Record.open(path, KINDS) as record:
        record.commit([Change("note", "one", "added", {"about": "x"})], author=ADA, clock=Clock())
        log = log_of(path).stat().st_ino
        Record.open(path, KINDS).close()
        other = writer(path, "other", 1)
        other.communicate(timeout=60)
        assert other.returncode == 0
        assert log_of(path).stat().st_ino == log, "the log that this one writes is still there"
        record.commit([Change("note", "two", "added", {"about": "y"})], author=ADA, clock=Clock())
    with Record.open(path, KINDS) as record:
        assert record.get("note", "two") is not None
        assert record.verify().ok
