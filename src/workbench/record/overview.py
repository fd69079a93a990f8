"""Which desks wrote to a record, and where two copies went on as one desk."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from workbench.model.times import from_text
from workbench.record import aside, desks, graph
from workbench.record.incoming import TWO_COPIES
from workbench.record.ledger import Body
from workbench.record.projection import Table
from workbench.record.shapes import Aside, Known

_ALL = "SELECT l.seq, l.digest, l.body, r.seq IS NOT NULL FROM ledger l LEFT JOIN received r ON r.seq = l.seq ORDER BY l.seq"


class DeskSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A desk as far as it is known here: its last entry, how many are held, who wrote there, most often first.

    ``own`` is this file's desk now; ``follows`` is where the file ended that it began with.
    """

    id: str
    own: bool
    entries: int
    last: Known
    began_at: datetime
    at: datetime
    people: tuple[str, ...]
    follows: Known | None


class Fork(msgspec.Struct, frozen=True, kw_only=True):
    """Two copies that wrote as the same desk: from entry ``number`` on each has entries of its own.

    ``here`` are in the ledger, ``there`` came from elsewhere and are kept aside.
    """

    desk: str
    number: int
    here: tuple[Aside, ...]
    there: tuple[Aside, ...]


class _Count(msgspec.Struct):
    entries: int
    last: Known
    began: str
    at: str
    people: Counter[str]
    follows: Known | None


def desks_seen(connection: sqlite3.Connection) -> tuple[DeskSeen, ...]:
    """Every desk of which an entry is held, in the order in which they arrived."""
    found: dict[str, _Count] = {}
    own = ""
    for seq, digest, data, received in connection.execute(_ALL):
        body, _ = graph.read_entry(connection, seq, digest.hex(), data)
        known = Known(body.desk, body.desk_seq, digest.hex())
        if not received:
            own = body.desk
        if body.desk not in found:
            found[body.desk] = _Count(
                0, known, body.recorded_at, body.recorded_at, Counter(), desks.followed(body)
            )
        one = found[body.desk]
        one.entries += 1
        one.people[body.actor] += 1
        one.last, one.at = known, body.recorded_at
    return tuple(
        DeskSeen(
            id=id, own=id == own, entries=one.entries, last=one.last, began_at=from_text(one.began),
            at=from_text(one.at),
            people=tuple(name for name, _ in one.people.most_common()), follows=one.follows,
        )
        for id, one in found.items()
    )  # fmt: skip


def all_told(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> Iterator[Aside]:
    """Every entry of the ledger, told as those that are kept aside are."""
    for seq, digest, data, _ in connection.execute(_ALL):
        body, _ = graph.read_entry(connection, seq, digest.hex(), data)
        yield aside.told_body(digest.hex(), body, tables)


def forks(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> tuple[Fork, ...]:
    """Where entries that are kept aside have the number of another entry of their desk."""
    kept: dict[str, list[Aside]] = {}
    for row in aside.rows(connection):
        told = aside.told(row, tables)
        if told.desk:
            kept.setdefault(told.desk, []).append(told)
    if not kept:
        return ()
    held: dict[str, list[tuple[int, str, Body]]] = {desk: [] for desk in kept}
    for seq, digest, data, _ in connection.execute(_ALL):
        body, _ = graph.read_entry(connection, seq, digest.hex(), data)
        if body.desk in held:
            held[body.desk].append((seq, digest.hex(), body))
    return tuple(_forks(kept, held, tables))


def _forks(
    kept: Mapping[str, list[Aside]],
    held: Mapping[str, list[tuple[int, str, Body]]],
    tables: Mapping[str, Table],
) -> Iterator[Fork]:
    for desk, there in kept.items():
        here = held[desk]
        numbers = {body.desk_seq for _, _, body in here}
        both = [one.desk_seq for one in there if one.desk_seq in numbers and TWO_COPIES in one.why]
        if not both:
            continue
        first = min(both)
        yield Fork(
            desk=desk,
            number=first,
            here=tuple(named(here, first, tables)),
            there=tuple(one for one in there if one.desk_seq >= first),
        )


def named(
    entries: Iterable[tuple[int, str, Body]], first: int, tables: Mapping[str, Table]
) -> Iterator[Aside]:
    """Entries of a desk from number ``first`` on, told as those that are kept aside are."""
    for _, digest, body in entries:
        if body.desk_seq >= first:
            yield aside.told_body(digest, body, tables)
