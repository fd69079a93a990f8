"""Reviews of benchmarks: how often a person looks whether one still asks for the right thing, and when that was.

A review says: I have looked at its limit, its false alarms and what it missed.  It changes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.defaults import PER_RELEASE, REVIEWS
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.times import day_text, from_text, to_text
from workbench.record import Change, Column, EntityKind, Record, Titles

EVERYTHING = ""
"""What stands for the tiers and limits as a whole, where a benchmark's key stands otherwise."""
AS_A_WHOLE = "tiers and limits as a whole"
WHOLE_CADENCE = "quarterly"


class BenchmarkReview(msgspec.Struct, frozen=True, kw_only=True):
    """A person reviewed a benchmark, while working on a release; an empty ``benchmark`` is all tiers and limits."""

    benchmark: str
    by: str
    at: datetime
    release: str = ""
    note: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("benchmark", ""))
    return (titles("benchmark", key) or key) if key else AS_A_WHOLE


ENTITIES = (
    EntityKind(
        "benchmark_review",
        BenchmarkReview,
        columns=(Column("benchmark"), Column("at"), Column("release")),
        indexes=("benchmark, at",),
        thing="",
        title=_title,
        judged=True,
        excerpt=True,
    ),
)


def reviewed(review: BenchmarkReview) -> Change:
    """The change that says: this benchmark was reviewed."""
    return Change("benchmark_review", new_id(review.at), "reviewed", plain(review))


def last_reviews(record: Record, until: datetime) -> dict[str, BenchmarkReview]:
    """The last review of each benchmark up to a moment, by its key."""
    found: dict[str, BenchmarkReview] = {}
    for row in record.all("benchmark_review", order="at, id"):
        review = row.decode(BenchmarkReview)
        if review.at <= until:
            found[review.benchmark] = review
    return found


def first_measured(
    record: Record, keys: Sequence[str], before: datetime | None = None
) -> dict[str, datetime]:
    """When each of some benchmarks was measured first; left out are those that never were, or never ``before`` a moment."""
    if not keys:
        return {}
    rows = record.query(
        "SELECT subject, min(measured_at) FROM measurement WHERE role = 'value' "
        f"{'AND measured_at < ?' if before else ''} "
        "AND subject IN (SELECT value FROM json_each(?)) GROUP BY subject",
        (*([to_text(before)] if before else ()), msgspec.json.encode(keys).decode()),
    )
    return {str(key): from_text(str(at)) for key, at in rows}


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """How the review of a benchmark stands.

    ``last`` is the last one; ``at`` the moment at which the next is due, ``None`` where that depends on a
    release or nothing was ever measured.  ``now`` says that it has to be reviewed for the release in hand,
    ``overdue`` that its time has passed.
    """

    benchmark: str
    cadence: str
    last: BenchmarkReview | None = None
    at: datetime | None = None
    now: bool = False
    overdue: bool = False

    @property
    def words(self) -> str:
        """Why it is due; "" where it is not."""
        if not (self.now or self.overdue):
            return ""
        if self.last is None:
            return f"never reviewed, due {self.cadence}"
        if self.cadence == PER_RELEASE:
            return (
                "a release went out since its last review"
                if self.overdue
                else "not reviewed for this release"
            )
        return f"due {self.cadence}"

    def said(self, zone: tzinfo) -> str:
        """The same for a form, which also says when it is due next."""
        if self.words:
            return self.words
        if self.at is not None:
            return f"{self.cadence}, next on {day_text(self.at, zone)}"
        if self.cadence == PER_RELEASE and self.last is not None:
            return "already reviewed for this release"
        return f"{self.cadence}, once it is measured"


def due_of(
    benchmark: str,
    cadence: str,
    last: BenchmarkReview | None,
    first: datetime | None,
    *,
    release: str,
    shipped: datetime | None,
    now: datetime,
) -> Due:
    """How a review stands ``now``, for a ``release``.

    ``first`` is when the benchmark was measured first: before that there is nothing to review.  ``shipped`` is when the last release went out.
    """
    since = last.at if last is not None else first
    if since is None:
        return Due(benchmark=benchmark, cadence=cadence)
    period = REVIEWS.get(cadence)
    if period is None:
        missed = shipped is not None and since < shipped
        asked = last is None or last.release != release
        return Due(benchmark=benchmark, cadence=cadence, last=last, now=asked, overdue=asked and missed)
    late = now > since + period
    return Due(benchmark=benchmark, cadence=cadence, last=last, at=since + period, now=late, overdue=late)


def overdue_since(cadences: Iterable[str], shipped: datetime | None, now: datetime) -> datetime | None:
    """Only what was reviewed, or measured first, before this moment can be overdue; ``None`` where nothing can."""
    periods = (REVIEWS.get(cadence) for cadence in set(cadences))
    moments = [shipped if period is None else now - period for period in periods]
    return max(filter(None, moments), default=None)
