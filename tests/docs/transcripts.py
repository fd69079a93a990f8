"""Pages with transcripts: every ``$ command`` of a console block is run, its output compared.

``…`` stands for any text: within a line, or alone on a line for any number of lines.  A line
``[exit 1]`` after the output says that the command ends with that code.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


class Step(NamedTuple):
    """A command with what it is said to print, and its exit code."""

    command: str
    output: str
    code: int


def steps(page: Path) -> Iterator[Step]:
    """The commands of a page in order."""
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                more, _, output = output.partition("\n")
                command = command[:-1] + more.strip().removeprefix("> ")
            code = re.search(r"^\[exit (\d+)\]\n?", output, re.MULTILINE)
            if code:
                output = output[: code.start()] + output[code.end() :]
            yield Step(command, output.rstrip("\n"), int(code[1]) if code else 0)


def run(command: str, folder: Path) -> tuple[str, int]:
    """What a command prints on both streams, and its exit code."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=120, check=False,
    )  # fmt: skip
    text = "\n".join(line.rstrip() for line in done.stdout.decode().splitlines())
    return text.rstrip("\n"), done.returncode


def matches(expected: str, found: str) -> bool:
    """Whether the output is what the page says, ``…`` being anything."""
    pattern = ""
    for line in expected.splitlines(keepends=True):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += "[^\n]*".join(re.escape(piece) for piece in line.split("…"))
    return re.fullmatch(pattern.rstrip("\n") + r"\n?", found + "\n" if pattern else found) is not None
