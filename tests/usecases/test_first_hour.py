"""docs/first-hour.md, typed line by line in a folder like the one it describes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-hour.md"
NEWCOMER = ROOT / "tests" / "data" / "newcomer"
ANY = "…"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of the page with the lines that it prints."""
    for block in blocks("console"):
        parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
        assert parts[0] == "", f"a block begins with output: {block}"
        for part in parts[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed.rstrip("\n").split("\n") if printed.strip() else []


def fits(wanted: list[str], printed: list[str]) -> bool:
    """Whether lines are as the page says: ``…`` is anything within a line, alone any lines."""
    lines = [".*" if line == ANY else "[^\n]*".join(map(re.escape, line.split(ANY))) for line in wanted]
    return re.fullmatch("\n".join(lines), "\n".join(printed), re.DOTALL) is not None


@pytest.fixture
def folder(tmp_path) -> Path:
    """The newcomer's folder, its report as fresh as if the tests had just run."""
    folder = tmp_path / "invoices"
    shutil.copytree(NEWCOMER, folder, copy_function=shutil.copyfile)
    report = folder / "reports" / "junit.xml"
    report.write_text(re.sub(r' timestamp="[^"]*"', "", report.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@pytest.fixture
def surroundings(tmp_path) -> dict[str, str]:
    """A shell of Petra's, and of nobody else."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME", "TMPDIR") if name in os.environ}
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Petra\n\temail = petra@ample.example\n")
    return kept | {
        "WORKBENCH_DATA": str(tmp_path / "data"),
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONUTF8": "1",
        "COLUMNS": "200",
    }


def test_every_line_of_the_first_hour_does_what_the_page_says(folder, surroundings):
    status = 0
    for command, wanted in commands():
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            assert [str(status)] == wanted
            continue
        assert words[0] in ("workbench", "git"), command
        words = [sys.executable, "-W", "error", "-m", *words] if words[0] == "workbench" else words
        done = subprocess.run(
            words, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        status = done.returncode
        printed = (
            [line.rstrip() for line in done.stdout.rstrip("\n").split("\n")] if done.stdout.strip() else []
        )
        assert fits([line.rstrip() for line in wanted], printed), f"$ {command}\n{done.stdout}"
        assert status in (0, 1), f"$ {command} ended with {status}"


def test_the_table_on_the_page_is_the_one_that_is_imported():
    (table,) = blocks("csv")
    assert table == (NEWCOMER / "differences.csv").read_text(encoding="utf-8")


def test_output_that_differs_is_noticed():
    assert fits(["a … c", ANY, "d"], ["a b c", "x", "y", "d"])
    assert not fits(["a … c"], ["a b c", "d"])
    assert not fits(["a"], ["b"])
    assert not fits([], ["b"])
