"""A command that is ended leaves nothing behind: no open pipe, and none of its children."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import sys
from pathlib import Path

import pytest

from workbench.model.errors import SourceError
from workbench.sources.running import Ran, output_of, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs commands of a POSIX system")


@pytest.mark.parametrize(
    ("line", "seconds", "words"), [("yes", 20, "more than 8 MB"), ("sleep 30", 0.1, "did not finish")]
)
def test_a_command_that_is_ended_leaves_no_pipe_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, seconds: float, words: str
) -> None:
    left: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", left.append)
    with pytest.raises(SourceError, match=words):
        asyncio.run(output_of(line, tmp_path, seconds))
    gc.collect()
    assert left == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="watches a process as Linux lets one")
@pytest.mark.parametrize("waits", ["wait", "exit 0"])
def test_children_end_with_the_command_also_where_it_ended_before_them(tmp_path: Path, waits: str) -> None:
    words = ["sh", "-c", f"sleep 300 & echo $! > child; {waits}"]
    with pytest.raises(SourceError, match="did not finish"):
        asyncio.run(run(words, tmp_path, 0.5))
    assert _ends(int((tmp_path / "child").read_text()))


def _ends(pid: int) -> bool:
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    return bool(select.select([ended], [], [], 5)[0])


def test_arguments_reach_the_program_as_they_stand(tmp_path: Path) -> None:
    ran = asyncio.run(run(["printf", "%s|", "a b", "$HOME", "*", "; true"], tmp_path, 20))
    assert ran == Ran(b"a b|$HOME|*|; true|", 0)


def test_an_exit_code_is_told_and_for_one_line_an_error(tmp_path: Path) -> None:
    assert asyncio.run(run(["sh", "-c", "echo so; exit 3"], tmp_path, 20)) == Ran(b"so\n", 3)
    with pytest.raises(SourceError, match="failed with exit code 3"):
        asyncio.run(output_of("sh -c 'exit 3'", tmp_path, 20))


@pytest.mark.parametrize("line", ["", "no-such-program --x", "'unfinished"])
def test_what_cannot_be_run_is_an_error(tmp_path: Path, line: str) -> None:
    with pytest.raises(SourceError, match=r"could not be run|names no program"):
        asyncio.run(output_of(line, tmp_path, 20))
