"""The web shop's record, opened once to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.web_shop import prepared

from workbench.usecases.context import Context
from workbench.usecases.opening import open_context
from workbench.usecases.project import Options


@pytest.fixture(scope="session")
def web_shop() -> Path:
    """The folder of the prepared web shop; nobody writes to it."""
    return prepared()


@pytest.fixture
def shop(web_shop: Path) -> Iterator[Context]:
    """The web shop, to look at."""
    context = open_context(Options(project=web_shop), readonly=True)
    try:
        yield context
    finally:
        context.record.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Context]:
    """A small shop with one release, to put things into."""
    with build.shop(tmp_path / "small", stated=False) as context:
        yield context
