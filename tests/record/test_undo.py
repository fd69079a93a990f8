from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.record.support import ADA, BOB, KINDS, Ticking, add, difference, edit

from workbench.model.errors import NotAllowed, StaleChange
from workbench.model.times import Clock
from workbench.record import Blob, Change, EntityKind, Record


def title(record: Record, id: str = "d1") -> str | None:
    stored = record.get("difference", id)
    return stored.decode(dict)["title"] if stored else None


def test_undo_restores_what_was_there_by_a_new_entry(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    done = record.commit([edit(base, title="worse")], author=ADA, clock=clock)
    undone = record.undo(None, ADA, clock)
    assert title(record) == "fewer rows"
    entry = record.history(limit=1)[0]
    assert (entry.verb, entry.undoes, entry.change_id) == ("undid", done.change_id, undone.change_id)
    assert record.head.seq == 4


def test_undo_goes_back_step_by_step_and_forward_again(record: Record, clock: Clock) -> None:
    base = record.commit([add(title="1")], author=ADA, clock=clock).entries[0]
    base = record.commit([edit(base, title="2")], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, title="3")], author=ADA, clock=clock)
    undone = []
    for expected in ("2", "1", None):
        undone.append(record.undo(None, ADA, clock).change_id)
        assert title(record) == expected
    with pytest.raises(NotAllowed, match="nothing of yours"):
        record.undo(None, ADA, clock)
    for expected in ("1", "2", "3"):
        record.undo(undone.pop(), ADA, clock)
        assert title(record) == expected
    record.undo(None, ADA, clock)
    assert title(record) == "2"
    assert record.verify().ok


def test_an_act_of_several_changes_is_undone_as_a_whole(record: Record, clock: Clock) -> None:
    done = record.commit([add("d1"), add("d2")], author=ADA, clock=clock)
    record.undo(done.change_id, ADA, clock)
    assert record.count("difference") == 0
    assert [entry.parts for entry in record.history(limit=2)] == [2, 2]
    assert record.verify().ok


def test_undoing_an_undo_brings_the_change_back(record: Record, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    undone = record.undo(None, ADA, clock)
    record.undo(undone.change_id, ADA, clock)
    assert title(record) == "fewer rows"
    record.undo(None, ADA, clock)
    assert title(record) is None


def test_one_takes_back_only_ones_own(record: Record, clock: Clock) -> None:
    mine = record.commit([add("d1")], author=ADA, clock=clock)
    record.commit([add("d2")], author=BOB, clock=clock)
    with pytest.raises(NotAllowed, match="only ada can undo this"):
        record.undo(mine.change_id, BOB, clock)
    record.undo(None, ADA, clock)
    assert [stored.id for stored in record.all("difference")] == ["d2"]
    with pytest.raises(NotAllowed, match="nothing of yours"):
        record.undo(None, ADA, clock)
    with pytest.raises(NotAllowed, match="undone already"):
        record.undo(mine.change_id, ADA, clock)
    with pytest.raises(NotAllowed, match="not in the record"):
        record.undo("nonsense", ADA, clock)


def test_what_somebody_changed_since_stays(record: Record, clock: Clock) -> None:
    done = record.commit([add("d1"), add("d2")], author=ADA, clock=clock)
    record.commit([edit(done.entries[1], "d2", title="his")], author=BOB, clock=clock)
    with pytest.raises(StaleChange, match="changed since") as caught:
        record.undo(None, ADA, clock)
    assert caught.value.theirs == difference("his")
    assert caught.value.mine is None
    assert title(record, "d1") == "fewer rows"


def test_removal_can_be_undone_and_kept_evidence_cannot(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    record.commit([Change("difference", "d1", "removed", None, base)], author=ADA, clock=clock)
    record.undo(None, ADA, clock)
    assert title(record) == "fewer rows"
    kept = record.commit([], author=ADA, clock=clock, blobs=[Blob.of(b"x", "text/plain")])
    with pytest.raises(NotAllowed, match="cannot be undone"):
        record.undo(kept.change_id, ADA, clock)


# --- redo --------------------------------------------------------------------------------


def test_redo_puts_back_what_was_undone_in_order(record: Record, clock: Clock) -> None:
    base = record.commit([add(title="1")], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, title="2")], author=ADA, clock=clock)
    record.undo(None, ADA, clock)
    record.undo(None, ADA, clock)
    for expected in ("1", "2"):
        done = record.redo(ADA, clock)
        assert title(record) == expected
    entry = record.history(limit=1)[0]
    assert (entry.verb, entry.change_id) == ("redid", done.change_id)
    with pytest.raises(NotAllowed, match="nothing of yours to redo"):
        record.redo(ADA, clock)
    for expected in ("1", None):
        record.undo(None, ADA, clock)
        assert title(record) == expected
    record.redo(ADA, clock)
    record.undo(None, ADA, clock)
    record.redo(ADA, clock)
    assert title(record) == "1"
    assert record.verify().ok


def test_a_new_act_of_ones_own_ends_what_can_be_redone(record: Record, clock: Clock) -> None:
    record.commit([add("d1")], author=ADA, clock=clock)
    record.undo(None, ADA, clock)
    record.commit([add("d2")], author=BOB, clock=clock)
    assert record.next_redo(ADA.actor) is not None and record.next_redo(BOB.actor) is None
    record.commit([add("d3")], author=ADA, clock=clock)
    assert record.next_redo(ADA.actor) is None
    record.undo(None, ADA, clock)
    record.redo(ADA, clock)
    assert record.next_redo(ADA.actor) is None


