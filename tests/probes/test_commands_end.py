"""A command that is ended leaves nothing open behind."""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path

import pytest

from workbench.model.errors import SourceError
from workbench.probes.reach import output_of


@pytest.mark.skipif(sys.platform == "win32", reason="runs commands of a POSIX system")
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
