"""A team around a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.real.conftest import postgresql  # noqa: F401  (a fixture)
from tests.real.postgresql import PostgreSQLServer
from tests.sharing.team import Team, team_on


@pytest.fixture
def team(postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[Team]:  # noqa: F811
    with team_on(postgresql, tmp_path) as team:
        yield team
