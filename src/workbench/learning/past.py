"""What happened, as far as anything is learnt from it: made of the record, told without it.

Moments are aware; hours are hours of a clock.  Each thing keeps the id that the record has for it, so that a
figure can name what it counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.model.money import Money

Known = Literal["yes", "no", "unknown"]


class Went(msgspec.Struct, frozen=True, kw_only=True):
    """A release that went out, by its shipment.

    ``built_at`` is when the commit that went out was made, or else its build, as far as anybody knows.  ``watched_until`` is the end of its
    watching, ``rolled_back_at`` when it was rolled back.  ``passed`` says that every gate had passed, ``excepted``
    names what was let past then, by id.  ``skipped_staging`` says that it went out without having been there.
    """

    id: str
    version: str
    kind: Literal["regular", "hotfix", "rollback"] = "regular"
    at: datetime
    watched_until: datetime
    built_at: datetime | None = None
    rolled_back_at: datetime | None = None
    follows: str = ""
    passed: bool = True
    excepted: tuple[str, ...] = ()
    skipped_staging: bool = False

    @property
    def spoke_for(self) -> bool:
        """Whether staging said that it is fine: all gates passed, without any exception."""
        return self.passed and not self.excepted and not self.skipped_staging


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """What a review found; "" and "unknown" where nobody has said."""

    id: str
    contributed: Known = "unknown"
    differences: tuple[str, ...] = ()
    would_catch: Known = "unknown"
    why_not: str = ""
    surprise: str = ""
    lacking: str = ""
    caused_by_release: Known = "unknown"
    runbook_worked: str = ""
    hours: Decimal | None = None
    cost: Money | None = None


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """An incident; ``at`` is when it began, as early as anybody said.

    ``left`` says why it counts in nothing, ``mistake`` or ``merged``; "" for one that counts.
    """

    id: str
    title: str
    at: datetime
    production: bool
    release: str = ""
    severity: str = ""
    flows: tuple[str, ...] = ()
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    closed_at: datetime | None = None
    left: str = ""
    lesson: Lesson | None = None

    @property
    def escaped(self) -> bool:
        """Whether it is an incident in production that counts."""
        return self.production and not self.left

    @property
    def by_release(self) -> bool:
        """Whether a release is to be blamed for it: it names one, and no review says that something else was the cause."""
        return bool(self.release) and (self.lesson is None or self.lesson.caused_by_release != "no")


class FailedTest(msgspec.Struct, frozen=True, kw_only=True):
    """A test run that failed for a build in staging, and what its review found; ``at`` is when it was reviewed."""

    id: str
    at: datetime
    release: str = ""
    source: str = ""
    lesson: Lesson


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """Something stopped a release, and a person said whether it was right to: a catch, or a false alarm."""

    id: str
    at: datetime
    caught: bool
    part: str
    title: str = ""
    benchmark: str = ""
    release: str = ""
    hours: Decimal | None = None


class Drilled(msgspec.Struct, frozen=True, kw_only=True):
    """A drill that ended, or a runbook that was executed ``in_earnest``, in an incident."""

    id: str
    at: datetime
    runbook: str
    result: Literal["worked", "failed", "stopped"]
    in_earnest: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something held a release up: from when, until when, why, and whose it was.

    ``cause`` is what kind of thing it was, ``part`` which one, ``source`` where its word came from, ``team`` who
    had to clear it; "" where nobody was named.  It has not ended where ``until`` is ``None``.
    """

    id: str
    release: str
    version: str = ""
    cause: str
    part: str
    title: str = ""
    source: str = ""
    team: str = ""
    since: datetime
    until: datetime | None = None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The last value of a benchmark for a release that went out, and whether it met its limit."""

    id: str
    benchmark: str
    release: str
    value: Decimal
    met: bool


class Benchmarked(msgspec.Struct, frozen=True, kw_only=True):
    """A benchmark as it is today; ``limit`` is what it accepts, in its own words, ``better`` which way is better."""

    key: str
    title: str
    flow: str = ""
    unit: str = ""
    better: str = "lower"
    limit: str = ""


class Tolerated(msgspec.Struct, frozen=True):
    """How many incidents in production a team can live with, in so long a time."""

    incidents: int
    within: timedelta


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """All that anything is learnt from, as it is known at the moment ``now``.

    ``since`` and ``until`` bound it: what went out, began or was said from ``since`` on and before ``until``
    (:func:`workbench.learning.period.within` leaves out the rest); without them it is everything.  ``too_many`` is the
    number of measured values where there are so many that none of them was looked back on.
    """

    now: datetime
    zone: tzinfo
    since: datetime | None = None
    until: datetime | None = None
    releases: tuple[Went, ...] = ()
    incidents: tuple[Happened, ...] = ()
    tests: tuple[FailedTest, ...] = ()
    stops: tuple[Stop, ...] = ()
    drills: tuple[Drilled, ...] = ()
    held: tuple[Held, ...] = ()
    benchmarks: tuple[Benchmarked, ...] = ()
    judged: tuple[Judged, ...] = ()
    differences: tuple[tuple[str, str], ...] = ()
    tolerated: Tolerated | None = None
    too_many: int = 0
