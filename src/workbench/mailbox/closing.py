"""The end of a mailbox, or of a desk at it: it was moved to another server, or the desk left."""

from __future__ import annotations

import re

import msgspec

from workbench.mailbox.server import Server


def for_others(url: str) -> str:
    """An address as others write it, each with a role of their own in the place of ``ROLE``."""
    if re.match(r"postgres(ql)?://", url):
        return re.sub(r"^(postgres(?:ql)?://)(?:[^@/]*@)?", r"\1ROLE@", url)
    return re.sub(r"\buser\s*=\s*('[^']*'|\S+)", "user=ROLE", url)


def close_mailbox(server: Server, record: str, moved_to: str) -> str:
    """Says where a record was moved to, once the packs that are being sent are there: nothing comes after.

    Where it says so already, that counts.  Returns the address that it names now.
    """
    with server.told() as connection, connection.transaction():
        connection.execute(
            "UPDATE workbench.record SET moved_to = %s WHERE record = %s AND moved_to IS NULL",
            (moved_to, record),
        )
        row = connection.execute(
            "SELECT moved_to FROM workbench.record WHERE record = %s", (record,)
        ).fetchone()
    return str(row[0]) if row and row[0] else ""


def tell_left(server: Server, record: str, desk: str, *, left: bool) -> None:
    """Notes that a desk left, or is back."""
    with server.told() as connection:
        connection.execute(
            "UPDATE workbench.desk SET left_at = CASE WHEN %s THEN clock_timestamp() END "
            "WHERE record = %s AND desk = %s AND role = current_user",
            (left, record, desk),
        )


class Member(msgspec.Struct, frozen=True):
    """A role of a record, what it may do there, and the person that it signs for, "" for none."""

    role: str
    may: str
    person: str


def members(server: Server, record: str) -> list[Member]:
    """The members of a record, by role."""
    with server.told() as connection:
        sql = "SELECT role::text, may, person FROM workbench.member WHERE record = %s ORDER BY role, person"
        return [Member(*row) for row in connection.execute(sql, (record,)).fetchall()]


def desks(server: Server, record: str) -> list[tuple[str, str, str]]:
    """The desks of a record that have not left: each with the role that it is of, and what it is named."""
    with server.told() as connection:
        sql = "SELECT desk, role::text, named FROM workbench.desk WHERE record = %s AND left_at IS NULL ORDER BY joined_at"
        return [(row[0], row[1], row[2]) for row in connection.execute(sql, (record,)).fetchall()]


def give_desks(server: Server, record: str, given: list[tuple[str, str, str]]) -> None:
    """Registers desks for the roles that they are of, as a keeper may; what is registered already stays."""
    with server.told() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO workbench.desk (record, desk, role, named) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(record, *one) for one in given],
        )
