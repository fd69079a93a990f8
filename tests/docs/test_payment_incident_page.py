"""docs/payment-incident.md: the sample project ``incident``, from a stale runbook to a signed release."""

from __future__ import annotations

from pathlib import Path

from tests.docs.transcripts import type_page

PAGE = Path(__file__).parents[2] / "docs" / "payment-incident.md"


def test_the_page_is_typed(tmp_path: Path) -> None:
    assert type_page(PAGE, tmp_path, {"WORKBENCH_DATA": str(tmp_path / "data")}) >= 25
