"""A record that is open while its file is replaced, overwritten or cut by something else."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.record.support import ADA, KINDS, add, raw

from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.times import Clock
from workbench.record import Blob, Record, guard


@pytest.fixture
def older(record: Record, tmp_path: Path, clock: Clock) -> Iterator[Path]:
    """A copy of the record, and a record that went on."""
    record.commit([add(f"d{n}") for n in range(300)], author=ADA, clock=clock)
    copy = record.backup(tmp_path / "older.db")
    for n in range(3):
        record.commit([add(f"later{n}")], author=ADA, clock=clock)
    yield copy


def fold_in(path: Path) -> None:
    """What another workbench does once the log is long."""
    with raw(path) as other:
        other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    other.close()


def overwrite(path: Path, older: Path) -> None:
    with path.open("r+b") as file:
        file.write(older.read_bytes())
        file.truncate()


def overwrite_after_the_log_was_folded_in(path: Path, older: Path) -> None:
    with raw(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    other.close()
    overwrite(path, older)


def cut(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path, older: Path) -> None:
    os.truncate(path, 0)


def spoil_a_page(path: Path, older: Path) -> None:
    with raw(path) as other:
        page = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_entity'").fetchone()[0]
    other.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"not what SQLite wrote")


@pytest.mark.parametrize(
    "harm", [overwrite_after_the_log_was_folded_in, cut, empty, spoil_a_page], ids=lambda f: f.__name__
)
def test_nothing_is_written_on_into_a_file_that_was_changed_underneath(
    record: Record, older: Path, clock: Clock, harm: Callable[[Path, Path], None]
) -> None:
    fold_in(record.path)
    record.commit([add("before")], author=ADA, clock=clock)  # that another one folded in is no harm
    seen = record.head
    harm(record.path, older)
    for _ in range(2):
        with pytest.raises(RecordError, match="cannot be trusted: its file was overwritten or cut") as caught:
            record.commit([add("after")], author=ADA, clock=clock)
        assert caught.value.exit_code == 4
    with raw(record.path) as other, suppress(sqlite3.DatabaseError):
        assert other.execute("SELECT max(seq) FROM ledger").fetchone()[0] <= seen.seq
    other.close()


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be replaced there")
@pytest.mark.parametrize("replace", [True, False])
def test_nothing_is_written_into_a_file_that_lost_its_name(
    record: Record, older: Path, tmp_path: Path, clock: Clock, replace: bool
) -> None:
    record.path.replace(tmp_path / "moved.db")
    if replace:
        older.replace(record.path)
    with pytest.raises(RecordUnavailable, match="another file stands" if replace else "file is gone"):
        record.commit([add("after")], author=ADA, clock=clock)


def test_two_records_that_fold_in_their_logs_disturb_each_other_not_at_all(
    record: Record, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LONG", 20_000)
    looked = []
    usual = Record.verify
    monkeypatch.setattr(Record, "verify", lambda self, *a, **k: looked.append(1) or usual(self, *a, **k))
    with Record.open(record.path, KINDS) as other:
        for n in range(20):
            record.commit([add(f"one{n}")], author=ADA, clock=clock)
            other.commit([add(f"two{n}")], author=ADA, clock=clock)
    assert not looked and record.count("difference") == 40
    log = record.path.with_name(record.path.name + "-wal")
    assert log.stat().st_size < 20 * 20_000
    monkeypatch.undo()
    assert record.verify().ok


def test_the_log_does_not_grow_for_ever(
    record: Record, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LONG", 200_000)
    log = record.path.with_name(record.path.name + "-wal")
    longest = 0
    for n in range(60):
        blob = Blob.of(os.urandom(20_000), "image/png")
        record.commit([add(f"d{n}")], author=ADA, clock=clock, blobs=[blob])
        longest = max(longest, log.stat().st_size)
    assert 200_000 < longest < 400_000
    assert record.verify().ok


def test_after_a_look_that_found_it_bad_nothing_is_written_until_it_is_opened_again(
    record: Record, clock: Clock
) -> None:
    record.commit([add()], author=ADA, clock=clock)
    with raw(record.path) as other:
        other.execute("UPDATE e_difference SET title = 'x'")
    with pytest.raises(RecordError, match="not what entry"):
        record.check_rows()
    with raw(record.path) as other:
        other.execute("UPDATE e_difference SET title = 'fewer rows'")
    with pytest.raises(RecordError, match="not what entry"):
        record.commit([add("d2")], author=ADA, clock=clock)
    with Record.open(record.path, KINDS) as again:
        again.commit([add("d2")], author=ADA, clock=clock)
        assert again.verify().ok


# --- several connections of one process -----------------------------------------------------------


@pytest.fixture
def looks_at_all(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each time that all of a record is looked at."""
    looked: list[Path] = []
    verify = Record.verify

    def counted(self: Record, *args: Any, **kwargs: Any) -> Any:
        looked.append(self.path)
        return verify(self, *args, **kwargs)

    monkeypatch.setattr(Record, "verify", counted)
    return looked


def test_what_another_connection_of_this_process_folded_in_is_no_strangers_writing(
    record: Record, clock: Clock, looks_at_all: list[Path]
) -> None:
    with Record.open(record.path, KINDS) as other:
        for one, two in ((record, other), (other, record)):
            for n in range(3):
                one.commit([add(f"by {one is record} {n}")], author=ADA, clock=clock)
                assert one._guard is not None
                one._guard.fold_in(one._connection, "PASSIVE")
            two.commit([add(f"then {two is record}")], author=ADA, clock=clock)
    assert looks_at_all == []


def test_what_another_process_folded_in_is_looked_at_once(
    record: Record, clock: Clock, looks_at_all: list[Path]
) -> None:
    record.commit([add("one")], author=ADA, clock=clock)
    fold_in(record.path)
    for n in range(3):
        record.commit([add(f"two {n}")], author=ADA, clock=clock)
    assert len(looks_at_all) == 1


def test_a_connection_made_after_a_stranger_wrote_vouches_for_nothing(record: Record, clock: Clock) -> None:
    record.commit([add("one")], author=ADA, clock=clock)
    assert record._guard is not None and not record._guard.changed()
    at = record.path.stat()
    os.utime(record.path, ns=(at.st_atime_ns, at.st_mtime_ns + 1))  # as writing into it does
    with Record.open(record.path, KINDS) as late:
        late.commit([add("late")], author=ADA, clock=clock)
        assert late._guard is not None
        late._guard.fold_in(late._connection, "PASSIVE")
        assert not late._guard.changed()
        assert record._guard.changed(), "what lies between was written by nobody that is known"
