from __future__ import annotations

import random
import sqlite3
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.record.support import ADA, BOB, KINDS, add, edit, raw

from workbench.model.errors import RecordError, UsageError, WorkbenchError
from workbench.model.times import Clock
from workbench.record import Blob, Change, Head, Record, layout, objects
from workbench.record.ledger import entry_digest, next_chain
from workbench.record.projection import tables_of
from workbench.usecases.nouns import NOUNS

PROJECTED = ("e_difference", "e_note", "difference_tag")


@pytest.fixture
def copy(record: Record, path: Path, clock: Clock, tmp_path: Path) -> bytes:
    """The bytes of a record with a little of everything, in one file."""
    base = record.commit(
        [add(f"d{n}", share=f"0.{n}1", tags=[f"t{n}"]) for n in range(9)], author=ADA, clock=clock
    )
    record.commit([edit(base.entries[0], "d0", title="Größer")], author=BOB, clock=clock)
    record.commit([Change("difference", "d1", "removed", None, base.entries[1])], author=BOB, clock=clock)
    blobs = [
        Blob.of(b"text " * 90, "text/plain"),
        Blob.of(struct.pack("<200d", *range(200)), "application/x-float64"),
        Blob.of(bytes(range(60)), "image/png"),
        Blob.of(b"secret", "text/plain"),
    ]
    note = Change("note", "n", "written", {"text": "a note"}, reason="why not")
    record.commit([note], author=ADA, clock=clock, blobs=blobs)
    record.undo(None, BOB, clock)
    record.purge(blobs[3].digest, "a token slipped in", ADA, clock)
    assert record.verify([record.head]).ok
    return record.backup(tmp_path / "copy.db").read_bytes()


def check(path: Path, heads: tuple[Head, ...] = ()) -> str | None:
    """The first thing that is wrong with a file, by opening it or by verifying it."""
    try:
        with Record.open(path, KINDS, readonly=True) as opened:
            return opened.verify(heads).problem
    except WorkbenchError as error:
        return str(error)


def other_byte(value: Any, dice: random.Random) -> Any:
    """The same value with one byte of its stored form changed."""
    if isinstance(value, int):
        return value ^ (dice.randrange(1, 128) << (8 * dice.randrange(6)))
    if isinstance(value, float):
        data = bytearray(struct.pack("<d", value))
    else:
        data = bytearray(value.encode() if isinstance(value, str) else value)
    data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
    return struct.unpack("<d", data)[0] if isinstance(value, float) else bytes(data)


