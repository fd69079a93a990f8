"""The places are made before anything is drawn."""

from __future__ import annotations

import pytest
from tests.fuzz import places


@pytest.fixture(autouse=True, scope="session")
def made() -> None:
    places.make_all()
