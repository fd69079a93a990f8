"""Two tables of 1,000,000 rows, compared by their figures and by checksums: seconds, and memory."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.command_line import environment, workbench
from bench.importing import STARTER
from bench.large import SEED
from bench.measuring import Row
from bench.setting import Setting

ROWS = 1_000_000
ROUNDS = 3
WHAT = f"two tables of {ROWS:,} rows"
TABLE = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, total NUMERIC, status TEXT, coupon TEXT, placed DATETIME)"
PROJECT = """\
project: large
title: Large
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging, staging_kind: full-clone}
sources:
  - {key: staging-db, kind: sql, url: 'sqlite:staging.db', timeout: 5min}
  - {key: production-db, kind: sql, url: 'sqlite:production.db', timeout: 5min}
probes:
  - {key: profile, kind: data_profile, staging: staging-db, production: production-db, values: [orders.status], timeout: 5min}
  - {key: rows, kind: data_profile, staging: staging-db, production: production-db, rows: [orders], figures: false, timeout: 5min}
people:
  - {key: robin, name: Robin, roles: [release-owner]}
"""


def rows(setting: Setting) -> Iterator[Row]:
    """Seconds of each way to compare, and the most memory that the process has held."""
    root = _project(setting.folder / "databases")
    started = [workbench(), "release", "new", "1.0", "--commit", "a" * 40, "--as", "robin"]
    env = environment(setting.folder / "data")
    subprocess.run(started, cwd=root, env=env, stdout=subprocess.DEVNULL, check=True)
    held = []
    for probe, what, limit in (
        ("profile", "profiled and compared by their figures", 60.0),
        ("rows", "nearly equal, compared row for row by checksums of segments", 6.0),
    ):
        taken = []
        for _ in range(ROUNDS):
            seconds, megabytes = _probe(root, probe, env)
            taken.append(seconds)
            held.append(megabytes)
        spread = f"{min(taken):.1f} to {max(taken):.1f} s"
        yield Row(
            name=f"databases-{probe}", what=f"{WHAT}, {what}", peer=f"limit of {limit:g} s", measured=median(taken),
            target=limit, unit=" s", times=spread,
        )  # fmt: skip
    yield Row(
        name="databases-memory", what="the same: most memory held", peer="limit of 500 MB", measured=max(held),
        target=500, unit=" MB",
    )  # fmt: skip


def _project(root: Path) -> Path:
    """Two SQLite files that differ in three rows."""
    root.mkdir(parents=True)
    (root / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    for name in ("staging", "production"):
        chance = random.Random(SEED)
        with closing(sqlite3.connect(root / f"{name}.db")) as file:
            file.execute(TABLE)
            file.executemany(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", (_order(n, chance) for n in range(ROWS))
            )
            if name == "staging":
                file.execute("UPDATE orders SET total = 0 WHERE id IN (5, 5000, 500000)")
            file.commit()
    return root


def _order(number: int, chance: random.Random) -> tuple[object, ...]:
    day = f"2026-{1 + number % 12:02d}-{1 + number % 28:02d} 12:00:00"
    coupon = f"C{number % 40}" if number % 5 == 0 else None
    return (
        number,
        chance.randrange(100_000),
        chance.randrange(1_000_000) / 100,
        ["new", "paid", "sent"][number % 3],
        coupon,
        day,
    )


def _probe(root: Path, probe: str, env: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes of one run; 0 MB where the system does not tell."""
    command = [workbench(), "probe", probe, "--as", "robin"]
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", STARTER, *command], cwd=root, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):  # 1 says that it found what differs
        raise RuntimeError(f"the probe {probe} ended with {done.returncode}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return seconds, int(done.stdout.split()[-1]) / unit
