"""A simulated week of a few desks on a real PostgreSQL; ``make simulate`` is the whole one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.real.conftest import needs
from tests.real.postgresql import program
from tests.simulation.week import SMALL, simulate


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_lost_and_every_desk_ends_the_same(tmp_path: Path, seed: int) -> None:
    needs(bool(program("initdb")), "postgresql")
    figures = simulate(SMALL, seed, tmp_path)
    assert figures.problems == []
    # The week held what it is to be judged by.
    assert figures.entries > 250
    assert figures.restarts == 1 and figures.failed_syncs >= 2
    assert figures.quarantined and figures.waiting and figures.contested
    assert figures.refused_statements >= 8 and figures.refused_packs == 3
    assert figures.begun_again
