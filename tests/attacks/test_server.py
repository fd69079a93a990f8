"""Attacks by whoever owns the server of a shared record: a real PostgreSQL whose rules are disabled.

What each of them looks like in detail stands in ``tests/sharing/test_malicious_server.py``.
"""

from __future__ import annotations

import msgspec
import pytest
from tests import building as build
from tests.real.conftest import postgresql  # noqa: F401  (a fixture)
from tests.sharing.conftest import team  # noqa: F401  (a fixture)
from tests.sharing.malice import Malice, back_dated, led_to, rewritten
from tests.sharing.team import Team, sync_all

from workbench.model.errors import UsageError
from workbench.usecases.context import Context
from workbench.usecases.sharing import reconnecting, trusting
from workbench.usecases.sharing.trusting import Trust


class Desks(msgspec.Struct):
    team: Team
    server: Malice
    kim: Context
    sam: Context


@pytest.fixture
def desks(team: Team) -> Desks:  # noqa: F811
    """Kim's desk and sam's, which hold the same."""
    kim = team.first_desk()
    sam = team.join("sam")
    for desk, title in ((kim, "cache size"), (sam, "queue depth"), (kim, "threads")):
        build.add_difference(desk, title, staging="1", production="2", flows=("checkout",))
        sync_all(desk)
    sync_all(sam, kim)
    return Desks(team, Malice(team), kim, sam)


def trust(context: Context, *, ask: bool = False) -> Trust:
    found = trusting.judge(context, ask=ask)
    assert found is not None
    return found


def test_the_server_rewrites_what_a_desk_said(desks: Desks) -> None:
    """The owner of the database disables its triggers, edits an entry in a pack, and makes every digest and chain fit again.

    Every desk that had received the pack has its digest in a log of its own: verify names the pack, until a person accepts it.
    """
    place = next(
        place
        for place, row in enumerate(desks.server.rows())
        if row.desk == desks.sam.record.info.desk and row.last > 1
    )
    desks.server.change(
        lambda rows: [
            *rows[:place],
            rewritten(rows[place], b"queue depth", b"queue width"),
            *rows[place + 1 :],
        ]
    )
    for desk in (desks.kim, desks.sam):
        found = trust(desk, ask=True)
        assert f"pack {place + 1} " in found.problem and found.contradicted_by == "this desk's own log"


def test_the_server_deletes_a_pack_in_the_middle(desks: Desks) -> None:
    """The owner deletes a pack and numbers those after it anew, so that nothing seems to be missing.

    The log of every desk that had received it says which packs are gone, and that the rest were numbered anew.
    """
    desks.server.change(lambda rows: [*rows[:2], *rows[3:]])
    for desk in (desks.kim, desks.sam):
        assert "pack 3 that this desk has read is not on the server any more" in trust(desk, ask=True).problem


def test_the_server_dates_a_pack_back(desks: Desks) -> None:
    """The owner moves the date of a pack before a freeze, to show that it had come in time.

    Each desk notes the date of every pack as it was told first, and verify compares it.
    """
    desks.server.change(lambda rows: [*rows[:2], back_dated(rows[2], seconds=5), *rows[3:]])
    assert "pack 3 is dated" in trust(desks.kim, ask=True).problem


def test_the_server_shows_two_desks_two_histories(desks: Desks) -> None:
    """The server keeps two databases, shows one to each desk, and lets both go on.

    Each pack says what its sender had been shown: the first one that crosses names the desk that saw something else.
    """
    desks.server.forget_heads()
    other = desks.server.clone(f"{desks.team.database}_two")
    led_to(desks.sam, desks.team, other.database)
    for desk, title in ((desks.kim, "one"), (desks.sam, "two"), (desks.kim, "three"), (desks.sam, "four")):
        build.add_difference(desk, title, staging="1", production="2", flows=("checkout",))
        sync_all(desk)
    assert trust(desks.kim, ask=True).ok and trust(desks.sam, ask=True).ok
    own = desks.sam.record.info.desk
    there = len(other.rows())
    known = {row.digest for row in desks.server.rows()}
    crossing = [row for row in other.rows() if row.desk == own and row.digest not in known]
    assert crossing and there
    desks.server.change(lambda rows: [*rows, *crossing])
    sync_all(desks.kim)
    found = trust(desks.kim)
    assert not found.ok and "(sam)" in found.contradicted_by


def test_the_server_withholds_what_one_desk_sends(desks: Desks) -> None:
    """From one desk the server withholds all packs of another, and numbers the rest so that nothing seems to be missing.

    The next pack of anybody who had seen them says how many packs there were: verify tells that some are withheld.
    """
    robin = desks.team.join("robin")
    sync_all(desks.kim)
    other = desks.server.clone(f"{desks.team.database}_sam")
    other.forget_heads()
    other.change(lambda rows: [row for row in rows if row.writer != robin.record.info.desk])
    led_to(desks.sam, desks.team, other.database)
    sync_all(desks.sam)
    assert trust(desks.sam, ask=True).ok
    before = len(desks.server.rows())
    build.add_difference(desks.kim, "retries", staging="1", production="2", flows=("checkout",))
    sync_all(desks.kim)
    other.change(lambda rows: [*rows, *desks.server.rows()[before:]])
    sync_all(desks.sam)
    found = trust(desks.sam)
    assert not found.ok and "(kim)" in found.contradicted_by


def test_what_the_server_did_is_accepted_without_a_reason_or_forgotten(desks: Desks) -> None:
    """Somebody wants a fault of the server to be forgotten, or to go on without saying why.

    Accepting needs a reason, is an entry with a name, is told by every verify from then on, and stands in the audit.
    """
    desks.server.change(lambda rows: rows[:-1])
    assert not trust(desks.kim, ask=True).ok
    with pytest.raises(UsageError, match="reason"):
        reconnecting.reconnect(desks.kim, "")
    reconnecting.reconnect(desks.kim, "restored from the backup of the night")
    found = trust(desks.kim)
    assert found.ok
    assert any("kim accepted that" in note and "backup of the night" in note for note in found.notes)
