"""A quarter that has not begun is not reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.usecases.learning import read_whole


def test_a_quarter_that_has_not_begun_is_refused(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context:
        whole = read_whole(context)
    assert whole.quarter("2026-Q3").key == "2026-Q3", "it has begun"
    with pytest.raises(UsageError, match="2026-Q4 has not begun"):
        whole.quarter("2026-Q4")
