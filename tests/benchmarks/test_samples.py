"""Samples come back from the record as they were measured, or not at all."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workbench.benchmarks import measurements, samples
from workbench.benchmarks.measurements import Measurement
from workbench.model.errors import RecordError
from workbench.model.histograms import Histogram
from workbench.model.times import Clock
from workbench.record import Author, Record
from workbench.sources.reading import Batch, Reading

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLOCK = Clock(real=lambda: NOW)
AUTHOR = Author(actor="kim", identity="asserted by --as", os_user="kim")
NUMBERS = array("d", [0.25, 0.1, 0.4, 0.0, -1.5])


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    path = tmp_path / "record.db"
    with Record.create(path, measurements.ENTITIES, project="shop", author=AUTHOR, clock=CLOCK) as made:
        yield made


def kept(record: Record, **fields: Any) -> Measurement:
    reading = Reading(
        subject="p95", source="files", role="value", state="ok", measured_at=NOW, value=Decimal(1), **fields
    )
    batch = Batch(source="files", asked_at=NOW, readings=(reading,))
    change, blobs = measurements.batch_change(batch, release="r", candidate="c", now=NOW)
    record.commit([change], author=AUTHOR, clock=CLOCK, blobs=blobs)
    (found,) = measurements.latest(record, "c").values()
    return found


@pytest.mark.parametrize("basis", ["raw", "averaged"])
def test_samples_come_back(record: Record, basis: str) -> None:
    found = kept(record, data=NUMBERS.tobytes(), basis=basis)
    assert (found.basis, samples.samples(record, found)) == (basis, NUMBERS)
    assert samples.histogram(record, found) is None


def test_they_take_eight_bytes_each(record: Record) -> None:
    data = array("d", range(10_000)).tobytes()
    found = kept(record, data=data, basis="raw")
    ((size, stored),) = record.query("SELECT size, length(data) FROM blobs WHERE digest = ?", (found.data,))
    assert size == stored == 80_000


def test_a_histogram_comes_back(record: Record) -> None:
    histogram = Histogram((0.1, 0.2), (3.0, 4.0, 0.5))
    found = kept(record, data=msgspec.json.encode(histogram), basis="buckets")
    assert samples.histogram(record, found) == histogram
    assert list(samples.samples(record, found)) == []


def test_a_measurement_without_any_has_none(record: Record) -> None:
    found = kept(record)
    assert (found.data, found.basis, list(samples.samples(record, found))) == (None, "", [])


@pytest.mark.parametrize(
    ("data", "basis"),
    [
        (NUMBERS.tobytes()[:-1], "raw"),
        (array("d", [1.0, float("nan")]).tobytes(), "raw"),
        (array("d", [1.0, float("inf"), float("-inf")]).tobytes(), "raw"),
        (array("d", [float("nan")] * 10_000).tobytes(), "raw"),
        (b'{"bounds":[1],"counts":[1]}', "buckets"),
        (b"[]", "buckets"),
    ],
)
def test_what_no_source_of_ours_writes_is_not_believed(record: Record, data: bytes, basis: str) -> None:
    found = kept(record, data=data, basis=basis)
    read = samples.histogram if basis == "buckets" else samples.samples
    with pytest.raises(RecordError, match="samples of a measurement"):
        read(record, found)


def test_a_sum_beyond_any_number_is_no_damage(record: Record) -> None:
    large = array("d", [1e308, 1e308, -1.0])
    assert samples.samples(record, kept(record, data=large.tobytes(), basis="raw")) == large


def test_a_changed_byte_shows(record: Record) -> None:
    found = kept(record, data=NUMBERS.tobytes(), basis="raw")
    record._connection.execute("PRAGMA foreign_keys = OFF")
    record._connection.execute("UPDATE blobs SET data = zeroblob(size) WHERE digest = ?", (found.data,))
    with pytest.raises(RecordError, match="damaged"):
        samples.samples(record, found)
