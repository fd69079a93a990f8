"""What two databases hold, compared by figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.probes.asking import probe
from tests.probes.databases import change, compared, made, missed, paths

from workbench.probes.figures import percent, share_of, shares_differ
from workbench.probes.personal import is_personal, named_personal

SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, total NUMERIC, placed DATETIME, status TEXT, gift BOOLEAN, coupon TEXT, email TEXT);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO orders SELECT i, (i * 7919 % 1000) / 10.0, date('2026-01-01', '+' || (i % 300) || ' days'),
  CASE WHEN i % 10 < 7 THEN 'paid' WHEN i % 10 < 9 THEN 'sent' ELSE 'lost' END, i % 2 = 0,
  CASE WHEN i % 5 = 0 THEN 'C' || (i % 3) END, 'person' || i || '@mail.example' FROM n;
"""
VALUES = {"values": ["orders.status"]}


def differing(tmp_path: Path, staging: str, config: dict[str, Any] = VALUES) -> list[str]:
    return paths(compared("data_profile", made(tmp_path, SHOP + staging, SHOP), config))


def test_equal_data_has_no_difference(tmp_path: Path) -> None:
    found = compared("data_profile", made(tmp_path, SHOP, SHOP), {**VALUES, "rows": ["orders"]}, twice=True)
    assert (paths(found), found.run.noise) == ([], ())
    (score,) = found.run.scores
    assert (score.key, score.value) == ("data_profile", 1)


@pytest.mark.parametrize(
    ("staging", "expected"),
    [
        ("UPDATE orders SET coupon = NULL WHERE id % 10 = 0", ["orders/coupon/null"]),
        ("UPDATE orders SET coupon = NULL", ["orders/coupon/null"]),
        ("UPDATE orders SET total = 5000 WHERE id = 7", ["orders/total/highest"]),
        ("UPDATE orders SET placed = '2024-01-01' WHERE id = 7", ["orders/placed/earliest"]),
        ("UPDATE orders SET gift = 1", ["orders/gift/true"]),
        (
            "UPDATE orders SET coupon = 'a coupon with a long text' WHERE id = 5",
            ["orders/coupon/distinct", "orders/coupon/longest"],
        ),
        ("DROP TABLE orders", ["orders"]),
        ("ALTER TABLE orders DROP COLUMN coupon", ["orders/coupon"]),
        ("CREATE TABLE more (a)", ["more"]),
        ("DELETE FROM orders WHERE id % 5 = 1", ["orders/rows"]),
    ],
)
def test_each_figure_that_differs_is_found(tmp_path: Path, staging: str, expected: list[str]) -> None:
    assert differing(tmp_path, staging, {}) == expected


def test_values_that_are_missing_or_more_frequent(tmp_path: Path) -> None:
    found = differing(tmp_path, "UPDATE orders SET status = 'paid' WHERE status = 'lost'")
    assert "orders/status/value lost" in found
    assert "orders/status/value sent" not in found


def test_a_fair_sample_differs_in_its_size_alone(tmp_path: Path) -> None:
    assert differing(tmp_path, "DELETE FROM orders WHERE id % 4 <> (id / 40) % 4") == ["orders/rows"]


def test_counts_and_ranges_may_be_apart_as_far_as_is_said(tmp_path: Path) -> None:
    fewer = "DELETE FROM orders WHERE id % 5 = 1"
    assert differing(tmp_path, fewer, {"within": "10%"}) == ["orders/rows"]
    assert paths(compared("data_profile", tmp_path, {"within": "25%"})) == []


def test_a_table_row_for_row_by_checksums(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP + "UPDATE orders SET email = 'x' WHERE id IN (3, 500)", SHOP)
    rows = {"rows": ["orders"]}
    assert "orders/content" not in paths(compared("data_profile", folder))
    told = change(compared("data_profile", folder, rows), "orders/content")
    assert told.title == "the rows of orders are not the same: they differ in 2 of 1,024 segments"
    assert told.gap == 2


def test_rows_in_another_order_are_the_same(tmp_path: Path) -> None:
    one = "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'), (2, 'y');"
    other = "CREATE TABLE t (b, a); INSERT INTO t VALUES ('y', 2), ('x', 1);"
    assert paths(compared("data_profile", made(tmp_path, other, one), {"rows": ["t"]})) == []


