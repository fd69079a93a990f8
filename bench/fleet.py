"""All projects at once: ``workbench status --all`` over twenty of them, beside asking each for its status."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.command_line import environment, workbench
from bench.measuring import Row, paired
from bench.setting import Setting

PROJECTS = 20
ROUNDS = 5


def rows(setting: Setting) -> Iterator[Row]:
    """How long somebody waits who asks for all of them."""
    folder = _copies(setting)
    env = environment(setting.folder / "data-of-fleet")

    def run(*words: str) -> None:
        quiet = subprocess.DEVNULL
        done = subprocess.run(
            [workbench(), *words], cwd=folder, env=env, stdout=quiet, stderr=quiet, check=False
        )
        if done.returncode not in (0, 1):  # 1: releases are blocked, as they should be
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}")

    def one_by_one() -> None:
        for number in range(PROJECTS):
            run("status", "--project", str(folder / f"shop-{number}"))

    found = paired(
        lambda: run("status", "--all", "--in", str(folder), "--demonstrations"), one_by_one, ROUNDS
    )
    yield found.row(
        "fleet",
        f"workbench status --all over {PROJECTS} projects, with calendar and figures, {os.cpu_count()} processors",
        "workbench status in each, one after the other",
        1.0,
    )


def _copies(setting: Setting) -> Path:
    """Projects with a record each, none a copy of another."""
    from workbench.usecases.demonstration import prepare

    folder = setting.folder / "fleet"
    for number in range(PROJECTS):
        prepare("web-shop", folder / f"shop-{number}")
    return folder
