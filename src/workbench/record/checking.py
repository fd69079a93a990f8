"""A quick look before something is built on the record; ``verifying`` is the thorough one.

It reads the latest entry of each entity of a few kinds and nothing else: no chain, no
evidence, no entry that a later one has replaced.

Of a kind with many rows, of which a judgement picks some, it compares those that are picked.
That none is hidden follows from the kind's :class:`~workbench.record.tallies.Tally`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from workbench.record import objects
from workbench.record.graph import Key, branched, standing
from workbench.record.ledger import LATEST, NO_VALUE, entry_digest, read_body
from workbench.record.projection import LATEST_ENTRIES, Row, Table, quoted
from workbench.record.shapes import Condition, Head
from workbench.record.tallies import Tally, groups_of

FEW = 2000  # so many rows of a kind are compared each time, picked or not


class Wrong(Exception):
    """The first table or row that is not what it should be, in words."""


def contradicted(connection: sqlite3.Connection, heads: Iterable[Head]) -> list[Head]:
    """Those of ``heads`` whose entry the ledger lacks, or has with another digest or chain."""
    wanted = list(heads)
    marks = ", ".join("?" * len(wanted))
    rows = connection.execute(
        f"SELECT seq, digest, chain FROM ledger WHERE seq IN ({marks})", [head.seq for head in wanted]
    )
    found = {seq: (digest.hex(), chain.hex()) for seq, digest, chain in rows}
    return [head for head in wanted if found.get(head.seq) != (head.digest, head.chain)]


def check_objects(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> None:
    """Raises ``Wrong`` where a table or an index is not as this version makes it: it could hide rows."""
    if problem := objects.first_difference(connection, tables):
        raise Wrong(problem)


def check(
    connection: sqlite3.Connection,
    tables: Iterable[Table],
    picked: Mapping[str, Condition],
    kept: Mapping[str, Tally],
) -> dict[str, Tally]:
    """Compares these tables with the ledger; raises ``Wrong``.

    ``picked`` are the conditions for the rows that a judgement reads, by kind; of other kinds it
    reads all.  ``kept`` are the tallies of an earlier look; returns those of this one.
    """
    tallies = {}
    # One transaction: what another program writes meanwhile must not look like a difference.
    connection.execute("BEGIN")
    try:
        for table in tables:
            name = table.kind.name
            if name in picked and _is_long(connection, table):
                tallies[name] = _compare_picked(connection, table, picked[name], kept.get(name))
            else:
                _compare_all(connection, table)
    finally:
        connection.execute("ROLLBACK")
    return tallies


def _is_long(connection: sqlite3.Connection, table: Table) -> bool:
    sql = f"SELECT 1 FROM {quoted(table.name)} LIMIT 1 OFFSET ?"
    return connection.execute(sql, (FEW,)).fetchone() is not None


def _compare_picked(
    connection: sqlite3.Connection, table: Table, condition: Condition, kept: Tally | None
) -> Tally:
    """Every row that fits, and how many rows there are of each group; all rows where that is not known.

    A row that should fit but was changed so that it does not makes its group too small: those
    that are there are each proved to belong there, and the tally says how many there have to be.
    """
    groups = groups_of(connection, table)
    if kept is not None and contradicted(connection, [kept.head]):
        kept = None
    if kept is None or groups != kept.carry_on(connection, table):
        _compare_all(connection, table)
    else:
        where, args = condition
        several = branched(connection)
        for row in connection.execute(table.select_where(where), args).fetchall():
            found = connection.execute(LATEST, (table.kind.name, row[1])).fetchone()
            if found is None or (made := _made(connection, table, several, *found)) is None:
                raise _extra(table, row)
            _compare(table, made, row)
    return Tally(_end(connection), table.kind.version, table.kind.picked_by, groups)


def _compare_all(connection: sqlite3.Connection, table: Table) -> None:
    """Both sides come in the order of ``seq``: each live entity's last entry, and its row."""
    rows = connection.execute(table.select)
    several = branched(connection)
    for entry in connection.execute(LATEST_ENTRIES, (table.kind.name,)):
        made = _made(connection, table, several, *entry)
        if made is not None:
            _compare(table, made, rows.fetchone())
    extra = rows.fetchone()
    if extra is not None:
        raise _extra(table, extra)


def _made(
    connection: sqlite3.Connection,
    table: Table,
    several: frozenset[Key],
    seq: int,
    digest: bytes,
    data: bytes,
) -> Row | None:
    """The row that an entity's last entry makes; ``None`` where it removed the entity.

    Of the few things in ``several`` it is what their latest entries make together.
    """
    body = read_body(seq, data)
    if entry_digest(data) != digest or body.entity != table.kind.name:
        raise Wrong(f"entry {seq} of the ledger ({table.kind.name} “{body.id}”) was changed")
    if (table.kind.name, body.id) in several:
        stands = standing(connection, table, body.id)
        return stands.row(table) if stands is not None else None
    if body.value is NO_VALUE:
        return None
    raw, value = table.lifted(body)
    return table.row(seq, digest.hex(), body, raw, value)


def _compare(table: Table, made: Row, row: Row | None) -> None:
    if row != made:
        raise Wrong(f"the row “{made[1]}” of the table {table.name} is not what entry {made[0]} says")


def _extra(table: Table, row: Row) -> Wrong:
    return Wrong(f"the row “{row[1]}” of the table {table.name} does not follow from the ledger")


def _end(connection: sqlite3.Connection) -> Head:
    seq, digest, chain = connection.execute(
        "SELECT seq, digest, chain FROM ledger ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return Head(seq, digest.hex(), chain.hex())
