"""A server whose owner is malicious: a real PostgreSQL, with its triggers disabled and its tables rewritten."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import psycopg
from tests.real.postgresql import OWNER
from tests.sharing.team import Team

from workbench.mailbox.log import GENESIS, next_chain
from workbench.mailbox.mail import Head as MailHead
from workbench.mailbox.mail import Mail, read_mail, write_mail
from workbench.record import Blob
from workbench.usecases.context import Context
from workbench.usecases.sharing.shared import Shared, note_of, require_shared

_COLUMNS = "record, number, desk, writer, first, last, follows, tip, signs, content, digest, chain, purged, role, sent_at"


_FITTING = (
    "DELETE FROM workbench.reached",
    "INSERT INTO workbench.reached (record, writer, last, tip) "
    "SELECT DISTINCT ON (record, writer) record, writer, last, tip FROM workbench.pack ORDER BY record, writer, last DESC",
    "DELETE FROM workbench.ending",
    "INSERT INTO workbench.ending (record, number, chain) "
    "SELECT DISTINCT ON (record) record, number, chain FROM workbench.pack ORDER BY record, number DESC",
)


class Row(msgspec.Struct, frozen=True):
    """A pack as it lies in the table."""

    record: str
    number: int
    desk: str
    writer: str
    first: int
    last: int
    follows: bytes
    tip: bytes
    signs: list[str]
    content: bytes
    digest: bytes
    chain: bytes
    purged: bool
    role: str
    sent_at: datetime


class Malice:
    """What the owner of a database can do that no rule of the database stops."""

    def __init__(self, team: Team, database: str = "") -> None:
        self._team = team
        self.database = database or team.database

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._team.server.url(self.database, user=OWNER), autocommit=True)

    def rows(self) -> list[Row]:
        """All packs in their order."""
        with self._connect() as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM workbench.pack ORDER BY number").fetchall()
        return [Row(*row) for row in found]

    def put(self, rows: Sequence[Row], *, consistent: bool = True) -> None:
        """Puts these packs in the place of all that are there; ``consistent`` numbers and chains them anew."""
        chain, done = GENESIS, list[Row]()
        for number, row in enumerate(rows, 1):
            if consistent:
                digest = hashlib.sha256(row.content).digest()
                chain = next_chain(chain, digest)
                row = msgspec.structs.replace(row, number=number, digest=digest, chain=chain)
            done.append(row)
        marks = ", ".join(["%s"] * len(Row.__struct_fields__))
        with self._connect() as connection, connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no trigger is asked
            connection.execute("DELETE FROM workbench.pack")
            for row in done:
                connection.execute(
                    f"INSERT INTO workbench.pack ({_COLUMNS}) VALUES ({marks})", msgspec.structs.astuple(row)
                )
            for statement in _FITTING:  # what the server keeps beside the packs
                connection.execute(statement)

    def change(self, change: Callable[[list[Row]], list[Row]], *, consistent: bool = True) -> None:
        """Rewrites the mailbox."""
        self.put(change(self.rows()), consistent=consistent)

    def forget_heads(self) -> None:
        """Deletes the heads that desks left."""
        with self._connect() as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM workbench.head")

    def clone(self, name: str) -> Malice:
        """A second database that holds the same now, and goes on in its own way."""
        self._team.server.database(name, "", like=self.database)
        return Malice(self._team, name)


def rewritten(row: Row, old: bytes, new: bytes) -> Row:
    """A pack with something else in its entries; what it says of itself fits."""
    mail = read_mail(row.content)
    lines = tuple(line.replace(old, new) for line in mail.entries)
    assert lines != mail.entries
    return msgspec.structs.replace(row, content=_written(mail.head, lines, mail))


def saying_seen(row: Row, number: int, chain: bytes) -> Row:
    """A pack whose sender is made to say that it had read something else."""
    mail = read_mail(row.content)
    seen = msgspec.structs.replace(mail.head.seen, number=number, chain=chain.hex())
    return msgspec.structs.replace(
        row, content=_written(msgspec.structs.replace(mail.head, seen=seen), mail.entries, mail)
    )


def _written(head: MailHead, lines: Sequence[bytes], mail: Mail) -> bytes:
    blobs: list[Blob] = list(mail.blobs)
    return write_mail(head, lines, blobs)


def chain_of(rows: Sequence[Row], number: int) -> bytes:
    """The chain over the first packs of a list."""
    chain = GENESIS
    for row in rows[:number]:
        chain = next_chain(chain, hashlib.sha256(row.content).digest())
    return chain


def back_dated(row: Row, **by: float) -> Row:
    """A pack that is said to have come earlier."""
    return msgspec.structs.replace(row, sent_at=row.sent_at - timedelta(**by))


def led_to(context: Context, team: Team, database: str) -> Shared:
    """From now on this desk is shown another database under the server's name."""
    shared = require_shared(context)
    url = shared.url.rpartition("/")[0] + f"/{database}"
    other = msgspec.structs.replace(shared, url=url)
    context.record.keep_note(*note_of(other))
    return other
