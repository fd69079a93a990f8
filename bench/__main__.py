"""``python -m bench [--json] [--only NAME …]``: measure, print a table, end well."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from bench import (
    asking,
    command_line,
    comparing,
    databases,
    deriving,
    fleet,
    importing,
    keeping,
    packs,
    probes,
    reports,
    samples,
    sharing,
    tables,
    terminal,
    two_samples,
)
from bench.measuring import Row
from bench.setting import Setting

Rows = Callable[[Setting], Iterator[Row]]
PARTS: dict[str, Rows] = {
    "command-line": command_line.rows,
    "fleet": fleet.rows,
    "paint": terminal.first_paint,
    "keys": terminal.keys,
    "edit": terminal.edit,
    "probes": probes.keys,
    "tables": tables.rows,
    "gate": deriving.rows,
    "record": keeping.rows,
    "packs": packs.rows,
    "sharing": sharing.rows,
    "samples": samples.rows,
    "two-samples": two_samples.rows,
    "import": importing.rows,
    "databases": databases.rows,
    "fetch": asking.fetching,
    "parse": asking.parsing,
    "reports": reports.rows,
    "configuration": comparing.rows,
}


def main(arguments: list[str]) -> int:
    """Measure what was asked for; 0 always, since measuring is not testing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=", ".join(PARTS))
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        os.environ["WORKBENCH_DATA"] = str(Path(folder) / "data")
        rows = list(_measured(chosen.only or PARTS, Setting(Path(folder)), quiet=chosen.json))
    took = time.perf_counter() - started
    if chosen.json:
        told = {"schema": "workbench.bench.1", "machine": machine(), "seconds": round(took), "rows": rows}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        print("\n".join(["", *table(rows), "", *closing(rows, took)]))
    return 0


def _measured(names: Iterable[str], setting: Setting, *, quiet: bool) -> Iterator[Row]:
    for name in names:
        if not quiet:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
        try:
            yield from PARTS[name](setting)
        except Exception:  # the other rows are still worth having
            traceback.print_exc()
            yield Row(name=name, what=f"{name}: could not be measured, see above", peer="")


def table(rows: list[Row]) -> list[str]:
    """A line for each row, in columns."""
    lines = [("what", "beside", "measured", "target", "", "ours / theirs")]
    for row in rows:
        sign = "≥" if row.least else "≤"
        measured = (
            "–"
            if row.measured is None
            else f"{row.measured:.2f}{row.unit}".replace(".00 ms", " ms").replace(".00 MB", " MB")
        )
        target = "–" if row.target is None else f"{sign} {row.target:g}{row.unit}"
        lines.append((row.what, row.peer, measured, target, row.verdict, row.times))
    widths = [max(len(line[place]) for line in lines) for place in range(6)]
    return [
        "  ".join(cell.ljust(widths[place]) for place, cell in enumerate(line)).rstrip() for line in lines
    ]


def closing(rows: list[Row], took: float) -> list[str]:
    """What misses its target, the machine, and how to repeat."""
    missed = [row.what for row in rows if row.verdict == "MISSED"]
    found = machine()
    return [
        f"misses its target: {'; '.join(missed)}" if missed else "everything measured meets its target",
        f"machine: {found['cores']} cores, {found['system']}; "
        + ", ".join(f"{name} {number}" for name, number in found["versions"].items()),
        f"Ratios are medians of paired rounds.  {took:.0f} s in all.  Again: make bench, or "
        f"python -m bench --only {' | '.join(PARTS)}",
    ]


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    packages = ("textual", "httpx", "msgspec", "click", "pyyaml")
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "versions": {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
        | {name: version(name) for name in packages},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
