"""Schemas of two databases, compared thing by thing."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest
from tests.probes.asking import HIDE, probe
from tests.probes.databases import change, compared, made, missed, paths
from tests.sources.support import AT

from workbench.definitions.shapes import Source
from workbench.model.times import Clock
from workbench.probes import running
from workbench.probes.kinds import KINDS
from workbench.probes.running import Job, Running, run
from workbench.sources.secrets import Secrets
from workbench.sources.sql import SqlConfig

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, country TEXT DEFAULT 'DE');
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers (id) ON DELETE CASCADE,
  total NUMERIC NOT NULL CHECK (total >= 0), note TEXT
);
CREATE INDEX by_customer ON orders (customer) WHERE customer > 0;
CREATE VIEW dear AS SELECT id FROM orders WHERE total > 100;
CREATE TRIGGER kept AFTER DELETE ON orders BEGIN SELECT 1; END;
CREATE TABLE schema_migrations (version TEXT);
INSERT INTO schema_migrations VALUES ('2026-01'), ('2026-02');
"""


def test_two_equal_schemas_have_no_difference(tmp_path: Path) -> None:
    found = compared("schema", made(tmp_path, SHOP, SHOP), twice=True)
    assert (found.run.state, paths(found), found.run.noise) == ("pass", [], ())


def test_a_reordered_schema_is_the_same(tmp_path: Path) -> None:
    other = SHOP.replace(
        "email TEXT NOT NULL UNIQUE, country TEXT DEFAULT 'DE'",
        "country TEXT DEFAULT 'DE', email TEXT NOT NULL UNIQUE",
    )
    assert paths(compared("schema", made(tmp_path, other, SHOP))) == []


@pytest.mark.parametrize(
    ("change_it", "path"),
    [
        ("ALTER TABLE orders DROP COLUMN note", "orders/note"),
        ("ALTER TABLE orders ADD COLUMN more TEXT DEFAULT 'x'", "orders/more"),
        ("DROP INDEX by_customer", "orders/index by_customer"),
        ("DROP INDEX by_customer; CREATE INDEX by_customer ON orders (customer)", "orders/index by_customer"),
        ("DROP TRIGGER kept", "orders/trigger kept"),
        ("DROP VIEW dear", "dear"),
        ("DROP VIEW dear; CREATE VIEW dear AS SELECT id FROM orders", "dear/definition"),
        ("CREATE TABLE more (a)", "more"),
        ("DELETE FROM schema_migrations WHERE version = '2026-02'", "migration/schema_migrations/2026-02"),
        ("PRAGMA user_version = 7", "server/user_version"),
    ],
)
def test_each_thing_that_differs_is_one_difference(tmp_path: Path, change_it: str, path: str) -> None:
    assert paths(compared("schema", made(tmp_path, SHOP + change_it, SHOP))) == [path]


@pytest.mark.parametrize(
    ("written", "otherwise", "expected"),
    [
        ("note TEXT", "note INTEGER", ["orders/note/type"]),
        ("note TEXT", "note TEXT NOT NULL", ["orders/note/null"]),
        ("DEFAULT 'DE'", "DEFAULT 'FR'", ["customers/country/default"]),
        (" DEFAULT 'DE'", "", ["customers/country/default"]),
        ("ON DELETE CASCADE", "", ["orders/constraint foreign key (customer)"]),
        ("total >= 0", "total > 0", ["orders/constraint check 1"]),
        ("email TEXT NOT NULL UNIQUE", "email TEXT NOT NULL", ["customers/index of email"]),
    ],
)
def test_what_a_table_says_of_its_columns(
    tmp_path: Path, written: str, otherwise: str, expected: list[str]
) -> None:
    found = compared("schema", made(tmp_path, SHOP.replace(written, otherwise), SHOP))
    assert paths(found) == expected


def test_a_missing_column_says_what_it_was(tmp_path: Path) -> None:
    found = compared(
        "schema", made(tmp_path, SHOP, SHOP + "ALTER TABLE orders ADD COLUMN vat NUMERIC NOT NULL DEFAULT 19")
    )
    told = change(found, "orders/vat")
    assert (told.staging, told.production) == (None, "NUMERIC, not null, default 19")
    assert told.title == "the column orders.vat is missing in staging"


