from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from tests.record.support import ADA, KINDS, add, edit, raw

from workbench.model.errors import RecordError, RecordUnavailable, UsageError
from workbench.model.times import Clock
from workbench.record import Change, Head, Record
from workbench.record.copies import copied
from workbench.record.heads import KEEP, check, of_this, remember


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


def test_a_backup_never_takes_the_place_of_another_file(record: Record, tmp_path: Path, clock: Clock) -> None:
    copy = record.backup(tmp_path / "copy.db")
    record.commit([add()], author=ADA, clock=clock)
    with pytest.raises(UsageError, match="never overwritten"):
        record.backup(copy)
    with Record.open(copy, KINDS, readonly=True) as opened:
        assert opened.head.seq == 1
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordUnavailable, match="could not be written"):
        record.backup(tmp_path / "file" / "copy.db")


def test_a_copy_that_is_there_is_kept_and_a_damaged_one_gets_a_neighbour(
    record: Record, tmp_path: Path
) -> None:
    copy = record.backup_into(tmp_path)
    first = copy.read_bytes()
    assert record.backup_into(tmp_path) == copy and copy.read_bytes() == first
    copy.write_bytes(first[:5000])
    beside = record.backup_into(tmp_path)
    assert beside.name == f"{copy.stem}-2.db" and copy.read_bytes() == first[:5000]
    with Record.open(beside, KINDS, readonly=True) as opened:
        assert opened.head == record.head
    assert [found.path for found in copied(tmp_path, record.info.record_id)] == [beside, copy]


def test_a_copy_that_the_ledger_contradicts_is_not_removed(
    record: Record, tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "copies"
    for n in range(3):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
    lost = record.backup_into(folder)
    cut(record, 2)
    made = []
    for n in range(5):
        record.commit([add(f"later{n}")], author=ADA, clock=clock)
        made.append(record.backup_into(folder, keep=3))
    assert set(folder.iterdir()) == {lost, *made[2:]}
    assert [c.path for c in record.not_of(copied(folder, record.info.record_id))] == [lost]


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


def noted(folder: Path, record: Record) -> tuple[Head, ...]:
    return tuple(one.head for one in of_this(folder, record))


def test_heads_are_remembered_outside(record: Record, tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "data" / "heads"
    assert noted(folder, record) == ()
    heads = []
    for n in range(KEEP + 3):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
        heads.append(record.head)
        path = remember(folder, record)
        remember(folder, record)
    assert noted(folder, record) == tuple(heads[3:])
    assert list(folder.iterdir()) == [path]
    assert record.verify(noted(folder, record)).ok
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordUnavailable, match="could not be noted"):
        remember(tmp_path / "file", record)


def test_noted_ends_that_were_changed_are_not_taken_for_none(
    record: Record, tmp_path: Path, clock: Clock
) -> None:
    path = remember(tmp_path, record)
    whole = path.read_bytes()
    damaged = [whole[:-40], b"", whole + b" ", b"[]", whole.replace(b'"seq":1', b'"seq":2')]
    damaged += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))]
    record.commit([add()], author=ADA, clock=clock)
    for data in damaged:
        path.write_bytes(data)
        for act in (check, remember):
            with pytest.raises(RecordError, match="noted ends is damaged") as caught:
                act(tmp_path, record)
            assert caught.value.exit_code == 4
        assert path.read_bytes() == data
    path.write_bytes(whole)
    check(tmp_path, record)


def test_noted_ends_of_an_earlier_workbench_are_read(record: Record, tmp_path: Path) -> None:
    path = remember(tmp_path, record)
    kept = msgspec.json.decode(path.read_bytes())
    assert len(kept.pop("sum")) == 64
    path.write_bytes(msgspec.json.encode(kept))
    assert noted(tmp_path, record) == (record.head,)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_what_is_kept_outside_is_private(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "share" / "workbench"
    kept = [
        remember(folder, record),
        record.backup_into(folder / "backups"),
        record.backup(tmp_path / "c.db"),
    ]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "backups")} == {0o700}


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
    with pytest.raises(RecordError, match=f"reach entry {lost.seq}"):
        record.commit([add("later")], author=ADA, clock=clock)
    record = Record.open(record.path, KINDS)
    for n in range(KEEP + 10):
        record.commit([add(f"later{n}")], author=ADA, clock=clock)
        remember(folder, record)
    kept = noted(folder, record)
    assert kept[0] == lost and len(kept) == KEEP + 1 and kept[-1] == record.head
    assert "not the one that was noted" in str(record.verify(kept).problem)
    with pytest.raises(RecordError, match=f"entry {lost.seq} is not the one that was seen") as caught:
        check(folder, record)
    assert caught.value.exit_code == 4 and str(folder) in str(caught.value.where)
    record.close()


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
            "INSERT INTO e_difference SELECT 99, 'd9', base, verb, actor, recorded_at, contested, value, title, rank, share, "
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
