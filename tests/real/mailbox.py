"""A database with a shared record, and roles of each sort who try what they may on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import psycopg
import pytest
from tests.real.postgresql import OWNER, PostgreSQLServer

PASSWORD = "for-the-tests-of-roles"
RECORD, OTHER = "record-of-the-shop", "record-of-another-team"
TABLES_OWNER = "tessa"
READER, WRITER, SIGNER, KEEPER = "rita", "will", "sina", "kim"
SECOND_WRITER, ELSEWHERE, STRANGER, GROUPED = "walt", "elsa", "stan", "greta"
ROLES = {
    TABLES_OWNER: (),
    READER: ("workbench_reader",),
    WRITER: ("workbench_writer",),
    SECOND_WRITER: ("workbench_writer",),
    SIGNER: ("workbench_signer",),
    KEEPER: ("workbench_keeper",),
    ELSEWHERE: ("workbench_keeper",),  # keeps the record of another team, and reads this one
    STRANGER: (),
    GROUPED: ("workbench_keeper",),  # in a group, and a member of no record
}
TEMPLATE = "mailbox_template"
_START = bytes(32)
_MEMBERS = f"""
INSERT INTO workbench.member (record, role, person, may) VALUES
  ('{RECORD}', '{READER}', '', 'reader'), ('{RECORD}', '{WRITER}', '', 'writer'), ('{RECORD}', '{SECOND_WRITER}', '', 'writer'),
  ('{RECORD}', '{SIGNER}', 'sina', 'signer'), ('{RECORD}', '{ELSEWHERE}', '', 'reader');
