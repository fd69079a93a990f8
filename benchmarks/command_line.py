"""Commands from start to end, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Row, paired
from benchmarks.setting import Setting

ROUNDS = 11
PEER = "python -c pass"


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

    def run(*command: str) -> None:
        done = subprocess.run(command, cwd=shop, env=env, stdout=subprocess.DEVNULL, check=False)
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
