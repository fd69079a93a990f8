"""The steps from one schema of the record to the next, in order: the first makes schema 2.

A step is a function of sqlite-utils' database, whose ``transform`` changes tables as SQLite's own
``ALTER TABLE`` cannot.  It runs in a transaction, after a copy was made.  With a step,
``layout.SCHEMA_VERSION`` grows by one, and ``layout.create_core`` makes the new schema at once.
Imported only for a file that is older.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from workbench.record.layout import create, exchange

STEPS = Migrations("workbench.record")


@STEPS(name="what came from elsewhere")
def add_exchange(db: Database) -> None:
    """Schema 2: entries of other desks, and things of which there are several versions.

    The projected tables get a column, too: they are made again from the ledger when the file is
    opened.  Nothing says where this file has been: its next change begins a new desk.
    """
    create(db.conn, exchange())