def test_what_was_put_back_and_changed_since_is_not_redone(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=BOB, clock=clock).entries[0]
    record.commit([edit(base, title="hers")], author=ADA, clock=clock)
    undone = record.undo(None, ADA, clock)
    record.commit([edit(undone.entries[0], title="his")], author=BOB, clock=clock)
    with pytest.raises(StaleChange, match="changed since"):
        record.redo(ADA, clock)
    assert title(record) == "his"


def test_what_stays_is_passed_over_and_refused_by_name(tmp_path: Path, clock: Clock) -> None:
    value = EntityKind("value", stays=lambda value: bool(value.get("fetched")))
    with Record.create(tmp_path / "r.db", (*KINDS, value), project="shop", author=ADA, clock=clock) as record:
        record.commit([add()], author=ADA, clock=clock)
        record.undo(None, ADA, clock)
        fetched = record.commit(
            [Change("value", "v", "measured", {"fetched": True})], author=ADA, clock=clock
        )
        record.redo(ADA, clock)
        assert title(record) == "fewer rows"
        record.commit([Change("value", "w", "typed", {"fetched": False})], author=ADA, clock=clock)
        record.undo(None, ADA, clock)
        record.undo(None, ADA, clock)
        assert title(record) is None
        assert [stored.id for stored in record.all("value")] == ["v"]
        with pytest.raises(NotAllowed, match="what a source answered cannot be undone"):
            record.undo(fetched.change_id, ADA, clock)


def test_an_act_is_told_as_a_whole(record: Record, clock: Clock) -> None:
    note = Change("note", "n", "wrote", {"text": "x"})
    done = record.commit([add("d1"), add("d2"), note], author=ADA, clock=clock)
    act = record.act(done.change_id)
    assert act is not None and (act.actor, act.seq, act.undoes) == ("ada", 2, None)
    assert [(part.entity, part.verb, part.count, part.first.id) for part in act.parts] == [
        ("difference", "added", 2, "d1"),
        ("note", "wrote", 1, "n"),
    ]
    assert record.act("nonsense") is None


def test_the_history_knows_what_was_undone_and_by_which_act(record: Record, clock: Clock) -> None:
    first = record.commit([add("d1"), add("d2")], author=ADA, clock=clock)
    assert record.taken_back(record.history()) == {}
    undone = record.undo(None, ADA, clock)
    assert record.taken_back(record.history()) == {first.change_id: undone.change_id}
    redone = record.redo(ADA, clock)
    assert record.taken_back(record.history()) == {undone.change_id: redone.change_id}
    again = record.undo(first.change_id, ADA, clock)  # by its id, although it was put back by another act
    assert record.taken_back(record.history()) == {
        first.change_id: again.change_id,
        undone.change_id: redone.change_id,
    }


def test_what_an_undo_left_as_it_was_known_is_not_new_to_a_reader(record: Record, clock: Clock) -> None:
    base = record.commit([add("d1"), add("d2")], author=ADA, clock=clock).entries[0]
    known = record.frontier()
    record.commit([edit(base, title="worse")], author=ADA, clock=clock)
    assert (record.count_beyond("difference", known), record.beyond("difference", known)) == (1, {"d1": True})
    record.undo(None, ADA, clock)
    assert (record.count_beyond("difference", known), record.beyond("difference", known)) == (0, {})
    record.redo(ADA, clock)
    record.commit([add("d3")], author=BOB, clock=clock)
    assert record.count_beyond("difference", known) == 2
    assert record.beyond("difference", known) == {"d1": True, "d3": False}


# --- any sequence ------------------------------------------------------------------------

steps = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "undo", "undo", "redo"]),
        st.sampled_from([ADA, BOB]),
        st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3), min_size=1, max_size=3),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_undo_and_redo_give_back_exactly_what_was_there(taken: list[Any]) -> None:
    """Beside each person's acts stands what the tables held before and after; nobody else comes between."""
    clock = Clock(real=Ticking())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as record:
            record._connection.execute("PRAGMA synchronous = OFF")
            done: dict[str, list[Any]] = {"ada": [], "bob": []}
            undone: dict[str, list[Any]] = {"ada": [], "bob": []}
            for what, person, ranks in taken:
                ours = {f"{person.actor}-{id}": rank for id, rank in ranks.items()}  # nobody disturbs another
                before = held(record, person.actor)
                if what == "set":
                    now = {stored.id: stored.base for stored in record.all("difference")}
                    changes = [
                        Change(
                            "difference",
                            id,
                            "set",
                            difference(rank=rank) if rank is not None else None,
                            now.get(id),
                        )
                        for id, rank in ours.items()
                    ]
                    if record.commit(changes, author=person, clock=clock).change_id:
                        done[person.actor].append((before, held(record, person.actor)))
                        undone[person.actor].clear()
                    continue
                stack, other = (done, undone) if what == "undo" else (undone, done)
                take = partial(record.undo, None) if what == "undo" else record.redo
                if not stack[person.actor]:
                    with pytest.raises(NotAllowed, match="nothing of yours"):
                        take(person, clock)
                    continue
                was, became = stack[person.actor].pop()
                take(person, clock)
                other[person.actor].append((was, became))
                assert held(record, person.actor) == (was if what == "undo" else became)
            assert record.verify().ok
            for actor in ("ada", "bob"):
                assert (record.next_undo(actor) is None) == (not done[actor])
                assert (record.next_redo(actor) is None) == (not undone[actor])


def held(record: Record, actor: str) -> Any:
    """What the tables hold of one person's things, but for who wrote it when."""
    columns = "id, value, title, rank, share, labels"
    tags = "SELECT * FROM difference_tag WHERE id LIKE ? ORDER BY id, rowid"
    rows = f"SELECT {columns} FROM e_difference WHERE id LIKE ? ORDER BY id"
    return [record.query(sql, (f"{actor}-%",)) for sql in (rows, tags)]
