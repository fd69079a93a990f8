"""Desks: which copy of the file this is, and how far the entries of each are held.

Two copies of one file must not both go on as the same desk.  So the file notes where it lives, a
copy that we make forgets it, and who writes to a file that lives elsewhere begins a new desk.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import msgspec

from workbench.model.canonical import encode
from workbench.model.times import Clock
from workbench.record import graph, schema
from workbench.record.ledger import DESK, Body, read_body
from workbench.record.shapes import Author, Known
from workbench.record.writing import Entry, Tail, append, begin_act

HOME = "home"
OWN = "desk"
_PREFIX = b"wb.home.1\0"
_OWN_BEGINNINGS = (
    "SELECT seq, digest, body FROM ledger WHERE entity IN ('record', 'desk') "
    "AND seq NOT IN (SELECT seq FROM received) ORDER BY seq"
)
# Goes from desk to desk through the index, whatever number of entries each has.
_LAST_RECEIVED = (
    "WITH RECURSIVE heard(desk) AS (SELECT min(desk) FROM received UNION ALL "
    "SELECT (SELECT min(desk) FROM received WHERE desk > heard.desk) FROM heard WHERE heard.desk IS NOT NULL) "
    "SELECT r.desk, r.desk_seq, l.digest FROM heard JOIN received r ON r.desk = heard.desk "
    "AND r.desk_seq = (SELECT max(desk_seq) FROM received WHERE desk = heard.desk) JOIN ledger l ON l.seq = r.seq"
)


class Beginning(msgspec.Struct, frozen=True):
    """The value of a desk's first entry; ``follows`` is where the file ended that it began with."""

    record: str
    follows: Known
    key: str | None = None


class Home(msgspec.Struct, frozen=True):
    """Where a file lives: the name of the machine, the file's number there, and its path."""

    host: str
    inode: int
    path: str


def home_of(path: Path, place: Path | None = None) -> Home:
    """Where this file lives now, or will live: at ``place``, once it is given that name."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    real = os.path.realpath(path)
    there = os.path.realpath(place) if place is not None else real
    return Home(host, Path(real).stat().st_ino, os.fsencode(there).decode("utf-8", "backslashreplace"))


def note_home(connection: sqlite3.Connection, path: Path, place: Path | None = None) -> None:
    """Notes in the file where it lives; ``place`` is as in :func:`home_of`."""
    text = encode(home_of(path, place)).decode()
    schema.set_meta(connection, HOME, f"{_seal(text)} {text}")


def sound(note: str | None) -> bool:
    """Whether a note of where a file lives is as it was written; none is sound, too."""
    if note is None:
        return True
    seal, _, text = note.partition(" ")
    return seal == _seal(text)


def _seal(text: str) -> str:
    return hashlib.sha256(_PREFIX + text.encode()).hexdigest()


def is_elsewhere(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file lives elsewhere than it says: it was copied, restored or handed over.

    A file that was moved on the same disk is the same one.
    """
    note = schema.get_meta(connection, HOME)
    if note is None or not sound(note):
        return True
    try:
        noted = msgspec.json.decode(note.partition(" ")[2], type=Home)
        now = home_of(path)
        if (noted.host, noted.inode) != (now.host, now.inode):
            return True
        before = Path(noted.path)
        return noted.path != now.path and before.exists() and not before.samefile(path)
    except (OSError, msgspec.DecodeError):
        return True


def begin(
    connection: sqlite3.Connection,
    path: Path,
    record_id: str,
    tail: Tail,
    author: Author,
    clock: Clock,
    reason: str | None = None,
) -> Tail:
    """Inside a write transaction: the entry that begins a new desk; returns what continues it."""
    act = begin_act("", tail, author, clock)
    # Its id is of the same moment as its first act, and differs from every other.
    act.desk = act.change_id
    follows = Known(tail.desk, tail.desk_seq, tail.digest.hex())
    act.tail = msgspec.structs.replace(tail, desk=act.desk, desk_seq=0, digest=b"")
    append(
        connection, act, Entry(DESK, act.desk, "began", encode(Beginning(record_id, follows)), reason=reason)
    )
    schema.set_meta(connection, OWN, act.desk)
    note_home(connection, path)
    return act.tail


