"""Desks that were apart, a newer desk, and what is bad on the server: the rest always goes on."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import msgspec
import psycopg
import pytest
from tests import building as build
from tests.real.postgresql import OWNER
from tests.sharing.team import Team, sync_all
from tests.sharing.test_bad_days import all_is_well, digests, nothing_was_sent_twice, titles, two

from workbench.mailbox.mail import Head, Seen, write_mail
from workbench.mailbox.server import NewPack, Server
from workbench.model.canonical import encode
from workbench.model.errors import StaleChange
from workbench.parity import model as parity
from workbench.record import Blob, Change, EntityKind, Record
from workbench.record.ledger import entry_digest
from workbench.usecases import exchanging, mapping, nouns, soundness
from workbench.usecases.context import Context
from workbench.usecases.sharing.going import Going
from workbench.usecases.sharing.shared import connected, require_shared
from workbench.usecases.sharing.syncing import Steps, sync, sync_with
from workbench.usecases.views.sharing import sync as views


def edit(context: Context, title: str, **fields: str) -> None:
    stored, found = parity.find(context.record, title)
    mapping.edit_difference(context, stored, msgspec.structs.replace(found, **fields))


def tables(context: Context) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but for its place, which is the order of arrival."""
    found = {}
    for kind in nouns.NOUNS:
        columns = [
            row[1] for row in context.record.query(f"PRAGMA table_info({kind.table})") if row[1] != "seq"
        ]
        names = ", ".join(f'"{column}"' for column in columns)
        found[kind.name] = sorted(context.record.query(f"SELECT {names} FROM {kind.table}"), key=repr)
    return found


# --- apart ------------------------------------------------------------------------------------


def test_after_a_week_off_line_everything_arrives_and_every_desk_shows_the_same(team: Team) -> None:
    """Three desks write for a week; one of them is off-line for all of it, the others sync now and then."""
    kim, sam = two(team)
    jo = team.join("jo")
    dice = random.Random(14)
    for number in range(12):
        build.add_difference(kim, f"row {number}", staging="1", production="2")
    sync_all(kim, sam, jo)
    start, desks = build.NOW, [kim, sam, jo]
    for day in range(7):
        desks = [build.at(desk, start + timedelta(days=day, hours=1)) for desk in (kim, sam, jo)]
        for _ in range(6):
            desk, row = dice.choice(desks), f"row {dice.randrange(12)}"
            field, value = dice.choice(("staging", "production", "region")), str(dice.randrange(9))
            with suppress(StaleChange):  # of two versions a person has to choose one first
                edit(desk, row, **{field: value})
        build.add_difference(dice.choice(desks), f"new on day {day}")
        for desk in desks[:2]:
            if dice.random() < 0.6:
                sync(desk)
    done = sync(desks[2])
    assert done.sent > 5 and done.received > 5 and done.unsent is None
    sync_all(*desks)
    assert tables(desks[0]) == tables(desks[1]) == tables(desks[2])
    all_is_well(*desks)
    nothing_was_sent_twice(team)


def test_what_two_desks_wrote_into_one_field_while_off_line_stands_side_by_side_at_both(team: Team) -> None:
    kim, sam = two(team)
    build.add_difference(kim, "cache size", staging="1", production="2")
    sync_all(kim, sam)
    edit(kim, "cache size", production="4")
    edit(sam, "cache size", production="8")
    edit(sam, "cache size", region="eu")  # what nobody else touched merges
    found = sync_all(kim, sam)
    assert found[-1].contested == 1
    for desk in (kim, sam):
        (contested,) = desk.record.contested()
        values = [one.value for one in contested.versions if one.value is not None]
        assert sorted(value["production"] for value in values) == ["4", "8"]
        assert {one.actor for one in contested.versions} == {"kim", "sam"}
    assert tables(kim) == tables(sam)
    assert "contested: 1 thing with several versions" in list(views.synced_lines(sync(kim)))


def test_entries_that_come_before_those_they_were_made_from_wait_and_go_on(team: Team) -> None:
    """Jo holds kim's row by file, and sends her edit of it before kim was on-line at all."""
    kim, sam = two(team)
    jo = team.join("jo")
    build.add_difference(kim, "cache size", production="2")
    pack = kim.root / "kim.pack"
    exchanging.write_pack(kim, pack)
    exchanging.take(jo, pack)
    edit(jo, "cache size", production="4")
    assert sync(jo).sent == 1
    done = sync(sam)
    assert done.waiting == 1 and not done.needs_a_person
    assert "waiting: 1 entry for others that are not here yet" in list(views.synced_lines(done))
    assert "cache size" not in titles(sam)
    assert sync(kim).sent == 1
    done = sync(sam)
    assert done.waiting == 0 and done.received == 2
    assert parity.find(sam.record, "cache size")[1].production == "4"
    sync_all(kim, jo)
    all_is_well(kim, sam, jo)


