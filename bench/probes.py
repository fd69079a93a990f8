"""200 probes: a key in their list, at rest and while all of them run."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.command_line import environment
from bench.measuring import Row, seconds_text
from bench.setting import Setting
from bench.terminal import KEYS, Terminal
from workbench.releases.model import Release
from workbench.usecases import releasing
from workbench.usecases.opening import open_context
from workbench.usecases.probing import probe
from workbench.usecases.project import Options

PROBES, PARAMETERS, DIFFERING = 200, 200, 3
_PROJECT = """\
project: many-probes
title: Many probes
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
gates:
  - key: go
    title: Go
    requires:
      - probes_run: {within: 7d}
probes:
"""


def project(root: Path) -> Path:
    """A project of 200 probes that have run; each compares 200 parameters, of which three differ."""
    root.mkdir(parents=True)
    lines = [_PROJECT]
    for number in range(PROBES):
        name = f"service-{number:03}"
        lines.append(
            f'  - {{key: {name}, kind: configuration, title: "Service {number:03} is configured alike", '
            f"staging: staging/{name}.env, production: production/{name}.env}}\n"
        )
        for side in ("staging", "production"):
            (root / side).mkdir(exist_ok=True)
            values = (f"{side}-{n}" if n < DIFFERING else f"value-{n}" for n in range(PARAMETERS))
            text = "".join(f"PARAMETER_{n}={value}\n" for n, value in enumerate(values))
            (root / side / f"{name}.env").write_text(text)
    (root / "workbench.yaml").write_text("".join(lines))
    context = open_context(Options(project=root), create=True)
    releasing.plan(context, Release(version="1.0"))
    probe(context)
    context.record.close()
    return root


def keys(setting: Setting) -> Iterator[Row]:
    """A key in the list of the probes to the first byte that it causes."""
    env = environment(setting.folder / "data") | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    root = project(setting.folder / "many-probes")
    for name, words, arguments, target in (
        ("probes-idle", "idle", [], 30.0),
        ("probes-running", "while all of them run", ["--probe"], 60.0),
    ):
        with Terminal([sys.executable, "-m", "bench.app", str(root), *arguments], env, root) as terminal:
            terminal.until([re.compile("Service 000")])
            taken = sorted(_presses(terminal))
        p95 = taken[int(len(taken) * 0.95)]
        yield Row(
            name=name,
            what=f"key to first byte in the list of 200 probes, {words}: p95",
            peer=f"limit of {target:g} ms",
            measured=p95 * 1000,
            target=target,
            unit=" ms",
            times=f"p50 {seconds_text(median(taken))}, most {seconds_text(taken[-1])}",
        )


def _presses(terminal: Terminal) -> Iterator[float]:
    """Down and down again, and up now and then."""
    terminal.press(b"\x10")  # ctrl+p
    terminal.settle(0.3)
    for letter in "probes":
        terminal.press(letter.encode())
    terminal.settle(0.5)
    terminal.press(b"\r")
    terminal.until([re.compile("Last runs")])
    terminal.settle(0.5)
    for number in range(KEYS):
        yield terminal.press(b"\x1b[A" if number % 3 == 2 else b"\x1b[B")
        terminal.settle()
