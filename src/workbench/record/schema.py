"""The schema: what tables and indexes the file has.  Migrated with sqlite-utils, imported only then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.text import safe_text
from workbench.record.connection import APPLICATION_ID, application_id, user_version, write_transaction
from workbench.record.graph import rebuild
from workbench.record.layout import SCHEMA_VERSION, create, projected
from workbench.record.projection import Table, quoted

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

PROJECTIONS = "projections"


class _Shape(msgspec.Struct, frozen=True):
    """What is read of a kind's tables; a newer workbench may note more."""

    version: int
    tables: list[str]


class _Note(msgspec.Struct, frozen=True):
    kinds: dict[str, _Shape]


class OtherVersion(RecordUnavailable):
    """The record's tables are not those of this workbench, and it was opened for reading only."""


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """A note about the file."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Writes a note about the file."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def projections_text(tables: Mapping[str, Table], unknown: Mapping[str, Any] = {}) -> str:
    """The note that says which versions the projected tables have; canonical JSON."""
    kinds = dict(unknown) | {name: table.shape() for name, table in tables.items()}
    return encode({"schema": SCHEMA_VERSION, "kinds": kinds}).decode()


def stored_projections(connection: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """The kinds whose tables are in the file, with version, layout and table names."""
    text = get_meta(connection, PROJECTIONS) or ""
    try:
        msgspec.json.decode(text, type=_Note)
        kinds: dict[str, dict[str, Any]] = msgspec.json.decode(text)["kinds"]
    except (msgspec.DecodeError, ValueError) as error:
        raise RecordError(
            "the record's note about its tables is damaged", hint="run: workbench verify"
        ) from error
    return kinds


def check_file(connection: sqlite3.Connection, path: Path) -> None:
    """Refuses a file that is not a record, or one that a newer workbench has written."""
    if application_id(connection) != APPLICATION_ID:
        raise RecordError(
            "this SQLite file is not a release record",
            where=str(path),
            hint="name another file with --record",
        )
    refuse_active(connection, path)
    version = user_version(connection)
    if version < 1:
        raise RecordError(
            f"the record is damaged: its header names schema {version}, which never was",
            where=str(path),
            hint="keep the file, and put a copy back (docs/record.md)",
        )
    if version > SCHEMA_VERSION:
        raise RecordError(
            f"this record was written by a newer workbench (schema {version}; "
            f"this one knows up to {SCHEMA_VERSION})",
            where=str(path),
            hint="update the workbench; the record was not touched",
        )


def refuse_active(connection: sqlite3.Connection, path: Path) -> None:
    """Raises ``RecordError`` where the file holds a trigger or a view, which could change what is read or written."""
    found = connection.execute("SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index')")
    for kind, name in found.fetchall():
        raise RecordError(
            f"the record cannot be trusted: the {safe_text(kind)} {safe_text(name)} does not belong to it",
            where=str(path),
            hint="keep the file, and put a copy back (docs/record.md)",
        )


def migrate(
    connection: sqlite3.Connection,
    path: Path,
    backup: Callable[[Path], Path],
    steps: Migrations | None = None,
) -> list[Path]:
    """Brings an older file to the newest schema, each step in a transaction after a backup.

    ``steps`` are sqlite-utils' migrations, the first of which makes schema 2.  Returns the
    backups.  A step that fails leaves the file as it was before that step.
    """
    if steps is None:
        if user_version(connection) >= SCHEMA_VERSION:
            return []
        from workbench.record.migrations import STEPS  # heavy, and seldom needed

        steps = STEPS
    from sqlite_utils import Database

    made = []
    db = Database(connection, execute_plugins=False)
    names = [step.name for step in steps.pending(db)]
    for version in range(2, len(names) + 2):
        if user_version(connection) >= version:
            continue
        made.append(backup(path.with_name(f"{path.stem}.before-schema-{version}{path.suffix}")))
        with write_transaction(connection, path):
            if user_version(connection) < version:
                _step(db, steps, names, version)
    return made


def _step(db: Database, steps: Migrations, names: Sequence[str], version: int) -> None:
    """Takes the step to ``version``, in the open transaction.

    sqlite-utils notes in a table which steps a file has had.  It is made for the step and does
    not stay: the version in the file's header says the same, and a record holds no table that
    ``verify`` cannot vouch for.
    """
    steps.ensure_migrations_table(db)
    table = db.table(steps.migrations_table)
    had = names[: version - 2]
    table.insert_all({"migration_set": steps.name, "name": name, "applied_at": ""} for name in had)
    steps.apply(db, stop_before=names[version - 1 :])
    table.drop()
    db.execute(f"PRAGMA user_version = {version}")


def bring_up_to_date(connection: sqlite3.Connection, path: Path, tables: Mapping[str, Table]) -> str:
    """Makes the projected tables those of ``tables``, by replay where they differ.

    Returns the note that every later write compares.  Tables of kinds that only a newer
    workbench knows are left alone.
    """
    if _missing(stored_projections(connection), tables):
        with write_transaction(connection, path):
            stored = stored_projections(connection)
            for name in _missing(stored, tables):
                for old in {*stored.get(name, {}).get("tables", []), *tables[name].tables}:
                    connection.execute(f"DROP TABLE IF EXISTS {quoted(old)}")
                create(connection, projected(tables[name]))
                rebuild(connection, tables[name])
            unknown = {name: shape for name, shape in stored.items() if name not in tables}
            set_meta(connection, PROJECTIONS, projections_text(tables, unknown))
    return get_meta(connection, PROJECTIONS) or ""


def check_readable(connection: sqlite3.Connection, path: Path, tables: Mapping[str, Table]) -> str:
    """The same for a record that can only be read: its tables must fit as they are."""
    if user_version(connection) < SCHEMA_VERSION or _missing(stored_projections(connection), tables):
        raise OtherVersion(
            "this record was made by another version of the workbench and must be brought up to date first",
            where=str(path),
            hint="open it once where it can be written, or open a copy",
        )
    return get_meta(connection, PROJECTIONS) or ""


def _missing(stored: Mapping[str, Any], tables: Mapping[str, Table]) -> list[str]:
    """The kinds whose tables must be made; refuses tables of a newer version."""
    missing = []
    for name, table in tables.items():
        shape = stored.get(name)
        if shape is not None and int(shape.get("version", 0)) > table.kind.version:
            raise RecordError(
                f"the record's {name} tables were made by a newer workbench", hint="update the workbench"
            )
        if shape != table.shape():
            missing.append(name)
    return missing


def refuse_if_rebuilt(connection: sqlite3.Connection, path: Path, known: str) -> None:
    """Inside a write transaction: another program may have changed the tables, or added a trigger."""
    refuse_active(connection, path)
    if get_meta(connection, PROJECTIONS) != known:
        raise RecordUnavailable(
            "another version of the workbench has rebuilt the record's tables; nothing was changed",
            where=str(path),
            hint="close this window and start the workbench again",
        )
