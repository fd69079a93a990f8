"""Flipped bytes: every change that alters what SQLite reads of a record has to be found by verify."""

from __future__ import annotations

import random
import shutil
import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from tests.record.support import ADA, BOB, KINDS, add, edit

from workbench.model.errors import WorkbenchError
from workbench.model.times import Clock
from workbench.record import Blob, Change, Record, heads

PAGE = 4096
Read = list[Any]


class Flips(msgspec.Struct):
    """How many bytes of each kind were changed, how many of these alter what is read, and those not found."""

    changed: Counter[str]
    altering: Counter[str]
    missed: list[str] = []


def flip(folder: Path, count: int, dice: random.Random) -> Flips:
    """Changes ``count`` bytes, one at a time, of the file and of its noted ends, in equal parts of each kind."""
    path, whole = _record(folder)
    places = _places(path)
    before = _read(path)
    found = Flips(Counter(), Counter())
    kinds = sorted(places)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        at, bits = dice.choice(places[kind]), dice.randrange(1, 256)
        data = bytearray(whole)
        data[at] ^= bits
        path.write_bytes(data)
        found.changed[kind] += 1
        if _read(path) == before:
            continue
        found.altering[kind] += 1
        if _verifies(path):
            found.missed.append(f"{kind}: byte {at} changed by {bits:#x}")
    path.write_bytes(whole)
    _flip_ends(folder, path, max(20, count // 10), dice, found)
    return found


def _record(folder: Path) -> tuple[Path, bytes]:
    """A record with a little of everything, in one file without a log."""
    path, clock = folder / "flipped.db", Clock()
    with Record.create(folder / "made.db", KINDS, project="shop", author=ADA, clock=clock) as record:
        done = record.commit(
            [add(f"d{n}", share=f"0.{n}1", tags=[f"t{n}", "size"]) for n in range(60)],
            author=ADA,
            clock=clock,
        )
        record.commit([edit(done.entries[0], "d0", title="Größer")], author=BOB, clock=clock)
        record.commit([Change("difference", "d1", "removed", None, done.entries[1])], author=BOB, clock=clock)
        blobs = [
            Blob.of(b"text " * 900, "text/plain"),
            Blob.of(struct.pack("<900d", *range(900)), "application/x-float64"),
            Blob.of(b"secret", "text/plain"),
        ]
        note = Change("note", "n", "written", {"text": "a note"}, reason="why not")
        record.commit([note], author=ADA, clock=clock, blobs=blobs)
        record.purge(blobs[2].digest, "a token slipped in", ADA, clock)
        record.backup(path)
    return path, path.read_bytes()


def _places(path: Path) -> dict[str, range | list[int]]:
    """The bytes of each kind: header, SQLite's schema, and the pages of each table and index."""
    places: dict[str, range | list[int]] = {"header": range(100), "schema": range(100, PAGE)}
    with closing(sqlite3.connect(path)) as raw:
        roots = raw.execute("SELECT type, name, tbl_name, rootpage FROM sqlite_master").fetchall()
        owners = dict(raw.execute("SELECT pageno, name FROM dbstat")) if _has_dbstat(raw) else {}
    size = path.stat().st_size
    for kind, name, table, root in roots:
        pages = [page for page, owner in owners.items() if owner == name] or [root]
        group = "index" if kind == "index" else table if table in ("ledger", "blobs", "meta") else "table"
        bytes_of = [at for page in pages for at in range((page - 1) * PAGE, page * PAGE) if at < size]
        places[group] = [*places.get(group, []), *bytes_of]
    return places


def _has_dbstat(raw: sqlite3.Connection) -> bool:
    try:
        raw.execute("SELECT 1 FROM dbstat LIMIT 1")
    except sqlite3.Error:
        return False
    return True


def _read(path: Path) -> Read:
    """All that SQLite reads: its own schema, what the header says, each table, and each index by itself."""
    return list(_reading(path))


def _reading(path: Path) -> Iterator[Any]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
            raw.text_factory = bytes
            objects = raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
            yield objects
            for pragma in ("application_id", "user_version", "encoding", "journal_mode"):
                yield raw.execute(f"PRAGMA {pragma}").fetchall()
            for kind, name, table, _ in objects:
                if kind == b"table":
                    yield raw.execute(f'SELECT rowid, * FROM "{name.decode()}" NOT INDEXED').fetchall()
                else:
                    yield _index(raw, name.decode(), table.decode())
    except (sqlite3.Error, ValueError) as error:
        yield type(error).__name__


def _index(raw: sqlite3.Connection, name: str, table: str) -> Any:
    columns = [row[2] for row in raw.execute(f'PRAGMA index_info("{name}")')]
    if not all(columns):
        return None
    listed = ", ".join(f'"{column.decode()}"' for column in columns)
    sql = f'SELECT {listed}, rowid FROM "{table}" INDEXED BY "{name}" ORDER BY {listed}'
    if name.startswith("sqlite_autoindex"):
        sql = sql.replace(f' INDEXED BY "{name}"', "")
    return raw.execute(sql).fetchall()


def _verifies(path: Path) -> bool:
    try:
        with Record.open(path, KINDS, readonly=True) as record:
            return record.verify().ok
    except WorkbenchError:
        return False


def _flip_ends(folder: Path, path: Path, count: int, dice: random.Random, found: Flips) -> None:
    with Record.open(path, KINDS, readonly=True) as record:
        kept = heads.remember(folder / "data", record)
        whole = kept.read_bytes()
        for _ in range(count):
            at, bits = dice.randrange(len(whole)), dice.randrange(1, 256)
            kept.write_bytes(whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :])
            found.changed["noted ends"] += 1
            found.altering["noted ends"] += 1
            try:
                if record.verify(heads.of_this(folder / "data", record)).ok:
                    found.missed.append(f"noted ends: byte {at} changed by {bits:#x}")
            except WorkbenchError:
                pass
    shutil.rmtree(folder / "data")
