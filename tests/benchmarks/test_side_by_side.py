"""Both environments in the same buckets, whatever each side has."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from workbench.benchmarks import measurements
from workbench.benchmarks.charted import Histograms
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.side_by_side import side_by_side
from workbench.model.floats import to_bytes
from workbench.model.histograms import Histogram
from workbench.model.quantity import find_unit
from workbench.model.times import Clock
from workbench.record import Author, Record
from workbench.sources.reading import Basis, Batch, Reading

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLOCK = Clock(real=lambda: NOW)
AUTHOR = Author(actor="kim", identity="asserted by --as", os_user="kim")
Side = list[float] | Histogram | None


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    path = tmp_path / "record.db"
    with Record.create(path, measurements.ENTITIES, project="shop", author=AUTHOR, clock=CLOCK) as made:
        yield made


def beside(record: Record, one: Side, other: Side, units: tuple[str, str] = ("s", "s")) -> Histograms | None:
    pair = [_kept(record, place, side, units[place]) for place, side in enumerate((one, other))]
    return side_by_side(record, pair[0], pair[1], find_unit("s"))


def _kept(record: Record, place: int, side: Side, unit: str) -> Measurement:
    basis: Basis = "buckets" if isinstance(side, Histogram) else "raw"
    data = msgspec.json.encode(side) if isinstance(side, Histogram) else to_bytes(array("d", side or ()))
    reading = Reading(
        subject=f"s{place}", source="files", role="value", state="ok", measured_at=NOW, value=Decimal(1),
        unit=unit, data=data or None, basis=basis,
    )  # fmt: skip
    batch = Batch(source="files", asked_at=NOW, readings=(reading,))
    at = NOW + timedelta(milliseconds=len(record.all("batch")))
    change, blobs = measurements.batch_change(batch, release="r", candidate="c", now=at)
    record.commit([change], author=AUTHOR, clock=CLOCK, blobs=blobs)
    return measurements.latest(record, "c")[f"s{place}", "value"]


def test_samples_are_counted_in_twenty_buckets_of_the_same_width(record: Record) -> None:
    found = beside(record, [0.0, 1.0, 2.0], [0.0, 2.0, 2.0])
    assert found is not None and len(found.edges) == 21
    assert (found.edges[0], found.edges[-1], found.basis) == (0.0, 2.0, "raw")
    assert found.overlap == pytest.approx(2 / 3)
    assert (found.staging_p50, found.staging_p95, found.production_p50) == (1.0, 1.9, 2.0)


def test_what_lies_far_out_has_one_bucket_of_its_own(record: Record) -> None:
    usual = [0.1 + n / 1000 for n in range(400)]
    found = beside(record, [*usual, 90.0], usual)
    assert found is not None and len(found.staging) == 21
    assert found.edges[-1] == 90 and found.edges[-2] < 0.6
    assert found.staging[-1] >= 1 and sum(found.staging) == 401


def test_the_same_in_another_unit_lies_exactly_over_it(record: Record) -> None:
    found = beside(record, [100.0, 200.0, 400.0], [0.1, 0.2, 0.4], ("ms", "s"))
    assert found is not None and found.overlap == 1


def test_buckets_stay_as_they_were_counted(record: Record) -> None:
    found = beside(record, Histogram((0.1, 0.2), (1, 2, 1)), Histogram((0.1, 0.2), (2, 2, 0)))
    assert found is not None
    assert found.edges == (0.0, 0.1, 0.2, 0.4)
    assert (found.staging, found.production) == ((1, 2, 1), (2, 2, 0))
    assert (found.overlap, found.basis) == (0.75, "buckets")
    assert found.staging_p50 == pytest.approx(0.15)


def test_of_different_buckets_the_bounds_that_both_have_are_left(record: Record) -> None:
    found = beside(record, Histogram((0.1, 0.2, 0.5), (1, 2, 3, 0)), Histogram((0.2, 0.3), (4, 1, 1)))
    assert found is not None
    assert found.edges == (0.0, 0.2, 0.4)
    assert (found.staging, found.production) == ((3, 3), (4, 2))


def test_samples_are_counted_in_the_buckets_of_the_other_side(record: Record) -> None:
    found = beside(record, [0.05, 0.1, 0.15, 0.9], Histogram((0.1, 0.2), (2, 2, 0)))
    assert found is not None
    assert (found.staging, found.production) == ((2, 1, 1), (2, 2, 0))  # 0.1 is in the bucket up to 0.1
    assert found.basis == "raw and buckets"


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, [1.0]), ([1.0], None), ([1.0], Histogram((1.0,), (0, 0)))],
)
def test_nothing_lies_beside_nothing(record: Record, one: Side, other: Side) -> None:
    assert beside(record, one, other) is None


def test_the_sides_are_called_by_their_environments(record: Record) -> None:
    canary, stable = (_kept(record, place, [1.0], "s") for place in (0, 1))
    canary, stable = (
        msgspec.structs.replace(one, environment=name)
        for one, name in ((canary, "canary"), (stable, "staging"))
    )
    found = side_by_side(record, canary, stable, find_unit("s"))
    assert found is not None and (found.own, found.other) == ("canary", "staging")
    same = side_by_side(record, canary, canary, find_unit("s"))
    assert same is not None and same.other == "baseline"


@pytest.mark.parametrize("constant", [0.0, 5.0, -3.0])
def test_constants(record: Record, constant: float) -> None:
    found = beside(record, [constant] * 3, [constant] * 5)
    assert found is not None and found.overlap == 1
    other = beside(record, [constant] * 3, [constant + 1] * 5)
    assert other is not None and other.overlap == 0


@pytest.mark.parametrize("count", [50, 200])
def test_equal_distributions_overlap_as_chance_would_have_it(record: Record, count: int) -> None:
    chance, found = random.Random(7), []
    for _ in range(40):
        sides = [[chance.gauss(0, 1) for _ in range(count)] for _ in range(2)]
        one = beside(record, *sides)
        assert one is not None and one.own_overlap is not None
        found.append((one.overlap, one.own_overlap))
    overlap, own = (sum(column) / len(found) for column in zip(*found, strict=True))
    assert overlap == pytest.approx({50: 0.72, 200: 0.85}[count], abs=0.03)
    assert own == pytest.approx(overlap, abs=0.04)
