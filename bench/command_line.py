"""Commands from start to end, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.large import Size
from bench.measuring import Row, paired
from bench.setting import Setting
from workbench.sources.kinds import KINDS

ROUNDS = 11
PEER = "python -c pass"
# Two projects that differ in how long their maps are, and in nothing that a gate asks for.
# The same start, once with every kind of source, once with those that the web shop names and no other.
FOUR = ("prometheus", "github_actions", "junit", "manual", "record")
START = "import sys; from workbench.sources.kinds import KINDS; {}from workbench.__main__ import main; sys.argv = ['workbench', 'check']; sys.exit(main())"
MAP = {"flows": 100, "benchmarks": 50, "measurements": 1000, "candidates": 1, "open_high": 300}


def environment(data: Path) -> dict[str, str]:
    """The environment of a user: compiled files are used, settings of ours lie in ``data``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "WORKBENCH"))}
    return kept | {"WORKBENCH_DATA": str(data)}


def workbench() -> str:
    """The installed command."""
    return str(Path(sys.executable).with_name("workbench"))


def rows(setting: Setting) -> Iterator[Row]:
    """What a user waits for at the prompt."""
    shop = setting.web_shop()
    env = environment(setting.folder / "data")

    def run(*command: str, cwd: Path = shop) -> None:
        quiet = subprocess.DEVNULL
        done = subprocess.run(command, cwd=cwd, env=env, stdout=quiet, stderr=quiet, check=False)
        if done.returncode not in (0, 1):  # 1: the gate is blocked, as it should be
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")

    for arguments, target in ((("--version",), 3.0), (("check",), 8.0), (("gate", "--json"), 8.0)):
        found = paired(
            lambda given=arguments: run(workbench(), *given),  # type: ignore[misc]
            lambda: run(sys.executable, "-c", "pass"),
            ROUNDS,
        )
        words = " ".join(arguments)
        yield found.row(words.split()[0].strip("-"), f"workbench {words}, web shop", PEER, target)
    found = paired(
        lambda: run(sys.executable, "-c", START.format("")),
        lambda: run(sys.executable, "-c", START.format(f"KINDS._names = {FOUR!r}; ")),
        3 * ROUNDS,
    )
    count = len(KINDS)
    yield found.row("kinds", f"workbench check, {count} kinds of source", f"the same with {len(FOUR)}", 1.05)
    few, many = (setting.large(Size(differences=number, **MAP)) for number in (1000, 100_000))
    for name, words, what in (
        (
            "gate-many",
            ("gate", "--json"),
            "workbench gate --json, 100,000 differences of which 300 are high and undecided",
        ),
        ("list-many", ("parity", "list"), "workbench parity list, 100,000 differences"),
    ):
        found = paired(
            lambda given=words: run(workbench(), *given, cwd=many),  # type: ignore[misc]
            lambda given=words: run(workbench(), *given, cwd=few),  # type: ignore[misc]
            ROUNDS,
        )
        yield found.row(name, what, "the same with 1,000 differences", 2.0)
