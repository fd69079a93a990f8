"""What each role of the database may do with a shared record, tried statement by statement on a real server."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from tests.real.mailbox import RECORD, ROLES, TEMPLATE, Mailbox
from tests.real.postgresql import PostgreSQLServer
from tests.real.rights import COLUMNS, RIGHTS, Right

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]


@pytest.fixture(scope="module")
def box(mailbox_template: PostgreSQLServer) -> Iterator[Mailbox]:
    mailbox_template.database("mailbox_rights", "", like=TEMPLATE)
    mailbox = Mailbox(mailbox_template, "mailbox_rights")
    yield mailbox
    mailbox.close()


@pytest.fixture(scope="module")
def connections(box: Mailbox) -> dict[str, psycopg.Connection]:
    return {role: box.as_(role) for role in ROLES}


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: right.words)
@pytest.mark.parametrize("role", COLUMNS)
def test_a_role_may_do_what_the_table_says(
    right: Right, role: str, box: Mailbox, connections: dict[str, psycopg.Connection]
) -> None:
    sql = right.sql.format(role=role, desk=f"desk-{role}")
    assert _gets_rows(connections[role], sql) == (role in right.may)


def _gets_rows(connection: psycopg.Connection, sql: str) -> bool:
    """Whether a statement changes or shows something; it is undone.  Only a refusal of rights counts as one."""
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(sql.encode()).rowcount > 0
    except psycopg.errors.InsufficientPrivilege:
        return False


def test_the_table_is_tried_on_a_record_that_all_its_statements_find(box: Mailbox) -> None:
    rows = box.all_rows()
    assert len(rows["pack"]) == 2
    assert all(RECORD in str(rows[table]) for table in ("record", "member", "desk", "ending", "reached"))
