"""A mailbox from its beginning, for a desk that begins with it: the packs come one after the other, never held together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from workbench.mailbox.server import PACK, Server, ServerPack


class Size(msgspec.Struct, frozen=True):
    """How much a mailbox holds: packs, the entries in them, and the desks that wrote these."""

    packs: int
    entries: int
    desks: int


def size_of(server: Server, record: str) -> Size:
    """How much the mailbox of a record holds now."""
    sql = "SELECT count(*), coalesce(sum(last - first + 1), 0)::bigint, count(DISTINCT writer) FROM workbench.pack WHERE record = %s"
    with server.told() as connection:
        return Size(*connection.execute(sql, (record,), binary=True).fetchone())


def beginnings(server: Server, record: str) -> Iterator[ServerPack]:
    """The packs with the first entry of a desk, one after the other: that of the first desk begins the record."""
    with _streamed(server, "record = %s AND first = 1", (record,)) as packs:
        yield from packs


@contextmanager
def all_packs(server: Server, record: str, after: int = 0) -> Iterator[Iterator[ServerPack]]:
    """The packs after a number as they stand at this moment; the server is asked nothing else meanwhile."""
    with _streamed(server, "record = %s AND number > %s", (record, after)) as packs:
        yield packs


@contextmanager
def _streamed(server: Server, where: str, values: tuple[str | int, ...]) -> Iterator[Iterator[ServerPack]]:
    """Rows as they arrive, which takes one answer of the server however far away it is."""
    with server.told() as connection, connection.transaction():
        # However long a slow desk takes, the server does not give up in the middle of its answer.
        connection.execute("SET LOCAL statement_timeout = 0")
        with connection.cursor() as cursor:
            sql = f"SELECT {PACK} FROM workbench.pack WHERE {where} ORDER BY number"
            rows = cursor.stream(sql, values, binary=True)
            try:
                yield (ServerPack(*row) for row in rows)
            finally:
                rows.close()
