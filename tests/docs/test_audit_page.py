"""docs/audit.md, typed in the small project that it shows."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
HEAD = """\
project: shop
title: Shop
people:
  - {key: kim, name: Kim, roles: [release-owner]}
  - {key: robin, name: Robin, roles: [release-owner]}
"""


def test_the_page_is_typed(tmp_path: Path) -> None:
    (gates,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "workbench.yaml").write_text(HEAD + gates, encoding="utf-8")
    type_page(PAGE, folder, {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim", "CI": ""})
    page = (folder / "audit.html").read_text(encoding="utf-8")
    assert "soc2/CC8.1" in page and "Content-Security-Policy" in page
