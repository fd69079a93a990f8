"""Who may do what with a record on a server: rows of members, and the groups that their roles are in."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.mailbox.errors import driver
from workbench.mailbox.server import Server

READER, WRITER, SIGNER, KEEPER = "reader", "writer", "signer", "keeper"
RIGHTS = (READER, WRITER, SIGNER, KEEPER)

_LIST = (
    "SELECT m.role::text, m.person, m.may, m.added_by::text, m.added_at, r.rolname IS NOT NULL, coalesce(r.rolcanlogin, false), "
    "CASE WHEN r.oid IS NULL THEN false ELSE pg_has_role(r.oid, 'workbench_' || m.may, 'USAGE') END "
    "FROM workbench.member m LEFT JOIN pg_roles r ON r.rolname = m.role WHERE m.record = %s ORDER BY m.role, m.person"
)
_REMOVE = (
    "INSERT INTO workbench.removal (record, role, person) SELECT record, role, person FROM workbench.member "
    "WHERE record = %s AND role = %s AND (%s::text IS NULL OR person = %s) ORDER BY person"
)
_DESKS = "SELECT role::text, count(*) FROM workbench.desk WHERE record = %s AND left_at IS NULL GROUP BY role"


class Right(msgspec.Struct, frozen=True, kw_only=True):
    """One right of a role: ``may`` says which, a signer's names the person.

    ``exists``: the server has such a role; ``counts``: it is in the group of that right, without which it has none.
    """

    role: str
    person: str
    may: str
    added_by: str
    added_at: datetime
    exists: bool
    logs_in: bool
    counts: bool


def rights(server: Server, record: str) -> list[Right]:
    """All rights of a record, by role."""
    names = ("role", "person", "may", "added_by", "added_at", "exists", "logs_in", "counts")
    with server.told() as connection:
        return [
            Right(**dict(zip(names, row, strict=True)))
            for row in connection.execute(_LIST, (record,)).fetchall()
        ]


def desks(server: Server, record: str) -> dict[str, int]:
    """How many desks each role has."""
    with server.told() as connection:
        return dict(connection.execute(_DESKS, (record,)).fetchall())


def role_exists(server: Server, role: str) -> bool:
    """Whether the server knows a role of that name."""
    with server.told() as connection:
        return bool(
            connection.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", (role,)).fetchone()[
                0
            ]
        )


def put(server: Server, record: str, role: str, may: str, person: str = "") -> bool:
    """Gives a role a right; whether that changed anything.  A right without a person replaces the other one without."""
    with server.told() as connection, connection.transaction():
        before = connection.execute(
            "SELECT may FROM workbench.member WHERE record = %s AND role = %s AND person = %s",
            (record, role, person),
        ).fetchone()
        if before == (may,):
            return False
        if before is not None:
            connection.execute(_REMOVE, (record, role, person, person))
        connection.execute(
            "INSERT INTO workbench.member (record, role, person, may) VALUES (%s, %s, %s, %s)",
            (record, role, person, may),
        )
    return True


def remove(server: Server, record: str, role: str, person: str | None = None) -> int:
    """Takes rights away: all of a role's, or that to sign as a person; how many there were."""
    with server.told() as connection:
        return int(connection.execute(_REMOVE, (record, role, person, person)).rowcount)


def let_into_group(server: Server, role: str, may: str) -> bool:
    """Puts a role into the group of a right, where it is not; ``False`` where this role may not do that."""
    library = driver()
    with server.told() as connection:
        group = f"workbench_{may}"
        if connection.execute("SELECT pg_has_role(%s::name, %s::name, 'USAGE')", (role, group)).fetchone()[0]:
            return True
        names = library.sql.Identifier
        grant = library.sql.SQL("GRANT {} TO {}{}").format(
            names(group), names(role), library.sql.SQL(" WITH ADMIN OPTION" if may == KEEPER else "")
        )
        try:
            connection.execute(grant)
        except library.errors.InsufficientPrivilege:
            return False
    return True
