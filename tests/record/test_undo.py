from __future__ import annotations

import pytest
from tests.record.support import ADA, BOB, add, difference, edit

from workbench.model.errors import NotAllowed, StaleChange
from workbench.model.times import Clock
from workbench.record import Blob, Change, Record


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
