"""What only heads and the thorough comparison ask of a server: its heads, and its packs without their content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.mailbox.server import Server

MOST_HEADS = 1_000
OF_A_ROLE = 50  # of its heads the last ones: nobody pushes away what others left, however much they leave
_PAGE = 5_000
_LARGEST_NOTE = 65_536
# A moment that is yet to come was the fault of a clock: then all of them are asked for again.
HEADS = (
    "SELECT number, desk, note, role, sent_at FROM ("
    "SELECT number, desk, note, role::text, least(sent_at, clock_timestamp()) AS sent_at, "
    "row_number() OVER (PARTITION BY role ORDER BY sent_at DESC, number DESC) AS place "
    "FROM workbench.head WHERE record = %(record)s "
    "AND (%(since)s::timestamptz IS NULL OR %(since)s::timestamptz > clock_timestamp() "
    "OR sent_at > %(since)s::timestamptz) "
    f"AND octet_length(note) <= {_LARGEST_NOTE}) AS left_there "
    f"WHERE place <= {OF_A_ROLE} ORDER BY place, number DESC LIMIT {MOST_HEADS}"
)


class ServerHead(msgspec.Struct, frozen=True):
    """A head that a desk left on the server: a signed note, or one without signatures."""

    number: int
    desk: str
    note: bytes
    role: str
    sent_at: datetime


class PackLine(msgspec.Struct, frozen=True):
    """What the server says of a pack beside its content."""

    number: int
    desk: str
    writer: str
    first: int
    last: int
    follows: bytes
    tip: bytes
    digest: bytes
    chain: bytes
    purged: bool
    sent_at: datetime


def heads(server: Server, record: str, since: datetime | None = None) -> list[ServerHead]:
    """The heads that desks left ``since`` a moment, of very many the last ones of each role; the lowest number first."""
    return heads_of(server.rows(HEADS, {"record": record, "since": since}))


def heads_of(rows: Sequence[tuple[Any, ...]]) -> list[ServerHead]:
    """The answer to ``HEADS``, the lowest number first."""
    found = (ServerHead(row[0], row[1], row[2].encode(), *row[3:]) for row in rows)
    return sorted(found, key=lambda head: (head.number, head.sent_at))


def last_head(server: Server, record: str, desk: str) -> int:
    """The number of the last head that a desk left; 0 where it left none."""
    sql = "SELECT coalesce(max(number), 0) FROM workbench.head WHERE record = %s AND desk = %s"
    with server.told() as connection:
        return int(connection.execute(sql, (record, desk)).fetchone()[0])


def may_add_heads(server: Server) -> bool:
    """Whether the role that is connected can leave a head at all."""
    with server.told() as connection:
        row = connection.execute("SELECT has_any_column_privilege('workbench.head', 'INSERT')").fetchone()
    return bool(row[0])


def add_head(server: Server, record: str, number: int, desk: str, note: bytes) -> None:
    """Leaves a head in the name of one's own desk."""
    sql = "INSERT INTO workbench.head (record, number, desk, note) VALUES (%s, %s, %s, %s)"
    with server.told() as connection:
        connection.execute(sql, (record, number, desk, note.decode()))


def pack_lines(server: Server, record: str) -> Iterator[PackLine]:
    """Every pack in its order, without its content; thousands at a time."""
    sql = (
        "SELECT number, left(desk, 300), left(writer, 300), first, last, follows, tip, digest, chain, purged, sent_at FROM workbench.pack "
        f"WHERE record = %s AND number > %s ORDER BY number LIMIT {_PAGE}"
    )
    after = -(2**62)  # a number below the first one is told as well
    while True:
        with server.told() as connection:
            rows = connection.execute(sql, (record, after), binary=True).fetchall()
        if not rows:
            return
        server.require_ascending(after, (row[0] for row in rows))
        yield from (PackLine(*row) for row in rows)
        after = rows[-1][0]
