"""What the ledger says of many rows at once: kept outside of the record, so that rows which a
judgement should have read, and did not find, are missed without all of the ledger being read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.files import write_whole
from workbench.record.graph import Standing, standing
from workbench.record.ledger import LATEST, NO_VALUE, read_body
from workbench.record.projection import Table, quoted
from workbench.record.shapes import Head

MOST = 2000  # entities with new entries: beyond, comparing everything is as quick
_TOUCHED = "SELECT DISTINCT id FROM ledger WHERE seq > ? AND +entity = ? LIMIT ?"
_BEFORE = (
    "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"
)

# How many rows have these values, as canonical JSON, and the sum of their places in the ledger.
Groups = dict[str, tuple[int, int]]
_Entry = tuple[int, bytes, bytes]


class Tally(msgspec.Struct, frozen=True):
    """The groups of a kind's rows by the ``columns`` that they are picked by, up to ``head``.

    Counted when every row had been compared with the ledger, and carried on from the entries since.
    """

    head: Head
    version: int
    columns: tuple[str, ...]
    groups: Groups

    def carry_on(self, connection: sqlite3.Connection, table: Table) -> Groups | None:
        """The groups as the ledger makes them now; ``None`` where all rows have to be compared again."""
        kind = table.kind
        if (self.version, self.columns) != (kind.version, kind.picked_by):
            return None
        since, groups = self.head.seq, dict(self.groups)
        touched = connection.execute(_TOUCHED, (since, kind.name, MOST + 1)).fetchall()
        if len(touched) > MOST:
            return None
        alone = connection.execute("SELECT 1 FROM received LIMIT 1").fetchone() is None
        for (id,) in touched:
            if alone:
                _move(groups, table, connection.execute(_BEFORE, (kind.name, id, since)).fetchone(), -1)
                _move(groups, table, connection.execute(LATEST, (kind.name, id)).fetchone(), 1)
            else:
                _count(groups, table, standing(connection, table, id, since), -1)
                _count(groups, table, standing(connection, table, id), 1)
        return {key: group for key, group in groups.items() if group[0]}


def _move(groups: Groups, table: Table, entry: _Entry | None, by: int) -> None:
    """Counts an entity in, or out, where this entry puts it."""
    if entry is None:
        return
    seq, _, data = entry
    body = read_body(seq, data)
    if body.value is NO_VALUE:
        return
    _add(groups, table, table.lifted(body)[1] or {}, seq, by)


def _count(groups: Groups, table: Table, stands: Standing | None, by: int) -> None:
    """The same for a thing that several desks may have changed."""
    if stands is not None and stands.value is not None:
        _add(groups, table, stands.value, stands.seq, by)


def _add(groups: Groups, table: Table, value: dict[str, Any], seq: int, by: int) -> None:
    key = _key(table.pick(value))
    count, places = groups.get(key, (0, 0))
    groups[key] = (count + by, places + by * seq)


def _key(values: list[object]) -> str:
    return encode(values).decode()


def groups_of(connection: sqlite3.Connection, table: Table) -> Groups:
    """The groups of a table as it is."""
    columns = ", ".join(quoted(name) for name in table.kind.picked_by)
    rows = connection.execute(
        f"SELECT count(*), sum(seq), {columns} FROM {quoted(table.name)} GROUP BY {columns}"
    )
    return {_key(values): (count, places) for count, places, *values in rows}


def known(path: Path) -> Mapping[str, Tally]:
    """The tallies that are kept in a file, by kind; none where it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Tally])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def keep(path: Path, tallies: Mapping[str, Tally]) -> None:
    """Keeps tallies for the next look; where that cannot be, the next look is a long one."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, encode(tallies), private=True)
