"""A small record to try things on: differences with tags, and notes of version 2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.record.support import ADA, KINDS, Ticking

from workbench.model.times import Clock
from workbench.record import Record


@pytest.fixture
def clock() -> Clock:
    return Clock(real=Ticking())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "record.db"


@pytest.fixture
def record(path: Path, clock: Clock) -> Iterator[Record]:
    with Record.create(path, KINDS, project="web-shop", author=ADA, clock=clock) as made:
        yield made
