"""Entries from elsewhere that are not in the ledger: they wait for another one, or are quarantined."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from workbench.model.canonical import encode
from workbench.model.times import from_text
from workbench.record.incoming import MISTAKES, Bad, read_line
from workbench.record.ledger import NO_VALUE, Body, entry_digest
from workbench.record.order import QUARANTINED, WAITING, Wrong
from workbench.record.projection import Table, decode_value
from workbench.record.shapes import Aside

TAKEN = "taken"
_COLUMNS = "digest, desk, desk_seq, body, state, why, received_at, stored"
Row = tuple[str, str, int, bytes, str, str, str, bytes]


class Key(msgspec.Struct, frozen=True):
    """Which entry a row is of, without what it says; ``purges``: it may be a purge."""

    digest: str
    desk: str
    desk_seq: int
    state: str
    purges: bool


def row_of(digest: str, desk: str, desk_seq: int, body: bytes, state: str, why: str, received_at: str) -> Row:
    """A row of the table ``waiting``; its ``stored`` covers all of it (``digest`` covers ``body``)."""
    said = encode([digest, desk, desk_seq, state, why, received_at])
    stored = hashlib.sha256(b"wb.waiting.1\0" + said).digest()
    return digest, desk, desk_seq, body, state, why, received_at, stored


def rows(connection: sqlite3.Connection) -> list[Row]:
    """Every row, by desk and number."""
    return connection.execute(f"SELECT {_COLUMNS} FROM waiting ORDER BY desk, desk_seq, digest").fetchall()


def keys(connection: sqlite3.Connection) -> Iterator[Key]:
    """Of every row its digest, place and state, and whether it may be a purge: without reading any of them as an entry."""
    sql = "SELECT digest, desk, desk_seq, state, instr(body, x'22707572676522') > 0 FROM waiting"  # "purge"
    return (Key(row[0], row[1], row[2], row[3], bool(row[4])) for row in connection.execute(sql).fetchall())


def count(connection: sqlite3.Connection, state: str) -> int:
    """How many rows have a state."""
    return int(connection.execute("SELECT count(*) FROM waiting WHERE state = ?", (state,)).fetchone()[0])


def find(connection: sqlite3.Connection, digest: str) -> Row | None:
    """The row of an entry."""
    sql = f"SELECT {_COLUMNS} FROM waiting WHERE digest = ?"
    row: Row | None = connection.execute(sql, (digest,)).fetchone()
    return row


def remove(connection: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Removes the rows of entries that wait no more."""
    connection.executemany(
        "DELETE FROM waiting WHERE digest = ? AND state = 'waiting'", [(one,) for one in digests]
    )


def keep(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Puts rows into the table; those of the same entry are replaced."""
    marks = ", ".join("?" * len(_COLUMNS.split(", ")))
    connection.executemany(f"INSERT OR REPLACE INTO waiting ({_COLUMNS}) VALUES ({marks})", rows)


def told(row: Row, tables: Mapping[str, Table]) -> Aside:
    """A row for people: what it is about, as far as it can be read."""
    digest, desk, desk_seq, line, state, why, received_at, _ = row
    known = Aside(desk, desk_seq, digest, why, from_text(received_at), state=state)
    try:
        body = read_line(line).body
    except Bad:
        return known
    return _about(known, body, tables)


def told_body(digest: str, body: Body, tables: Mapping[str, Table]) -> Aside:
    """An entry of the ledger, told in the same way."""
    at = from_text(body.recorded_at)
    return _about(Aside(body.desk, body.desk_seq, digest, "", at, state=TAKEN), body, tables)


def _about(known: Aside, body: Body, tables: Mapping[str, Table]) -> Aside:
    return msgspec.structs.replace(
        known,
        entity=body.entity,
        id=body.id,
        verb=body.verb,
        actor=body.actor,
        title=_title(tables.get(body.entity), body),
        recorded_at=from_text(body.recorded_at),
    )


def _title(table: Table | None, body: Body) -> str:
    """What the thing calls itself; nothing where its value is none of its kind."""
    if table is None or body.value is NO_VALUE:
        return ""
    try:
        value = table.lift(body.value_version, decode_value(body.value))
        return str(table.kind.title(body.id, value, lambda *_: ""))
    except MISTAKES:
        return ""


def named_blobs(connection: sqlite3.Connection) -> set[str]:
    """The evidence of entries that wait: it came with them, and is kept for them."""
    named: set[str] = set()
    for row in rows(connection):
        if row[4] == WAITING:
            named.update(read_line(row[3]).body.blobs or ())
    return named


def blobs_of(line: bytes) -> set[str]:
    """The evidence that a line names; none where it cannot be read as an entry."""
    try:
        return set(read_line(line).body.blobs or ())
    except Bad:
        return set()


def body_of(connection: sqlite3.Connection, digest: str) -> Body | None:
    """What an entry says that is kept aside; ``None`` where it is not, or cannot be read."""
    row = connection.execute("SELECT body FROM waiting WHERE digest = ?", (digest,)).fetchone()
    try:
        came = read_line(row[0]) if row is not None else None
    except Bad:
        return None
    return came.body if came is not None and came.data else None


def _digest(line: bytes) -> str:
    try:
        return read_line(line).digest
    except Bad:
        return entry_digest(line).hex()


def check(
    connection: sqlite3.Connection, tables: Mapping[str, Table]
) -> tuple[tuple[Aside, ...], tuple[Aside, ...]]:
    """What waits and what is quarantined; ``Wrong`` where a row is not as it was written."""
    waiting: list[Aside] = []
    quarantined: list[Aside] = []
    for row in rows(connection):
        digest, desk, desk_seq, body, state, why, received_at, _ = row
        try:
            sound = row == row_of(digest, desk, desk_seq, body, state, why, received_at)
            if not sound or state not in (WAITING, QUARANTINED) or _digest(body) != digest:
                raise ValueError
            (waiting if state == WAITING else quarantined).append(told(row, tables))
        except (ValueError, TypeError):
            raise Wrong(f"the row {digest[:12]} of the table waiting was changed") from None
    return tuple(waiting), tuple(quarantined)
