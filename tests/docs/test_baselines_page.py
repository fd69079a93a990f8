"""docs/baselines.md: what benchmarks are compared with, as commands on the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "baselines.md"


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
    assert type_page(PAGE, tmp_path / "shop", environ) >= 5
