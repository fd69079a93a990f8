"""Entries from elsewhere that are not in the ledger: they wait for another one, or are quarantined."""

from __future__ import annotations

import hashlib
import sqlite3

from workbench.model.canonical import encode
from workbench.model.times import from_text
from workbench.record.incoming import Bad, read_line
from workbench.record.ledger import entry_digest
from workbench.record.order import QUARANTINED, WAITING, Wrong
from workbench.record.shapes import Aside

_COLUMNS = "digest, desk, desk_seq, body, state, why, received_at, stored"
Row = tuple[str, str, int, bytes, str, str, str, bytes]


def row_of(digest: str, desk: str, desk_seq: int, body: bytes, state: str, why: str, received_at: str) -> Row:
    """A row of the table ``waiting``; its ``stored`` covers all of it (``digest`` covers ``body``)."""
    said = encode([digest, desk, desk_seq, state, why, received_at])
    stored = hashlib.sha256(b"wb.waiting.1\0" + said).digest()
    return digest, desk, desk_seq, body, state, why, received_at, stored


def rows(connection: sqlite3.Connection) -> list[Row]:
    """Every row, by desk and number."""
    return connection.execute(f"SELECT {_COLUMNS} FROM waiting ORDER BY desk, desk_seq, digest").fetchall()


def keep(connection: sqlite3.Connection, rows: list[Row]) -> None:
    """Puts rows into the table; those of the same entry are replaced."""
    marks = ", ".join("?" * len(_COLUMNS.split(", ")))
    connection.executemany(f"INSERT OR REPLACE INTO waiting ({_COLUMNS}) VALUES ({marks})", rows)


def told(row: Row) -> Aside:
    """A row for people."""
    digest, desk, desk_seq, _, _, why, received_at, _ = row
    return Aside(desk, desk_seq, digest, why, from_text(received_at))


def named_blobs(connection: sqlite3.Connection) -> set[str]:
    """The evidence of entries that wait: it came with them, and is kept for them."""
    named: set[str] = set()
    for row in rows(connection):
        if row[4] == WAITING:
            named.update(read_line(row[3]).body.blobs or ())
    return named


def _digest(line: bytes) -> str:
    try:
        return read_line(line).digest
    except Bad:
        return entry_digest(line).hex()


def check(connection: sqlite3.Connection) -> tuple[tuple[Aside, ...], tuple[Aside, ...]]:
    """What waits and what is quarantined; ``Wrong`` where a row is not as it was written."""
    waiting: list[Aside] = []
    quarantined: list[Aside] = []
    for row in rows(connection):
        digest, desk, desk_seq, body, state, why, received_at, _ = row
        try:
            sound = row == row_of(digest, desk, desk_seq, body, state, why, received_at)
            if not sound or state not in (WAITING, QUARANTINED) or _digest(body) != digest:
                raise ValueError
            (waiting if state == WAITING else quarantined).append(told(row))
        except (ValueError, TypeError):
            raise Wrong(f"the row {digest[:12]} of the table waiting was changed") from None
    return tuple(waiting), tuple(quarantined)
