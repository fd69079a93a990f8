"""A sync asks and reads no more where very much evidence is here, or is not: proven by what is asked, not by time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import building as build
from tests.sharing.team import Team
from tests.sharing.test_evidence import attach, data_of
from tests.sharing.test_round_trips import asked

from workbench.record.large import LARGE
from workbench.usecases.context import Context
from workbench.usecases.sharing import evidence
from workbench.usecases.sharing.syncing import sync


@contextmanager
def read_here(desk: Context) -> Iterator[set[str]]:
    """Every statement that the record is asked meanwhile."""
    found: set[str] = set()
    desk.record._connection.set_trace_callback(found.add)
    try:
        yield found
    finally:
        desk.record._connection.set_trace_callback(None)


def scans(desk: Context, statements: set[str], table: str) -> list[str]:
    """Those that read a table from its first row to its last."""
    found = []
    for sql in statements:
        if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            plan = desk.record._connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
            found += [sql for row in plan if str(row[3]).startswith(f"SCAN {table}")]
    return found


def desks(team: Team, folder: Path) -> tuple[Context, Context]:
    """Kim has large evidence, which is absent at sam's desk; both are in step."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size")
    for seed in range(3):
        attach(kim, folder, data_of(LARGE + 1, seed=seed), f"{seed}.bin")
    sync(kim)
    sam = team.join("sam")
    assert len(sam.record.absent()) == 3
    for desk in (kim, sam, kim, sam):
        sync(desk)
    return kim, sam


def test_a_sync_with_nothing_new_asks_nothing_about_evidence_on_either_side(
    team: Team, tmp_path: Path
) -> None:
    for desk in desks(team, tmp_path):
        with asked() as statements, read_here(desk) as here:
            assert sync(desk).is_whole
        assert len(statements) == 2, statements
        assert scans(desk, here, "blobs") == []


def test_what_comes_is_looked_at_and_nothing_else(team: Team, tmp_path: Path) -> None:
    kim, sam = desks(team, tmp_path)
    build.add_difference(kim, "one more")
    attach(kim, tmp_path, data_of(100, seed=9), "small.bin")
    with read_here(kim) as here:
        assert sync(kim).sent
    assert scans(kim, here, "blobs") == []
    with read_here(sam) as here:
        assert sync(sam).received
    assert scans(sam, here, "blobs") == []


def test_a_server_that_was_begun_anew_is_looked_at_whole(team: Team, tmp_path: Path) -> None:
    kim, _ = desks(team, tmp_path)
    sync(kim)
    team.execute("ALTER TABLE workbench.evidence DISABLE TRIGGER ALL; DELETE FROM workbench.evidence")
    evidence.look_again(kim)  # as where the server is found to have been put back
    sync(kim)
    with asked() as statements:
        sync(kim)
    assert len(statements) == 2
    held = team.connect("kim").rows("SELECT count(*) FROM workbench.evidence")
    assert held[0][0] == 3