@pytest.mark.parametrize("key", ["id INTEGER PRIMARY KEY", "id INT PRIMARY KEY", "id TEXT PRIMARY KEY", "id"])
def test_rows_of_tables_with_every_sort_of_key(tmp_path: Path, key: str) -> None:
    ids = (-(2**63), -5, 0, 255, 256, 10**15, 2**63 - 1)
    table = f"CREATE TABLE t ({key}, v); INSERT INTO t VALUES " + ", ".join(f"({id}, 'v')" for id in ids)
    only_rows = {"rows": ["t"], "figures": False}
    folder = made(tmp_path, table, table)
    assert paths(compared("data_profile", folder, only_rows)) == []
    for change_it in (f"UPDATE t SET v = 'w' WHERE id = {ids[-1]}", f"DELETE FROM t WHERE id = {ids[0]}"):
        (folder / "staging.db").unlink()
        (folder / "production.db").unlink()
        made(folder, f"{table}; {change_it}", table)
        assert paths(compared("data_profile", folder, only_rows)) == ["t/content"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x'00ff'", "x'00fe'"),
        ("x'00'", "x'0000'"),
        ("1", "'1'"),
        ("NULL", "''"),
        ("'a'", "'A'"),
        ("0.5", "0.25"),
    ],
)
def test_rows_that_differ_in_one_value(tmp_path: Path, one: str, other: str) -> None:
    table = "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, {}), (700, 5)"
    only_rows = {"rows": ["t"], "figures": False}
    found = compared("data_profile", made(tmp_path, table.format(one), table.format(other)), only_rows)
    assert change(found, "t/content").title.endswith("they differ in 1 of 1,024 segments")


def test_an_empty_table_is_compared_and_an_absent_one_is_not(tmp_path: Path) -> None:
    folder = made(tmp_path, SHOP + "DELETE FROM orders", SHOP)
    only_rows = {"rows": ["orders"], "figures": False}
    assert paths(compared("data_profile", folder, only_rows)) == ["orders/content"]
    run = compared("data_profile", folder, {"rows": ["orders", "absent"]}).run
    assert "there is no table absent to compare the rows of" in run.why


def test_no_value_of_a_person_is_read(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    config = {"values": ["orders.email", "orders.status"], "personal": ["orders.coupon"]}
    found = compared("data_profile", made(tmp_path, SHOP, SHOP), config, record_to=kept)
    everything = repr(found) + "".join(path.read_text() for path in kept.rglob("*.json"))
    assert "mail.example" not in everything
    assert "orders/email/longest" not in everything
    assert "orders/coupon/longest" not in everything
    assert "value paid" in everything


def test_a_probe_of_data_can_fail(tmp_path: Path) -> None:
    found = compared("data_profile", made(tmp_path, SHOP, SHOP), {**VALUES, "rows": ["orders"]}, proving=True)
    assert missed(found) == []
    assert found.proof is not None
    assert {planted.key for planted in found.proof.planted} == {
        "row-count", "null-share", "value-range", "key-distribution", "missing-column", "missing-value", "changed-row",
    }  # fmt: skip


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="is no share"):
        probe("data_profile", {"staging": "a", "production": "b", "within": "much"})


@pytest.mark.parametrize(("text", "share"), [("10%", "0.1"), ("0.25", "0.25"), (" 5 % ", "0.05"), ("0", "0")])
def test_shares_are_read(text: str, share: str) -> None:
    assert share_of(text) == Decimal(share)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ((20, 1000), (20, 1000), False),
        ((20, 1000), (29, 1000), False),  # within a point
        ((20, 1000), (80, 1000), True),
        ((10, 500), (4_000, 200_000), False),
        ((15, 500), (4_000, 200_000), False),  # chance
        ((0, 500), (4_000, 200_000), True),
        ((0, 50), (4_000, 200_000), False),  # none among 50 is chance
        ((0, 500), (0, 500), False),
        ((500, 500), (200_000, 200_000), False),
        ((0, 500), (200_000, 200_000), True),
        ((0, 0), (5, 10), False),
    ],
)
def test_shares_differ_beyond_chance(one: tuple[int, int], other: tuple[int, int], differ: bool) -> None:
    assert shares_differ(*one, *other) is differ
    assert shares_differ(*other, *one) is differ


def test_shares_are_written_short() -> None:
    assert [percent(1, 4), percent(1, 3), percent(0, 5), percent(5, 5), percent(1, 100_000), percent(0, 0)] == [
        "25 %", "33.33 %", "0 %", "100 %", "0.001 %", "0 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "e_mail",
        "customer_email",
        "emailAddress",
        "firstName",
        "birth_date",
        "dob",
        "IBAN",
        "phone",
        "card_number",
    ],
)
def test_names_of_personal_columns(name: str) -> None:
    assert named_personal(name)


@pytest.mark.parametrize(
    "name", ["id", "total", "status", "country", "placed", "emailed_at_count", "name", "pinned"]
)
def test_names_of_other_columns(name: str) -> None:
    assert not named_personal(name)


def test_columns_are_declared_personal() -> None:
    assert is_personal("customers", "note", ["customers.*"])
    assert not is_personal("orders", "note", ["customers.*"])
