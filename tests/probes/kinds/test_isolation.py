"""Nothing in staging can write to production, as far as its configuration tells; and the other way round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.probes.kinds.looking import look, put

from workbench.definitions.shapes import Category, Severity

STAGING = (
    "DB_PASSWORD=staging-hunter2\nPAYMENT_KEY_API_KEY=live-hunter2\nORDERS_URL=https://api.shop.example/orders\n"
    "OWN_URL=https://staging-api.shop.example/\nQUEUE=orders-prod\nEVENTS_HOST=kafka.production.internal:9092\n"
    "NODE_ENV=production\nMAPS_API_KEY=public-key-of-maps\n"
)
PRODUCTION = (
    "DB_PASSWORD=production-hunter2\nSTRIPE_SECRET=live-hunter2\nORDERS_URL=https://api.shop.example/orders\n"
    "CALLBACK_URL=https://hooks.staging.shop.example/\nMAPS_API_KEY=public-key-of-maps\n"
)


def looked(place: Path, staging: str = STAGING, production: str = PRODUCTION, **run: Any) -> Any:
    put(place, {"staging.env": staging, "production.env": production})
    return look(
        place,
        "isolation",
        staging="staging.env",
        production="production.env",
        endpoints=["api.shop.example", "orders-queue"],
        shared=["MAPS_API_KEY"],
        about_run=run,
    )


def test_what_crosses_over_is_told_and_what_each_has_of_its_own_is_not(tmp_path: Path) -> None:
    ran = looked(tmp_path)
    assert {change.path: change.staging for change in ran.changes} == {
        "*.env/PAYMENT_KEY_API_KEY": "the same secret as production",
        "*.env/ORDERS_URL": "https://api.shop.example/orders",
        "*.env/QUEUE": "orders-prod",
        "*.env/EVENTS_HOST": "kafka.production.internal:9092",
        "production/*.env/CALLBACK_URL": "hooks.staging.shop.example is staging's",
    }
    assert {(change.category, change.severity) for change in ran.changes} == {
        (Category.SECURITY, Severity.HIGH)
    }


def test_neither_a_secret_nor_its_fingerprint_is_told(tmp_path: Path) -> None:
    ran = looked(tmp_path)
    told = repr((ran.run, ran.changes))
    assert "hunter2" not in told and "secret-" not in told
    assert not any(b"hunter2" in blob.data for blob in ran.blobs)


def test_a_staging_of_its_own_passes(tmp_path: Path) -> None:
    ran = looked(
        tmp_path,
        "DB_PASSWORD=staging-hunter2\nURL=https://api.staging.shop.example\n",
        "DB_PASSWORD=other-one\n",
    )
    assert ran.run.state == "pass"


def test_every_credential_and_endpoint_that_is_planted_is_found(tmp_path: Path) -> None:
    production = (
        PRODUCTION
        + 'DATABASE_URL=postgres://app:pass\'word@db/x\nTLS_KEY="-----BEGIN PRIVATE KEY-----\nab\n"\n'
    )
    ran = looked(tmp_path, "A=1\n", production, proving=True)
    assert [one for one in ran.proof.planted if not one.found] == []
    assert [one.key for one in ran.proof.planted].count("credential") == 4
    assert [one.key for one in ran.proof.planted].count("endpoint") == 2
