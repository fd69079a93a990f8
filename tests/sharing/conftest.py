"""A team around a real PostgreSQL."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.real.conftest import (
    needs,
    postgresql,  # noqa: F401  (a fixture)
)
from tests.real.postgresql import PostgreSQLServer, program
from tests.sharing.servers import BadDays
from tests.sharing.team import Team, team_on


@pytest.fixture
def team(postgresql: PostgreSQLServer, tmp_path: Path) -> Iterator[Team]:  # noqa: F811
    with team_on(postgresql, tmp_path) as team:
        yield team


@pytest.fixture(scope="session")
def bad_days() -> Iterator[BadDays]:
    """A server of its own that a test may stop, fill up, put back and let fail over; it runs again after each test."""
    installed = bool(program("initdb") and program("pg_basebackup"))
    needs(installed and importlib.util.find_spec("psycopg") is not None, "postgresql (with psycopg)")
    server = BadDays()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def shaky(bad_days: BadDays, tmp_path: Path) -> Iterator[Team]:
    """A team on such a server."""
    with team_on(bad_days, tmp_path) as team:
        yield team
