"""What the record teaches: what happened is read from its nouns, and handed to the room that counts.

What benchmarks said of past releases, and what held them up, is read in :mod:`workbench.usecases.learning_measured`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from workbench.definitions.shapes import EnvironmentKind
from workbench.drills.model import DrillResult, all_drills
from workbench.gates.break_glass import BreakGlass
from workbench.gates.overrides import let_past_then
from workbench.gates.skipped import was_in_staging
from workbench.incidents.alarms import AlarmRuling, all_alarms
from workbench.incidents.model import Incident, all_incidents
from workbench.incidents.reviews import IncidentReview, all_reviews
from workbench.learning.past import Drilled, FailedTest, Happened, Lesson, Past, Stop, Tolerated, Went
from workbench.learning.period import Period, quarter_before, quarter_named, quarter_of, within
from workbench.learning.reading import Reading, read
from workbench.model.errors import UsageError
from workbench.model.money import read_money
from workbench.model.times import parse_duration
from workbench.record import Stored
from workbench.releases import model as releases
from workbench.releases.model import WATCH, Candidate, Outcome, Release
from workbench.releases.shipment import Shipment
from workbench.usecases.answer_times import Answered, read_answer_times
from workbench.usecases.context import Context
from workbench.usecases.learning_measured import with_measured
from workbench.usecases.predictions import Scored, read_predictions

_RESULTS: Mapping[DrillResult, Literal["worked", "failed", "stopped"]] = {
    DrillResult.WORKED: "worked", DrillResult.FAILED: "failed", DrillResult.STOPPED: "stopped",
}  # fmt: skip
_TESTS, _INCIDENTS = "test/", "incident/"


class Whole(msgspec.Struct, frozen=True):
    """All that the record says up to now, with the predictions that were made."""

    past: Past
    predicted: tuple[Scored, ...] = ()
    answered: tuple[Answered, ...] = ()

    def quarter(self, name: str = "") -> Period:
        """The quarter of that name, ``last`` or ``this``; ``UsageError`` for another, and for one that has not begun.

        Without one, the last that is over; the present one, where nothing had happened by then.
        """
        zone = self.past.zone
        now = quarter_of(self.past.now, zone)
        last = quarter_before(now, zone)
        match name.strip().lower():
            case "":
                moments = [one.at for one in self.past.releases] + [one.at for one in self.past.incidents]
                return last if any(at < last.until for at in moments) else now
            case "last":
                return last
            case "this":
                return now
            case _:
                named = quarter_named(name, zone)
        if named.since > self.past.now:
            raise UsageError(
                f"{named.key} has not begun, so that nothing of it can be told",
                hint=f"for example {last.key}",
            )
        return named


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to count: of a ``period``, or of all that ever happened."""

    reading: Reading
    period: Period | None = None
    predicted: tuple[Scored, ...] = ()
    answered: tuple[Answered, ...] = ()


def learn(context: Context, quarter: str = "") -> Learnt:
    """All that the record says up to now; or that part of it which belongs to a ``quarter``, by its name."""
    whole = read_whole(context)
    return learn_of(whole, whole.quarter(quarter) if quarter else None)


def read_whole(context: Context) -> Whole:
    """All of it, read once for several periods."""
    return Whole(
        with_measured(context, read_past(context)),
        tuple(read_predictions(context)),
        read_answer_times(context).answers,
    )


def learn_of(whole: Whole, period: Period | None = None) -> Learnt:
    """Everything, or what a period holds."""
    if period is None:
        return Learnt(reading=read(whole.past), predicted=whole.predicted, answered=whole.answered)
    ended = tuple(one for one in whole.predicted if period.holds(one.prediction.until))
    answered = tuple(one for one in whole.answered if period.holds(one.asked_at))
    reading = read(within(whole.past, period), whole.past)
    return Learnt(reading=reading, period=period, predicted=ended, answered=answered)


def read_past(context: Context) -> Past:
    """All that happened up to now, but for what benchmarks measured and what held releases up."""
    return Past(
        now=context.now,
        zone=context.zone,
        releases=tuple(_went_out(context)),
        incidents=tuple(_incidents(context)),
        tests=tuple(_failed_tests(context)),
        stops=tuple(_stops(context)),
        drills=tuple(_drills(context)),
        differences=tuple(_titles(context)),
        tolerated=_tolerated(context),
    )


def _tolerated(context: Context) -> Tolerated | None:
    said = context.definitions.project.tolerates
    return Tolerated(said.incidents, parse_duration(said.within)) if said else None


