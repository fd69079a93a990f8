"""Every command of the page on dashboards, on the demonstration; and every section is on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

from workbench.usecases.demonstration import prepare
from workbench.usecases.views.dashboards.model import Which

FILE = Path(__file__).parents[2] / "docs" / "dashboards.md"
PAGE = FILE.read_text(encoding="utf-8")


def test_the_page_is_typed_command_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    shop = prepare("web-shop", tmp_path / "shop")
    assert type_page(FILE, shop, {"WORKBENCH_DATA": str(tmp_path / "data")}) == 5
    assert "<script" not in (shop / "stand-up.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("which", Which)
def test_every_dashboard_is_described(which: Which) -> None:
    assert f"$ workbench dashboard {which.value}" in PAGE and f"## {which.words}\n" in PAGE