def tamper(connection: sqlite3.Connection, table: str, dice: random.Random) -> str:
    """Changes one byte of a random column of a random row, and says which."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    rows = connection.execute(f"SELECT rowid, * FROM {table}").fetchall()
    while True:
        row, column = dice.choice(rows), dice.randrange(len(columns))
        value = row[column + 1]
        if value is None or value in ("", b""):
            continue
        new = other_byte(value, dice)
        mark = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        try:
            changed = connection.execute(
                f"UPDATE {table} SET {columns[column]} = {mark} WHERE rowid = ?", (new, row[0])
            )
        except sqlite3.IntegrityError:
            continue  # another row has that key already
        assert changed.rowcount == 1
        return f"{table}.{columns[column]} of row {row[0]}"


@pytest.mark.parametrize("tables", [("ledger",), PROJECTED, ("blobs",), ("meta",)], ids=lambda t: t[0])
def test_every_changed_byte_is_found(copy: bytes, tmp_path: Path, tables: tuple[str, ...]) -> None:
    dice = random.Random(20260915)
    path = tmp_path / "tampered.db"
    path.write_bytes(copy)
    assert check(path) is None
    missed = []
    for _ in range(100):
        path.write_bytes(copy)
        connection = raw(path)
        connection.execute("PRAGMA synchronous = OFF")
        where = tamper(connection, dice.choice(tables), dice)
        connection.close()
        if check(path) is None:
            missed.append(where)
    assert missed == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE ledger SET verb = 'x' WHERE seq = 4", "entry 4 of the ledger .* columns that differ"),
        (
            "UPDATE ledger SET body = CAST(body || ' ' AS BLOB) WHERE seq = 3",
            "entry 3 of the ledger .* was changed",
        ),
        ("DELETE FROM ledger WHERE seq = 5", "entry 5 of the ledger is missing"),
        ("UPDATE ledger SET chain = zeroblob(32) WHERE seq = 7", "entry 7 .* does not continue the chain"),
        ("DELETE FROM e_difference WHERE id = 'd4'", "e_difference lacks the row “d4”"),
        ("UPDATE e_difference SET title = 'x' WHERE id = 'd5'", "the row “d5” of the table e_difference"),
        ("UPDATE e_difference SET share = 0.5 WHERE id = 'd5'", "the row “d5” of the table e_difference"),
        ("DELETE FROM difference_tag WHERE id = 'd3'", "“d3” in the table difference_tag"),
        ("INSERT INTO difference_tag VALUES ('d9', 'x', 1)", "difference_tag has a row of “d9” too many"),
        ("INSERT INTO e_note VALUES (99, 'z', '', '', '', '', 0, '{}')", "“z” .* does not follow from"),
        ("INSERT INTO e_note VALUES (4, 'z', '', '', '', '', 0, '{}')", "“z” .* does not follow from"),
        ("CREATE TABLE spare (x)", "the table spare does not belong"),
        ("ALTER TABLE e_note ADD COLUMN spare TEXT", "the table e_note is not as this workbench makes it"),
        (
            "DROP INDEX difference_tag_i1; CREATE INDEX difference_tag_i1 ON difference_tag (place)",
            "the index difference_tag_i1 is not as",
        ),
        (
            "DROP INDEX e_note_id; CREATE INDEX e_note_id ON e_note (id)",
            "the index e_note_id is not as this workbench makes it",
        ),
        ("CREATE INDEX more ON e_note (actor)", "the index more does not belong"),
        ("DROP INDEX ledger_change", "lacks ledger_change"),
        ("INSERT INTO meta VALUES ('x', 'y')", "the note “x”"),
        ("DELETE FROM blobs WHERE encoding = 'deflate'", "the evidence .* is missing"),
        ("UPDATE blobs SET media = 'text/html' WHERE encoding = 'raw'", "evidence .* is damaged"),
        ("INSERT INTO blobs VALUES ('aa', 'x', 'raw', 0, x'', x'')", "aa does not belong to any entry"),
    ],
)
def test_what_is_wrong_is_named(copy: bytes, tmp_path: Path, sql: str, words: str) -> None:
    path = tmp_path / "tampered.db"
    path.write_bytes(copy)
    connection = raw(path)
    connection.executescript(sql)
    connection.close()
    with Record.open(path, KINDS, readonly=True) as opened, pytest.raises(AssertionError, match=words):
        raise AssertionError(opened.verify().problem)


def hide_from_index(path: Path, index: str, condition: str) -> None:
    """Makes an index one that leaves rows out, and its text say that it leaves none out."""
    connection = raw(path)
    [(text,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchall()
    connection.executescript(f"DROP INDEX {index}; {text} WHERE {condition}")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (text, index))
    connection.close()


def test_a_row_that_an_index_hides_is_found(copy: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tampered.db"
    path.write_bytes(copy)
    hide_from_index(path, "difference_tag_i1", "tag <> 't3'")
    assert "missing from index difference_tag_i1" in str(check(path))


def test_an_index_that_leaves_rows_out_stops_the_quick_look_too(record: Record, clock: Clock) -> None:
    record.commit([add()], author=ADA, clock=clock)
    record.check_rows()
    with raw(record.path) as other:
        other.executescript(
            "DROP INDEX difference_tag_i1; "
            "CREATE INDEX difference_tag_i1 ON difference_tag (tag) WHERE tag <> 'data'"
        )
    with pytest.raises(RecordError, match="the index difference_tag_i1 is not as this workbench makes it"):
        record.check_rows()


def newer(
    path: Path, tables: str, kind: str = '{"version":1,"layout":"","tables":["e_plan","plan_step"]}'
) -> None:
    """Tables of a kind that this version does not know, and the note about them."""
    connection = raw(path)
    connection.executescript(tables)
    [(note,)] = connection.execute("SELECT value FROM meta WHERE key = 'projections'").fetchall()
    changed = note.replace('"kinds":{', f'"kinds":{{"plan":{kind},')
    changed = msgspec.json.encode(msgspec.json.decode(changed), order="sorted").decode()
    connection.execute("UPDATE meta SET value = ? WHERE key = 'projections'", (changed,))
    connection.close()


PLAN = "CREATE TABLE e_plan (seq INTEGER PRIMARY KEY, id TEXT); CREATE TABLE plan_step (id TEXT, step TEXT);"


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (PLAN, None),
        (PLAN + "INSERT INTO e_plan VALUES (3, 'd1')", "the row “d1” of the table e_plan does not follow"),
        (PLAN + "INSERT INTO plan_step VALUES ('p', 'x')", "the table plan_step has rows of “p”"),
        ("CREATE TABLE e_plan (x)", "the tables that the file notes for “plan” cannot be read"),
    ],
)
def test_a_kind_that_somebody_made_up_is_no_place_to_hide_in(
    copy: bytes, tmp_path: Path, tables: str, words: str | None
) -> None:
    path = tmp_path / "tampered.db"
    path.write_bytes(copy)
    newer(path, tables)
    assert words in str(check(path)) if words else check(path) is None


@pytest.mark.parametrize("kind", ['{"version":1,"tables":["spare"]}', '{"version":1,"tables":["e_note"]}'])
def test_a_made_up_kind_cannot_claim_any_table(copy: bytes, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "tampered.db"
    path.write_bytes(copy)
    newer(path, "CREATE TABLE spare (x)", kind)
    assert "in the table meta" in str(check(path)) or "does not belong" in str(check(path))


def test_a_row_of_the_past_is_found(record: Record, path: Path, clock: Clock) -> None:
    base = record.commit([add()], author=ADA, clock=clock).entries[0]
    [old] = record.query("SELECT * FROM e_difference")
    record.commit([edit(base, title="new")], author=ADA, clock=clock)
    other = raw(path)
    other.execute("DELETE FROM e_difference")
    other.execute(f"INSERT INTO e_difference VALUES ({','.join('?' * len(old))})", old)
    other.execute("DELETE FROM difference_tag")
    other.execute("INSERT INTO difference_tag VALUES ('d1', 'data', 0), ('d1', 'size', 1)")
    other.close()
    assert "older than the ledger" in str(record.verify().problem)


# --- the tail ---------------------------------------------------------------------------


def cut(path: Path, after: int) -> None:
    """Cuts the tail of a ledger of additions so that the rest is whole in itself."""
    other = raw(path)
    for table in ("ledger", "e_difference"):
        other.execute(f"DELETE FROM {table} WHERE seq > ?", (after,))
    other.execute("DELETE FROM difference_tag WHERE id NOT IN (SELECT id FROM e_difference)")
    other.close()


def test_a_tail_cut_below_a_head_kept_outside_is_found(record: Record, path: Path, clock: Clock) -> None:
    heads = [record.head]
    for n in range(5):
        record.commit([add(f"d{n}")], author=ADA, clock=clock)
        heads.append(record.head)
    record.close()
    cut(path, 4)
    assert check(path) is None
    assert check(path, tuple(heads[:4])) is None
    assert "the ledger ends at entry 4, but entry 6 was noted" in str(check(path, (heads[5],)))


def test_a_rewritten_tail_is_found(record: Record, path: Path, clock: Clock) -> None:
    record.commit([add("d1"), add("d2")], author=ADA, clock=clock)
    head = record.head
    record.close()
    cut(path, 2)
    with Record.open(path, KINDS) as other:
        other.commit([add("d2")], author=BOB, clock=clock)
        other.commit([add("d3")], author=BOB, clock=clock)
        assert other.verify().ok
        assert "entry 3 of the ledger" in str(other.verify([head]).problem)
        assert "cannot be" in str(other.verify([Head(0, "", "")]).problem)


@pytest.mark.parametrize(
    ("field", "new", "words"),
    [
        ("recorded_at", "2020-01-01T00:00:00.000000Z", "dated before"),
        ("desk_seq", 9, "does not follow its desk's"),
        ("desk_prev", "00" * 32, "does not follow its desk's"),
        ("base", "00" * 32, "was not made from the entry before"),
        ("desk", "another", "does not follow its desk's"),
        ("verb", 7, "cannot be read"),
    ],
)
def test_a_forged_entry_with_fitting_digests_is_found(
    record: Record, path: Path, clock: Clock, field: str, new: Any, words: str
) -> None:
    record.commit([add()], author=ADA, clock=clock)
    other = raw(path)
    body, before = other.execute(
        "SELECT a.body, b.chain FROM ledger a, ledger b WHERE a.seq = 2 AND b.seq = 1"
    ).fetchone()
    forged = msgspec.json.encode(msgspec.json.decode(body) | {field: new}, order="sorted")
    digest = entry_digest(forged)
    other.execute(
        "UPDATE ledger SET body = ?, digest = ?, chain = ? WHERE seq = 2",
        (forged, digest, next_chain(before, digest)),
    )
    other.close()
    assert words in str(record.verify().problem)


# --- evidence ---------------------------------------------------------------------------


def test_evidence_is_kept_once_and_comes_back(record: Record, clock: Clock) -> None:
    text = Blob.of(b"response " * 5000, "application/json")
    samples = Blob.of(struct.pack("<1000d", *([0.5] * 1000)), "application/x-float64")
    record.commit([add("d1")], author=ADA, clock=clock, blobs=[text, samples])
    record.commit([add("d2")], author=ADA, clock=clock, blobs=[text])
    assert record.blob(text.digest) == text
    assert record.blob(samples.digest) == samples
    assert record.blob("00" * 32) is None
    kept = dict(record.query("SELECT media, length(data) FROM blobs"))
    assert kept["application/json"] < 1000
    assert kept["application/x-float64"] == 8000
    assert record.verify().blobs == 2


def test_evidence_that_lies_about_itself_or_is_too_large_is_refused(
    record: Record, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RecordError, match="does not have the digest"):
        record.commit([add()], author=ADA, clock=clock, blobs=[Blob("00" * 32, "text/plain", b"x")])
    monkeypatch.setattr("workbench.record.evidence.MAX_BLOB", 2**20)
    with pytest.raises(UsageError, match="2 MB is too large"):
        record.commit([add()], author=ADA, clock=clock, blobs=[Blob.of(bytes(2**21), "text/plain")])
    assert record.head.seq == 1


def test_a_purge_leaves_a_tombstone_and_no_trace(record: Record, path: Path, clock: Clock) -> None:
    secret = Blob.of(b"token-4711-" * 3, "text/plain")
    record.commit([add()], author=ADA, clock=clock, blobs=[secret])
    with pytest.raises(UsageError, match="needs a reason"):
        record.purge(secret.digest, " ", ADA, clock)
    record.purge(secret.digest, "a token slipped in", ADA, clock)
    gone = record.blob(secret.digest)
    assert gone is not None
    assert (gone.purged, gone.data, gone.media) == (True, b"", "text/plain")
    for file in path.parent.iterdir():
        assert b"token-4711" not in file.read_bytes()
    report = record.verify()
    assert (report.ok, report.notes) == (True, ("1 piece of evidence purged, as the ledger says",))
    record.commit([add("d2")], author=ADA, clock=clock, blobs=[secret])
    assert b"token-4711" not in path.read_bytes()
    with pytest.raises(UsageError, match="purged already"):
        record.purge(secret.digest, "again", ADA, clock)
    with pytest.raises(UsageError, match="no evidence"):
        record.purge("00" * 32, "not there", ADA, clock)


def test_damaged_evidence_is_not_handed_out(record: Record, path: Path, clock: Clock) -> None:
    blob = Blob.of(b"answer", "text/plain")
    record.commit([add()], author=ADA, clock=clock, blobs=[blob])
    raw(path).execute("UPDATE blobs SET data = x'00'")
    with pytest.raises(RecordError, match="is damaged"):
        record.blob(blob.digest)
    assert record.verify(blobs=False).ok


def test_what_a_record_has_to_hold_is_what_sqlite_says_of_a_new_one() -> None:
    tables = tables_of(NOUNS)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    layout.create_core(connection)
    for table in tables.values():
        layout.create(connection, layout.projected(table))
    found = set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    connection.close()
    assert objects.expected(tables.values()) == found