"""


def schema_of() -> str:
    """The statements that make the tables."""
    return files("workbench.mailbox").joinpath("schema.sql").read_text(encoding="utf-8")


def groups() -> str:
    """The statements that make the groups."""
    return files("workbench.mailbox").joinpath("groups.sql").read_text(encoding="utf-8")


class Mailbox:
    """A database of one test: connections of its roles, and what stands in its tables."""

    def __init__(self, server: PostgreSQLServer, database: str) -> None:
        self.server, self.database = server, database
        self._open: list[Any] = []

    def as_(self, role: str) -> Any:
        """A connection of a role, each statement a transaction of its own."""
        connection = psycopg.connect(self.url(role), autocommit=True)
        self._open.append(connection)
        return connection

    def url(self, role: str) -> str:
        """The address for a role, with its password."""
        return self.server.url(self.database, user=role, password=None if role == OWNER else PASSWORD)

    def close(self) -> None:
        for connection in self._open:
            connection.close()

    def all_rows(self) -> dict[str, list[Any]]:
        """Every row of every table, as a superuser sees them."""
        tables = [
            "about",
            "record",
            "member",
            "desk",
            "pack",
            "ending",
            "reached",
            "evidence",
            "head",
            "purge",
            "removal",
        ]
        with psycopg.connect(self.server.url(self.database, user=OWNER), autocommit=True) as connection:
            return {
                table: connection.execute(
                    f"SELECT t FROM workbench.{table} t ORDER BY t::text".encode()
                ).fetchall()
                for table in tables
            }

    def stopped(
        self, role: str, *statements: str, by: str, says: str = "", values: Sequence[Any] = ()
    ) -> str:
        """Runs statements as a role, the last of which has to fail with the SQLSTATE ``by``; nothing may have changed.

        Returns what the server said.
        """
        before = self.all_rows()
        connection = self.as_(role)
        for statement in statements[:-1]:
            connection.execute(statement.encode())
        with pytest.raises(psycopg.Error) as caught:
            connection.execute(statements[-1].encode(), values or None)
        connection.close()
        assert (caught.value.sqlstate, says in str(caught.value)) == (by, True), str(caught.value)
        assert self.all_rows() == before
        return str(caught.value)

    def send(
        self,
        role: str,
        desk: str,
        /,
        *,
        writer: str = "",
        signs: Sequence[Any] | None = (),
        content: bytes = b"x",
        **over: Any,
    ) -> Any:
        """Appends a pack of one entry that follows what is there; returns ``(number, digest, chain, role, sent_at)``."""
        with psycopg.connect(self.server.url(self.database, user=OWNER), autocommit=True) as looking:
            found = looking.execute(
                "SELECT last, tip FROM workbench.reached WHERE record = %s AND writer = %s",
                (RECORD, writer or desk),
            ).fetchone()
        last, tip = found or (0, b"")
        row = {
            "record": RECORD, "desk": desk, "writer": writer or desk, "first": last + 1, "last": last + 1, "follows": tip,
            "tip": tip_of(writer or desk, last + 1), "signs": signs if signs is None else list(signs), "content": content,
        } | over  # fmt: skip
        names = ", ".join(row)
        marks = ", ".join(f"%({name})s" for name in row)
        connection = self.as_(role)
        sql = f"INSERT INTO workbench.pack ({names}) VALUES ({marks}) RETURNING number, digest, chain, role, sent_at"
        try:
            return connection.execute(sql.encode(), row).fetchone()
        finally:
            connection.close()

    def unsent(self, role: str, desk: str, /, *, by: str, says: str = "", **over: Any) -> str:
        """Tries to append a pack, which has to fail; nothing may have changed."""
        before = self.all_rows()
        with pytest.raises(psycopg.Error) as caught:
            self.send(role, desk, **over)
        assert (caught.value.sqlstate, says in str(caught.value)) == (by, True), str(caught.value)
        assert self.all_rows() == before
        return str(caught.value)


def removing(role: str, record: str = RECORD) -> str:
    """What a keeper runs to take all rights away from a role."""
    return (
        "INSERT INTO workbench.removal (record, role, person) SELECT record, role, person FROM workbench.member "
        f"WHERE role = '{role}' AND record = '{record}'"
    )


def tip_of(writer: str, place: int) -> bytes:
    """A digest that stands for an entry."""
    return hashlib.sha256(f"{writer} {place}".encode()).digest()


def make_roles(server: PostgreSQLServer) -> None:
    """Groups and roles; they belong to the server, not to a database."""
    server.execute("postgres", groups())
    for role, group in ROLES.items():
        exists = f"SELECT FROM pg_roles WHERE rolname = '{role}'"
        server.execute(
            "postgres",
            f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; END IF; END $$",
        )
        for name in group:
            server.execute("postgres", f"GRANT {name} TO {role}")


def make_template(server: PostgreSQLServer) -> None:
    """A database that tests copy: tables of an owner who is no superuser, two records, members, desks and two packs."""
    make_roles(server)
    server.database(TEMPLATE, f"GRANT CREATE ON DATABASE {TEMPLATE} TO {TABLES_OWNER}")
    box = Mailbox(server, TEMPLATE)
    try:
        box.as_(TABLES_OWNER).execute(schema_of().encode())
        for keeper, record in ((KEEPER, RECORD), (ELSEWHERE, OTHER)):
            sql = "INSERT INTO workbench.record (record, project, mailbox) VALUES (%s, %s, %s)"
            box.as_(keeper).execute(sql.encode(), (record, record, f"box of {record}".replace(" ", "-")))
        box.as_(KEEPER).execute(_MEMBERS.encode())
        for role in (WRITER, SECOND_WRITER, SIGNER, KEEPER):
            box.as_(role).execute(
                "INSERT INTO workbench.desk (record, desk, named) VALUES (%s, %s, %s)",
                (RECORD, f"desk-{role}", role),
            )
        box.as_(ELSEWHERE).execute(
            "INSERT INTO workbench.desk (record, desk) VALUES (%s, 'desk-elsa')", (OTHER,)
        )
        box.send(WRITER, f"desk-{WRITER}", content=b"the first pack")
        box.send(SIGNER, f"desk-{SIGNER}", signs=["sina"], content=b"a signature")
    finally:
        box.close()
