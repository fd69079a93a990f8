"""docs/drills.md: a runbook that is drilled, found stale, mended and drilled again, as commands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "drills.md"


def test_the_page_is_typed(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (written,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    (shop / "workbench.yaml").write_text(written, encoding="utf-8")
    environ = {"WORKBENCH_DATA": str(tmp_path / "data"), "WORKBENCH_AS": "kim"}
    assert type_page(PAGE, shop, environ) >= 15
