"""What a benchmark says of builds that were measured before: by its rule of today, or by another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Context, Judged, judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.resolve import Resolved
from workbench.criteria import Verdict
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
    """A measured value with its verdict; ``build`` is ``None`` where no candidate was on record.

    ``at`` is when it was measured; ``overridden`` says that its release was let past this benchmark.
    """

    build: Build | None
    at: datetime
    judged: Judged
    overridden: bool

    @property
    def ref(self) -> str:
        """The measurement that was judged."""
        return self.judged.value.ref if self.judged.value else ""

    @property
    def met(self) -> bool | None:
        """Whether the rule was met, perhaps with a warning; ``None`` where nothing could be judged."""
        verdict = self.judged.verdict
        return verdict is not Verdict.FAIL if verdict in (Verdict.PASS, Verdict.WARN, Verdict.FAIL) else None


def builds_of(record: Record) -> dict[str, Build]:
    """Every candidate of the record by its id."""
    return {
        row.id: Build(row.id, candidate, held)
        for held in releases.all_releases(record)
        for row, candidate in held.candidates
    }


def replayed(
    record: Record,
    resolved: Resolved,
    *,
    now: datetime,
    demonstration: bool,
    last_of_each: bool = False,
    builds: Mapping[str, Build] | None = None,
) -> Iterator[Replayed]:
    """The verdict on each value that was measured up to now, the newest first, one after the other.

    Each is judged as of its measurement: with the baseline that was measured beside it, and with
    the history that there was then.  ``last_of_each`` leaves out what a later value of the same build
    stands for.  ``builds`` are those of the record, for who asks about many benchmarks.  Nothing is asked
    and nothing is written.
    """
    known = builds_of(record) if builds is None else builds
    overridden = let_past(record, resolved.key)
    seen: set[str | None] = set()
    for readings in _newest_first(record, resolved.key, now):
        value = readings[resolved.key, "value"]
        if last_of_each and value.candidate in seen:
            continue
        seen.add(value.candidate)
        build = known.get(value.candidate or "")
        at = max(item.measured_at for item in readings.values())
        context = Context(
            now=at,
            candidate=value.candidate,
            commit=build.candidate.commit if build else None,
            demonstration=demonstration,
            readings=readings,
            past=past_of(record, build.held if build else None, value.candidate, at, looking_back=True),
        )
        verdict = judged(resolved, context)
        yield Replayed(build, value.measured_at, verdict, value.candidate in overridden)


Readings = Mapping[tuple[str, str], Measurement]


def _newest_first(record: Record, subject: str, now: datetime) -> list[Readings]:
    """Each value that counts with the baseline that was measured beside it, for the same build if there is one."""
    history = measurements.history(record, subject, MOST)
    valid = [item for item, gone in history if gone is None and item.measured_at <= now]
    baselines = [item for item in valid if item.role == "baseline"]
    values = (item for item in valid if item.role == "value")
    return [{(subject, item.role): item for item in (value, *_beside(value, baselines))} for value in values]


def _beside(value: Measurement, baselines: Sequence[Measurement]) -> Sequence[Measurement]:
    """The baseline measured nearest to a value for the same build, or else the last one before it, if any."""
    own = [item for item in baselines if item.candidate == value.candidate]
    if own:
        return (min(own, key=lambda item: abs(item.measured_at - value.measured_at)),)
    return [item for item in baselines if item.measured_at <= value.measured_at][:1]