@pytest.mark.parametrize("at_once", [1, 2, 250])
def test_a_persons_own_act_waits_for_one_small_step_only(team: Team, at_once: int) -> None:
    """Between two steps of receiving, what somebody does at the desk is written at once, by another connection."""
    kim, sam = two(team)
    for number in range(5):
        build.add_difference(kim, f"kim's {number}")
    sync(kim)
    sizes: list[int] = []
    before = sam.record.head.seq

    def between(going: Going) -> None:
        with Record.open(sam.record.path, nouns.NOUNS, busy=0.0) as other:
            sizes.append(other.head.seq)
            change = parity.new_difference(parity.Difference(title=f"in between {len(sizes)}"), sam.now)
            other.commit([change], author=sam.author(), clock=sam.clock)

    done = sync(sam, Steps(entries=at_once, told=between))
    assert done.received == 5 and sizes and sizes[0] > before
    assert {f"in between {number + 1}" for number in range(len(sizes))} <= titles(sam)
    sync_all(sam, kim)
    all_is_well(kim, sam)


# --- a newer desk -----------------------------------------------------------------------------


def test_an_entry_of_an_unknown_kind_is_kept_and_goes_on_to_the_others(team: Team) -> None:
    """A newer workbench writes what this one does not know: it is kept to the letter, and nothing waits for it."""
    kim, sam = two(team)
    newer = EntityKind("forecast", version=3)
    with Record.open(kim.record.path, (*nouns.NOUNS, newer)) as record:
        said: dict[str, Any] = {"author": kim.author(), "clock": kim.clock}
        change = Change("forecast", "tomorrow", "foretold", {"weather": "fine"}, None)
        (digest,) = record.commit([change], **said).entries
        record.commit([parity.new_difference(parity.Difference(title="after it"), kim.now)], **said)
    with build.opened(kim.root, "kim") as updated_here:
        assert sync(updated_here).sent == 2
    done = sync(sam)
    assert done.received == 2 and not done.quarantined and not done.needs_a_person
    assert sam.record.holds(digest) and "after it" in titles(sam)
    (shown,) = sam.record.history(entity="forecast")
    assert shown.digest == digest
    assert sam.record.verify().problem is None
    jo = team.join("jo")
    assert jo.record.holds(digest)
    with Record.open(sam.record.path, (*nouns.NOUNS, newer)) as updated:
        stored = updated.get("forecast", "tomorrow")
        assert stored is not None and stored.decode(dict) == {"weather": "fine"}


# --- bad packs and bad entries ------------------------------------------------------------------


def line_of(context: Context, server: Server, entity: str, value: object, **said: Any) -> dict[str, Any]:
    """The fields of an entry that goes on after this desk's last one on the server."""
    there = server.reach(context.record.info.record_id)[context.record.info.desk]
    last = context.record.history(limit=1)[0]
    fields = {
        "desk": context.record.info.desk, "desk_seq": there.last + 1, "desk_prev": there.tip.hex(),
        "change_id": last.change_id, "part": 1, "parts": 1, "entity": entity, "id": "x1", "verb": "added",
        "value_version": 1, "value": value, "actor": "sam", "identity": "git config", "os_user": "sam",
        "recorded_at": "2030-01-01T00:00:00.000000Z",
    }  # fmt: skip
    return fields | said


def post(
    context: Context, server: Server, lines: Sequence[bytes], *, content: bytes = b"", **says: Any
) -> int:
    """Sends these lines as a pack of this desk; ``says`` is what its head says otherwise than the server."""
    record, desk = context.record.info.record_id, context.record.info.desk
    there = server.reach(record)[desk]
    shared = require_shared(context)
    tip = entry_digest(lines[-1])
    head = Head(
        record=record, desk=desk, writer=desk, first=there.last + 1, last=there.last + len(lines),
        follows=there.tip.hex(), tip=tip.hex(), signs=(), seen=Seen(shared.number, shared.chain),
        entries=len(lines), blobs=0,
    )  # fmt: skip
    told = msgspec.structs.replace(head, **says)
    pack = NewPack(
        desk, desk, head.first, head.last, there.tip, tip, [], content or write_mail(told, lines, ())
    )
    return server.post(record, pack).number


def test_a_bad_entry_is_quarantined_by_its_name_and_never_stops_the_rest(team: Team) -> None:
    kim, sam = two(team)
    jo = team.join("jo")
    server = team.connect("sam")
    bad = encode(line_of(sam, server, "difference", {"title": 7, "no": "difference"}))
    number = post(sam, server, [bad])
    build.add_difference(jo, "from jo")
    sync(jo)
    done = sync(kim)
    assert [one.entity for one in done.quarantined] == ["difference"]
    assert done.quarantined[0].digest == entry_digest(bad).hex()
    assert not done.refused and done.number >= number
    assert views.exit_code(done) == 1 and any("workbench repair" in text for text in views.advice(done))
    assert "from jo" in titles(kim), "the rest goes on"
    assert not sync(kim).quarantined, "it is told once"
    assert kim.record.verify().problem is None
    assert [one.state for one in kim.record.aside()] == ["quarantined"]


