"""Two copies of one file never go on as the same desk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.record.support import ADA, KINDS, add, raw

from workbench.model.errors import StaleChange
from workbench.model.times import Clock
from workbench.record import Record


def write(path: Path, clock: Clock, id: str = "d9") -> Record:
    """A record that has been opened and written to."""
    record = Record.open(path, KINDS)
    record.commit([add(id)], author=ADA, clock=clock)
    return record


def test_a_file_goes_on_as_the_desk_that_it_was(record: Record, path: Path, clock: Clock) -> None:
    desk = record.info.desk
    record.close()
    with write(path, clock) as again:
        assert again.info.desk == desk
        assert again.frontier()[0].desk_seq == 2
        assert len(again.verify().desks) == 1


def test_a_folder_that_was_renamed_is_the_same_desk(record: Record, path: Path, clock: Clock) -> None:
    record.close()
    moved = path.parent.rename(path.parent.with_name("moved")) / path.name
    with write(moved, clock) as again:
        assert len(again.verify().desks) == 1


def test_a_copied_file_begins_a_new_desk_at_its_first_write(
    record: Record, path: Path, clock: Clock, tmp_path: Path
) -> None:
    record.commit([add()], author=ADA, clock=clock)
    desk, [last] = record.info.desk, record.frontier()
    record.close()
    other = Path(shutil.copy(path, tmp_path / "other.db"))
    with Record.open(other, KINDS) as copied:
        assert copied.info.desk == desk
        assert copied.head.seq == 2
        copied.commit([add("d2")], author=ADA, clock=clock)
        assert copied.info.desk != desk
        began = copied.history("desk")[0]
        assert (began.id, began.verb) == (copied.info.desk, "began")
        assert began.value == {
            "record": copied.info.record_id,
            "follows": {"desk": desk, "desk_seq": 2, "digest": last.digest},
        }
        assert [(d.id, d.entries, d.last, d.own) for d in copied.verify().desks] == [
            (desk, 2, 2, False),
            (copied.info.desk, 2, 2, True),
        ]
        assert copied.verify().ok
        own = copied.info.desk
    with write(other, clock) as again:
        assert again.info.desk == own
        assert {known.desk: known.desk_seq for known in again.frontier()} == {desk: 2, own: 3}


def test_a_backup_does_not_say_where_it_lives(
    record: Record, path: Path, clock: Clock, tmp_path: Path
) -> None:
    copy = record.backup(tmp_path / "copy.db")
    assert raw(copy).execute("SELECT count(*) FROM meta WHERE key = 'home'").fetchone() == (0,)
    assert str(path).encode() not in copy.read_bytes()
    record.close()
    # Put back in place, byte by byte, the file has its number and its path.
    path.write_bytes(copy.read_bytes())
    with write(path, clock) as restored:
        assert len(restored.verify().desks) == 2


def test_a_caller_that_knows_better_asks_for_a_new_desk(record: Record, clock: Clock) -> None:
    record.begin_new_desk()
    record.commit([add()], author=ADA, clock=clock)
    record.commit([add("d2")], author=ADA, clock=clock)
    assert [desk.entries for desk in record.verify().desks] == [1, 3]


def test_a_refused_change_begins_no_desk(record: Record, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    record.begin_new_desk()
    with pytest.raises(StaleChange):
        record.commit([add()], author=ADA, clock=clock)
    assert len(record.verify().desks) == 1
    record.commit([add("d2")], author=ADA, clock=clock)
    assert len(record.verify().desks) == 2


def test_a_new_desk_goes_on_in_another_process(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    with Record.open(path, KINDS) as second:
        second.begin_new_desk()
        second.commit([add("d2")], author=ADA, clock=clock)
        record.commit([add("d3")], author=ADA, clock=clock)
        assert record.info.desk == second.info.desk
    assert [desk.entries for desk in record.verify().desks] == [2, 3]


def test_a_changed_note_of_where_it_lives_is_found(record: Record, path: Path) -> None:
    other = raw(path)
    other.execute("UPDATE meta SET value = replace(value, 'shop', 'shoq') WHERE key = 'home'")
    other.close()
    assert "the note “home”" in str(record.verify().problem)