def last_own(connection: sqlite3.Connection) -> tuple[int, bytes, Body]:
    """The last entry that was written to this file, and not received: seq, digest, body."""
    place = last_own_place(connection)
    seq, digest, data = connection.execute(
        "SELECT seq, digest, body FROM ledger WHERE seq = ?", (place,)
    ).fetchone()
    return seq, digest, graph.read_entry(connection, seq, digest.hex(), data)[0]


def last_own_place(connection: sqlite3.Connection) -> int:
    """The highest place in the ledger that the table ``received`` does not name.

    Ranges of places are counted, twice as many each time, then halves of the one with a gap: thousands that were
    received since are passed over without a look into each.
    """
    high: int = connection.execute("SELECT max(seq) FROM ledger").fetchone()[0]
    width = 1
    while high > 0 and _is_received(connection, high - width, high):
        high -= width
        width *= 2
    low = max(high - width, 0)
    while high - low > 1:
        middle = (low + high) // 2
        if _is_received(connection, middle, high):
            high = middle
        else:
            low = middle
    return high


def _is_received(connection: sqlite3.Connection, low: int, high: int) -> bool:
    """Whether every place above ``low`` up to ``high`` was received."""
    sql = "SELECT count(*) FROM received WHERE seq > ? AND seq <= ?"
    return bool(connection.execute(sql, (low, high)).fetchone()[0] == high - low)


def tail_of(connection: sqlite3.Connection) -> Tail:
    """The end of the ledger, and of this file's desk in it; read inside the transaction."""
    seq, chain = connection.execute("SELECT seq, chain FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    _, digest, body = last_own(connection)
    heard = connection.execute("SELECT max(recorded_at) FROM received").fetchone()[0] or ""
    return Tail(
        seq, digest, chain, body.recorded_at, body.desk_seq, body.desk, heard, graph.branched(connection)
    )


def newest(connection: sqlite3.Connection) -> str:
    """The latest date of an entry, written here or received."""
    _, _, body = last_own(connection)
    heard = connection.execute("SELECT max(recorded_at) FROM received").fetchone()[0] or ""
    return max(body.recorded_at, heard)


def has_log(connection: sqlite3.Connection, desk: str, size: int) -> bool:
    """Whether this file's ledger was that of ``desk`` at this size: it is its own, or it began with it."""
    rows = connection.execute(
        "SELECT seq, id, entity FROM ledger WHERE entity IN ('record', 'desk') "
        "AND seq NOT IN (SELECT seq FROM received) ORDER BY seq"
    ).fetchall()
    first = read_body(1, connection.execute("SELECT body FROM ledger WHERE seq = 1").fetchone()[0]).desk
    began = [(seq, first if seq == 1 else id) for seq, id, _ in rows]
    for place, (_, one) in enumerate(began):
        if one == desk:
            return place + 1 == len(began) or size < began[place + 1][0]
    return False


def frontier(connection: sqlite3.Connection, own: Known | None = None) -> dict[str, Known]:
    """The last entry that is held of each desk; ``own`` is the last one written here, where that is known."""
    known: dict[str, Known] = {}
    # Of the desks that wrote to this file: where another one says that it began proves nothing about whom it follows.
    for seq, digest, data in connection.execute(_OWN_BEGINNINGS).fetchall():
        body = read_body(seq, data)
        _reach(known, Known(body.desk, body.desk_seq, digest.hex()))
        if (follows := followed(body)) is not None:
            _reach(known, follows)
    for desk, desk_seq, digest in connection.execute(_LAST_RECEIVED):
        _reach(known, Known(desk, desk_seq, digest.hex()))
    if own is None:
        _, last, body = last_own(connection)
        own = Known(body.desk, body.desk_seq, last.hex())
    _reach(known, own)
    return known


def followed(body: Body) -> Known | None:
    """Where the file ended that a desk began with; ``None`` for the first one."""
    return msgspec.json.decode(body.value, type=Beginning).follows if body.entity == DESK else None


def _reach(known: dict[str, Known], last: Known) -> None:
    if last.desk not in known or known[last.desk].desk_seq < last.desk_seq:
        known[last.desk] = last
