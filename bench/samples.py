"""Samples in the record: what they take, and what their figures cost when they are read from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy

from bench.large import AUTHOR, SEED
from bench.measuring import Row, paired
from bench.setting import Setting
from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.samples import samples
from workbench.model.times import Clock
from workbench.record import Record
from workbench.sources.reading import Batch, Reading
from workbench.statistics.percentiles import percentiles
from workbench.usecases.nouns import NOUNS

BATCHES, EACH = 100, 1_000_000


def rows(setting: Setting) -> Iterator[Row]:
    """The size of a record with many samples; percentiles and limits of the samples of one measurement."""
    path = setting.folder / "samples.db"
    clock = Clock(real=lambda: setting.now)
    chance = numpy.random.default_rng(SEED)
    with Record.create(path, NOUNS, project="large", author=AUTHOR, clock=clock) as record:
        for number in range(BATCHES):
            _keep(record, setting, clock, number, chance.lognormal(0, 0.6, EACH).astype("<f8").tobytes())
        record.query("PRAGMA wal_checkpoint(TRUNCATE)")
        bare = BATCHES * EACH * 8
        size = sum(file.stat().st_size for file in path.parent.glob("samples.db*"))
        yield Row(
            name="samples-size",
            what=f"{BATCHES} batches of {EACH:,} samples in the record",
            peer="8 bytes for each",
            measured=size / bare,
            target=1.05,
            times=f"{size / 1e6:.0f} MB / {bare / 1e6:.0f} MB",
        )
        (measurement,) = measurements.latest(record, "c0").values()
        yield _figures(record, measurement)
    path.unlink()


def _keep(record: Record, setting: Setting, clock: Clock, number: int, data: bytes) -> None:
    reading = Reading(
        subject="p95", source="files", role="value", state="ok", measured_at=setting.now,
        value=Decimal(1), unit="s", data=data, basis="raw",
    )  # fmt: skip
    batch = Batch(source="files", asked_at=setting.now, readings=(reading,))
    at = setting.now + timedelta(milliseconds=number)
    change, blobs = measurements.batch_change(batch, release="r", candidate=f"c{number}", now=at)
    record.commit([change], author=AUTHOR, clock=clock, blobs=blobs)


def _figures(record: Record, measurement: Measurement) -> Row:
    in_memory = numpy.array(samples(record, measurement))

    def ours() -> None:
        numbers = numpy.asarray(samples(record, measurement))
        percentiles(numbers, (50, 95, 99))
        _limits(numbers)

    def theirs() -> None:
        numpy.percentile(in_memory, (50, 95, 99))
        _limits(in_memory)

    return paired(ours, theirs).row(
        "percentiles",
        f"p50, p95, p99 and control limits over {EACH:,} stored samples, digest checked",
        "numpy alone on an array in memory",
        2.0,
    )


def _limits(numbers: numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]]) -> tuple[float, float]:
    centre, sigma = float(numbers.mean()), float(numbers.std(ddof=1))
    return centre - 3 * sigma, centre + 3 * sigma
