from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database, Migrations
from tests.record.support import ADA, BOB, DIFFERENCE, KINDS, NOTE, START, add, difference, raw

from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.times import Clock
from workbench.record import Change, Column, EntityKind, FanOut, OtherVersion, Record
from workbench.record.connection import connect
from workbench.record.copies import backup
from workbench.record.layout import SCHEMA_VERSION
from workbench.record.schema import migrate


def test_what_the_record_says_about_itself(path: Path, clock: Clock) -> None:
    fixed = START - timedelta(days=30)
    with Record.create(path, KINDS, project="shop", author=ADA, clock=clock, demonstration=fixed) as made:
        info = made.info
    with Record.open(path, KINDS) as record:
        assert record.info == info
        assert (info.project, info.demonstration, info.readonly) == ("shop", fixed, False)
        assert info.created_at == START + timedelta(seconds=1)
        assert record.query("PRAGMA journal_mode") == [("wal",)]
        assert record.query("PRAGMA foreign_keys") == [(1,)]
        assert record.query("PRAGMA synchronous") == [(2,)]


def test_creating_twice_changes_nothing(record: Record, path: Path, clock: Clock) -> None:
    with pytest.raises(RecordUnavailable, match="there is a file already"):
        Record.create(path, KINDS, project="other", author=BOB, clock=clock)
    assert record.verify().ok


def test_a_missing_record_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RecordUnavailable, match="workbench init"):
        Record.open(tmp_path / "none.db", KINDS)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_record(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "record.db"
    content = b"hello, this is a text file " * 60
    path.write_bytes(content)
    with pytest.raises(RecordError, match="not a release record"):
        Record.open(path, KINDS)
    with pytest.raises(RecordUnavailable, match="there is a file already"):
        Record.create(path, KINDS, project="shop", author=ADA, clock=clock)
    assert path.read_bytes() == content


def nothing_made(path: Path) -> None:
    """What an interrupted beginning of an earlier workbench left."""
    with raw(path) as other:
        other.execute("PRAGMA journal_mode = WAL")


@pytest.mark.parametrize("leave", [Path.touch, nothing_made])
def test_an_empty_file_counts_as_no_record(path: Path, clock: Clock, leave: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    leave(path)
    with pytest.raises(RecordUnavailable, match="there is no release record here"):
        Record.open(path, KINDS)
    with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as record:
        assert record.verify().ok
    assert [file.name for file in path.parent.iterdir()] == ["record.db"]


def test_an_empty_file_beside_a_log_was_a_record(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    log = path.with_name(path.name + "-wal")
    kept = log.read_bytes()
    record.close()
    path.write_bytes(b"")
    log.write_bytes(kept)
    with pytest.raises(RecordError, match="its file is empty") as caught:
        Record.open(path, KINDS)
    assert caught.value.exit_code == 4
    with pytest.raises(RecordUnavailable, match="there is a file already"):
        Record.create(path, KINDS, project="shop", author=ADA, clock=clock)
    path.unlink()
    with pytest.raises(RecordUnavailable, match="log of a record that is gone"):
        Record.create(path, KINDS, project="shop", author=ADA, clock=clock)
    assert log.read_bytes() == kept


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RecordError("full")])
def test_a_beginning_that_is_interrupted_leaves_nothing(
    path: Path, clock: Clock, interruption: BaseException | type[BaseException]
) -> None:
    def fill(record: Record) -> None:
        record.commit([add()], author=ADA, clock=clock)
        assert not path.exists()
        raise interruption

    with pytest.raises((KeyboardInterrupt, RecordError)):
        Record.create(path, KINDS, project="shop", author=ADA, clock=clock, fill=fill)
    assert list(path.parent.iterdir()) == []


def test_a_record_that_came_meanwhile_stays(path: Path, clock: Clock) -> None:
    def fill(record: Record) -> None:
        assert record.beginning
        Record.create(path, KINDS, project="first", author=BOB, clock=clock).close()

    with pytest.raises(RecordUnavailable, match="there is a file already"):
        Record.create(path, KINDS, project="second", author=ADA, clock=clock, fill=fill)
    with Record.open(path, KINDS) as record:
        assert record.info.project == "first" and not record.beginning
        assert record.verify().ok
    assert [file.name for file in path.parent.iterdir()] == ["record.db"]


def test_what_belongs_to_the_beginning_is_there_with_it(path: Path, clock: Clock) -> None:
    def fill(record: Record) -> None:
        record.commit([add()], author=ADA, clock=clock)
        record.query("SELECT 1")

    with Record.create(path, KINDS, project="shop", author=ADA, clock=clock, fill=fill) as record:
        assert record.count("difference") == 1 and record.path == path
    assert [file.name for file in path.parent.iterdir()] == ["record.db"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")
def test_a_new_record_is_private_and_a_link_to_it_is_the_same_file(
    path: Path, tmp_path: Path, clock: Clock
) -> None:
    with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as record:
        record.commit([add()], author=ADA, clock=clock)
        assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
        assert path.parent.stat().st_mode & 0o777 == 0o700
        link = tmp_path / "link.db"
        link.symlink_to(path)
        with Record.open(link, KINDS) as other:
            assert other.path == path and other.count("difference") == 1


def test_somebody_elses_database_and_a_folder(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "other.db"
    with raw(path) as other:
        other.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(RecordError, match="SQLite file is not a release record"):
        Record.open(path, KINDS)
    with pytest.raises(RecordUnavailable, match="there is a file already"):
        Record.create(path, KINDS, project="shop", author=ADA, clock=clock)
    assert raw(path).execute("SELECT name FROM sqlite_master").fetchall() == [("t",)]
    assert len(path.read_bytes()) == len(before)
    with pytest.raises(RecordError, match="not a file"):
        Record.open(tmp_path, KINDS)


def test_a_newer_schema_is_refused(record: Record, path: Path) -> None:
    record.close()
    raw(path).execute("PRAGMA user_version = 3")
    with pytest.raises(RecordError, match=r"newer workbench \(schema 3; this one knows up to 2\)"):
        Record.open(path, KINDS)


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("CREATE VIEW looking AS SELECT 1", "the view looking does not belong"),
        ("CREATE TRIGGER late AFTER INSERT ON meta BEGIN SELECT 1; END", "the trigger late does not belong"),
        ("PRAGMA user_version = 0", "names schema 0"),
    ],
)
def test_what_no_record_has_is_refused_when_it_is_opened(
    record: Record, path: Path, sql: str, words: str, readonly: bool
) -> None:
    record.close()
    raw(path).execute(sql)
    with pytest.raises(RecordError, match=words) as caught:
        Record.open(path, KINDS, readonly=readonly)
    assert caught.value.exit_code == 4


def test_a_trigger_that_comes_while_the_record_is_open_stops_the_next_change(
    record: Record, path: Path, clock: Clock
) -> None:
    raw(path).execute("CREATE TRIGGER late AFTER INSERT ON ledger BEGIN DELETE FROM e_note; END")
    with pytest.raises(RecordError, match="the trigger late does not belong"):
        record.commit([add()], author=ADA, clock=clock)
    assert record.head.seq == 1


@pytest.mark.parametrize("note", ["x", "{}", '{"kinds":[]}', '{"kinds":{"note":{"version":"1"}}}'])
def test_a_damaged_note_about_the_tables_is_no_crash(record: Record, path: Path, note: str) -> None:
    record.close()
    raw(path).execute("UPDATE meta SET value = ? WHERE key = 'projections'", (note,))
    for readonly in (True, False):
        with pytest.raises(RecordError, match="note about its tables is damaged"):
            Record.open(path, KINDS, readonly=readonly)


def test_a_truncated_file_is_damaged_not_a_crash(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add(f"d{n}") for n in range(200)], author=ADA, clock=clock)
    record.close()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(RecordError), Record.open(path, KINDS) as opened:
        report = opened.verify()
        assert not report.ok
        raise RecordError(report.problem or "")


