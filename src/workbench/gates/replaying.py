"""What a benchmark says of builds that were measured before: by its rule of today, or by another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Context, Judged, judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.resolve import Resolved
from workbench.gates.judging import let_past, past_of
from workbench.record import Record
from workbench.releases import model as releases
from workbench.releases.model import Candidate, Held

MOST = 2000  # measurements of a benchmark that are looked back on, the newest


class Build(msgspec.Struct, frozen=True):
    """A candidate, by its id in the record, and its release."""

    id: str
    candidate: Candidate
    held: Held

    @property
    def name(self) -> str:
        """What people call it: ``2.14.0 rc2``."""
        return f"{self.held.release.version} {self.candidate.name}"


class Replayed(msgspec.Struct, frozen=True):
    """A build that was measured, with the verdict on what was measured last of it.

    ``at`` is when that was; ``overridden`` says that its release was let past this benchmark.
    """

    build: Build
    at: datetime
    judged: Judged
    overridden: bool


def builds_of(record: Record) -> dict[str, Build]:
    """Every candidate of the record by its id."""
    return {
        row.id: Build(row.id, candidate, held)
        for held in releases.all_releases(record)
        for row, candidate in held.candidates
    }


def replay(
    record: Record,
    resolved: Resolved,
    *,
    now: datetime,
    demonstration: bool,
    builds: Mapping[str, Build] | None = None,
) -> list[Replayed]:
    """The verdict on each build that was measured up to now, the earliest first.

    Each is judged as of its measurement: with the baseline that was measured beside it, and with
    the history that there was then.  Nothing is asked and nothing is written.
    """
    known = builds_of(record) if builds is None else builds
    overridden = let_past(record, resolved.key)
    found = []
    for ident, readings in _by_candidate(record, resolved.key, now).items():
        value, build = readings.get((resolved.key, "value")), known.get(ident)
        if value is None or build is None:
            continue
        at = max(item.measured_at for item in readings.values())
        context = Context(
            now=at,
            candidate=ident,
            commit=build.candidate.commit,
            demonstration=demonstration,
            readings=readings,
            past=past_of(record, build.held, ident, at),
        )
        found.append(Replayed(build, value.measured_at, judged(resolved, context), ident in overridden))
    return sorted(found, key=lambda item: (item.at, item.build.id))


Readings = dict[tuple[str, str], Measurement]


def _by_candidate(record: Record, subject: str, now: datetime) -> dict[str, Readings]:
    """What counts of each candidate: of its values and of its baselines those that were recorded last."""
    found: dict[str, Readings] = {}
    for item in sorted(_valid(record, subject, now), key=lambda item: (item.batch, item.n)):
        found.setdefault(item.candidate or "", {})[subject, item.role] = item
    return found


def _valid(record: Record, subject: str, now: datetime) -> Iterator[Measurement]:
    history: Iterable[tuple[Measurement, object]] = measurements.history(record, subject, MOST)
    return (item for item, gone in history if gone is None and item.measured_at <= now)
