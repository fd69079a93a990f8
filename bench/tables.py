"""The largest tables on a terminal: opened for the first time, and one key after the other."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.command_line import MAP, environment, workbench
from bench.large import Size
from bench.measuring import Row, seconds_text
from bench.setting import Setting
from bench.terminal import Terminal
from workbench.usecases.sitting import SITTINGS

ROWS = 100_000
OPENINGS = 5
PRESSES = 160
SETTLED = 4.0  # seconds after which the app has looked whether the record is sound
OPENED = 449.0  # ms that VisiData 3.4 takes for a table of 100,000 rows on the machine of the targets
REDRAWN = 17.0  # ms
# name, words, key, what its first row looks like
TABLES = (
    ("map", "differences", b"2", r"▸.*Difference \d+"),
    ("flows", "flows", b"7", r"▸.*Flow \d+"),
    ("history", "entries", b"8", r"▸.*robin|▸.*you"),
)
MOVES = (
    b"\x1b[B",
    b"\x1b[B",
    b"\x1b[C",
    b"\x1b[A",
    b"\x1b[6~",
    b"\x1b[1;2B",
    b"\x1b[D",
    b"\x04",
    b" ",
    b"\x15",
)
SEARCHED = b"replica"
WHOLE = f"{ROWS:,} differences"


def rows(setting: Setting) -> Iterator[Row]:
    """Opening, and keys to what they draw."""
    root = setting.large(Size(differences=ROWS, **MAP))
    flows = setting.large(Size(differences=10, **MAP | {"flows": ROWS, "open_high": 0}))
    env = environment(setting.folder / "data")
    for name, words, key, first in TABLES:
        taken = [_opened(flows if name == "flows" else root, env, key, first) for _ in range(OPENINGS)]
        yield _row(
            f"open-{name}",
            f"opening a table of 100,000 {words}, key to first rows: p50",
            taken,
            OPENED,
            median(taken),
        )
    if shutil.which("vd"):
        taken = [_visidata(setting, env) for _ in range(OPENINGS)]
        yield _row(
            "open-visidata",
            "VisiData on a file of 100,000 rows, start to first rows: p50",
            taken,
            OPENED,
            median(taken),
        )
    with Terminal([workbench()], env, root) as terminal:
        _open(terminal, b"2", TABLES[0][3])
        if WHOLE not in terminal.plain:  # the rest of the rows has been read
            terminal.see(WHOLE)
        terminal.settle(1.0)
        taken = sorted(_pressed(terminal, (MOVES[number % len(MOVES)] for number in range(PRESSES))))
        yield _row(
            "table-key", "a key in a table of 100,000 rows to its redraw: p95", taken, REDRAWN, _p95(taken)
        )
        typed = [b"/", *(bytes([letter]) for letter in SEARCHED)]
        taken = sorted(_pressed(terminal, [*typed, *[b"\x7f"] * len(SEARCHED)] * 3))
        yield _row(
            "table-filter", "a letter of a filter in it to its redraw: p95", taken, REDRAWN, _p95(taken)
        )


def _row(name: str, what: str, taken: Sequence[float], target: float, measured: float) -> Row:
    return Row(
        name=name,
        what=what,
        peer=f"limit of {target:g} ms",
        measured=measured * 1000,
        target=target,
        unit=" ms",
        times=f"least {seconds_text(min(taken))}, most {seconds_text(max(taken))}",
    )


def _p95(taken: Sequence[float]) -> float:
    return taken[int(len(taken) * 0.95)]


def _opened(root: Path, env: dict[str, str], key: bytes, first: str) -> float:
    # Or the app would come back to the table that the one before was left on.
    for kept in Path(env["WORKBENCH_DATA"]).rglob(SITTINGS):
        shutil.rmtree(kept)
    with Terminal([workbench()], env, root) as terminal:
        return _open(terminal, key, first)


def _open(terminal: Terminal, key: bytes, first: str) -> float:
    """Seconds from the key to the first row."""
    terminal.until([re.compile("Sign-off")])
    terminal.settle(SETTLED)
    terminal.text = ""
    start = time.perf_counter()
    terminal.press(key)
    terminal.see(first)
    took = time.perf_counter() - start
    terminal.settle(1.0)
    return took


def _pressed(terminal: Terminal, keys: Iterator[bytes] | Sequence[bytes]) -> Iterator[float]:
    for key in keys:
        yield terminal.press(key)
        terminal.settle()


def _visidata(setting: Setting, env: dict[str, str]) -> float:
    file = setting.folder / "rows.csv"
    if not file.exists():
        lines = (f"high,Difference {number}: mock,{number % 8} nodes,40 nodes" for number in range(ROWS))
        file.write_text("\n".join(["severity,what,staging,production", *lines]), encoding="utf-8")
    with Terminal([str(shutil.which("vd")), str(file)], env, setting.folder) as terminal:
        return terminal.until([re.compile("Difference 20")])
