"""docs/reviews.md, typed command by command in the sample shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "reviews.md"


@pytest.mark.xdist_group("story")
def test_the_page_is_typed(tmp_path: Path) -> None:
    assert type_page(PAGE, tmp_path, {"WORKBENCH_DATA": str(tmp_path / "data")}) >= 20
