"""The story is played once, for all that is compared with it."""

from __future__ import annotations

import pytest
from tests.golden.playing import play


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the story prints, by the name under which it is kept."""
    return play(tmp_path_factory.mktemp("golden"))