LIES = {
    "another writer": {"writer": "019f2b60-4c10-7000-8000-0000000000ff"},
    "another desk": {"desk": "019f2b60-4c10-7000-8000-0000000000ff"},
    "another record": {"record": "019f2b60-4c10-7000-8000-0000000000ff"},
    "another tip": {"tip": "ab" * 32},
    "signs for kim": {"signs": ("kim",)},
    "other entries before": {"follows": "ab" * 32},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_pack_that_lies_is_refused_whole_and_told_by_its_number(team: Team, lie: str) -> None:
    kim, sam = two(team)
    jo = team.join("jo")
    server = team.connect("sam")
    good = encode(line_of(sam, server, "difference", {"title": "in a pack that lies"}))
    number = post(sam, server, [good], **LIES[lie])
    build.add_difference(jo, "from jo")
    sync(jo)
    done = sync(kim)
    assert [one.number for one in done.refused] == [number]
    assert done.refused[0].desk == sam.record.info.desk
    assert "in a pack that lies" not in titles(kim) and "from jo" in titles(kim)
    assert any(f"pack {number}" in text for text in views.synced_lines(done)) and views.exit_code(done) == 1
    again = sync(kim)
    assert not again.refused and again.unsent is None
    assert [one.number for one in require_shared(kim).refused] == [number], "it stays noted"


def test_a_pack_that_is_a_bomb_or_no_pack_at_all_is_refused(team: Team) -> None:
    kim, sam = two(team)
    server = team.connect("sam")
    numbers = []
    for content in (b"no pack", zlib.compress(bytes(60 * 2**20), 9)):
        line = encode(line_of(sam, server, "difference", {"title": "x"}))
        numbers.append(post(sam, server, [line], content=content))
    done = sync(kim)
    assert [one.number for one in done.refused] == numbers
    assert done.received == 0 and kim.record.verify().problem is None


def test_a_pack_that_was_changed_on_the_server_is_refused_and_a_chain_that_breaks_stops_all(
    team: Team,
) -> None:
    kim, sam = two(team)
    for number in range(3):
        build.add_difference(sam, f"row {number}")
        sync(sam)
    url = team.server.url(team.database, user=OWNER)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        (last,) = owner.execute("SELECT max(number) FROM workbench.pack").fetchone() or (0,)
        owner.execute("UPDATE workbench.pack SET content = 'x' WHERE number = %s", (last - 1,))
        done = sync(kim)
        assert [one.number for one in done.refused] == [last - 1]
        assert "row 0" in titles(kim) and "row 1" not in titles(kim)
        build.add_difference(sam, "row 3")
        sync(sam)
        owner.execute("UPDATE workbench.pack SET chain = %s WHERE number = %s", (bytes(32), last + 1))
    build.add_difference(kim, "is not sent")
    held = digests(kim)
    done = sync(kim)
    assert done.unsent is not None and done.unsent.why.value == "broken"
    assert done.faults and digests(kim) == held and done.sent == 0
    assert views.exit_code(done) == 1


def test_evidence_that_is_judged_from_comes_although_no_pack_could_hold_all_of_it(team: Team) -> None:
    """Samples of 50 MB in all, some of them of one act: what does not fit into packs is fetched beside them."""
    kim, sam = two(team)
    said: dict[str, Any] = {"author": kim.author(), "clock": kim.clock}
    pieces = [Blob.of(random.Random(n).randbytes(5 * 2**20), "application/x-float64") for n in range(10)]
    for number, blobs in enumerate([pieces[:1], pieces[1:3], pieces[3:]]):
        change = parity.new_difference(parity.Difference(title=f"measured {number}"), kim.now)
        kim.record.commit([change], blobs=blobs, **said)
    soundness.note_end(kim)
    assert sync(kim).unsent is None
    done = sync(sam)
    assert done.received == 3 and not sam.record.absent()
    for piece in pieces:
        here = sam.record.blob(piece.digest)
        assert here is not None and here.data == piece.data
    url = team.server.url(team.database, user=OWNER)
    with psycopg.connect(url, autocommit=True) as owner:
        (most,) = owner.execute("SELECT max(octet_length(content)) FROM workbench.pack").fetchone() or (0,)
    assert most < 2**24


def test_a_sync_with_nothing_new_asks_the_server_few_questions(team: Team) -> None:
    """Each question is a way to the server and back, which may be on another continent."""
    kim, _ = two(team)
    asked: list[str] = []
    with connected(require_shared(kim)) as server:
        run = server.connection.execute

        def counted(sql: str, *args: Any, **more: Any) -> Any:
            asked.append(sql)
            return run(sql, *args, **more)

        with patch.object(server.connection, "execute", counted):
            done = sync_with(kim, server)
    assert (done.sent, done.received, done.unsent) == (0, 0, None)
    assert len(asked) <= 6, asked
