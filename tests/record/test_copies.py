from __future__ import annotations

from pathlib import Path

import pytest
from tests.record.support import ADA, KINDS, add, edit, raw

from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.times import Clock
from workbench.record import Change, Head, Record
from workbench.record.heads import KEEP, check, known, remember


def test_a_backup_is_a_whole_record_in_one_file(record: Record, tmp_path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    copy = record.backup(tmp_path / "new" / "copy.db")
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    with Record.open(copy, KINDS) as opened:
        assert opened.head == record.head
        assert opened.info == record.info
        assert opened.verify([record.head]).ok
        opened.commit([add("d2")], author=ADA, clock=clock)
    assert "its tail was cut" in str(record.verify([Head(3, "", "")]).problem)


def test_a_backup_replaces_an_older_one_or_leaves_it(record: Record, tmp_path: Path, clock: Clock) -> None:
    copy = record.backup(tmp_path / "copy.db")
    record.commit([add()], author=ADA, clock=clock)
    record.backup(copy)
    with Record.open(copy, KINDS, readonly=True) as opened:
        assert opened.head.seq == 2
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordUnavailable, match="could not be written"):
        record.backup(tmp_path / "file" / "copy.db")


def test_the_newest_copies_stay(record: Record, tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "another-record.db").write_bytes(b"")
    made = []
    for n in range(5):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
        made.append(record.backup_into(folder, keep=3))
    assert sorted(folder.glob(f"{record.info.record_id}*")) == made[2:]
    assert (folder / "another-record.db").exists()
    with Record.open(made[-1], KINDS, readonly=True) as newest:
        assert newest.head == record.head


def test_heads_are_remembered_outside(record: Record, tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "data" / "heads"
    assert known(folder, record.info.record_id) == ()
    heads = []
    for n in range(KEEP + 3):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
        heads.append(record.head)
        path = remember(folder, record)
        remember(folder, record)
    assert known(folder, record.info.record_id) == tuple(heads[3:])
    assert list(folder.iterdir()) == [path]
    assert record.verify(known(folder, record.info.record_id)).ok
    path.write_bytes(b"half a fi")
    assert known(folder, record.info.record_id) == ()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordUnavailable, match="could not be noted"):
        remember(tmp_path / "file", record)


def cut(record: Record, last: int) -> None:
    """Take away what follows entry ``last``, as an older copy would have it."""
    with raw(record.path) as other:
        other.execute("DELETE FROM ledger WHERE seq > ?", (last,))
        other.execute("DELETE FROM e_difference WHERE seq > ?", (last,))


def test_a_head_that_the_ledger_contradicts_stays_for_good(
    record: Record, tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "heads"
    for n in range(3):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
        remember(folder, record)
    lost = record.head
    cut(record, lost.seq - 1)
    with pytest.raises(RecordError, match=f"reach entry {lost.seq}"):
        check(folder, record)
    for n in range(KEEP + 10):
        record.commit([add(f"later{n}")], author=ADA, clock=clock)
        remember(folder, record)
    kept = known(folder, record.info.record_id)
    assert kept[0] == lost and len(kept) == KEEP + 1 and kept[-1] == record.head
    assert "not the one that was noted" in str(record.verify(kept).problem)
    with pytest.raises(RecordError, match=f"entry {lost.seq} is not the one that was seen") as caught:
        check(folder, record)
    assert caught.value.exit_code == 4 and str(folder) in str(caught.value.where)


def test_a_ledger_that_went_on_after_the_last_head_is_fine(
    record: Record, tmp_path: Path, clock: Clock
) -> None:
    check(tmp_path, record)
    remember(tmp_path, record)
    record.commit([add()], author=ADA, clock=clock)
    check(tmp_path, record)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE e_difference SET value = replace(value, 'fewer', 'more') WHERE id = 'd1'", "row “d1”"),
        ("UPDATE e_difference SET rank = 9 WHERE id = 'd1'", "not what entry 5 says"),
        ("DELETE FROM e_difference WHERE id = 'd2'", "row “d2”"),
        ("UPDATE e_difference SET seq = 2, base = 'x' WHERE id = 'd1'", "row “d"),
        (
            "INSERT INTO e_difference SELECT 99, 'd9', base, verb, actor, recorded_at, value, title, rank, share, "
            "labels FROM e_difference WHERE id = 'd1'",
            "row “d9” of the table e_difference does not follow",
        ),
        (
            "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'fewer', 'more') AS BLOB)",
            "was changed",
        ),
    ],
)
def test_a_quick_look_finds_rows_that_are_not_the_ledgers(
    record: Record, clock: Clock, change: str, words: str
) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    record.commit([add("d2")], author=ADA, clock=clock)
    gone = record.commit([add("d3")], author=ADA, clock=clock).entries[0]
    record.commit([edit(base, rank=4)], author=ADA, clock=clock)
    record.commit([Change("difference", "d3", "removed", None, gone)], author=ADA, clock=clock)
    record.check_rows()
    with raw(record.path) as other:
        assert other.execute(change).rowcount
    with pytest.raises(RecordError, match=words) as caught:
        record.check_rows()
    assert caught.value.exit_code == 4


def test_the_quick_look_is_taken_again_only_when_somebody_else_wrote(
    record: Record, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    monkeypatch.setattr("workbench.record.checking.check", lambda *_: looked.append(1) or {})
    record.check_rows()
    record.commit([add()], author=ADA, clock=clock)
    record.check_rows()
    assert len(looked) == 1
    with Record.open(record.path, KINDS) as other:
        other.commit([add("d2")], author=ADA, clock=clock)
    record.check_rows()
    assert len(looked) == 2
