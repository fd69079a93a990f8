"""docs/incidents.md: an incident from its declaration to its end, as commands on the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.transcripts import type_page

from workbench.incidents.timeline import LineKind

PAGE = Path(__file__).parents[2] / "docs" / "incidents.md"


def test_the_page_is_typed(tmp_path: Path) -> None:
    environ = {"WORKBENCH_DATA": str(tmp_path / "data")}
    program = Path(sys.executable).parent / "workbench"
    made = subprocess.run(
        [program, "demo", "--to", tmp_path / "shop", "--headless"],
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert made.returncode == 1, made.stderr  # a gate of the demonstration is blocked
    assert type_page(PAGE, tmp_path / "shop", environ) >= 15


def test_every_sort_of_line_is_named() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{kind.value}`" in text for kind in LineKind)
