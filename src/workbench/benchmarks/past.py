"""What the record holds of a benchmark from before: earlier values, the last good release's, samples."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec

from workbench.benchmarks import measurements, samples
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.pinned import PinnedBaseline
from workbench.model.histograms import Histogram
from workbench.model.quantity import Unit
from workbench.record import Record
from workbench.statistics.noise import DIFFERENCES


class Subject(msgspec.Struct, frozen=True):
    """Whose measurements are looked for: a benchmark's in an environment; ``unit`` is the benchmark's."""

    key: str
    environment: str | None
    unit: Unit


class Past:
    """The record as far as it goes back from a candidate; read only by what asks for it.

    ``good`` gives the candidates of good releases, oldest first, and ``let_past`` those candidates
    for whose release a benchmark was overridden.  Answers measured after ``until`` are not there yet, where
    one looks back.  ``began`` says when a benchmark's present phase began, and ``pinned`` gives what was pinned
    for a benchmark under a name.  Of the benchmarks in ``charted`` the points of their charts are read at once.
    Where ``many`` are judged, those that were compared often are found at once.
    """

    def __init__(
        self,
        record: Record,
        *,
        candidate: str | None,
        now: datetime,
        good: Callable[[], Sequence[str]],
        let_past: Callable[[str], Set[str]],
        until: datetime | None = None,
        charted: Collection[str] = (),
        many: bool = False,
        began: Callable[[str], datetime | None] = lambda key: None,
        pinned: Callable[[str, str], PinnedBaseline | None] = lambda key, name: None,
    ) -> None:
        self._record = record
        self._candidate = candidate
        self.now = now
        self._find_good = good
        self._let_past = let_past
        self._until = until
        self._charted = frozenset(charted)
        self._many = many
        self.began = began
        self.pinned = pinned
        self._latest: dict[tuple[str, str], Measurement | None] = {}
        self._baselines: dict[str, Sequence[Measurement]] = {}

    @cached_property
    def _good_candidates(self) -> Sequence[str]:
        return self._find_good()

    @cached_property
    def _looks(self) -> Mapping[str, Sequence[Measurement]]:
        return measurements.looks(self._record, self._candidate, self.now)

    def looks(self, key: str, value: Measurement) -> list[tuple[Measurement, Measurement | None]]:
        """The values that the candidate had up to this one, as they were recorded, each with its baseline of then.

        There are none for what was measured once.
        """
        measured = self._looks.get(key)
        if measured is None:
            return []
        items = [item for item in measured if item.batch <= value.batch]
        beside = [item for item in items if item.role == "baseline"]
        batches = [item.batch for item in beside]
        found = []
        for item in items:
            if item.role == "value":
                place = bisect_right(batches, item.batch)
                found.append((item, beside[place - 1] if place else None))
        return found

    def baselines(self, key: str) -> Sequence[Measurement]:
        """What it was compared with up to now, oldest first; nothing where that was too seldom to say how large noise is."""
        if key not in self._baselines:
            often = self._is_often_compared(key)
            self._baselines[key] = measurements.baselines_of(self._record, key, self.now) if often else ()
        return self._baselines[key]

    def _is_often_compared(self, key: str) -> bool:
        if self._many:
            return key in self._often_compared
        return measurements.is_often_compared(self._record, key, DIFFERENCES)

    @cached_property
    def _often_compared(self) -> Set[str]:
        return measurements.often_compared(self._record, DIFFERENCES)

    def latest(self, key: str, role: str) -> Measurement | None:
        """The last answer that counts, whichever the candidate."""
        if (key, role) not in self._latest:
            self._latest[key, role] = measurements.latest_of_any(self._record, key, role, self._until)
        return self._latest[key, role]

    def good(self, subject: Subject, until: datetime | None = None) -> list[Measurement]:
        """The latest value that each good release had, oldest release first, without those let past."""
        newest: dict[str | None, Measurement] = {}
        for item in self.earlier(subject, until):
            newest.setdefault(item.candidate, item)
        return [newest[candidate] for candidate in self._good_candidates if candidate in newest]

    def earlier(self, subject: Subject, until: datetime | None = None) -> list[Measurement]:
        """The values of other candidates in the same environment up to a moment, now unless said, newest first.

        What was invalidated, could not be measured, or was let past is left out, and so is what was measured
        before the benchmark's present phase.
        """
        return self._read(subject, until, {self._candidate, *self._let_past(subject.key)})

    def points(self, subject: Subject, until: datetime | None = None) -> list[Measurement]:
        """The same with nothing but what a chart needs; of many charts all are read at once."""
        if subject.key not in self._charted:
            return self.earlier(subject, until)
        left_out, began = {self._candidate, *self._let_past(subject.key)}, self.began(subject.key)
        ends = min(until, self.now) if until else self.now
        found = (
            item
            for item in self._points.get((subject.key, subject.environment), ())
            if item.candidate not in left_out
            and item.measured_at <= ends
            and (began is None or item.measured_at >= began)
        )
        return list(islice(found, measurements.MOST_EARLIER))

    @cached_property
    def _points(self) -> Mapping[tuple[str, str | None], Sequence[Measurement]]:
        return measurements.points(self._record, self._charted, self.now)

    def first(self, subject: Subject, length: timedelta) -> list[Measurement]:
        """The values of any candidate in the first stretch of time that the environment was measured, the oldest first.

        The phase's first, where a new one has begun.
        """
        left_out = self._let_past(subject.key)
        first = self._read(subject, None, left_out, oldest_first=True, limit=1)
        if not first:
            return []
        ends = first[0].measured_at + length
        return self._read(subject, ends, left_out, oldest_first=True, limit=2000)

    def _read(
        self, subject: Subject, until: datetime | None, left_out: Set[str | None], **asked: Any
    ) -> list[Measurement]:
        return measurements.earlier(
            self._record,
            subject.key,
            environment=subject.environment,
            since=self.began(subject.key),
            until=min(until, self.now) if until else self.now,
            left_out=left_out,
            **asked,
        )

    def samples(self, measurement: Measurement | None) -> Sequence[float]:
        """The samples behind a value in the measurement's unit; none where the record has none."""
        return samples.samples(self._record, measurement) if measurement is not None else ()

    def histogram(self, measurement: Measurement | None) -> Histogram | None:
        """The histogram behind a value in the measurement's unit; ``None`` where the record has none."""
        return samples.histogram(self._record, measurement) if measurement is not None else None
