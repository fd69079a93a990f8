from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
from tests.record.support import ADA, BOB, KINDS, START, Ticking, add, difference, edit

from workbench.model.errors import RecordError, StaleChange, UsageError
from workbench.model.times import Clock
from workbench.record import Blob, Change, Record
from workbench.record.writing import MAX_VALUE


def test_a_change_can_be_read_back(record: Record, clock: Clock) -> None:
    done = record.commit([add()], author=ADA, clock=clock)
    stored = record.get("difference", "d1")
    assert stored is not None
    assert (stored.base, stored.seq, stored.verb, stored.actor) == (done.entries[0], 2, "added", "ada")
    assert stored.decode(dict) == difference()
    assert stored.recorded_at == START + timedelta(seconds=2)
    assert record.head.digest == done.entries[0]
    assert record.head.chain == done.head


def test_a_commit_says_what_it_touched(record: Record, clock: Clock) -> None:
    done = record.commit([add(), add("d2")], author=ADA, clock=clock)
    assert done.touched == (("difference", "d1"), ("difference", "d2"))
    same = edit(done.entries[0])
    done = record.commit([same, Change("note", "n", "added", {"text": "x"})], author=ADA, clock=clock)
    assert (done.touched, done.unchanged) == ((("note", "n"),), ("d1",))
    assert record.undo(None, ADA, clock).touched == (("note", "n"),)
    assert record.commit([], blobs=[Blob.of(b"x", "text/plain")], author=ADA, clock=clock).touched == ()


def test_columns_and_fan_out_follow_the_value(record: Record, clock: Clock) -> None:
    base = record.commit([add(), add("d2", tags=[])], author=ADA, clock=clock).entries[0]
    assert record.query("SELECT title, rank, share, labels FROM e_difference WHERE id = 'd1'") == [
        ("fewer rows", 3, 0.54, '["data","size"]')
    ]
    record.commit([edit(base, tags=["size"], rank=None)], author=ADA, clock=clock)
    assert record.query("SELECT * FROM difference_tag") == [("d1", "size", 0)]
    assert record.query("SELECT rank FROM e_difference WHERE id = 'd1'") == [(None,)]


def test_all_and_count_filter_order_and_page(record: Record, clock: Clock) -> None:
    record.commit([add(f"d{n}", rank=n % 3) for n in range(9)], author=ADA, clock=clock)
    assert [s.id for s in record.all("difference", limit=3, offset=2)] == ["d2", "d3", "d4"]
    assert [s.id for s in record.all("difference", "rank = ?", (1,), "id DESC")] == ["d7", "d4", "d1"]
    assert record.count("difference") == 9
    assert record.count("difference", "rank > ?", (0,)) == 6


class Colour(StrEnum):
    RED = "red"


class Shape(msgspec.Struct, frozen=True):
    colour: Colour
    size: Decimal
    at: datetime
    gone: str | None = None


def test_structs_decimals_times_and_enums_become_canonical_json(record: Record, clock: Clock) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=1)))
    record.commit(
        [Change("note", "n", "added", Shape(Colour.RED, Decimal("1.500"), at))], author=ADA, clock=clock
    )
    stored = record.get("note", "n")
    assert stored is not None
    assert stored.value == b'{"at":"2026-01-02T02:04:05.000006Z","colour":"red","size":"1.5"}'
    assert stored.decode(Shape) == Shape(Colour.RED, Decimal("1.5"), at.astimezone(UTC))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("cafe\u0301", "caf\u00e9"),
        ("\x7f and \x00", "\x7f and \x00"),
        ("line\n\u0301", "line\n\u0301"),
        ("“[/x]” \U0001f680", "“[/x]” \U0001f680"),
    ],
)
def test_text_is_normalised_when_it_enters(record: Record, clock: Clock, text: str, kept: str) -> None:
    change = Change("note", "n", "added", {"text": text, "list": [text]}, reason=text)
    record.commit([change], author=ADA, clock=clock)
    stored = record.get("note", "n")
    assert stored is not None
    assert stored.decode(dict) == {"text": kept, "list": [kept]}
    assert record.history("note")[0].reason == kept
    assert record.verify().ok


