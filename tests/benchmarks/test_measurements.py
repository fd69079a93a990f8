"""A reading keeps every field on its way into the record and out again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.model.times import Clock
from workbench.record import Author, Blob, Record
from workbench.sources.reading import Batch, Reading

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUTHOR = Author(actor="kim", identity="asserted by --as", os_user="kim")
FULL = Reading(
    subject="checkout-p95",
    source="metrics",
    role="value",
    state="ok",
    measured_at=NOW,
    environment="staging",
    commit="a1b2c3d",
    value=Decimal("0.450"),
    unit="s",
    why="of two series",
    window="1h",
    samples=120,
    evidence=("aa", "bb"),
    partial="one of two servers",
    mark="manual",
    build="a1b2c3d4",
    facts={"green": "yes", "passed": 12},
    trend=b"\0" * 16,
    data=b"\0" * 8,
    basis="raw",
)
BARE = Reading(subject="checkout-p95", source="metrics", role="baseline", state="missing", measured_at=NOW)


def kept(path: Path, *readings: Reading) -> dict[tuple[str, str], Measurement]:
    clock = Clock(real=lambda: NOW)
    with Record.create(
        path / "record.db", measurements.ENTITIES, project="web-shop", author=AUTHOR, clock=clock
    ) as record:
        batch = Batch(source="metrics", asked_at=NOW, readings=readings)
        change, blobs = measurements.batch_change(batch, release="r", candidate="c", now=NOW)
        record.commit([change], author=AUTHOR, clock=clock, blobs=blobs)
        return measurements.latest(record, "c")


@pytest.mark.parametrize("reading", [FULL, BARE])
def test_every_field_comes_back(tmp_path: Path, reading: Reading) -> None:
    (found,) = kept(tmp_path, reading).values()
    same: dict[str, Any] = {
        name: getattr(reading, name)
        for name in set(reading.__struct_fields__) & set(found.__struct_fields__) - {"trend", "data"}
    }
    assert {name: getattr(found, name) for name in same} == same
    assert (found.n, found.candidate) == (0, "c")
    for name in ("trend", "data"):
        data = getattr(reading, name)
        assert getattr(found, name) == (Blob.of(data, "application/x-float64").digest if data else None)


def test_the_latest_is_what_was_recorded_last_in_whatever_order_it_arrived(tmp_path: Path) -> None:
    clock = Clock(real=lambda: NOW)
    with Record.create(
        tmp_path / "record.db", measurements.ENTITIES, project="shop", author=AUTHOR, clock=clock
    ) as record:
        for minutes, value in ((5, "2"), (0, "1")):  # another desk's, which arrives first, is the later one
            reading = msgspec.structs.replace(FULL, value=Decimal(value), trend=b"")
            change, _ = measurements.batch_change(
                Batch(source="metrics", asked_at=NOW, readings=(reading,)),
                release="r", candidate="c", now=NOW + timedelta(minutes=minutes),
            )  # fmt: skip
            record.commit([change], author=AUTHOR, clock=clock)
        (found,) = measurements.latest(record, "c").values()
        alone = measurements.latest_of_any(record, FULL.subject, FULL.role)
        assert alone and found.value == alone.value == Decimal("2")


def test_a_measurement_holds_what_a_reading_says() -> None:
    """What is added to a measurement comes from a reading of the same name."""
    own = {"batch", "n", "candidate"}
    assert set(Measurement.__struct_fields__) - own <= set(Reading.__struct_fields__)
    assert all(getattr(FULL, name) for name in FULL.__struct_fields__)


def test_nothing_measured_is_nothing_found(tmp_path: Path) -> None:
    assert kept(tmp_path) == {}
