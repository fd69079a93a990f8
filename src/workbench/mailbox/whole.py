"""A mailbox from its beginning, for a desk that begins with it: the packs come page by page, never held together."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.mailbox.server import PACK, Server, ServerPack

_PAGE = 4 * 2**20  # bytes of packs that are asked for at once; unpacked they may be ten times as many
_MOST = 2000  # packs


class Size(msgspec.Struct, frozen=True):
    """How much a mailbox holds: packs, and the entries in them."""

    packs: int
    entries: int


def size_of(server: Server, record: str) -> Size:
    """How much the mailbox of a record holds now."""
    sql = "SELECT count(*), coalesce(sum(last - first + 1), 0)::bigint FROM workbench.pack WHERE record = %s"
    with server.told() as connection:
        return Size(*connection.execute(sql, (record,), binary=True).fetchone())


def beginnings(server: Server, record: str) -> Iterator[ServerPack]:
    """The packs with the first entry of a desk, one after the other: that of the first desk begins the record."""
    sql = (
        f"SELECT {PACK} FROM workbench.pack WHERE record = %s AND first = 1 AND number > %s "
        "ORDER BY number LIMIT 1"
    )
    after = 0
    while True:
        with server.told() as connection:
            row = connection.execute(sql, (record, after), binary=True).fetchone()
        if row is None:
            return
        found = ServerPack(*row)
        yield found
        after = found.number


def all_packs(server: Server, record: str, after: int = 0) -> Iterator[ServerPack]:
    """The packs after a number, some at a time; no statement and no transaction waits while a desk takes in what came."""
    while packs := server.packs(record, after, _MOST, _PAGE):
        yield from packs
        after = packs[-1].number


def packs_by(server: Server, record: str, writer: str) -> Iterator[ServerPack]:
    """The packs with entries of one desk, whoever sent them."""
    sql = (
        f"SELECT {PACK} FROM workbench.pack WHERE record = %s AND writer = %s AND first > %s "
        "ORDER BY first LIMIT 1"
    )
    after = 0
    while True:
        with server.told() as connection:
            row = connection.execute(sql, (record, writer, after), binary=True).fetchone()
        if row is None:
            return
        found = ServerPack(*row)
        yield found
        after = found.first
