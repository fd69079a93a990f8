"""A server that lies once: about a pack that it was just handed, in the middle of an answer, or while nobody can note it.

A real PostgreSQL.  Kim keeps the shared record, and sam has joined.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.sharing.malice import Malice, saying_seen
from tests.sharing.team import Team, sync_all

from workbench.mailbox import keeping
from workbench.mailbox.addresses import read_address
from workbench.mailbox.asking import pack_lines
from workbench.mailbox.errors import ServerRefuses, ServerUnavailable
from workbench.mailbox.heard import Heard, How
from workbench.mailbox.server import Server, ServerPack
from workbench.mailbox.whole import all_packs
from workbench.model.errors import RecordUnavailable
from workbench.usecases.context import Context
from workbench.usecases.sharing import evidence, noted, trusting
from workbench.usecases.sharing.reconnecting import reconnect
from workbench.usecases.sharing.shared import log_of, require_shared
from workbench.usecases.sharing.synced import Obstacle
from workbench.usecases.sharing.syncing import sync


class Pair(msgspec.Struct):
    team: Team
    server: Malice
    kim: Context
    sam: Context


@pytest.fixture
def pair(team: Team) -> Pair:
    """Two desks that hold the same."""
    kim = team.first_desk()
    sam = team.join("sam")
    for number in range(2):
        edit(sam, f"queue depth {number}")
        edit(kim, f"threads {number}")
    sync_all(sam, kim)
    return Pair(team, Malice(team), kim, sam)


def edit(context: Context, title: str) -> None:
    build.add_difference(context, title, staging="1", production="2", flows=("checkout",))
    sync(context)


def trust(context: Context, *, ask: bool = False) -> trusting.Trust:
    found = trusting.judge(context, ask=ask)
    assert found is not None
    return found


def test_a_pack_that_the_server_changes_as_it_takes_it_is_found_by_whoever_sent_it(pair: Pair) -> None:
    """Number, digest and chain all fit what the server holds: only the sender knows what was sent."""
    pair.team.execute(
        "CREATE FUNCTION workbench.change_it() RETURNS trigger LANGUAGE plpgsql AS "
        r"$$ BEGIN NEW.content := NEW.content || '\x00'::bytea; RETURN NEW; END $$;"
        "CREATE TRIGGER a_first BEFORE INSERT ON workbench.pack FOR EACH ROW EXECUTE FUNCTION workbench.change_it();"
        "GRANT EXECUTE ON FUNCTION workbench.change_it TO PUBLIC"
    )
    build.add_difference(pair.sam, "cache size")
    done = sync(pair.sam)
    number = len(pair.server.rows())
    assert any(f"pack {number} " in words and "this desk sent" in words for words in done.faults)
    assert done.needs_a_person
    found = trust(pair.sam)
    assert f"pack {number} " in found.problem and found.contradicted_by == "this desk, which sent it"


def test_what_packs_say_is_compared_although_the_connection_ends_right_behind_them(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hides a second history could else cut it each time before it is looked at."""
    edit(pair.sam, "cache size")
    before = pair.server.rows()
    wrong = saying_seen(before[-1], before[-2].number, bytes(31) + b"\1")
    pair.server.change(lambda rows: [*rows[:-1], wrong])

    def gone(*args: object) -> None:
        raise ServerUnavailable("the connection to the server was lost")

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "fetch_needed", gone)
        done = sync(pair.kim)
        assert done.unsent is not None and done.unsent.why is Obstacle.LOST
    assert "two histories" in trust(pair.kim).problem


def test_a_server_that_names_more_packs_than_it_gives_has_not_been_read_to_its_end(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = len(pair.server.rows())
    edit(pair.sam, "cache size")
    real = Server.packs

    def withheld(server: Server, *args: int, **said: int) -> list[ServerPack]:
        return [pack for pack in real(server, *args, **said) if pack.number <= shown]  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Server, "packs", withheld)
        done = sync(pair.kim)
    assert done.unsent is not None and done.unsent.why is Obstacle.BROKEN
    assert done.unsent.number == shown + 1
    assert sync(pair.kim).received == 1


def test_where_a_change_of_the_server_cannot_be_noted_nothing_goes_on(pair: Pair) -> None:
    """The log is the only witness: it is not written anew before what it says is kept."""
    pair.server.change(lambda rows: rows[:-1])
    path = noted.notes_path(pair.kim, require_shared(pair.kim))
    path.write_bytes(path.read_bytes()[:-5])
    log = log_of(pair.kim, require_shared(pair.kim))
    before = log.path.read_bytes()
    with pytest.raises(RecordUnavailable, match="cannot be noted"):
        sync(pair.kim)
    assert log.path.read_bytes() == before
    path.unlink()
    assert "not on the server any more" in sync(pair.kim).faults[0]