@pytest.mark.parametrize("value", [{"n": 0.5}, {"n": 2**53}, {"é": 1}, {"t": "\ud800"}, {"t": object()}])
def test_what_has_no_canonical_form_is_refused_in_words(record: Record, clock: Clock, value: dict) -> None:
    with pytest.raises(UsageError, match="cannot be recorded in note n"):
        record.commit([Change("note", "n", "added", value)], author=ADA, clock=clock)
    assert record.head.seq == 1


def test_half_a_character_in_a_reason_is_refused(record: Record, clock: Clock) -> None:
    with pytest.raises(UsageError, match="surrogate"):
        record.commit([Change("note", "n", "added", {}, reason="\udc80")], author=ADA, clock=clock)


def test_a_value_that_is_too_large_is_refused(record: Record, clock: Clock) -> None:
    with pytest.raises(UsageError, match=r"4\.0 MB, more than the 4 MB"):
        record.commit([Change("note", "n", "added", {"t": "x" * MAX_VALUE})], author=ADA, clock=clock)


def test_unknown_and_reserved_entities_are_refused(record: Record, clock: Clock) -> None:
    for entity in ("robot", "record", "purge"):
        with pytest.raises(RecordError, match=f"cannot change a {entity}"):
            record.commit([Change(entity, "n", "added", {})], author=ADA, clock=clock)


def test_one_act_names_an_entity_once(record: Record, clock: Clock) -> None:
    with pytest.raises(UsageError, match="twice"):
        record.commit([add(), add()], author=ADA, clock=clock)


def test_an_act_is_written_as_a_whole_or_not_at_all(record: Record, clock: Clock) -> None:
    record.commit([add("d1")], author=ADA, clock=clock)
    blob = Blob.of(b"answer", "text/plain")
    with pytest.raises(StaleChange):
        record.commit([add("d2"), add("d1", title="other")], author=ADA, clock=clock, blobs=[blob])
    assert record.get("difference", "d2") is None
    assert record.blob(blob.digest) is None
    assert record.head.seq == 2


def test_an_act_of_several_changes_has_one_change_id(record: Record, clock: Clock) -> None:
    done = record.commit(
        [add("d1"), add("d2")],
        author=BOB,
        clock=clock,
        definitions="ab" * 32,
        claimed_at=START - timedelta(hours=2),
    )
    second, first = record.history(limit=2)
    assert (first.part, first.parts, second.part, second.parts) == (1, 2, 2, 2)
    assert first.change_id == second.change_id == done.change_id
    assert first.claimed_at == START - timedelta(hours=2)
    assert (first.actor, first.identity) == ("bob", "asserted by --as")
    [(body,)] = record.query("SELECT body FROM ledger WHERE seq = 3")
    assert msgspec.json.decode(body)["definitions_digest"] == "ab" * 32


def test_a_new_entity_must_be_new(record: Record, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    with pytest.raises(StaleChange) as caught:
        record.commit([add(title="mine")], author=BOB, clock=clock)
    assert caught.value.mine == difference("mine")
    assert caught.value.theirs == difference()
    assert caught.value.fields == ("title",)


def test_disjoint_fields_of_a_stale_change_are_merged(record: Record, clock: Clock) -> None:
    base = record.commit([add(about="x")], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, title="hers", about="x")], author=ADA, clock=clock)
    done = record.commit([edit(base, rank=9)], author=BOB, clock=clock)
    assert done.merged == ("d1",)
    stored = record.get("difference", "d1")
    assert stored is not None
    assert stored.decode(dict) == difference("hers", rank=9)
    assert record.history(limit=1)[0].changed_fields == ("about", "rank")
    assert record.history(limit=1)[0].before == difference("hers", about="x")
    assert record.verify().ok


def test_overlapping_fields_of_a_stale_change_are_shown(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, title="hers", rank=1)], author=ADA, clock=clock)
    with pytest.raises(StaleChange, match="somebody else changed title") as caught:
        record.commit([edit(base, title="his", rank=1)], author=BOB, clock=clock)
    assert caught.value.fields == ("title",)
    assert caught.value.theirs == difference("hers", rank=1)
    assert caught.value.mine == difference("his", rank=1)
    assert record.head.seq == 3


def test_two_people_who_make_the_same_change_agree(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, title="same")], author=ADA, clock=clock)
    done = record.commit([edit(base, title="same")], author=BOB, clock=clock)
    assert (done.entries, done.unchanged) == ((), ("d1",))


