"""What somebody had not seen: entries that lie beyond a frontier, whatever order they arrived in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from workbench.record import desks, graph
from workbench.record.ledger import BY_DIGEST, REDID, UNDID, read_body, unhex
from workbench.record.projection import Table, decode_value
from workbench.record.shapes import Known

_FEW = 500  # things are looked up one by one
_BEYOND = (
    "CASE WHEN r.seq IS NULL THEN l.seq > ?2 "
    "ELSE r.desk_seq > coalesce(json_extract(?3, '$.' || json_quote(r.desk)), 0) END"
)
_ENTRIES = "FROM ledger l LEFT JOIN received r ON r.seq = l.seq WHERE l.entity = ?1"
# Those that can lie beyond: found in the index alone.
_LATER = f"{_ENTRIES} AND l.seq > ?4 AND {_BEYOND}"


class Reach(msgspec.Struct, frozen=True):
    """How far a frontier reaches in this ledger.

    ``own`` is the place of the last entry written here that it knows; ``others`` how far it knows
    each desk, ``alone`` says that nothing was ever received.  Whatever stands up to ``floor`` it holds.
    """

    own: int
    others: dict[str, int]
    alone: bool
    floor: int

    @property
    def args(self) -> tuple[int, str, int]:
        """What stands behind the entity in the statements above."""
        return self.own, msgspec.json.encode(self.others).decode(), self.floor


def reach_of(connection: sqlite3.Connection, frontier: Iterable[Known]) -> Reach:
    """Where a frontier ends in this ledger."""
    known = list(frontier)
    others = {each.desk: each.desk_seq for each in known}
    own = max((_place(connection, each) for each in known), default=0)
    floor = own
    desks_heard = connection.execute("SELECT DISTINCT desk FROM received").fetchall()
    for (desk,) in desks_heard:
        first = "SELECT min(seq) FROM received WHERE desk = ? AND desk_seq > ?"
        (seq,) = connection.execute(first, (desk, others.get(desk, 0))).fetchone()
        floor = min(floor, seq - 1) if seq is not None else floor
    return Reach(own, others, not desks_heard, floor)


def _place(connection: sqlite3.Connection, known: Known) -> int:
    """The place of an entry that was written here; 0 where it was not, or is not held."""
    seq, _, body = desks.last_own(connection)
    digest = unhex(known.digest)
    if body.desk == known.desk and (guess := seq - (body.desk_seq - known.desk_seq)) > 0:
        found = connection.execute("SELECT digest FROM ledger WHERE seq = ?", (guess,)).fetchone()
        if found is not None and found[0] == digest:  # as it is where nothing was received since
            return guess
    row = connection.execute(
        "SELECT l.seq FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
        "WHERE l.digest = ? AND r.seq IS NULL ORDER BY l.seq DESC LIMIT 1",
        (digest,),
    ).fetchone()
    return row[0] if row else 0


def known_by(connection: sqlite3.Connection, entity: str, id: str, digest: str) -> tuple[Known, ...]:
    """The frontier of one who had seen all that the writer of an entry had written before, and no more.

    For entries of the first format, which do not say what their writer knew: there was one desk.
    """
    first = graph.heads_of(digest)[0]
    found = connection.execute(BY_DIGEST, (entity, id, unhex(first))).fetchone()
    if found is None:
        return ()
    body = read_body(*found)
    return (Known(body.desk, body.desk_seq, first),)


def count_beyond(connection: sqlite3.Connection, kind: Table, reach: Reach) -> int:
    """How many things of a kind that are there have entries beyond a frontier, and were not put back since."""
    entity, back = kind.kind.name, len(_put_back(connection, kind, reach))
    if reach.alone:
        # This desk's own entries arrived in their order: the latest one of each says it.
        row = connection.execute(f'SELECT count(*) FROM "{kind.name}" WHERE seq > ?', (reach.own,))
        return int(row.fetchone()[0]) - back
    sql = f'SELECT count(*) FROM "{kind.name}" WHERE id IN (SELECT l.id {_LATER})'
    return int(connection.execute(sql, (entity, *reach.args)).fetchone()[0]) - back


def _put_back(connection: sqlite3.Connection, kind: Table, reach: Reach) -> set[str]:
    """The things that an undo or a redo left as the frontier knew them: nothing about them is new."""
    rows = connection.execute(
        f'SELECT id, value FROM "{kind.name}" WHERE seq > ? AND verb IN (?, ?)', (reach.floor, UNDID, REDID)
    ).fetchall()
    values = {id: decode_value(value) for id, value in rows}
    known = as_known(connection, kind, values, reach)
    return {id for id, value in known.items() if value == values[id]}


def beyond(connection: sqlite3.Connection, kind: Table, reach: Reach) -> dict[str, bool]:
    """The things of a kind with entries beyond a frontier, by id, and whether it knew earlier ones.

    Those that an undo left as they were known are not among them.
    """
    entity, back = kind.kind.name, _put_back(connection, kind, reach)
    rows = connection.execute(f"SELECT DISTINCT l.id {_LATER}", (entity, *reach.args))
    ids = [id for (id,) in rows.fetchall() if id not in back]
    before = f"{_ENTRIES} AND NOT ({_BEYOND})"
    if len(ids) > _FEW:
        held = connection.execute(f"SELECT DISTINCT l.id {before}", (entity, *reach.args[:2]))
        known = {id for (id,) in held.fetchall()}
        return {id: id in known for id in ids}
    one = f"SELECT 1 {before} AND l.id = ?4 LIMIT 1"
    return {id: connection.execute(one, (entity, *reach.args[:2], id)).fetchone() is not None for id in ids}


def as_known(
    connection: sqlite3.Connection, table: Table, ids: Iterable[str], reach: Reach
) -> dict[str, dict[str, Any] | None]:
    """What these things were by the latest entry of each that a frontier holds; those it holds none of are left out."""
    last = f"SELECT l.seq, l.digest, l.body {_ENTRIES} AND NOT ({_BEYOND}) AND l.id = ?4 ORDER BY l.seq DESC LIMIT 1"
    found = {}
    for id in ids:
        row = connection.execute(last, (table.kind.name, *reach.args[:2], id)).fetchone()
        if row is not None:
            body, _ = graph.read_entry(connection, row[0], row[1].hex(), row[2])
            found[id] = table.value(body)
    return found
