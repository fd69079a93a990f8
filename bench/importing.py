"""A team's table taken in: how long it takes, and how much memory it needs."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import msgspec

from bench.command_line import environment, workbench
from bench.large import SEED, difference
from bench.measuring import Row
from bench.setting import Setting
from workbench.model.noun_fields import write_form
from workbench.model.times import zone_of
from workbench.parity.fields import FIELDS
from workbench.parity.model import Difference

ROWS = 100_000
ROUNDS = 5
WHAT = f"importing a table of {ROWS:,} differences into a new record"
PROJECT = """\
project: large
title: Large
people:
  - {key: robin, name: Robin, roles: [release-owner]}
"""


def rows(setting: Setting) -> Iterator[Row]:
    """Seconds, and the most memory that the process has held."""
    folder = setting.folder / "importing"
    table = _table(folder, setting)
    taken, held = [], []
    for number in range(ROUNDS):
        seconds, megabytes = _import(folder / str(number), table, environment(setting.folder / "data"))
        taken.append(seconds)
        held.append(megabytes)
    spread = f"{min(taken):.1f} to {max(taken):.1f} s"
    yield Row(
        name="import",
        what=WHAT,
        peer="limit of 6 s",
        measured=median(taken),
        target=6,
        unit=" s",
        times=spread,
    )
    if any(held):
        yield Row(
            name="import-memory",
            what="the same: most memory held",
            peer="limit of 150 MB",
            measured=max(held),
            target=150,
            unit=" MB",
        )


def _table(folder: Path, setting: Setting) -> Path:
    """The table as somebody would write it: what people set, as text."""
    folder.mkdir()
    chance, zone = random.Random(SEED), zone_of("UTC")
    asked = [field for field in FIELDS if field.asked]
    path = folder / "differences.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in asked)
        for number in range(ROWS):
            value = msgspec.convert(difference(number, chance, setting.now).value, Difference)
            writer.writerow(write_form(field, getattr(value, field.name), zone) for field in asked)
    return path


# A process begins with the peak of the one that started it, so a small one starts it.
STARTER = """\
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def _import(root: Path, table: Path, env: dict[str, str]) -> tuple[float, float]:
    """Seconds and megabytes of one import; 0 MB where the system does not tell."""
    root.mkdir()
    (root / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    command = [workbench(), "import", "differences", str(table), "--as", "robin"]
    tells = hasattr(os, "wait4")
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", STARTER, *command] if tells else command,
        cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return seconds, int(done.stdout.split()[-1]) / unit if tells else 0.0