@pytest.mark.parametrize("base", ["00" * 32, "not hexadecimal"])
def test_a_base_that_is_not_there_is_stale(record: Record, clock: Clock, base: str) -> None:
    with pytest.raises(StaleChange):
        record.commit([edit(base)], author=ADA, clock=clock)
    record.commit([add()], author=ADA, clock=clock)
    with pytest.raises(StaleChange):
        record.commit([edit(base, title="new")], author=ADA, clock=clock)


def test_what_changes_nothing_is_left_out(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    done = record.commit([edit(base), add("d2")], author=ADA, clock=clock)
    assert (len(done.entries), done.unchanged) == (1, ("d1",))
    assert (record.history(limit=1)[0].parts, record.head.seq) == (1, 3)


def test_removing_and_adding_again(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    gone = record.commit([Change("difference", "d1", "removed", None, base)], author=ADA, clock=clock)
    assert record.get("difference", "d1") is None
    assert record.query("SELECT count(*) FROM difference_tag") == [(0,)]
    with pytest.raises(StaleChange) as caught:
        record.commit([edit(base, title="late")], author=BOB, clock=clock)
    assert caught.value.theirs is None
    again = record.commit([Change("difference", "d1", "removed", None)], author=ADA, clock=clock)
    assert again.unchanged == ("d1",)
    record.commit([add()], author=ADA, clock=clock)
    assert record.history(limit=1)[0].before is None
    assert gone.entries[0] in [entry.digest for entry in record.history("difference", "d1")]
    assert record.verify().ok


def test_recorded_times_never_go_back(record: Record) -> None:
    early = Clock(fixed=START - timedelta(days=9), real=Ticking(START - timedelta(days=3)))
    record.commit([add()], author=ADA, clock=early)
    first, genesis = record.history()
    assert first.recorded_at == genesis.recorded_at
    assert record.verify().ok


def test_blobs_alone_leave_an_entry_too(record: Record, clock: Clock) -> None:
    blob = Blob.of(b"shown", "text/html")
    done = record.commit([], author=ADA, clock=clock, blobs=[blob])
    entry = record.history(limit=1)[0]
    assert (entry.entity, entry.verb, entry.blobs) == ("evidence", "kept", (blob.digest,))
    assert done.entries == (entry.digest,)
    assert record.commit([], author=ADA, clock=clock).entries == ()
    assert record.verify().ok


def test_digest_and_chain_are_what_the_format_says(record: Record, clock: Clock) -> None:
    record.commit([add(title="é\x7f")], author=ADA, clock=clock)
    chain = hashlib.sha256(b"wb.genesis.1\0").digest()
    for body, digest, stored in record.query("SELECT body, digest, chain FROM ledger ORDER BY seq"):
        assert hashlib.sha256(b"wb.entry.1\0" + body).digest() == digest
        chain = hashlib.sha256(chain + digest).digest()
        assert chain == stored
        assert b"\x7f" not in body


def test_query_cannot_write(record: Record) -> None:
    with pytest.raises(Exception, match="cannot be written"):
        record.query("DELETE FROM ledger")
    assert record.head.seq == 1


def test_another_connection_shows_in_data_version(record: Record, clock: Clock) -> None:

    before = record.data_version()
    record.commit([add("d1")], author=ADA, clock=clock)
    assert record.data_version() == before
    with Record.open(record.path, KINDS) as other:
        base = other.commit([add("d2")], author=BOB, clock=clock)
        assert record.data_version() != before
        assert record.head.chain == base.head
        record.commit([add("d3")], author=ADA, clock=clock)
        assert other.verify().ok


def test_an_undoing_act_is_not_merged(record: Record, clock: Clock) -> None:
    first = record.commit([add()], author=ADA, clock=clock)
    record.commit([edit(first.entries[0], title="hers")], author=ADA, clock=clock)
    with pytest.raises(StaleChange, match="changed since"):
        record.commit([edit(first.entries[0], rank=9)], author=ADA, clock=clock, undoes=first.change_id)


def test_a_path_with_odd_characters(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "50% #1?x=y & ü" / "record file.db"
    with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as made:
        made.commit([add()], author=ADA, clock=clock)
    assert [file.name for file in path.parent.iterdir()] == ["record file.db"]
    with Record.open(path, KINDS) as opened:
        assert opened.query("SELECT count(*) FROM e_difference") == [(1,)]
