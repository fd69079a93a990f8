"""Pages with transcripts: every ``$ command`` of their console blocks is run, its output compared.

``…`` stands for anything within a line, and alone on a line for any lines.  ``$ echo $?`` shows
the exit code of the command before; 0 and 1 (a gate that is blocked) are fine anywhere.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ANY = "…"
STATUS = "echo $?"


class Step(NamedTuple):
    """A command and the lines that it prints."""

    command: str
    wanted: list[str]


def steps(page: Path) -> Iterator[Step]:
    """The commands of a page in order; a line that ends in a backslash goes on after ``>``."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
        assert parts[0] == "", f"a block begins with output: {block}"
        for part in parts[1:]:
            command, _, printed = part.partition("\n")
            while command.endswith("\\"):
                more, _, printed = printed.partition("\n")
                command = command[:-1] + more.removeprefix("> ")
            yield Step(command, printed.rstrip("\n").split("\n") if printed.strip() else [])


def fits(wanted: list[str], printed: list[str]) -> bool:
    """Whether lines are as the page says."""
    pattern = ""
    for line in wanted:
        if line == ANY:
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += "[^\n]*".join(map(re.escape, line.split(ANY))) + "\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def type_page(page: Path, folder: Path, environ: Mapping[str, str] | None = None) -> int:
    """Type a whole page in a folder; returns how many commands there were."""
    status, commands = 0, list(steps(page))
    for step in commands:
        if step.command == STATUS:
            assert step.wanted == [str(status)], f"exit code {status} after the command before"
            continue
        printed, status = _run(step.command, folder, environ or {})
        assert status in (0, 1), f"$ {step.command} ended with {status}\n" + "\n".join(printed)
        assert fits(step.wanted, printed), (
            f"$ {step.command}\n" + "\n".join(printed) + "\n--- the page says\n" + "\n".join(step.wanted)
        )
    return len(commands)


def _run(command: str, folder: Path, environ: Mapping[str, str]) -> tuple[list[str], int]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.environ['PATH'])}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": "error",
            "COLUMNS": "200",
            **environ,
            "PATH": path,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return [line.rstrip() for line in done.stdout.splitlines()], done.returncode