def test_what_somebody_claims_thousands_of_times_hides_nothing_that_happens_later(pair: Pair) -> None:
    """Each claim costs one pack: 2,100 of them were once all that a desk kept."""
    claims = [
        Heard(number=2, chain=f"{number:016x}" + "0" * 48, desk="sam", how=How.PACK)
        for number in range(2_100)
    ]
    assert noted.hear(pair.kim, claims)
    assert any("2,049 more like it" in words for words in sync(pair.kim).faults)
    pair.server.change(lambda rows: rows[:-1])
    assert any("not on the server any more" in words for words in sync(pair.kim).faults)


def test_where_what_a_pack_claims_cannot_be_noted_the_sync_says_so(pair: Pair) -> None:
    edit(pair.sam, "cache size")
    before = pair.server.rows()
    wrong = saying_seen(before[-1], before[-2].number, bytes(31) + b"\1")
    pair.server.change(lambda rows: [*rows[:-1], wrong])
    path = noted.notes_path(pair.kim, require_shared(pair.kim))
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(RecordUnavailable, match="two histories"):
        sync(pair.kim)


def test_where_no_more_faults_can_be_noted_nothing_is_sent_or_received(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.add_difference(pair.sam, "cache size")
    sync(pair.sam)
    pair.server.change(lambda rows: rows[:-1])
    assert sync(pair.kim).unsent is None
    assert sync(pair.sam).faults
    monkeypatch.setattr(keeping, "MOST_OWN", 1)
    with pytest.raises(RecordUnavailable, match="nothing is sent or received"):
        sync(pair.sam)


def test_a_server_that_is_put_back_again_after_that_was_accepted_is_told_again(pair: Pair) -> None:
    """The pack that is lost first may be the same twice, byte for byte."""
    before = pair.server.rows()
    build.add_difference(pair.sam, "cache size")
    sync(pair.sam)
    with_it = pair.server.rows()
    pair.server.put(before)
    assert sync(pair.sam).faults
    pair.server.put(with_it)
    reconnect(pair.sam, "the database was restored from its backup")
    assert not sync(pair.sam).faults
    pair.server.put(before)
    (words,) = sync(pair.sam).faults
    assert "not on the server any more" in words


def test_what_packs_say_is_compared_again_with_all_that_the_server_holds(pair: Pair) -> None:
    """The notes of it were moved aside, or the machine stopped before they were written."""
    edit(pair.sam, "cache size")
    before = pair.server.rows()
    wrong = saying_seen(before[-1], before[-2].number, bytes(31) + b"\1")
    pair.server.change(lambda rows: [*rows[:-1], wrong])
    sync(pair.kim)
    noted.notes_path(pair.kim, require_shared(pair.kim)).unlink()
    assert trust(pair.kim).ok
    assert "two histories" in trust(pair.kim, ask=True).problem


def test_a_server_that_names_a_pack_and_does_not_give_its_content_is_found_by_the_comparison(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, real = len(pair.server.rows()), Server.packs

    def withheld(server: Server, *args: int, **said: int) -> list[ServerPack]:
        return [pack for pack in real(server, *args, **said) if pack.number != last]  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Server, "packs", withheld)
        problem = trust(pair.kim, ask=True).problem
    assert f"pack {last} " in problem and "content" in problem


def test_a_pack_that_is_dated_long_before_there_were_computers_is_received_and_told(pair: Pair) -> None:
    edit(pair.sam, "cache size")
    long_ago = datetime(1, 1, 2, tzinfo=UTC)
    pair.server.change(lambda rows: [*rows[:-1], msgspec.structs.replace(rows[-1], sent_at=long_ago)])
    assert sync(pair.kim).received == 1
    problem = trust(pair.kim, ask=True).problem
    assert f"pack {len(pair.server.rows())} is dated 1970-01-02" in problem


class SameAnswer:
    """A connection that gives the same rows whatever it is asked."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def execute(self, *args: Any, **said: Any) -> SameAnswer:
        return self

    def fetchall(self) -> list[Any]:
        return self._rows


def test_a_server_that_answers_the_same_again_and_again_is_not_asked_for_ever() -> None:
    rows = [(1, "desk", "desk", 1, 1, b"", b"", [], b"", b"", b"", False, "sam", None)]
    server = Server(SameAnswer(rows), read_address("postgresql://sam@127.0.0.1/team"))
    pages = all_packs(server, "record")
    assert next(pages).number == 1
    with pytest.raises(ServerRefuses, match="asked for those after 1"):
        next(pages)
    lines = Server(SameAnswer([(*rows[0][:7], b"", b"", False, None)]), server.address)
    with pytest.raises(ServerRefuses):
        list(pack_lines(lines, "record"))
