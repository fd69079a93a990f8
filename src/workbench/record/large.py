"""Large evidence that nothing is judged from: where a record is shared, it stays at the server until somebody looks at it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import msgspec

from workbench.record.evidence import DEFLATE, RAW, is_absent
from workbench.record.incoming import MISTAKES
from workbench.record.ledger import NO_VALUE, read_body
from workbench.record.projection import Table, decode_value

LARGE = 256 * 1024  # bytes; what is not larger comes along with its entry
_OF_ACT = "SELECT seq, entity, body FROM ledger WHERE change_id = ?"
_SIZE = "SELECT size, length(data), encoding FROM blobs WHERE digest = ?"
_WITH_EVIDENCE = (
    "SELECT change_id, body FROM ledger WHERE seq > ? AND instr(body, x'22626c6f6273223a') > 0"  # "blobs":
)


class Parted(msgspec.Struct, frozen=True):
    """The evidence of entries, by its digests: what comes ``along`` with them, and what ``stays`` at the server."""

    along: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def part(
    connection: sqlite3.Connection,
    tables: Mapping[str, Table],
    named: Iterable[tuple[str, Iterable[str]]],
    most: int,
) -> Parted:
    """Parts the evidence that acts name; what is not here is in neither half.

    ``named`` is the id of an act and the digests that one of its entries names.  What is judged from comes along,
    unless it needs more than ``most`` bytes as it is stored: then a desk fetches it as soon as it has the entry.
    """
    along, stays = dict[str, None](), dict[str, None]()
    for change_id, digests in named:
        looked_at: frozenset[str] | None = None
        for digest in digests:
            row = connection.execute(_SIZE, (digest,)).fetchone()
            if row is None or row[2] not in (RAW, DEFLATE):
                continue
            if row[0] > LARGE and looked_at is None:
                looked_at = only_looked_at(connection, tables, change_id)
            large = row[0] > LARGE and looked_at is not None and digest in looked_at
            (stays if large or row[1] > most else along)[digest] = None
    return Parted(tuple(one for one in along if one not in stays), tuple(stays))


def only_looked_at(
    connection: sqlite3.Connection, tables: Mapping[str, Table], change_id: str
) -> frozenset[str]:
    """The evidence of an act that nothing is judged from, as the kinds of its entries say."""
    found: set[str] = set()
    for seq, entity, data in connection.execute(_OF_ACT, (change_id,)).fetchall():
        table = tables.get(entity)
        if not data or table is None or table.kind.raw is None:
            continue
        body = read_body(seq, data)
        if body.value is NO_VALUE or body.value_version > table.kind.version:
            continue
        try:
            value = table.lift(body.value_version, decode_value(body.value))
            found.update(table.kind.raw(value))
        except MISTAKES:
            continue  # then it comes along
    return frozenset(found)


class _Named(msgspec.Struct, frozen=True):
    blobs: tuple[str, ...] = ()


def _acts_naming(
    connection: sqlite3.Connection, is_meant: Callable[[str], bool], since: int
) -> Iterator[tuple[str, frozenset[str]]]:
    """The acts after a place in the ledger that name some that are meant, each with those that it names."""
    for change_id, data in connection.execute(_WITH_EVIDENCE, (since,)).fetchall():
        mine = frozenset(filter(is_meant, msgspec.json.decode(data, type=_Named).blobs))
        if mine:
            yield change_id, mine


def needed(connection: sqlite3.Connection, tables: Mapping[str, Table], since: int = 0) -> tuple[str, ...]:
    """Of the evidence that is absent here what entries after place ``since`` are judged from: it is fetched at once.

    What they name only as a raw answer or an attachment is left where it is.
    """
    found = dict[str, None]()
    for change_id, mine in _acts_naming(connection, partial(is_absent, connection), since):
        found.update(dict.fromkeys(sorted(mine - only_looked_at(connection, tables, change_id))))
    return tuple(found)


def here(connection: sqlite3.Connection, since: int = 0) -> frozenset[str]:
    """The large pieces of evidence that are here and that entries after place ``since`` name."""

    def is_large(digest: str) -> bool:
        row = connection.execute(_SIZE, (digest,)).fetchone()
        return row is not None and row[0] > LARGE and row[2] in (RAW, DEFLATE)

    return frozenset(one for _, mine in _acts_naming(connection, is_large, since) for one in mine)


def staying(
    connection: sqlite3.Connection, tables: Mapping[str, Table], digests: Iterable[str], most: int
) -> tuple[str, ...]:
    """Of large pieces that are here, those that are sent beside the packs; ``most`` as for :func:`part`."""
    found = dict[str, None]()
    for change_id, mine in _acts_naming(connection, frozenset(digests).__contains__, 0):
        found.update(dict.fromkeys(part(connection, tables, [(change_id, sorted(mine))], most).stays))
    return tuple(found)