def test_a_long_definition_is_shortened_and_still_compared(tmp_path: Path) -> None:
    long = "CREATE VIEW long AS SELECT " + ", ".join(f"{number} AS n{number}" for number in range(100))
    found = compared("schema", made(tmp_path, SHOP + long, SHOP + long.replace("99 AS", "98 AS")))
    told = change(found, "long/definition")
    assert told.staging is not None and len(told.staging) < 170 and told.staging != told.production


def test_only_the_tables_that_are_wanted(tmp_path: Path) -> None:
    folder = made(tmp_path, "CREATE TABLE a (x); CREATE TABLE tmp_1 (x)", "CREATE TABLE a (x)")
    assert paths(compared("schema", folder)) == ["tmp_1"]
    assert paths(compared("schema", folder, {"tables": ["a"]})) == []
    assert paths(compared("schema", folder, ignore=["tmp_*"])) == []


def test_migrations_of_ones_own(tmp_path: Path) -> None:
    folder = made(
        tmp_path,
        "CREATE TABLE steps (n); INSERT INTO steps VALUES (1)",
        "CREATE TABLE steps (n); INSERT INTO steps VALUES (1), (2)",
    )
    assert paths(compared("schema", folder)) == []
    assert paths(compared("schema", folder, {"migrations": "steps"})) == ["migration/steps/2"]


def test_names_that_hold_anything(tmp_path: Path) -> None:
    odd = 'CREATE TABLE "a/b ""c"" [x]" ("d/e" TEXT DEFAULT \'\x1b[31m\');'
    found = compared("schema", made(tmp_path, "", odd))
    assert paths(found) == ['a~1b "c" [x]']


def test_a_probe_of_schemas_can_fail(tmp_path: Path) -> None:
    found = compared("schema", made(tmp_path, SHOP, SHOP), proving=True)
    assert missed(found) == []
    assert found.proof is not None and len(found.proof.planted) >= 20
    assert {planted.key for planted in found.proof.planted} >= {
        "dropped-table", "dropped-column", "renamed-column", "added-column", "changed-type", "changed-default",
        "changed-null", "dropped-index", "changed-index", "dropped-constraint", "missing-migration",
    }  # fmt: skip


def test_a_file_that_is_no_database_costs_its_probe(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP, SHOP)
    (folder / "staging.db").write_bytes(b"no database" * 100)
    run = compared("schema", folder).run
    assert run.state == "error"
    assert run.why.startswith("staging: the file cannot be read as a SQLite database")


def test_databases_that_hang_keep_nobody_else_from_looking(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    made(tmp_path, SHOP, SHOP)
    looked: list[str] = []
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        hanging = f"postgresql://127.0.0.1:{listening.getsockname()[1]}/shop"
        urls = {"hanging": hanging, "staging": "sqlite:staging.db", "production": "sqlite:production.db"}
        sources = [
            Source(key=key, kind="sql", config=SqlConfig(url=url, timeout="5min"))
            for key, url in urls.items()
        ]
        both = {"staging": "hanging", "production": "hanging"}
        waiting = [probe("schema", both, key=f"hangs-{number}", timeout="5min") for number in range(12)]
        quick = probe(
            "schema", {"staging": "staging", "production": "production"}, key="quick", timeout="5min"
        )
        jobs = [Job(probe=one, environment="staging", against="production") for one in (*waiting, quick)]
        finished = run(
            Running(
                jobs=tuple(jobs),
                sources=tuple(sources),
                root=tmp_path,
                clock=Clock(fixed=AT, real=lambda: AT),
                secrets=Secrets(allow=True, environ={}),
                hide=HIDE.again,
                on_ran=lambda found: looked.append(found.run.probe),
                cancelled=lambda: bool(looked),
                kinds=KINDS,
            )
        )
    assert (looked, finished) == (["quick"], False)


def test_a_schema_that_is_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_PARAMETERS", 100)
    columns = ", ".join(f"c{number} INT NOT NULL" for number in range(40))
    run = compared("schema", made(tmp_path, f"CREATE TABLE t ({columns})", "")).run
    assert run.state == "error"
    assert "more than 100 parameters" in run.why
