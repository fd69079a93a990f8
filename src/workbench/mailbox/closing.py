"""The end of a mailbox, or of a desk at it: it was moved to another server, or the desk left."""

from __future__ import annotations

from workbench.mailbox.server import Server

# The same lock that the server takes to number a pack: whoever waits for it finds the mailbox closed.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('workbench.pack ' || %s, 0))"


def keeps(server: Server) -> bool:
    """Whether the role that is connected is a keeper."""
    return _has(server, "workbench_keeper")


def may_send(server: Server) -> bool:
    """Whether the role that is connected may send anything; a reader's only receives."""
    return _has(server, "workbench_writer")


def _has(server: Server, group: str) -> bool:
    with server.told() as connection:
        return bool(connection.execute("SELECT pg_has_role(%s, 'USAGE')", (group,)).fetchone()[0])


def close_mailbox(server: Server, record: str, moved_to: str) -> str:
    """Says where a record was moved to: nothing is sent to this mailbox after that.  Where it says so already, that counts.

    Returns the address that it names now.
    """
    with server.told() as connection, connection.transaction():
        connection.execute(_LOCK, (record,))
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


def members(server: Server, record: str) -> list[tuple[str, str]]:
    """The roles that may see a record, each with a person that it signs as, "" for none."""
    with server.told() as connection:
        sql = "SELECT role::text, person FROM workbench.member WHERE record = %s ORDER BY role, person"
        return [(row[0], row[1]) for row in connection.execute(sql, (record,)).fetchall()]
