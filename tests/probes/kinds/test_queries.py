"""The same queries asked of two databases: their plans, their answers, and how fresh the data is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.probes.databases import change, compared, made, missed, paths
from tests.sources.support import AT

from workbench.definitions.shapes import Project, Source
from workbench.model.errors import SourceError
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.query_plans.steps import read_plan
from workbench.probes.running import Ran

SHOP = """
CREATE TABLE rates (country TEXT PRIMARY KEY, vat NUMERIC, since DATE);
INSERT INTO rates VALUES ('DE', 19, '2021-01-01'), ('FR', 20.0, '2014-01-01'), ('IT', 22, '2013-10-01');
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, email TEXT, placed DATETIME);
CREATE INDEX by_customer ON orders (customer);
INSERT INTO orders VALUES (1, 7, 'ann@mail.example', '2026-11-20 11:00:00'), (2, 7, 'bob@mail.example', '2026-11-20 10:00:00');
"""
QUERIES = {
    "rates": "SELECT country, vat FROM rates",
    "orders": "SELECT count(*) AS orders FROM orders",
    "people": "SELECT id, email FROM orders",
}


def asked(folder: Path, queries: dict[str, str] = QUERIES, **more: Any) -> Ran:
    config = {"queries": queries, "show": True, **more.pop("config", {})}
    return compared("same_queries", folder, config, **more)


def test_equal_answers_have_no_difference(tmp_path: Path) -> None:
    found = asked(made(tmp_path, SHOP, SHOP), twice=True)
    assert paths(found) == []
    (score,) = found.run.scores
    assert (score.key, score.value, score.of, score.limit) == ("data_consistency", 1, 3, Decimal("0.95"))


def test_a_value_that_differs_stands_at_its_row_and_column(tmp_path: Path) -> None:
    found = asked(made(tmp_path, SHOP + "UPDATE rates SET vat = 16 WHERE country = 'DE'", SHOP))
    assert paths(found) == ["rates/DE/vat"]
    told = change(found, "rates/DE/vat")
    assert (told.staging, told.production, told.gap) == ("16", "19", Decimal("0.157895"))
    assert found.run.scores[0].value == Decimal("0.666667")
    assert "rates" in found.run.scores[0].words


def test_a_row_that_only_one_side_has(tmp_path: Path) -> None:
    found = asked(made(tmp_path, SHOP + "DELETE FROM rates WHERE country = 'IT'", SHOP))
    assert paths(found) == ["rates/IT/vat", "rates/rows"]
    assert change(found, "rates/IT/vat").title == "rates: vat of IT is on one side only"


def test_the_same_number_written_otherwise_is_the_same(tmp_path: Path) -> None:
    other = SHOP.replace("19,", "19.0,").replace("20.0,", "20,")
    assert paths(asked(made(tmp_path, other, SHOP))) == []


def test_the_last_digits_of_a_sum_do_not_count(tmp_path: Path) -> None:
    numbers = "CREATE TABLE n (i INTEGER PRIMARY KEY, x REAL); INSERT INTO n VALUES "
    folder = made(
        tmp_path, numbers + "(1, 0.1), (2, 0.2), (3, 0.3)", numbers + "(1, 0.3), (2, 0.2), (3, 0.1)"
    )
    assert paths(asked(folder, {"sum": "SELECT sum(x) AS sum FROM n"})) == []


def test_order_counts_only_where_it_is_asked_for(tmp_path: Path) -> None:
    other = SHOP.replace(
        "('DE', 19, '2021-01-01'), ('FR', 20.0, '2014-01-01')",
        "('FR', 20.0, '2014-01-01'), ('DE', 19, '2021-01-01')",
    )
    by_row = {"rates": "SELECT country, vat FROM rates ORDER BY rowid"}
    folder = made(tmp_path, other, SHOP)
    assert paths(asked(folder, by_row)) == []
    assert paths(asked(folder, by_row, config={"ordered": ["rates"]})) == ["rates/DE/place", "rates/FR/place"]


def test_a_long_answer_is_compared_as_a_whole(tmp_path: Path) -> None:
    long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, i = (SELECT vat FROM rates WHERE country = 'DE') FROM n"
    found = asked(
        made(tmp_path, SHOP + "UPDATE rates SET vat = 16 WHERE country = 'DE'", SHOP), {"long": long}
    )
    assert paths(found) == ["long/content"]


def test_texts_are_fingerprints_unless_they_may_be_seen(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    found = asked(
        made(tmp_path, SHOP + "UPDATE orders SET email = 'eve@mail.example' WHERE id = 1", SHOP),
        {"codes": "SELECT country FROM rates", **QUERIES},
        config={"show": False},
        record_to=kept,
    )
    assert paths(found) == ["people/1/email"]
    assert change(found, "people/1/email").secret
    everything = repr(found) + "".join(path.read_text() for path in kept.rglob("*.json"))
    assert "mail.example" not in everything and '"DE"' not in everything
    replayed = asked(tmp_path, QUERIES, config={"show": False}, replay=kept)
    assert paths(replayed) == ["people/1/email"]


def test_a_personal_column_is_hidden_even_where_texts_may_be_seen(tmp_path: Path) -> None:
    found = asked(made(tmp_path, SHOP + "UPDATE orders SET email = 'eve@mail.example' WHERE id = 1", SHOP))
    assert "mail.example" not in repr(found)
    assert paths(found) == ["people/1/email"]


def test_a_query_may_stand_in_a_file(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP, SHOP + "DELETE FROM orders WHERE id = 1")
    (folder / "queries").mkdir()
    (folder / "queries" / "how-many.sql").write_text("SELECT count(*) AS orders FROM orders;\n")
    found = compared("same_queries", folder, {"files": "queries/*.sql"})
    assert paths(found) == ["how-many/orders"]


@pytest.mark.parametrize("kind", ["same_queries", "query_plans"])
def test_a_query_that_writes_or_is_wrong_costs_its_probe(tmp_path: Path, kind: str) -> None:
    folder = made(tmp_path, SHOP, SHOP)
    for query, why in (
        ("DELETE FROM rates", "this is DELETE"),
        ("SELECT absent FROM rates", "no such column"),
    ):
        run = compared(kind, folder, {"queries": {"bad": query}}).run
        assert run.state == "error"
        assert why in run.why and "query bad" in run.why


@pytest.mark.parametrize("kind", ["same_queries", "query_plans"])
def test_check_says_what_cannot_be_asked(kind: str) -> None:
    config = KINDS[kind].config
    empty = config(staging="a", production="b")  # type: ignore[call-arg]
    writing = config(staging="a", production="b", queries={"bad": "DROP TABLE t"})  # type: ignore[call-arg]
    assert [doubt.error for doubt in KINDS[kind].doubts(empty, None)] == [True]
    assert [doubt.what[:4] for doubt in KINDS[kind].doubts(writing, None)] == ["bad:"]


def test_a_probe_of_answers_can_fail(tmp_path: Path) -> None:
    found = asked(made(tmp_path, SHOP, SHOP), proving=True)
    assert missed(found) == []
    assert found.proof is not None
    assert {planted.key for planted in found.proof.planted} == {"other-value", "missing-row", "more-rows"}


PLANS = {"queries": {"of-customer": "SELECT * FROM orders WHERE customer = 7"}}


def test_equal_plans_have_no_difference(tmp_path: Path) -> None:
    found = compared("query_plans", made(tmp_path, SHOP, SHOP), PLANS, proving=True)
    assert (paths(found), missed(found)) == ([], [])
    assert found.run.scores[0].value == 1


def test_a_plan_that_differs_says_both(tmp_path: Path) -> None:
    found = compared("query_plans", made(tmp_path, SHOP + "DROP INDEX by_customer", SHOP), PLANS)
    told = change(found, "of-customer")
    assert (told.staging, told.production) == (
        "SCAN orders",
        "SEARCH orders USING INDEX by_customer (customer=?)",
    )
    assert found.run.scores[0].value == 0


def test_a_plan_of_postgresql_in_a_line() -> None:
    plan = b"""[{"Plan": {"Node Type": "Aggregate", "Strategy": "Hashed", "Total Cost": 9.5, "Plans": [
      {"Node Type": "Hash Join", "Join Type": "Left", "Plans": [
        {"Node Type": "Seq Scan", "Relation Name": "orders", "Plan Rows": 7},
        {"Node Type": "Index Scan", "Relation Name": "customers", "Index Name": "customers_pkey"}]}]}}]"""
    assert read_plan(plan, "q") == (
        "Hashed Aggregate (Hash Join left (Seq Scan on orders, Index Scan by customers_pkey on customers))",
        ("customers", "orders"),
    )


@pytest.mark.parametrize(
    "plan", [b"", b"[]", b"{}", b"[{}]", b'[{"Plan": {}}]', b'[{"Plan": []}]', b"\xff", b"[" * 10_000]
)
def test_a_garbled_plan_is_said(plan: bytes) -> None:
    with pytest.raises(SourceError, match="garbled"):
        read_plan(plan, "q")


FRESH = {"columns": ["orders.placed"], "within": "24h"}


def test_fresh_data_passes_and_says_how_old_it_is(tmp_path: Path) -> None:
    found = compared("freshness", made(tmp_path, SHOP, SHOP), FRESH, proving=True)
    assert (paths(found), missed(found)) == ([], [])
    (score,) = found.run.scores
    assert (score.key, score.value, score.unit, score.limit, score.better) == (
        "data_freshness",
        0,
        "h",
        24,
        "lower",
    )


def test_data_that_is_older_than_it_may_be(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP + "UPDATE orders SET placed = '2026-11-18 11:00:00'", SHOP)
    told = change(compared("freshness", folder, FRESH), "orders.placed")
    assert (told.staging, told.production) == ("2026-11-18 11:00 UTC", "2026-11-20 11:00 UTC")
    assert told.title == "orders.placed is more than 24h behind production"
    assert told.gap == 48
    assert paths(compared("freshness", folder, {**FRESH, "within": "3d"})) == []


def test_without_production_data_is_compared_with_now(tmp_path: Path) -> None:
    assert AT.hour == 12
    folder = made(tmp_path, SHOP, "")
    alone = {**FRESH, "production": None}
    assert paths(compared("freshness", folder, {**alone, "within": "2h"})) == []
    found = compared("freshness", folder, {**alone, "within": "30min"}, proving=True)
    assert change(found, "orders.placed").title == "orders.placed is more than 30min old"
    assert change(found, "orders.placed").production == "at most 30min old"
    assert missed(found) == []


def test_no_row_is_not_fresh(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP + "DELETE FROM orders", SHOP)
    found = compared("freshness", folder, FRESH)
    assert change(found, "orders.placed").staging == "no row"
    assert found.run.scores == ()


def test_a_moment_may_be_written_in_several_ways(tmp_path: Path) -> None:
    seconds = int((AT - timedelta(hours=1)).timestamp())
    for text in (f"{seconds}", f"{seconds}000", "'2026-11-20'", "'2026-11-20T13:00:00+02:00'"):
        queries = {"newest": f"SELECT {text}"}
        found = compared("freshness", made(tmp_path, "", ""), {"queries": queries, "production": None})
        assert paths(found) == []
        (tmp_path / "staging.db").unlink(), (tmp_path / "production.db").unlink()
    run = compared("freshness", made(tmp_path, "", ""), {"queries": {"newest": "SELECT 'soon'"}}).run
    assert "“soon” is no moment" in run.why


def test_data_that_grows_fast_is_told(tmp_path: Path) -> None:
    old = "INSERT INTO orders SELECT i + 100, 1, '', '2026-01-01' FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n)"
    found = compared("freshness", made(tmp_path, SHOP, SHOP + old), FRESH)
    assert found.run.notes == ("orders grew by 2.0 % in the last day: refresh staging more often",)


@pytest.mark.parametrize(
    "kind", ["schema", "data_profile", "masking", "query_plans", "same_queries", "freshness", "patterns"]
)
def test_check_says_that_two_databases_are_needed(kind: str) -> None:
    fields: dict[str, Any] = {
        "masking": {"columns": ["t.c"]},
        "query_plans": {"queries": {"q": "SELECT 1"}},
        "same_queries": {"queries": {"q": "SELECT 1"}},
        "freshness": {"columns": ["t.c"]},
        "patterns": {"patterns": [{"table": "t", "of": "c"}]},
    }
    project = Project(project="p", sources=[Source(key="web", kind="http"), Source(key="db", kind="sql")])

    def doubts(staging: str, production: str) -> list[str]:
        config = msgspec.convert(
            {"staging": staging, "production": production, **fields.get(kind, {})}, KINDS[kind].config
        )
        return [doubt.what for doubt in KINDS[kind].doubts(config, project)]

    assert doubts("db", "other") == []
    assert doubts("web", "db") == ["web is a source of kind http, and a database is needed"]
    assert doubts("db", "db") == ["both environments are the same source: nothing could ever differ"]


def test_check_says_what_freshness_cannot_ask() -> None:
    kind = KINDS["freshness"]
    assert [doubt.field for doubt in kind.doubts(kind.config(staging="a"), None)] == ["columns"]  # type: ignore[call-arg]
    wrong = kind.config(staging="a", columns=["placed"])  # type: ignore[call-arg]
    assert [doubt.hint for doubt in kind.doubts(wrong, None)] == ["write table.column"]
