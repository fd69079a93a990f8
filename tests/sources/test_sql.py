"""SQL sources: SQLite, addresses, and what is refused before a database sees it."""

from __future__ import annotations

import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked
from workbench.sources.reading import Question, Reading, SourceSpec
from workbench.sources.secrets import Secrets
from workbench.sources.sql import KIND, SqlConfig, SqlMeasure, uses
from workbench.sources.sql.postgresql import PostgreSQL
from workbench.sources.sql.session import Limits
from workbench.sources.sql.sqlite import SQLite
from workbench.sources.sql.statements import check_reads

from .support import AT, ask


def limits(*, statement: float = 5, session: float = 20, stopped: bool = False) -> Limits:
    return Limits(statement=statement, session=session, stopped=lambda: stopped)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, total NUMERIC, note TEXT, scan BLOB)")
        made.executemany(
            "INSERT INTO orders (total, note, scan) VALUES (?, ?, ?)",
            [(1.5, "first", b"\x01\xff"), (2, None, None), (3.25, "last", None)],
        )
        made.commit()
    return file


@pytest.fixture
def session(shop: Path) -> Iterator[SQLite]:
    with closing(SQLite(shop, limits())) as opened:
        yield opened


def measured(
    folder: Path, query: str, url: str = "sqlite:shop.db", *, secrets: Secrets | None = None, **more: Any
) -> Reading:
    question = Question(subject="b", source="db", at=AT, ask=SqlMeasure(query=query))
    source = SourceSpec("db", "sql", SqlConfig(url=url, **more))
    return ask([source], [question], root=folder, secrets=secrets).one


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT count(*) FROM orders", "3"),
        ("SELECT sum(total) FROM orders;", "6.75"),
        ("-- how many\nWITH some AS (SELECT 1) SELECT 7 FROM some", "7"),
        ("VALUES (4)", "4"),
    ],
)
def test_a_query_gives_one_number(shop: Path, query: str, expected: str) -> None:
    reading = measured(shop.parent, query)
    assert (reading.state, reading.value) == ("ok", Decimal(expected))
    assert len(reading.evidence) == 1


def test_what_is_no_number_is_said(shop: Path) -> None:
    assert measured(shop.parent, "SELECT sum(total) FROM orders WHERE id > 9").state == "missing"
    assert measured(shop.parent, "SELECT id FROM orders WHERE id > 9").state == "missing"
    several = measured(shop.parent, "SELECT id, total FROM orders")
    assert several.state == "error"
    assert several.why.startswith("the query gives 3 rows of 2 columns")
    assert "which is no number" in measured(shop.parent, "SELECT note FROM orders WHERE id = 1").why


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO orders (total) VALUES (9)",
        "DELETE FROM orders",
        "PRAGMA user_version = 5",
        "ATTACH 'other.db' AS other",
        "SELECT load_extension('evil.so')",
        "SELECT writefile('evil', 'text')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_catalog.set_config('statement_timeout', '0', false)",
        "SELECT \"set_config\"('role', 'none', true)",
        "SELECT U&'\\0061'",
        "COPY orders TO PROGRAM 'touch evil'",
        "/* SELECT */ COMMIT",
        "SET statement_timeout = 0",
        "DO $$ BEGIN END $$",
        "",
        ";",
    ],
)
def test_what_does_more_than_read_is_refused_before_it_is_sent(query: str) -> None:
    with pytest.raises(SourceError):
        check_reads(query)


@pytest.mark.parametrize(
    "query",
    ["SELECT edit_count, set_at FROM pg_files", "(SELECT 1) UNION (SELECT 2)", "TABLE orders", "values (1)"],
)
def test_what_only_reads_passes(query: str) -> None:
    check_reads(query)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO orders (total) VALUES (9)",
        "WITH some AS (SELECT 1) DELETE FROM orders",
        "UPDATE orders SET total = 0",
        "DROP TABLE orders",
        "CREATE TEMP TABLE mine (a)",
        "PRAGMA query_only = OFF",
        "PRAGMA user_version = 5",
        "PRAGMA writable_schema = ON",
        "ATTACH ':memory:' AS other",
        "BEGIN",
        "COMMIT",
        "VACUUM",
        "SELECT load_extension('evil.so')",
        "SELECT 1; SELECT 2",
    ],
)
def test_sqlite_itself_refuses_everything_but_reading(session: SQLite, shop: Path, statement: str) -> None:
    before = shop.read_bytes()
    with pytest.raises(SourceError, match="refuses"):
        session.rows(statement)
    assert shop.read_bytes() == before
    assert session.rows("SELECT count(*) FROM orders").rows == [["3"]]


def test_values_are_texts_and_each_column_has_a_form(session: SQLite) -> None:
    answer = session.ask("SELECT * FROM orders")
    assert answer.columns == ("id", "total", "note", "scan")
    assert answer.forms == ("number", "float", "text", "bytes")
    assert answer.rows[:2] == [["1", "1.5", "first", "\\x01ff"], ["2", "2", None, None]]


def test_json_in_a_query_is_reading(session: SQLite) -> None:
    assert session.ask("SELECT value FROM json_each('[1, 2]')").rows == [["1"], ["2"]]


def test_a_plan_is_not_carried_out(session: SQLite) -> None:
    assert "SCAN orders" in session.plan("SELECT * FROM orders WHERE total > 1")


