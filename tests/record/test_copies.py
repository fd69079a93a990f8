from __future__ import annotations

from pathlib import Path

import pytest
from tests.record.support import ADA, KINDS, add

from workbench.model.errors import RecordUnavailable
from workbench.model.times import Clock
from workbench.record import Head, Record
from workbench.record.heads import KEEP, known, remember


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
        path = remember(folder, record.info, record.head)
        remember(folder, record.info, record.head)
    assert known(folder, record.info.record_id) == tuple(heads[3:])
    assert list(folder.iterdir()) == [path]
    assert record.verify(known(folder, record.info.record_id)).ok
    path.write_bytes(b"half a fi")
    assert known(folder, record.info.record_id) == ()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordUnavailable, match="could not be noted"):
        remember(tmp_path / "file", record.info, record.head)
