"""The pages of the sample projects, from a demonstration to what is done about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

PAGES = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("page", "commands"), [("pipeline", 10), ("platform", 7)])
def test_the_page_is_typed(tmp_path: Path, page: str, commands: int) -> None:
    environ = {"WORKBENCH_DATA": str(tmp_path / "data")}
    assert type_page(PAGES / f"{page}.md", tmp_path, environ) >= commands
