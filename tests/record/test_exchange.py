"""Records that exchange packs end with the same rows, whatever came first."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.record.exchanging import NOUNS, begin, entries, give, projection, say
from tests.record.support import ADA, BOB, Ticking

from workbench.model.errors import NotAllowed, StaleChange, UsageError
from workbench.model.times import Clock
from workbench.record import Change, Record, sending
from workbench.record import desks as room


@pytest.fixture
def clock() -> Clock:
    return Clock(real=Ticking())


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Record, Record]]:
    one, two = begin(tmp_path, 2)
    yield one, two
    one.close()
    two.close()


def exchange(one: Record, two: Record, clock: Clock) -> None:
    """Both ways; after it both hold the same and show the same."""
    for a, b in ((one, two), (two, one)):
        taken = give(a, b, clock)
        assert not taken.waiting and not taken.quarantined
        again = give(a, b, clock)
        assert (again.taken, again.touched) == ((), ())
    assert entries(one) == entries(two)
    assert projection(one) == projection(two)
    for record in (one, two):
        report = record.verify()
        assert report.ok, report.problem
        record.check_rows()


def shared(pair: tuple[Record, Record], clock: Clock, **fields: Any) -> tuple[Record, Record]:
    """Both hold a thing."""
    one, two = pair
    say(one, clock, "thing", "t", **({"title": "old", "left": "1", "right": "2"} | fields))
    exchange(one, two, clock)
    return pair


def value(record: Record, kind: str = "thing", id: str = "t") -> dict[str, Any] | None:
    stored = record.get(kind, id)
    return stored.decode(dict) if stored is not None else None


def test_what_one_wrote_the_other_has(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = shared(pair, clock, tags=["a", "b"])
    assert value(one) == value(two)
    assert [desk.own for desk in two.verify().desks] == [False, True]
    say(two, clock, "thing", "t", title="new")
    exchange(one, two, clock)
    assert (value(one) or {})["title"] == "new"
    assert one.frontier() == two.frontier()
    assert one.contested() == ()


def test_changes_of_different_fields_merge(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = shared(pair, clock)
    say(one, clock, "thing", "t", title="new", tags=["x"])
    say(two, clock, "thing", "t", note="seen")
    exchange(one, two, clock)
    assert value(one) == {"title": "new", "left": "1", "right": "2", "tags": ["x"], "note": "seen"}
    stored = one.get("thing", "t")
    assert stored is not None and not stored.contested and "+" in stored.base
    # The next change is made from both, by itself.
    [made] = say(one, clock, "thing", "t", title="newer")
    entry = one.history("thing", "t", limit=1)[0]
    assert (entry.digest, entry.changed_fields, entry.before) == (
        made, ("title",), {"title": "new", "left": "1", "right": "2", "tags": ["x"], "note": "seen"},
    )  # fmt: skip
    exchange(one, two, clock)
    assert "+" not in str(two.get("thing", "t"))


def test_the_same_change_at_both_is_no_contest(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = shared(pair, clock)
    say(one, clock, "thing", "t", title="new")
    say(two, clock, "thing", "t", title="new")
    exchange(one, two, clock)
    assert one.contested() == () and (value(two) or {})["title"] == "new"


def test_different_words_for_one_field_are_contested_until_somebody_chooses(
    pair: tuple[Record, Record], clock: Clock
) -> None:
    one, two = shared(pair, clock)
    say(one, clock, "thing", "t", title="one's")
    say(two, clock, "thing", "t", BOB, title="two's")
    exchange(one, two, clock)
    stored = one.get("thing", "t")
    assert stored is not None and stored.contested
    [contested] = one.contested()
    assert (contested.entity, contested.id) == ("thing", "t")
    assert [(v.actor, (v.value or {})["title"]) for v in contested.versions] == [
        ("bob", "two's"),
        ("ada", "one's"),
    ]
    assert one.verify().contested == (contested,)
    with pytest.raises(StaleChange, match="two versions of this thing: choose one"):
        say(one, clock, "thing", "t", note="an edit that has nothing to do with it")
    newer, older = contested.versions
    change = Change("thing", "t", "chose", older.value, older.digest, "as agreed", also=(newer.digest,))
    one.commit([change], author=ADA, clock=clock)
    exchange(one, two, clock)
    for record in pair:
        assert (value(record) or {})["title"] == "one's"
        assert record.contested() == () and record.verify().contested == ()
    with pytest.raises(NotAllowed, match="settled two versions"):
        one.undo(None, ADA, clock)


def test_fields_that_are_judged_together_merge_only_together(
    pair: tuple[Record, Record], clock: Clock
) -> None:
    one, two = shared(pair, clock)
    say(one, clock, "thing", "t", left="9")
    say(two, clock, "thing", "t", decision="accept")
    exchange(one, two, clock)
    assert len(one.contested()) == 1
    stored = two.get("thing", "t")
    assert stored is not None and stored.contested


def test_a_removal_against_an_edit_is_contested(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = shared(pair, clock)
    stored = one.get("thing", "t")
    assert stored is not None
    one.commit([Change("thing", "t", "removed", None, stored.base)], author=ADA, clock=clock)
    say(two, clock, "thing", "t", note="x")
    exchange(one, two, clock)
    [contested] = two.contested()
    assert {v.value is None for v in contested.versions} == {True, False}
    gone = next(v for v in contested.versions if v.value is None)
    other = next(v for v in contested.versions if v.value is not None)
    two.commit(
        [Change("thing", "t", "removed", None, gone.digest, also=(other.digest,))], author=ADA, clock=clock
    )
    exchange(one, two, clock)
    assert value(one) is None and one.contested() == ()


def test_the_stricter_word_counts_where_order_cannot_be_told(
    pair: tuple[Record, Record], clock: Clock
) -> None:
    one, two = pair
    say(one, clock, "signature", "s", by="kim")
    say(one, clock, "freeze", "f", frozen=False)
    exchange(one, two, clock)
    say(one, clock, "signature", "s", revoked=True)
    say(two, clock, "signature", "s", revoked=False, by="kim, again")
    say(two, clock, "freeze", "f", frozen=True)
    say(one, clock, "freeze", "f", frozen=None)
    exchange(one, two, clock)
    for record in pair:
        assert (value(record, "signature", "s") or {})["revoked"] is True
        assert (value(record, "freeze", "f") or {})["frozen"] is True
        assert record.contested() == ()
    stored = one.get("freeze", "f")
    assert stored is not None
    one.commit([Change("freeze", "f", "lifted", {"frozen": False}, stored.base)], author=ADA, clock=clock)
    exchange(one, two, clock)
    assert value(two, "freeze", "f") == {"frozen": False}


def test_an_edit_from_before_the_merge_merges_or_is_refused(
    pair: tuple[Record, Record], clock: Clock
) -> None:
    one, two = shared(pair, clock)
    seen = one.get("thing", "t")
    assert seen is not None
    say(one, clock, "thing", "t", title="new")
    say(two, clock, "thing", "t", note="seen")
    exchange(one, two, clock)
    mine = seen.decode(dict)
    with pytest.raises(StaleChange):
        one.commit(
            [Change("thing", "t", "edited", mine | {"note": "mine"}, seen.base)], author=ADA, clock=clock
        )
    one.commit([Change("thing", "t", "edited", mine | {"size": "4"}, seen.base)], author=ADA, clock=clock)
    exchange(one, two, clock)
    assert value(two) == mine | {"title": "new", "note": "seen", "size": "4"}


def test_the_same_id_added_at_both_desks(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = pair
    say(one, clock, "thing", "t", title="a")
    say(two, clock, "thing", "t", note="b")
    exchange(one, two, clock)
    assert len(one.contested()) == 1


def test_an_entry_is_dated_after_all_that_was_known(pair: tuple[Record, Record], clock: Clock) -> None:
    one, two = pair
    ahead = Clock(real=Ticking(clock.real().replace(year=2030)))
    say(one, ahead, "thing", "t", title="from the future")
    taken = give(one, two, clock)
    assert "ahead of this machine's clock" in taken.notes[0]
    say(two, clock, "thing", "t", title="after it")
    assert two.history(limit=1)[0].recorded_at > one.history(limit=1)[0].recorded_at
    report = two.verify()
    assert report.ok and any("ahead of this machine's clock" in note for note in report.notes)
    exchange(one, two, clock)
    assert (value(one) or {})["title"] == "after it"


def test_an_older_copy_takes_in_what_its_own_desk_wrote_later(tmp_path: Path, clock: Clock) -> None:
    one, two = begin(tmp_path, 2)
    with one, two:
        say(one, clock, "thing", "t", title="a")
        taken = give(one, two, clock)
        assert len(taken.taken) == 1
        assert two.info.desk != one.info.desk
        assert two.verify().ok


def test_two_copies_that_went_on_as_one_desk_are_told_apart(tmp_path: Path, clock: Clock) -> None:
    one, two = begin(tmp_path, 2)
    with one, two:
        two._at_home = True  # as if nothing showed that it was copied
        say(one, clock, "thing", "t", title="one's")
        say(two, clock, "thing", "u", title="two's")
        say(two, clock, "thing", "u", title="again")
        taken = give(two, one, clock)
        assert taken.taken == ()
        [bad] = taken.quarantined
        assert "two copies went on as one" in bad.why
        [waits] = taken.waiting
        assert "is quarantined" in waits.why
        report = one.verify()
        assert report.ok and report.quarantined == (bad,) and report.waiting == (waits,)
        assert give(two, one, clock).quarantined == (bad,)


def test_another_record_and_an_excerpt_are_refused(tmp_path: Path, clock: Clock) -> None:
    [one] = begin(tmp_path, 1)
    with one, Record.create(tmp_path / "other.db", NOUNS, project="p", author=ADA, clock=clock) as other:
        with pytest.raises(UsageError, match="another record, of the project “p”"):
            give(other, one, clock)
        assert one.head.seq == 1


def test_entries_wait_for_what_they_follow(tmp_path: Path, clock: Clock) -> None:
    one, two, three = begin(tmp_path, 3)
    with one, two, three:
        say(one, clock, "thing", "t", title="a")
        say(two, clock, "thing", "u", title="b")
        give(one, two, clock)
        say(two, clock, "thing", "t", title="c")
        late = two.pack()
        own = two.info.desk
        only = tuple(line for line in late.entries if f'"desk":"{own}"'.encode() in line)
        import msgspec

        part = msgspec.structs.replace(late, entries=only)
        taken = three.take_in(part, author=ADA, clock=clock)
        assert [aside.why.startswith("the entry") for aside in taken.waiting] == [True]
        assert three.get("thing", "t") is None and value(three, id="u") == {"title": "b"}
        assert three.verify().waiting == taken.waiting
        assert give(one, three, clock).waiting == ()
        assert value(three) == {"title": "c"}
        exchange(two, three, clock)


# --- any order --------------------------------------------------------------------------

ids = st.sampled_from(["a", "b"])
words = st.sampled_from(["x", "y", "z"])
desks = st.integers(0, 4)
acts = st.one_of(
    st.tuples(st.just("edit"), desks, ids, st.sampled_from(["title", "note", "left", "decision"]), words),
    st.tuples(st.just("stale"), desks, ids, st.sampled_from(["title", "note"]), words),
    st.tuples(st.just("remove"), desks, ids),
    st.tuples(st.just("undo"), desks),
    st.tuples(st.just("redo"), desks),
    st.tuples(st.just("choose"), desks, st.integers(0, 3)),
    st.tuples(st.just("revoke"), desks, st.booleans()),
    st.tuples(st.just("freeze"), desks, st.booleans()),
    st.tuples(st.just("purge"), desks, ids),
    st.tuples(st.just("give"), desks, desks, st.booleans()),
)


def act(records: list[Record], clock: Clock, what: tuple[Any, ...], seen: dict[Any, Any]) -> None:
    """One act at one desk; what a rule refuses is refused."""
    name, desk, *rest = what
    record = records[desk % len(records)]
    try:
        if name == "edit":
            say(record, clock, "thing", rest[0], **{rest[1]: rest[2], "tags": [rest[2]]})
        elif name == "stale":
            stored = seen.get((desk % len(records), rest[0]))
            if stored is not None:
                mine = stored.decode(dict) | {rest[1]: rest[2]}
                record.commit(
                    [Change("thing", rest[0], "edited", mine, stored.base)], author=ADA, clock=clock
                )
        elif name == "remove":
            stored = record.get("thing", rest[0])
            if stored is not None:
                record.commit([Change("thing", rest[0], "gone", None, stored.base)], author=ADA, clock=clock)
        elif name == "undo":
            record.undo(None, ADA, clock)
        elif name == "redo":
            record.redo(ADA, clock)
        elif name == "choose":
            for contested in record.contested()[:1]:
                chosen, *others = sorted(contested.versions, key=lambda v: v.digest, reverse=rest[0] % 2 == 1)
                also = tuple(other.digest for other in others)
                change = Change(
                    contested.entity, contested.id, "chose", chosen.value, chosen.digest, also=also
                )
                record.commit([change], author=ADA, clock=clock)
        elif name == "revoke":
            say(record, clock, "signature", "s", revoked=rest[0])
        elif name == "freeze":
            say(record, clock, "freeze", "f", frozen=rest[0])
        elif name == "purge":
            for entry in record.history("thing", rest[0])[1:]:
                if entry.value is not None:
                    record.purge(entry.digest, "it held a token", ADA, clock)
                    break
        elif name == "give":
            give(record, records[rest[0] % len(records)], clock, part=rest[1])
    except (StaleChange, NotAllowed, UsageError):
        pass
    for id in ("a", "b"):
        seen.setdefault((desk % len(records), id), record.get("thing", id))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(2, 5), st.lists(acts, min_size=4, max_size=24), st.randoms(use_true_random=False))
def test_records_that_hold_the_same_entries_show_the_same(count: int, steps: list[Any], dice: Any) -> None:
    clock = Clock(real=Ticking())
    with tempfile.TemporaryDirectory() as folder:
        records = begin(Path(folder), count)
        seen: dict[Any, Any] = {}
        for step in steps:
            act(records, clock, step, seen)
        pairs = [(a, b) for a in records for b in records if a is not b]
        for _ in range(2):
            dice.shuffle(pairs)
            for a, b in pairs:
                bad = b'{"actor":"eve"}' if dice.random() < 0.3 else b""
                give(a, b, clock, part=dice.random() < 0.5, bad=bad)
        first = records[0]
        for record in records:
            assert entries(record) == entries(first)
            assert projection(record) == projection(first)
            report = record.verify()
            assert report.ok, report.problem
            assert report.waiting == ()
            assert {aside.why for aside in report.quarantined} <= {"it cannot be read as an entry"}
            record.check_rows()
            assert [(c.id, c.versions) for c in record.contested()] == [
                (c.id, c.versions) for c in first.contested()
            ]
        for record in records:
            record.close()


@given(steps=st.lists(st.integers(0, 40), max_size=6))
def test_the_last_own_entry_is_found_whatever_came_since(steps: list[int]) -> None:
    """``steps``: how many were received after each own entry."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE ledger (seq INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE received (seq INTEGER PRIMARY KEY)")
    seq = own = 1
    connection.execute("INSERT INTO ledger VALUES (1)")
    for count in steps:
        for place in range(seq + 1, seq + 1 + count):
            connection.execute("INSERT INTO ledger VALUES (?)", (place,))
            connection.execute("INSERT INTO received VALUES (?)", (place,))
        assert room.last_own_place(connection) == own
        seq = own = seq + count + 1
        connection.execute("INSERT INTO ledger VALUES (?)", (own,))
    assert room.last_own_place(connection) == own


def test_many_small_packs_leave_what_one_whole_pack_leaves(tmp_path: Path, clock: Clock) -> None:
    """What is kept from one pack to the next is what would be read again, own writing between them included."""
    one, two, three = begin(tmp_path, 3)
    for number in range(12):
        say(one, clock, "thing", f"t{number % 4}", title=str(number))
        give(one, two, clock, part=True)
        if number % 3 == 0:
            say(two, clock, "thing", f"t{number % 4}", note=str(number))
        assert two._tail == room.tail_of(two._connection)
    own = next(one for one in two.frontier() if one.desk == two.info.desk)
    for since in range(own.desk_seq + 2):
        sent = list(two.entries_of(own.desk, since))
        assert [entry.body.desk_seq for entry in sent] == list(range(since + 1, own.desk_seq + 1))
        assert sending.digest_of(two._connection, own.desk, since + 1) == (sent[0].digest if sent else "")
    give(two, three, clock)
    give(three, two, clock)  # it has begun a desk
    assert entries(two) == entries(three)
    assert projection(two) == projection(three)
    for record in (one, two, three):
        assert record.verify().ok
        record.close()
