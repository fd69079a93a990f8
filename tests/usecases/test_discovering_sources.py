"""Two databases and two addresses that a folder or a project has twice are asked what differs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.docs.test_first_probes import IN_PRODUCTION, IN_STAGING, service

from workbench.usecases.project import Options
from workbench.usecases.rendering import discover_in
from workbench.usecases.trusting import agree, look


def database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_two_database_files_are_compared_by_their_schema(tmp_path: Path) -> None:
    database(tmp_path / "staging.db", "CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT)")
    database(
        tmp_path / "production.db", "CREATE TABLE orders (id INTEGER PRIMARY KEY, total TEXT, coupon TEXT)"
    )
    found = discover_in(tmp_path, Options())
    (one,) = found.proposals
    assert (one.title, one.staging, one.production) == (
        "the column orders.coupon is missing in staging", None, "TEXT",
    )  # fmt: skip
    assert one.where == ("production.db",)
    assert found.equal > 3


def test_equal_databases_have_no_difference(tmp_path: Path) -> None:
    for name in ("shop-staging.sqlite", "shop-prod.sqlite"):
        database(tmp_path / name, "CREATE TABLE orders (id INTEGER PRIMARY KEY)")
    found = discover_in(tmp_path, Options())
    assert (found.proposals, len(found.compared)) == ((), 1)


def test_what_is_no_database_is_told_and_costs_only_itself(tmp_path: Path) -> None:
    for name in ("staging.db", "production.db"):
        (tmp_path / name).write_bytes(b"no database at all, only text")
    (tmp_path / ".env.staging").write_text("A=1\n")
    (tmp_path / ".env.production").write_text("A=2\n")
    found = discover_in(tmp_path, Options())
    assert [one.path for one in found.proposals] == [".env/A"]
    assert any("*.db" in note for note in found.notes)


def test_two_addresses_of_a_project_are_asked_once_somebody_agreed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    shop = tmp_path / "shop"
    shop.mkdir()
    staging = {"/": (200, {"name": "shop"})} | IN_STAGING
    production = {"/": (200, {"name": "shop", "region": "eu"})} | IN_PRODUCTION
    with closing(service(staging)) as ours, closing(service(production)) as theirs:
        (shop / "workbench.yaml").write_text(
            "project: shop\nsources:\n"
            f"  - {{key: shop-staging, kind: http, url: '{ours.url}'}}\n"
            f"  - {{key: shop-production, kind: http, url: '{theirs.url}'}}\n"
        )
        options = Options(project=shop)
        before = discover_in(shop, options)
        assert before.proposals == ()
        assert any("workbench trust" in note for note in before.notes)
        agree(look(options))
        (one,) = discover_in(shop, options).proposals
    assert (one.staging, one.production, one.where) == (None, "string", ("shop-production",))
