"""A small project with a history, for pictures and tests: four releases, a build every day or two, one benchmark.

Its numbers come from a fixed seed.  The last builds are slower than those before, so that a run rule fires.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.benchmarks import measurements
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Outcome, Release
from workbench.sources.reading import Batch, Reading
from workbench.usecases import deciding
from workbench.usecases.context import Context, commit
from workbench.usecases.importing import start_record
from workbench.usecases.opening import create_record, open_context, with_record
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.soundness import note_end

BEGIN = datetime(2026, 8, 18, 9, 0, tzinfo=UTC)
FILE = """\
project: web-shop
title: Web shop
timezone: Europe/Amsterdam
people:
  - {key: robin, name: Robin, roles: [release-owner]}
  - {key: sam, name: Sam, roles: [product-owner]}
environments:
  - {key: production, kind: production}
  - {key: staging, kind: staging}
sources:
  - {key: typed, kind: manual}
start_from: {flows: flows.csv}
gates:
  - key: benchmarks
    title: Benchmarks
    requires: [{benchmarks: {}}]
benchmarks:
  - key: checkout-p95
    title: Checkout p95
    flow: checkout
    dimension: latency_consistency
    measure: {source: typed, unit: s, window: 1h}
    better: lower
    pass: in control
    run_rules: {western_electric: warn}
    mode: blocking
    about: A checkout that gets slower from build to build loses customers long before it breaks.
  - key: checkout-samples
    title: Checkout answers as production does
    flow: checkout
    dimension: latency_consistency
    measure: {source: typed, unit: s, window: 1h}
    better: lower
    pass: not worse than baseline by 25%
    mode: advisory
"""
# How many builds each release had, and its usual p95 in seconds.
RELEASES = (("2.11.0", 6, 0.45), ("2.12.0", 7, 0.45), ("2.13.0", 6, 0.45), ("2.14.0", 5, 0.50))
_INVALID, _SAMPLES = 9, 900


def make(root: Path) -> Path:
    """The project in a fresh folder with its record; returns the folder."""
    root.mkdir(parents=True)
    (root / "workbench.yaml").write_text(FILE, encoding="utf-8")
    (root / "flows.csv").write_text("key,name,tier\ncheckout,Checkout,critical\n", encoding="utf-8")
    moments = list(_moments())
    end = moments[-1] + timedelta(minutes=20)
    options = Options(project=root, as_person="robin", now=end)
    _, definitions = read_definitions(options)
    with create_record(
        root,
        root / ".workbench" / "record.db",
        definitions,
        options,
        demonstration=end,
        fill=lambda record: start_record(with_record(root, definitions, record, options)),
    ) as record:
        note_end(with_record(root, definitions, record, options))
    (root / ".workbench" / "person").write_text("robin\n", encoding="utf-8")
    context = open_context(Options(project=root))
    try:
        _fill(context, moments)
    finally:
        context.record.close()
    return root


def _moments() -> Iterator[datetime]:
    """When each build was made: a day or two after the one before."""
    chance = random.Random(7)
    at = BEGIN
    for _ in range(sum(count for _, count, _ in RELEASES)):
        yield at
        at += timedelta(hours=chance.choice((22, 26, 47)))


def _at(context: Context, moment: datetime) -> Context:
    clock = msgspec.structs.replace(context.clock, fixed=moment)
    return msgspec.structs.replace(context, clock=clock, demonstration=moment)


def _fill(context: Context, moments: list[datetime]) -> None:
    chance, number, previous = random.Random(11), 0, None
    for version, count, usual in RELEASES:
        then = _at(context, moments[number])
        commit(then, [releases.new_release(Release(version=version, previous=previous), then.now)])
        for _ in range(count):
            then = _at(context, moments[number])
            held = releases.find(context.record, version)
            sha = f"{chance.getrandbits(160):040x}"
            commit(
                then, [releases.new_candidate(held, Candidate(release="", number=0, commit=sha), then.now)]
            )
            _measure(_at(context, moments[number] + timedelta(minutes=10)), version, chance, usual, number)
            number += 1
        held, previous = releases.find(context.record, version), version
        if version != RELEASES[-1][0]:
            then = _at(context, moments[number - 1] + timedelta(hours=3))
            change = releases.conclude(
                held, Outcome.SHIPPED, by="robin", at=then.now, run=None, reason="it passed"
            )
            commit(then, [change])


def _measure(then: Context, version: str, chance: random.Random, usual: float, number: int) -> None:
    held = releases.find(then.record, version)
    value = chance.gauss(usual, 0.02) if number != _INVALID else 0.91
    readings = [_reading(then, "checkout-p95", "value", f"{value:.3f}")]
    if version == RELEASES[-1][0]:
        for role, median in (("value", 0.31), ("baseline", 0.27)):
            samples = [chance.lognormvariate(0, 0.35) * median for _ in range(_SAMPLES)]
            data = struct.pack(f"<{len(samples)}d", *samples)
            reading = _reading(then, "checkout-samples", role, f"{sorted(samples)[_SAMPLES // 2]:.3f}")
            readings.append(msgspec.structs.replace(reading, data=data, basis="raw", samples=_SAMPLES))
    batch = Batch(source="typed", asked_at=then.now, readings=tuple(readings), blobs=())
    change, kept = measurements.batch_change(
        batch, release=held.id, candidate=held.candidate_id, now=then.record.moment(then.clock)
    )
    commit(then, [change], blobs=kept)
    if number == _INVALID:
        deciding.invalidate(then, f"{change.id}/0", "The load test ran at the same time")


def _reading(then: Context, subject: str, role: str, value: str) -> Reading:
    return Reading(
        subject=subject,
        source="typed",
        role="baseline" if role == "baseline" else "value",
        state="ok",
        value=Decimal(value),
        unit="s",
        window="1h",
        measured_at=then.now,
        environment="production" if role == "baseline" else "staging",
        facts={},
    )
