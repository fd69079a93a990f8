"""A quick look before something is built on the record; ``verifying`` is the thorough one.

It reads the latest entry of each entity of a few kinds and nothing else: no chain, no
evidence, no entry that a later one has replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from workbench.record.ledger import NO_VALUE, entry_digest, read_body
from workbench.record.projection import LATEST_ENTRIES, Table
from workbench.record.shapes import Head


def contradicted(connection: sqlite3.Connection, heads: Iterable[Head]) -> list[Head]:
    """Those of ``heads`` whose entry the ledger lacks, or has with another digest or chain."""
    wanted = list(heads)
    marks = ", ".join("?" * len(wanted))
    rows = connection.execute(
        f"SELECT seq, digest, chain FROM ledger WHERE seq IN ({marks})", [head.seq for head in wanted]
    )
    found = {seq: (digest.hex(), chain.hex()) for seq, digest, chain in rows}
    return [head for head in wanted if found.get(head.seq) != (head.digest, head.chain)]


def wrong_row(connection: sqlite3.Connection, tables: Iterable[Table]) -> str | None:
    """The first row of these tables that is not what the ledger says, in words."""
    # One transaction: what another program writes meanwhile must not look like a difference.
    connection.execute("BEGIN")
    try:
        for table in tables:
            wrong = _compared(connection, table)
            if wrong is not None:
                return wrong
        return None
    finally:
        connection.execute("ROLLBACK")


def _compared(connection: sqlite3.Connection, table: Table) -> str | None:
    """Both sides come in the order of ``seq``: each live entity's last entry, and its row."""
    rows = connection.execute(table.select)
    for seq, digest, data in connection.execute(LATEST_ENTRIES, (table.kind.name,)):
        body = read_body(seq, data)
        if entry_digest(data) != digest or body.entity != table.kind.name:
            return f"entry {seq} of the ledger ({table.kind.name} “{body.id}”) was changed"
        if body.value is NO_VALUE:
            continue
        row = rows.fetchone()
        raw, value = table.lifted(body)
        if row is None or row != table.row(seq, digest.hex(), body, raw, value):
            return f"the row “{body.id}” of the table {table.name} is not what entry {seq} says"
    extra = rows.fetchone()
    if extra is not None:
        return f"the row “{extra[1]}” of the table {table.name} does not follow from the ledger"
    return None