def _went_out(context: Context) -> Iterable[Went]:
    """Releases by their shipments, the earliest first; one that was not shipped after all did not go out."""
    record = context.record
    known = {held.id: held for held in releases.all_releases(record)}
    rows = [(row.id, row.decode(Shipment)) for row in record.all("shipment")]
    glass = {row.decode(BreakGlass).release: (row.id,) for row in record.all("break_glass")}
    for id, shipment in sorted(rows, key=lambda pair: (pair[1].at, pair[0])):
        held = known.get(id)
        if held is None or not shipment.stands or shipment.at > context.now:
            continue
        release = held.release
        build = next((one for row, one in held.candidates if row.id == shipment.candidate), None)
        yield Went(
            id=id,
            version=release.version,
            kind=release.kind.value,
            at=shipment.at,
            watched_until=shipment.at + WATCH,
            built_at=_made_at(build),
            rolled_back_at=_rolled_back(release, context.now),
            follows=release.previous or "",
            passed=shipment.through,
            excepted=(
                *let_past_then(record, id, context.definitions.project.people, shipment.at),
                *glass.get(id, ()),
            ),
            skipped_staging=not was_in_staging(record, held, context.definitions.project),
        )


def _rolled_back(release: Release, now: datetime) -> datetime | None:
    """When a release was rolled back, up to now."""
    at = release.outcome_at if release.outcome is Outcome.ROLLED_BACK else None
    return at if at is not None and at <= now else None


def _made_at(build: Candidate | None) -> datetime | None:
    """When the commit of a build was made, or else the build."""
    return build.committed_at or build.built_at if build else None


def _incidents(context: Context) -> Iterable[Happened]:
    """Incidents, by when they began."""
    lessons = all_reviews(context.record)
    found = [(row, value) for row, value in all_incidents(context.record) if value.began <= context.now]
    for row, value in sorted(found, key=lambda pair: (pair[1].began, pair[0].id)):
        review = lessons.get(f"{_INCIDENTS}{row.id}")
        yield Happened(
            id=row.id,
            title=value.title,
            at=value.began,
            production=in_production(context, value),
            release=value.release,
            severity=value.severity.value,
            flows=value.flows,
            detected_at=value.detected_at,
            mitigated_at=value.mitigated_at,
            closed_at=value.closed_at,
            left=value.ended.value if not value.counts else "",
            lesson=_lesson(*review) if review and review[1].at <= context.now else None,
        )


def in_production(context: Context, incident: Incident) -> bool:
    """Whether an incident happened in production, going by what its environment is; by its name where that is not known."""
    found = context.definitions.environment(incident.environment)
    kind = found.kind.value if found else incident.environment
    return kind == EnvironmentKind.PRODUCTION.value


def _lesson(row: Stored, review: IncidentReview) -> Lesson:
    return Lesson(
        id=row.id,
        contributed=review.contributed.value,
        differences=review.differences,
        would_catch=review.staging_would_catch.value,
        why_not=review.why_not.value,
        surprise=review.surprise.value,
        lacking=review.lacking.value,
        caused_by_release=review.caused_by_release.value,
        runbook_worked=review.runbook_worked.value,
        hours=review.hours,
        cost=read_money(review.cost),
    )


def _failed_tests(context: Context) -> Iterable[FailedTest]:
    """Failed tests that were reviewed, by when they were."""
    found = [pair for subject, pair in all_reviews(context.record).items() if subject.startswith(_TESTS)]
    for row, review in sorted(found, key=lambda pair: (pair[1].at, pair[0].id)):
        release, _, rest = review.subject.removeprefix(_TESTS).partition("/")
        if review.at <= context.now:
            yield FailedTest(
                id=row.id,
                at=review.at,
                release=release,
                source=rest.partition("/")[2],
                lesson=_lesson(row, review),
            )


def _stops(context: Context) -> Iterable[Stop]:
    """What people said of what stopped them; whoever says something else of one stop replaces it."""
    for row, value in all_alarms(context.record):
        if value.at <= context.now:
            yield Stop(
                id=row.id,
                at=value.at,
                caught=value.ruling is AlarmRuling.CATCH,
                part=value.part,
                title=value.title,
                benchmark=value.part.removeprefix("benchmark/")
                if value.part.startswith("benchmark/")
                else "",
                release=value.release,
                hours=value.hours,
            )


def _drills(context: Context) -> Iterable[Drilled]:
    """Drills that have ended, by when they did."""
    found = [
        (value.ended_at or value.started_at, row.id, value)
        for row, value in all_drills(context.record)
        if value.result is not DrillResult.RUNNING
    ]
    for at, id, value in sorted(found, key=lambda each: each[:2]):
        if at <= context.now:
            yield Drilled(
                id=id,
                at=at,
                runbook=value.runbook,
                result=_RESULTS[value.result],
                in_earnest=bool(value.incident),
            )


def _titles(context: Context) -> Iterable[tuple[str, str]]:
    rows = context.record.query("SELECT id, title FROM e_difference")
    return ((str(id), str(title)) for id, title in rows)