def test_an_answer_that_is_too_large_is_not_held(session: SQLite) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with pytest.raises(SourceError, match="more than 20,000 rows"):
        session.ask(endless, most=20_000)


def test_a_query_that_never_ends_is_ended(shop: Path) -> None:
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with closing(SQLite(shop, limits(statement=0.2))) as session:
        with pytest.raises(SourceError, match=r"did not answer within 0\.2 s"):
            session.ask(endless)
        assert session.rows("SELECT 1").rows == [["1"]]


def test_a_session_that_was_stopped_asks_nothing_more(shop: Path) -> None:
    stopped = [False]
    limit = Limits(statement=5, session=20, stopped=lambda: stopped[0])
    with closing(SQLite(shop, limit)) as session:
        stopped[0] = True
        with pytest.raises(SourceError, match="stopped"):
            session.rows("SELECT 1")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:../outside.db", "leads out of the project"),
        ("sqlite:/etc/passwd", "leads out of the project"),
        ("sqlite:link.db", "leads out of the project"),
        ("sqlite:absent.db", "there is no file"),
        ("sqlite:notes.txt", "cannot be read as a SQLite database"),
        ("mysql://db/shop", "no address of a database"),
    ],
)
def test_a_file_lies_in_the_project_and_is_a_database(shop: Path, url: str, why: str) -> None:
    (shop.parent / "notes.txt").write_text("this is no database, and longer than a header " * 4)
    (shop.parent / "link.db").symlink_to("/etc/passwd")
    assert why in measured(shop.parent, "SELECT 1", url).why


def test_a_variable_holds_the_address(shop: Path) -> None:
    known = Secrets(allow=True, environ={"SHOP_DB": "sqlite:///shop.db"})
    assert measured(shop.parent, "SELECT 5", "${SHOP_DB}", secrets=known).value == 5
    nothing = measured(shop.parent, "SELECT 5", "${SHOP_DB}")
    assert "SHOP_DB is not set" in nothing.why
    wrong = Secrets(allow=True, environ={"SHOP_DB": "mysql://me:hunter22@db/shop"})
    reading = measured(shop.parent, "SELECT 5", "${SHOP_DB}", secrets=wrong)
    assert "holds no address" in reading.why
    assert "hunter22" not in repr(reading)


def test_a_file_of_the_project_needs_no_trust_and_a_server_does(shop: Path) -> None:
    distrusted = Secrets(allow=False, environ={})
    assert measured(shop.parent, "SELECT 5", secrets=distrusted).value == 5
    server = measured(shop.parent, "SELECT 5", "postgresql://db.example.com/shop", secrets=distrusted)
    assert "not trusted" in server.why
    assert not uses(SqlConfig(url="sqlite:shop.db"))
    used = uses(SqlConfig(url="postgresql://me:${PW}@db.example.com:5433/shop"))
    assert (used.hosts, used.variables) == (("postgresql://db.example.com:5433",), ("PW",))
    assert uses(SqlConfig(url="${DB}")).variables == ("DB",)


def test_a_missing_driver_says_how_it_is_installed(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    reading = measured(shop.parent, "SELECT 1", "postgresql://127.0.0.1:1/shop")
    assert reading.state == "error"
    assert 'pip install "release-workbench[sql]"' in reading.why


def test_a_server_that_refuses_or_hangs_costs_its_question(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        refused = listening.getsockname()[1]
        secret = Secrets(allow=True, environ={"DB": f"postgresql://me:hunter22@127.0.0.1:{refused}/shop"})
        reading = measured(tmp_path, "SELECT 1", "${DB}", secrets=secret)
        assert "refuses us" in reading.why
        assert "hunter22" not in repr(reading)
        listening.listen()
        with pytest.raises(SourceError, match=r"within 0\.1 s"):
            PostgreSQL({"host": "127.0.0.1", "port": str(refused)}, limits(statement=0.1))


def test_a_server_that_talks_nonsense_costs_its_question(tmp_path: Path, serve: Any) -> None:
    pytest.importorskip("psycopg")
    server = serve(lambda asked: (200, {}, b"hello"))
    port = server.url.rpartition(":")[2]
    reading = measured(tmp_path, "SELECT 1", f"postgresql://127.0.0.1:{port}/shop", timeout="1s")
    assert reading.state == "error"


def test_an_answer_can_be_recorded_and_replayed(shop: Path, tmp_path: Path) -> None:
    question = Question(subject="b", source="db", at=AT, ask=SqlMeasure(query="SELECT 3"))
    source = SourceSpec("db", "sql", SqlConfig(url="sqlite:shop.db"))
    kept = tmp_path / "kept"
    assert ask([source], [question], root=shop.parent, record_to=kept).one.value == 3
    shop.unlink()
    replayed = ask([source], [question], root=shop.parent, replay=kept).one
    assert (replayed.value, replayed.mark) == (3, "replayed")


def test_check_says_that_a_measure_writes() -> None:
    asked = Asked("", ())
    assert list(KIND.question_doubts(SqlMeasure(query="SELECT 1"), asked)) == []
    (doubt,) = KIND.question_doubts(SqlMeasure(query="DELETE FROM orders"), asked)
    assert (doubt.field, doubt.error) == ("query", True)
    assert "this is DELETE" in doubt.what


def test_the_kind_takes_its_address_as_its_only_word() -> None:
    assert KIND.shorthand == "url"