def test_opening_does_not_import_sqlite_utils(record: Record, path: Path) -> None:
    record.close()
    code = (
        "import sys; from pathlib import Path; from tests.record.support import *; from workbench.record "
        "import Record\nwith Record.open(Path(sys.argv[1]), KINDS) as r: assert r.verify().ok\n"
        "heavy = {'sqlite_utils', 'click', 'numpy', 'httpx', 'textual', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


# --- reading only ---------------------------------------------------------------------


def test_read_only_on_request(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    with Record.open(path, KINDS, readonly=True) as reader:
        assert reader.info.readonly
        assert reader.count("difference") == 1
        assert reader.verify([record.head]).ok
        with pytest.raises(RecordUnavailable, match="for reading only"):
            reader.commit([add("d2")], author=ADA, clock=clock)
        with pytest.raises(RecordUnavailable, match="for reading only"):
            reader.undo(None, ADA, clock)


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_read_only_folder_is_opened_for_reading(clock: Clock) -> None:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "r.db"
        with Record.create(source, KINDS, project="shop", author=ADA, clock=clock) as made:
            made.commit([add()], author=ADA, clock=clock)
        content = source.read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "record.db"
        path.write_bytes(content)
        path.chmod(0o444)
        folder.chmod(0o555)
        with _without_rights():
            with Record.open(path, KINDS) as record:
                assert record.info.readonly
                assert [s.id for s in record.all("difference")] == ["d1"]
                assert record.query("SELECT title FROM e_difference") == [("fewer rows",)]
                assert record.verify().ok
                with pytest.raises(RecordUnavailable, match="for reading only"):
                    record.commit([add("d2")], author=ADA, clock=clock)
            wider = EntityKind("difference", columns=(*DIFFERENCE.columns, Column("owner")))
            for readonly in (True, False):
                with pytest.raises(OtherVersion, match="must be brought up to date first"):
                    Record.open(path, (wider, NOTE), readonly=readonly)
            assert [p.name for p in folder.iterdir()] == ["record.db"]
            with pytest.raises(RecordUnavailable):
                Record.create(folder / "new.db", KINDS, project="p", author=ADA, clock=clock)
            with pytest.raises(RecordUnavailable, match="the record cannot be made"):
                Record.create(folder / "sub" / "new.db", KINDS, project="p", author=ADA, clock=clock)
        folder.chmod(0o755)
        (folder / "record.db-wal").write_bytes(b"changes that nobody has folded in")
        folder.chmod(0o555)
        link = Path(name + "-link.db")
        link.symlink_to(path)
        try:
            for way in (path, link):
                with _without_rights(), pytest.raises(RecordUnavailable, match="write-ahead log"):
                    Record.open(way, KINDS)
        finally:
            link.unlink()
        folder.chmod(stat.S_IRWXU)


@contextmanager
def _without_rights() -> Iterator[None]:
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


# --- versions --------------------------------------------------------------------------


def test_a_new_column_is_filled_by_replay(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add("d1", owner="ada"), add("d2")], author=ADA, clock=clock)
    record.close()
    wider = EntityKind("difference", columns=(*DIFFERENCE.columns, Column("owner")))
    with Record.open(path, (wider, NOTE)) as opened:
        assert opened.query("SELECT id, owner FROM e_difference ORDER BY id") == [("d1", "ada"), ("d2", None)]
        assert opened.query("SELECT name FROM sqlite_master WHERE name LIKE 'difference_tag%'") == []
        assert opened.verify().ok
    with Record.open(path, KINDS) as opened:
        assert opened.query("SELECT count(*) FROM difference_tag") == [(4,)]
        assert opened.verify().ok


def test_a_reader_is_told_that_the_tables_are_of_another_version(record: Record, path: Path) -> None:
    record.close()
    wider = EntityKind("difference", columns=(*DIFFERENCE.columns, Column("owner")))
    with pytest.raises(OtherVersion, match="must be brought up to date first"):
        Record.open(path, (wider, NOTE), readonly=True)


def _lift(version: int, value: dict[str, object]) -> dict[str, object]:
    return {"heading" if key == "title" else key: item for key, item in value.items()}


LIFTED = EntityKind("difference", version=2, columns=(Column("heading"),), lift=_lift)


def test_old_values_are_lifted_when_read(record: Record, path: Path, clock: Clock) -> None:
    base = record.commit([add("d1"), add("d2")], author=ADA, clock=clock).entries[0]
    record.close()
    with Record.open(path, (LIFTED, NOTE)) as opened:
        stored = opened.get("difference", "d1")
        assert stored is not None
        assert stored.decode(dict)["heading"] == "fewer rows"
        value = stored.decode(dict) | {"heading": "new"}
        opened.commit([Change("difference", "d1", "edited", value, base)], author=ADA, clock=clock)
        entry = opened.history(limit=1)[0]
        assert entry.changed_fields == ("heading",)
        assert entry.before is not None
        assert entry.before["heading"] == "fewer rows"
        assert opened.verify().ok
        opened.undo(None, ADA, clock)
        assert opened.verify().ok
    with pytest.raises(RecordError, match="newer workbench"):
        Record.open(path, KINDS)


def test_an_older_process_stops_writing_after_a_rebuild(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    Record.open(path, (LIFTED, NOTE)).close()
    with pytest.raises(RecordUnavailable, match="another version of the workbench"):
        record.commit([add("d2")], author=ADA, clock=clock)
    assert record.head.seq == 2


def test_entities_of_a_newer_workbench_are_kept(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add(), Change("note", "n", "added", {"text": "x"})], author=ADA, clock=clock)
    record.close()
    with Record.open(path, (DIFFERENCE,)) as opened:
        assert opened.history("note")[0].value == {"text": "x"}
        report = opened.verify()
        assert report.ok
        assert len(report.notes) == 2
        with pytest.raises(RecordError, match="knows no note"):
            opened.get("note", "n")
        opened.commit([add("d2")], author=ADA, clock=clock)
    with Record.open(path, KINDS) as opened:
        assert opened.count("note") == 1
        assert opened.verify() == msgspec.structs.replace(opened.verify(), notes=())


def test_two_tables_cannot_share_a_name(path: Path, clock: Clock) -> None:
    twice = EntityKind("other", fan_out=(FanOut("e_note", (("x", "TEXT"),), lambda i, v: []),))
    for kinds in ((NOTE, NOTE), (NOTE, twice), (EntityKind("purge"),), (EntityKind("no space"),)):
        with pytest.raises(ValueError):
            Record.create(path, kinds, project="p", author=ADA, clock=clock)


def _one_step() -> Migrations:
    """Migrations whose first step, to schema 2, every file here has had."""
    steps = Migrations("tests")
    steps(name="had")(lambda db: pytest.fail("it was there already"))
    return steps


def test_a_migration_makes_a_backup_first(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    record.close()
    steps, first = _one_step(), _one_step()
    steps(name="a table")(lambda db: db["extra"].create({"x": str}, strict=True))
    first(name="a table")(lambda db: pytest.fail("it was there already"))
    steps(name="goes wrong")(lambda db: db.executescript("CREATE TABLE more (x); SELECT nonsense"))
    connection = connect(path, "rw")
    with pytest.raises(RecordError):
        migrate(connection, path, lambda to: backup(connection, to), steps)
    assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchone()
    left = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "more" not in left and not any("migrations" in name for name in left)
    copies = sorted(p.name for p in path.parent.glob("*before*"))
    assert copies == ["record.before-schema-3.db", "record.before-schema-4.db"]
    assert migrate(connection, path, lambda to: backup(connection, to), first) == []
    connection.close()
    with Record.open(path.parent / copies[0], KINDS) as before:
        assert before.verify().ok
        assert before.get("difference", "d1") is not None


def test_every_step_has_a_version() -> None:
    from workbench.record.migrations import STEPS

    assert len(STEPS.pending(Database(memory=True))) == SCHEMA_VERSION - 1


def test_a_step_goes_on_from_those_that_the_file_has_had(record: Record, path: Path) -> None:
    record.close()
    steps = _one_step()
    steps(name="one")(lambda db: db["one"].create({"x": int}))
    connection = connect(path, "rw")
    assert len(migrate(connection, path, lambda to: to, steps)) == 1
    steps(name="two")(lambda db: db["one"].transform(rename={"x": "y"}))
    assert len(migrate(connection, path, lambda to: to, steps)) == 1
    assert [row[1] for row in connection.execute("PRAGMA table_info(one)")] == ["y"]
    assert connection.execute("PRAGMA user_version").fetchone() == (4,)
    connection.close()


# --- trouble while writing ---------------------------------------------------------------


def test_a_full_disk_changes_nothing(record: Record, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    connection = record._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RecordUnavailable, match="the disk is full; nothing was changed"):
        record.commit([add("big", about="x" * 500_000)], author=ADA, clock=clock)
    assert record.head.digest == base
    assert record.verify().ok
    connection.execute("PRAGMA max_page_count = 100000")
    record.commit([add("big", about="x" * 500_000)], author=ADA, clock=clock)
    assert record.verify().ok


def test_another_writer_that_does_not_let_go(record: Record, path: Path, clock: Clock) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Record.open(path, KINDS, busy=0.0) as waiting:
        with pytest.raises(RecordUnavailable, match="another program is writing"):
            waiting.commit([add()], author=ADA, clock=clock)
        other.execute("ROLLBACK")
        waiting.commit([add()], author=ADA, clock=clock)
        assert waiting.get("difference", "d1") is not None
        assert waiting.verify().ok
    other.close()


def test_history_finds_text_and_pages(record: Record, clock: Clock) -> None:
    record.commit([add(f"d{n}", about=f'100%_"{n}\n') for n in range(5)], author=ADA, clock=clock)
    base = record.get("difference", "d3")
    assert base is not None
    record.commit(
        [Change("difference", "d3", "decided", difference("Äpfel"), base.base, "because")],
        author=BOB,
        clock=clock,
    )
    assert [e.verb for e in record.history(text="A\u0308pfel")] == ["decided"]
    assert [e.verb for e in record.history(text="BECAUSE")] == ["decided"]
    assert [e.id for e in record.history(text='%_"4\n')] == ["d4"]
    assert record.history(text="100x") == []
    page = record.history("difference", limit=2)
    assert [e.seq for e in page] == [7, 6]
    assert [e.seq for e in record.history("difference", limit=9, before_seq=6)] == [5, 4, 3, 2]
    decided = record.history("difference", "d3", limit=1)[0]
    assert (decided.before or {})["about"] == '100%_"3\n'
    assert decided.changed_fields == ("about", "title")
