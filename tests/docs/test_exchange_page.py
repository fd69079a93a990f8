"""docs/exchange.md, typed at two desks in two folders."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "exchange.md"
PROJECT = """\
project: shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: sam, name: Sam, roles: [staging-owner]}
environments:
  - {key: staging, kind: staging}
  - {key: production, kind: production}
gates:
  - key: parity
    title: Parity
    requires:
      - differences_decided: high
"""
BEGIN = (
    "release new 2.14.0 --commit a1b2c3d",
    "parity add 'cache size' --staging 1 --production 2 --severity high",
)


def test_the_page_is_typed(tmp_path: Path) -> None:
    for desk in ("kim", "sam"):
        (tmp_path / desk).mkdir()
        (tmp_path / desk / "workbench.yaml").write_text(PROJECT, encoding="utf-8")
    environ = {"WORKBENCH_DATA": str(tmp_path / "data")}
    workbench = shutil.which("workbench", path=str(Path(sys.executable).parent))
    assert workbench is not None
    for command in BEGIN:
        subprocess.run(
            f"{workbench} {command} --as kim", shell=True, cwd=tmp_path / "kim", env=environ, check=True,
            capture_output=True, timeout=60,
        )  # fmt: skip
    assert type_page(PAGE, tmp_path, environ) > 12
