"""What the record holds of a benchmark from before: earlier values, the last good release's, samples."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import datetime
from functools import cached_property

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.measurements import Measurement
from workbench.model.quantity import Unit
from workbench.record import Record


class Subject(msgspec.Struct, frozen=True):
    """Whose measurements are looked for: a benchmark's in an environment; ``unit`` is the benchmark's."""

    key: str
    environment: str | None
    unit: Unit


class Past:
    """The record as far as it goes back from a candidate; read only by what asks for it.

    ``last_good`` gives the candidate of the last good release, and ``let_past`` those candidates
    for whose release a benchmark was overridden.
    """

    def __init__(
        self,
        record: Record,
        *,
        candidate: str | None,
        now: datetime,
        last_good: Callable[[], str | None],
        let_past: Callable[[str], Set[str]],
    ) -> None:
        self._record = record
        self._candidate = candidate
        self._now = now
        self._find_last_good = last_good
        self._let_past = let_past
        self._latest: dict[tuple[str, str], Measurement | None] = {}

    @cached_property
    def _last_good(self) -> str | None:
        return self._find_last_good()

    @cached_property
    def _of_last_good(self) -> dict[tuple[str, str], Measurement]:
        return measurements.latest(self._record, self._last_good)

    def latest(self, key: str, role: str) -> Measurement | None:
        """The last answer that counts, whichever the candidate."""
        if (key, role) not in self._latest:
            self._latest[key, role] = measurements.latest_of_any(self._record, key, role)
        return self._latest[key, role]

    def last_good(self, subject: Subject) -> Measurement | None:
        """The value that the last good release had, unless it was let past."""
        if self._last_good is None or self._last_good in self._let_past(subject.key):
            return None
        return self._of_last_good.get((subject.key, "value"))

    def earlier(self, subject: Subject) -> list[Measurement]:
        """The values of other candidates in the same environment up to now, newest first.

        What was invalidated, could not be measured, or was let past is left out.
        """
        left_out = {self._candidate, *self._let_past(subject.key)}
        return measurements.earlier(
            self._record, subject.key, environment=subject.environment, until=self._now, left_out=left_out
        )

    def samples(self, measurement: Measurement | None) -> tuple[float, ...]:
        """The samples behind a value, one for each slice of time, in the measurement's unit."""
        return measurements.samples(self._record, measurement) if measurement is not None else ()
