"""A real PostgreSQL: what a session lets through, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.real.postgresql import OWNER, READER, PostgreSQLServer
from tests.sources.support import AT, ask

from workbench.model.errors import SourceError
from workbench.sources.reading import Question, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.sql import SqlConfig, SqlMeasure
from workbench.sources.sql.driver import parameters
from workbench.sources.sql.postgresql import PostgreSQL
from workbench.sources.sql.session import Limits

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postgresql")]

SCRIPT = """
CREATE TABLE orders (id int PRIMARY KEY, total numeric(12,2), placed timestamptz, note text);
INSERT INTO orders SELECT i, i * 1.5, '2026-11-01 12:00+02', 'note ' || i FROM generate_series(1, 12000) i;
CREATE SEQUENCE numbers;
CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'INSERT INTO orders VALUES (0) RETURNING id';
GRANT SELECT ON orders TO reader;
GRANT ALL ON SEQUENCE numbers TO reader;
"""


@pytest.fixture(scope="module")
def shop(postgresql: PostgreSQLServer) -> PostgreSQLServer:
    postgresql.database("sessions", SCRIPT)
    return postgresql


def opened(server: PostgreSQLServer, user: str = READER, statement: float = 10) -> PostgreSQL:
    return PostgreSQL(
        parameters(server.url("sessions", user=user)),
        Limits(statement=statement, session=60, stopped=lambda: False),
    )


@pytest.fixture
def session(shop: PostgreSQLServer) -> Iterator[PostgreSQL]:
    with closing(opened(shop)) as session:
        yield session


@pytest.fixture
def superuser(shop: PostgreSQLServer) -> Iterator[PostgreSQL]:
    with closing(opened(shop, OWNER)) as session:
        yield session


def test_values_are_the_servers_texts(session: PostgreSQL) -> None:
    answer = session.ask("SELECT id, total, placed, note, NULL AS nothing FROM orders ORDER BY id LIMIT 1;")
    assert answer.columns == ("id", "total", "placed", "note", "nothing")
    assert answer.forms == ("number", "number", "time", "text", "text")
    assert answer.rows == [["1", "1.50", "2026-11-01 10:00:00+00", "note 1", None]]
    assert session.server.startswith("PostgreSQL 1")


def test_a_long_answer_comes_in_parts(session: PostgreSQL) -> None:
    assert [len(part.rows) for part in session.stream("SELECT id FROM orders")] == [5000, 5000, 2000]
    with pytest.raises(SourceError, match="more than 5,000 rows"):
        session.ask("SELECT id FROM orders", most=5_000)


REFUSED = [
    "SELECT 1; SELECT 2",
    "INSERT INTO orders VALUES (0)",
    "WITH new AS (INSERT INTO orders VALUES (0) RETURNING id) SELECT * FROM new",
    "SELECT * INTO copied FROM orders",
    "SELECT * FROM orders FOR UPDATE",
    "SELECT writes()",
    "SELECT nextval('numbers')",
    "SET statement_timeout = 0",
    "SET TRANSACTION READ WRITE",
    "COMMIT",
    "COPY orders TO PROGRAM 'touch /tmp/evil'",
    "SELECT 1) TO PROGRAM 'touch /tmp/evil'; --",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "SELECT query_to_xml('DELETE FROM orders', true, true, '')",
    "DO $$ BEGIN DELETE FROM orders; END $$",
    "EXPLAIN ANALYZE SELECT writes()",
]


@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("user", [READER, OWNER])
def test_a_query_that_does_more_than_read_is_refused(shop: PostgreSQLServer, user: str, query: str) -> None:
    with closing(opened(shop, user)) as session:
        with pytest.raises(SourceError):
            session.ask(query)
        assert session.ask("SELECT count(*) FROM orders").rows == [["12000"]]


@pytest.mark.parametrize("query", [query for query in REFUSED if not query.startswith("SELECT ")])
def test_a_query_whose_plan_is_asked_is_one_that_reads(session: PostgreSQL, query: str) -> None:
    with pytest.raises(SourceError):
        session.plan(query)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'touch /tmp/evil'",
        "INSERT INTO orders VALUES (0)",
        "SELECT 1; SELECT 2",
    ],
)
def test_the_server_refuses_even_what_is_sent_as_it_stands(superuser: PostgreSQL, statement: str) -> None:
    """The words of a query are only the first hurdle."""
    with pytest.raises(SourceError):
        superuser.rows(statement)


def test_nothing_that_a_statement_sets_holds_for_the_next(session: PostgreSQL) -> None:
    for setting in ("statement_timeout", "default_transaction_read_only"):
        session.rows("SELECT set_config($1, '0', false)", [setting])
        assert session.rows("SHOW statement_timeout").rows == [["10s"]]
    session.rows("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
    session.rows("COMMIT AND CHAIN")
    assert session.rows("SHOW transaction_read_only").rows == [["on"]]


def test_a_superuser_is_warned_of_and_gets_fewer_rights(superuser: PostgreSQL, session: PostgreSQL) -> None:
    assert "superuser" in superuser.notes[0]
    assert superuser.ask("SELECT current_user").rows == [["pg_read_all_data"]]
    assert session.notes == ()


def test_a_user_who_may_start_programs_is_warned_of(shop: PostgreSQLServer) -> None:
    shop.execute("postgres", f"GRANT pg_execute_server_program TO {READER}")
    try:
        with closing(opened(shop)) as session:
            assert "pg_execute_server_program" in session.notes[0]
    finally:
        shop.execute("postgres", f"REVOKE pg_execute_server_program FROM {READER}")


def test_the_server_ends_a_query_that_takes_too_long(shop: PostgreSQLServer) -> None:
    with (
        closing(opened(shop, statement=0.3)) as session,
        pytest.raises(SourceError, match=r"within 0\.3 s"),
    ):
        session.ask("SELECT pg_sleep(60)")


def test_we_hang_up_even_if_the_server_does_not_end_it(shop: PostgreSQLServer) -> None:
    """The limit of the session is known to us alone."""
    limit = Limits(statement=60, session=0.5, stopped=lambda: False)
    with (
        closing(PostgreSQL(parameters(shop.url("sessions")), limit)) as session,
        pytest.raises(SourceError, match=r"not done within 0\.5 s"),
    ):
        session.ask("SELECT pg_sleep(60)")


def test_a_session_that_is_stopped_ends_while_it_waits(shop: PostgreSQLServer) -> None:
    sleeping = [False]
    looks = iter(range(1_000))
    limit = Limits(statement=60, session=60, stopped=lambda: sleeping[0] and next(looks) > 2)
    with closing(PostgreSQL(parameters(shop.url("sessions")), limit)) as session:
        sleeping[0] = True
        with pytest.raises(SourceError, match="stopped"):
            session.ask("SELECT pg_sleep(60)")


def test_a_wrong_password_is_told_without_it(shop: PostgreSQLServer) -> None:
    with pytest.raises(SourceError, match="password authentication failed") as refused:
        PostgreSQL(
            parameters(shop.url("sessions", password="hunter22")),
            Limits(statement=10, session=60, stopped=lambda: False),
        )
    assert "hunter22" not in str(refused.value)


def test_an_error_does_not_tell_the_value_that_it_is_about(session: PostgreSQL) -> None:
    with pytest.raises(SourceError, match="invalid input syntax for type integer: “…”") as refused:
        session.ask("SELECT note::int FROM orders WHERE id = 77")
    assert "note 77" not in str(refused.value)


def test_a_measure_is_the_number_of_a_query(shop: PostgreSQLServer) -> None:
    secrets = Secrets(allow=True, environ={"SHOP_DB": shop.url("sessions")})
    question = Question(
        subject="b", source="db", at=AT, ask=SqlMeasure(query="SELECT sum(total) FROM orders")
    )
    reading = ask([SourceSpec("db", "sql", SqlConfig(url="${SHOP_DB}"))], [question], secrets=secrets).one
    assert (reading.state, str(reading.value)) == ("ok", "108009000.00")


def test_a_password_may_stand_in_a_variable_of_its_own(shop: PostgreSQLServer) -> None:
    secrets = Secrets(allow=True, environ={"PW": "may-only-read"})
    url = f"postgresql://reader:${{PW}}@127.0.0.1:{shop.port}/sessions"
    question = Question(subject="b", source="db", at=AT, ask=SqlMeasure(query="SELECT 7"))
    assert ask([SourceSpec("db", "sql", SqlConfig(url=url))], [question], secrets=secrets).one.value == 7
