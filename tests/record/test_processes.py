"""Several processes, and processes that are killed: nothing acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from tests.record.support import ADA, KINDS

from workbench.model.times import Clock
from workbench.record import Change, Record

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


def test_fifty_kills_lose_nothing_that_was_acknowledged(path: Path) -> None:
    prepared(path)
    dice = random.Random(50)
    acknowledged: list[tuple[str, str]] = []
    for number in range(50):
        process = writer(path, f"w{number}", 100_000)
        assert process.stdout is not None
        # The writer goes on while these lines are read: the kill meets it anywhere.
        lines = [process.stdout.readline() for _ in range(dice.randrange(0, 12))]
        process.kill()
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        acknowledged += [_pair(line) for line in lines if line.endswith("\n")]
        with Record.open(path, KINDS) as record:
            report = record.verify()
            assert report.ok, report.problem
            present = set(record.query("SELECT change_id, id FROM ledger WHERE entity = 'difference'"))
            assert set(acknowledged) <= present
            # An act is there with all its entries and its evidence, or not at all.
            assert (
                record.query("SELECT change_id FROM ledger WHERE seq > 2 GROUP BY 1 HAVING count(*) <> 2")
                == []
            )
    assert len(acknowledged) > 50


def _pair(line: str) -> tuple[str, str]:
    change_id, id = line.split()
    return change_id, id
