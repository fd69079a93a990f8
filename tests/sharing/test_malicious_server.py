"""A server that rewrites, reorders, deletes, withholds or dates back: which desk finds it, and when.

A real PostgreSQL, whose owner disables every rule.  Kim keeps the shared record; sam and robin have joined.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from tests import building as build
from tests.sharing.malice import Malice, Row, back_dated, rewritten
from tests.sharing.team import Team, sync_all

from workbench.usecases.context import Context
from workbench.usecases.sharing import trusting
from workbench.usecases.sharing.trusting import Trust


class Desks(msgspec.Struct):
    team: Team
    server: Malice
    kim: Context
    sam: Context


@pytest.fixture
def desks(team: Team) -> Desks:
    """Two desks that hold the same, of packs of both."""
    kim = team.first_desk()
    build.add_difference(kim, "cache size", staging="1", production="2", flows=("checkout",))
    sync_all(kim)
    sam = team.join("sam")
    for number in range(3):
        build.add_difference(sam, f"queue depth {number}", staging="1", production="2", flows=("checkout",))
        sync_all(sam)
        build.add_difference(kim, f"threads {number}", staging="1", production="2", flows=("checkout",))
        sync_all(kim)
    sync_all(sam, kim)
    return Desks(team, Malice(team), kim, sam)


def trust(context: Context, *, ask: bool = False) -> Trust:
    found = trusting.judge(context, ask=ask)
    assert found is not None
    return found


def test_an_honest_server_is_found_to_be_one(desks: Desks) -> None:
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert found.faults == () and found.compared > 0
        assert found.asked is not None and found.asked.packs == len(desks.server.rows())
        assert found.asked.lacks == () and found.asked.unread == 0


def _swap(rows: list[Row]) -> list[Row]:
    """Two neighbours of different desks change places."""
    place = next(p for p in range(2, len(rows) - 2) if rows[p].writer != rows[p + 1].writer)
    return [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]


def _rewrite(rows: list[Row]) -> list[Row]:
    place = next(p for p, row in enumerate(rows) if b"threads 1" in _text(row))
    return [*rows[:place], rewritten(rows[place], b"threads 1", b"threads 9"), *rows[place + 1 :]]


def _text(row: Row) -> bytes:
    import zlib

    return zlib.decompress(row.content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_rewrite, "was rewritten"),
        (_swap, "were put into another order"),
        (
            lambda rows: rows[:-1],
            "not on the server any more: it was restored to an earlier state, or its end was deleted",
        ),
        (lambda rows: [*rows[:4], *rows[5:]], "those after it were numbered anew: they were deleted"),
        (lambda rows: [*rows[:4], *rows[6:]], "those after it were numbered anew: they were deleted"),
    ],
    ids=["rewritten", "swapped", "newest deleted", "middle one deleted", "two deleted"],
)
def test_every_desk_that_had_read_it_finds_a_change_when_it_compares(
    desks: Desks, change: Callable[[list[Row]], list[Row]], words: str
) -> None:
    before = desks.server.rows()
    desks.server.change(change)
    first = next(
        p for p, row in enumerate(before, 1)
        if desks.server.rows()[p - 1 : p] == [] or desks.server.rows()[p - 1].digest != row.digest
    )  # fmt: skip
    for desk in (desks.kim, desks.sam):
        assert trust(desk).ok  # off-line there is nothing that contradicts it yet
        found = trust(desk, ask=True)
        assert words in found.problem and (
            f"pack {first} " in found.problem or f"packs {first} to" in found.problem
        )
        assert found.contradicted_by == "this desk's own log"
        assert trust(desk).problem == found.problem  # it stays noted, also off-line


def test_bytes_that_were_changed_under_their_digest_are_found_by_reading_them_again(desks: Desks) -> None:
    desks.server.change(_rewrite, consistent=False)
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert "holds other bytes than those of its digest" in found.problem
        assert found.contradicted_by == "the pack itself"


def test_a_date_that_was_changed_is_found_by_every_desk_that_had_received_the_pack(desks: Desks) -> None:
    desks.server.change(lambda rows: [*rows[:4], back_dated(rows[4], seconds=30), *rows[5:]])
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert "pack 5 is dated" in found.problem and found.contradicted_by == "this desk's own log"


def test_a_pack_that_is_dated_before_the_one_before_is_found_by_everybody(desks: Desks) -> None:
    desks.server.change(lambda rows: [*rows[:4], back_dated(rows[4], hours=3), *rows[5:]])
    robin = desks.team.join("robin")
    found = trust(robin, ask=True)
    assert "pack 5 is dated" in found.problem
