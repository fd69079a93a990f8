"""Which patterns of production staging lacks, and what of production's people it holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.probes.databases import change, compared, made, missed, paths

from workbench.definitions.shapes import Severity
from workbench.probes.kinds import KINDS
from workbench.probes.kinds.masking.telling import domain_of, is_card, is_reserved, luhn

ORDERS = "CREATE TABLE orders (id INTEGER PRIMARY KEY, country TEXT, coupon TEXT, email TEXT);"
PRODUCTION = (
    ORDERS
    + """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
INSERT INTO orders SELECT i, CASE WHEN i <= 70 THEN 'DE' WHEN i <= 95 THEN 'FR' ELSE 'IT' END,
  CASE WHEN i % 10 = 0 THEN 'C' END, 'p' || i FROM n;
"""
)
STAGING = (
    ORDERS + "INSERT INTO orders VALUES (1, 'DE', NULL, 'a'), (2, 'FR', NULL, 'b'), (3, 'AT', NULL, 'c');"
)
PATTERNS = {"patterns": [{"table": "orders", "of": "country"}, {"table": "orders", "of": "coupon IS NULL"}]}


def test_missing_patterns_are_listed_by_weight(tmp_path: Path) -> None:
    found = compared("patterns", made(tmp_path, STAGING, PRODUCTION), PATTERNS)
    assert paths(found) == ["orders/coupon IS NULL/0", "orders/country/IT"]
    told = change(found, "orders/country/IT")
    assert (told.staging, told.production, told.gap) == (None, "5 of 100 rows (5 %)", Decimal("0.05"))
    (score,) = found.run.scores
    assert (score.key, score.value, score.of) == ("pattern_coverage", Decimal("0.925"), 200)


def test_patterns_that_cover_enough_pass(tmp_path: Path) -> None:
    folder = made(tmp_path, STAGING, PRODUCTION)
    assert paths(compared("patterns", folder, {**PATTERNS, "at_least": "95%"})) == ["orders/coupon IS NULL/0"]
    assert paths(compared("patterns", folder, {**PATTERNS, "at_least": "90%"})) == []


@pytest.mark.parametrize("least", ["100%", "95%", "50%", "1%"])
def test_a_probe_of_patterns_can_fail(tmp_path: Path, least: str) -> None:
    found = compared(
        "patterns", made(tmp_path, PRODUCTION, PRODUCTION), {**PATTERNS, "at_least": least}, proving=True
    )
    assert (paths(found), missed(found)) == ([], [])


def test_a_pattern_of_a_person_is_a_fingerprint(tmp_path: Path) -> None:
    folder = made(tmp_path, STAGING, PRODUCTION)
    for of in ("email", "lower(email) || '!'"):
        found = compared("patterns", folder, {"patterns": [{"table": "orders", "of": of}]})
        assert len(paths(found)) == 100
        assert "p77" not in repr(found)
    yes_or_no = compared("patterns", folder, {"patterns": [{"table": "orders", "of": "email = 'p77'"}]})
    assert paths(yes_or_no) == ["orders/email = 'p77'/1"]


def test_an_expression_cannot_do_more_than_read(tmp_path: Path) -> None:
    for of in ("1) FROM orders; DELETE FROM orders; --", "load_extension('x')", "nothing"):
        run = compared(
            "patterns", made(tmp_path, STAGING, PRODUCTION), {"patterns": [{"table": "orders", "of": of}]}
        ).run
        assert run.state == "error"
        assert f"query orders: {of}"[:20] in run.why
        (tmp_path / "staging.db").unlink(), (tmp_path / "production.db").unlink()


PEOPLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, card TEXT, phone TEXT);"
REAL = (
    PEOPLE
    + """INSERT INTO people VALUES (1, 'ann@gmail.com', '4111 1111 1111 1111', '+49 1'), (2, 'bob@web.de', '5500000000000004', '+49 2');"""
)
MASKED = (
    PEOPLE
    + "INSERT INTO people VALUES (1, 'm1@example.com', 'xxxx', '+00 1'), (2, 'm2@mail.test', '4111 1111 1111 1112', '+00 2');"
)
COLUMNS: dict[str, Any] = {"columns": ["people.email", "people.card", "people.phone"]}


def test_masked_data_passes(tmp_path: Path) -> None:
    found = compared("masking", made(tmp_path, MASKED, REAL), COLUMNS, proving=True)
    assert (paths(found), missed(found)) == ([], [])
    assert found.run.scores[0].value == 1
    assert found.proof is not None
    assert {planted.key for planted in found.proof.planted} == {"real-value", "real-domain", "card-number"}


@pytest.mark.parametrize(
    ("leak", "path"),
    [
        ("UPDATE people SET phone = '+49 2' WHERE id = 1", "people.phone/equal"),
        ("UPDATE people SET email = 'new@company.de' WHERE id = 1", "people.email/domains"),
        ("UPDATE people SET card = 'paid by 4242-4242-4242-4242' WHERE id = 1", "people.card/cards"),
    ],
)
def test_one_value_is_enough(tmp_path: Path, leak: str, path: str) -> None:
    found = compared("masking", made(tmp_path, MASKED + leak, REAL), COLUMNS)
    assert paths(found) == [path]
    told = change(found, path)
    assert told.staging is not None and told.staging.startswith("1 of 2 values")
    assert told.severity == Severity.HIGH


def test_no_value_is_kept_anywhere(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    found = compared("masking", made(tmp_path, REAL, REAL), COLUMNS, record_to=kept)
    assert len(paths(found)) == 5
    everything = repr(found) + "".join(path.read_text() for path in kept.rglob("*.json"))
    for value in ("ann@", "bob@", "4111", "5500", "+49"):
        assert value not in everything
    assert paths(compared("masking", tmp_path, COLUMNS, replay=kept)) == paths(found)


def test_a_domain_may_be_allowed_and_undeclared_columns_are_named(tmp_path: Path) -> None:
    config = {"columns": ["people.email"], "allowed_domains": ["Company.de"]}
    staging = MASKED + "UPDATE people SET email = 'new@shop.company.de' WHERE id = 1"
    found = compared("masking", made(tmp_path, staging, REAL), config)
    assert paths(found) == []
    assert found.run.notes == (
        "people.card is named like personal data and is not declared",
        "people.phone is named like personal data and is not declared",
    )


def test_a_column_that_is_not_there_costs_its_probe(tmp_path: Path) -> None:
    run = compared("masking", made(tmp_path, MASKED, REAL), {"columns": ["people.absent"]}).run
    assert run.state == "error"
    assert "query people.absent" in run.why


def test_check_says_that_a_column_names_no_table() -> None:
    kind = KINDS["masking"]
    assert [
        doubt.error
        for doubt in kind.doubts(kind.config(staging="a", production="b", columns=["email"]), None)
    ] == [True]  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("value", "card"),
    [
        ("4111111111111111", True),
        ("4111-1111-1111-1111", True),
        ("5500 0000 0000 0004", True),
        ("378282246310005", True),
        ("card 4111111111111111, thanks", True),
        ("4111111111111112", False),
        ("411111111111111", False),
        ("0000000000000000", False),
        ("41111111111111111111111", False),
        ("", False),
    ],
)
def test_card_numbers_are_told_by_their_check_digit(value: str, card: bool) -> None:
    assert is_card(value) is card


def test_luhn() -> None:
    assert luhn("79927398713") and not luhn("79927398714")


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("Ann <Ann@Mail.DE>", "mail.de"),
        ("ann@sub.example.com", "sub.example.com"),
        ("@home", None),
        ("a@", None),
        ("x" * 9_999, None),
    ],
)
def test_the_domain_of_a_mail_address(value: str, domain: str | None) -> None:
    assert domain_of(value) == domain


@pytest.mark.parametrize(
    ("domain", "reserved"),
    [
        ("example.com", True),
        ("a.example.org", True),
        ("notexample.com", False),
        ("shop.test", True),
        ("gmail.com", False),
    ],
)
def test_domains_kept_for_examples(domain: str, reserved: bool) -> None:
    assert is_reserved(domain, ()) is reserved
