"""``docs/record-format.md`` is enough to check a record: the checker here was written from it.

Nothing of the workbench is imported by ``problem_of``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from pathlib import Path

import pytest
from tests.record.support import ADA, BOB, add, edit, raw

from workbench.model.times import Clock
from workbench.record import Blob, Record
from workbench.record.connection import APPLICATION_ID
from workbench.record.layout import SCHEMA_VERSION
from workbench.record.ledger import CORE_TABLES, Body

PAGE = (Path(__file__).parents[2] / "docs" / "record-format.md").read_text(encoding="utf-8")


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def problem_of(path: Path, heads: list[tuple[int, str, str]]) -> str | None:
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    chain, desks, latest, rows = sha(b"wb.genesis.1\0"), {}, {}, {}
    wanted, purged, at, local, heard = set(), set(), {}, None, ""
    received = {row[0]: row for row in db.execute("SELECT * FROM received")}
    for seq, *columns, stored in received.values():
        text = json.dumps([seq, *columns], separators=(",", ":"), ensure_ascii=False).encode()
        if sha(b"wb.received.1\0", text) != stored:
            return f"received {seq}"
    for count, row in enumerate(db.execute("SELECT * FROM ledger ORDER BY seq"), 1):
        seq, entity, id, verb, change_id, data, digest, stored = row
        chain = sha(chain, digest)
        if seq != count or sha(b"wb.entry.1\0", data) != digest or stored != chain:
            return f"row {seq}"
        body = json.loads(data)
        if [body[k] for k in ("entity", "id", "verb", "change_id")] != [entity, id, verb, change_id]:
            return f"copies in row {seq}"
        before = desks.get(body["desk"], (0, None))
        if (body["desk_seq"] - 1, body.get("desk_prev")) != before or body["recorded_at"] < at.get(
            body["desk"], ""
        ):
            return f"order of row {seq}"
        if body["desk_seq"] == 1 and entity not in ("record", "desk"):
            return f"beginning of a desk in row {seq}"
        made_from = [*([body["base"]] if "base" in body else []), *body.get("also", [])]
        known, newest = latest.setdefault((entity, id), (set(), set()))
        if not known.issuperset(made_from):
            return f"base of row {seq}"
        if seq in received:
            if list(received[seq][1:4]) != [body[k] for k in ("desk", "desk_seq", "recorded_at")]:
                return f"received row {seq}"
            heard = max(heard, body["recorded_at"])
        else:
            if set(made_from) != newest:
                return f"base of row {seq}"
            if body["desk"] != local and entity == "desk":
                follows = json.loads(data)["value"]["follows"]
                if (follows["desk"], follows["desk_seq"], follows["digest"]) != (local, *desks[local]):
                    return f"beginning of a desk in row {seq}"
            elif local not in (None, body["desk"]) or body["recorded_at"] <= heard:
                return f"desk of row {seq}"
            local = body["desk"]
        known.add(digest.hex())
        newest.difference_update(made_from)
        newest.add(digest.hex())
        desks[body["desk"]] = (body["desk_seq"], digest.hex())
        at[body["desk"]], rows[seq] = body["recorded_at"], (digest.hex(), chain.hex())
        wanted |= set(body.get("blobs", []))
        purged |= {id} if entity == "purge" else set()
    for digest, media, encoding, size, stored, data in db.execute("SELECT * FROM blobs"):
        inner = digest if encoding == "raw" else sha(data).hex()
        header = json.dumps([digest, media, encoding, size, inner], separators=(",", ":"), ensure_ascii=False)
        content = zlib.decompress(data) if encoding == "deflate" else data
        whole = encoding == "purged" or (len(content) == size and sha(content).hex() == digest)
        if not whole or sha(b"wb.blob.1\0", header.encode()) != stored:
            return f"blob {digest}"
        if digest not in wanted or (encoding == "purged") != (digest in purged):
            return f"blob {digest} and the ledger"
        wanted.remove(digest)
    if wanted:
        return f"missing blobs {wanted}"
    lost = [seq for seq, digest, chain_then in heads if rows.get(seq) != (digest, chain_then)]
    return f"heads {lost}" if lost else None


@pytest.fixture
def filled(record: Record, clock: Clock) -> Record:
    blobs = [Blob.of(b"x" * 500, "text/plain"), Blob.of(b"token", "text/plain"), Blob.of(bytes(80), "a/b")]
    base = record.commit([add("d1"), add("d2")], author=ADA, clock=clock, blobs=blobs).entries[0]
    record.commit([edit(base, title="Größe\x7f")], author=BOB, clock=clock)
    record.undo(None, BOB, clock)
    record.purge(blobs[1].digest, "a token", ADA, clock)
    return record


def test_the_page_is_enough_to_check_a_record(filled: Record) -> None:
    head = filled.head
    assert problem_of(filled.path, [(head.seq, head.digest, head.chain)]) is None


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE ledger SET verb = 'x' WHERE seq = 3", "copies in row 3"),
        ("UPDATE ledger SET digest = zeroblob(32) WHERE seq = 4", "row 4"),
        ("DELETE FROM ledger WHERE seq = 2", "row 3"),
        ("UPDATE blobs SET media = 'x/y'", "blob "),
        ("DELETE FROM blobs WHERE encoding = 'deflate'", "missing blobs"),
        ("DELETE FROM ledger WHERE seq = 6", "and the ledger"),
    ],
)
def test_the_pages_checker_finds_what_is_wrong(filled: Record, sql: str, words: str) -> None:
    other = raw(filled.path)
    other.execute(sql)
    other.close()
    assert words in str(problem_of(filled.path, []))
    assert not filled.verify().ok


def test_a_cut_tail_shows_against_a_head(filled: Record) -> None:
    assert problem_of(filled.path, [(99, "", "")]) == "heads [99]"


def test_the_example_on_the_page_holds() -> None:
    chain = bytes.fromhex(re.search(r"`([0-9a-f]{64})`", PAGE)[1])  # type: ignore[index]
    assert chain == sha(b"wb.genesis.1\0")
    entries = re.findall(r"^body    (.*)\ndigest  (.*)\nchain   (.*)$", PAGE, re.MULTILINE)
    assert len(entries) == 2
    for body, digest, after in entries:
        assert sha(b"wb.entry.1\0", body.encode()).hex() == digest
        chain = sha(chain, bytes.fromhex(digest))
        assert chain.hex() == after
        again = json.dumps(json.loads(body), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        assert again == body


def test_the_page_names_every_field_column_and_number(record: Record) -> None:
    rows = {name for line in PAGE.splitlines() if line.startswith("| `") for name in _names(line)}
    assert set(Body.__struct_fields__) <= rows
    for table in CORE_TABLES:
        assert f"`{table}`" in PAGE
    for table in ("ledger", "blobs", "received", "waiting"):
        columns = {row[1] for row in record.query(f"PRAGMA table_info({table})")}
        assert columns <= rows
    assert f"`application_id` 0x{APPLICATION_ID:X}" in PAGE
    assert f"`user_version` {SCHEMA_VERSION}," in PAGE


def _names(line: str) -> list[str]:
    return re.findall(r"`([a-z_]+)`", line.split("|")[1])
