"""Judging one project as it is seen from elsewhere: by the same functions as its own status, and without writing.

What cannot be judged is told by a :class:`~workbench.usecases.fleet.shapes.Trouble`, and never counts as ready.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import msgspec

from workbench.definitions import FILE_NAME
from workbench.gates.model import freezes
from workbench.incidents.model import all_incidents
from workbench.learning.past import Happened, Lesson
from workbench.learning.period import within
from workbench.model.dates import day_of, read_moment
from workbench.model.errors import DefinitionError, OurMistake, WorkbenchError
from workbench.record import OtherVersion
from workbench.releases.model import WATCH, Held, Outcome, ReleaseState, all_releases
from workbench.usecases.blockers import Blocker, blockers
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.fleet.shapes import (
    Ask,
    Delivered,
    Due,
    GateSeen,
    Hold,
    IncidentSeen,
    Kind,
    Project,
    ReleaseSeen,
    SharedRecord,
    Trouble,
    Waiting,
)
from workbench.usecases.learning import Whole, read_past
from workbench.usecases.opening import NoRecord, open_as_it_is
from workbench.usecases.project import RECORD, Options, read_definitions
from workbench.usecases.reporting.judgement import GateReport
from workbench.usecases.reporting.showing import shown_lines
from workbench.usecases.sharing import noted, reached
from workbench.usecases.sharing.shared import shared_of
from workbench.usecases.trusting import trusts
from workbench.usecases.views.calendar import Event, read_calendar, title_of, when_words
from workbench.usecases.views.gates import gate_mark, gate_words
from workbench.usecases.views.incidents import read_lines
from workbench.usecases.views.next_step import NextSteps
from workbench.usecases.views.people import named
from workbench.usecases.views.readiness import Section
from workbench.usecases.views.sharing.word import server_words
from workbench.usecases.views.status import Point, Status, status_of

T = TypeVar("T")
BUSY = 2.0  # seconds that a record is waited for which somebody writes
MOST_RELEASES = 20  # open ones of a project that are judged
MOST_DUE = 200  # events of a project's calendar that are told
_DAY = timedelta(days=1)
# What is open, in the order in which it is told; a risk waits for nobody.
_OPEN = (Section.BLOCKS, Section.TO_DO, Section.TO_SIGN)


def judge(ask: Ask) -> Project:
    """The project as it stands; whatever goes wrong is told, and never raised."""
    bare = Project(root=ask.root, why=ask.why, key=ask.project, record_id=ask.record_id)
    return _telling(bare, lambda: _judge(ask, bare))


def _telling(known: Project, job: Callable[[], Project]) -> Project:
    """What the job gives; where it fails, what is known of the project, and why no more is."""
    try:
        return job()
    except Exception as error:  # one project never stops the others
        return msgspec.structs.replace(known, trouble=trouble_of(error))


def trouble_of(error: Exception) -> Trouble:
    """An error as it is told of a project."""
    kind: Kind = "record"
    if isinstance(error, DefinitionError):
        kind = "files"
    elif isinstance(error, NoRecord):
        kind = "no record"
    elif isinstance(error, OtherVersion):
        hint = "open it once where it lies: workbench status brings it up to date"
        return Trouble(kind="version", what=error.what, where=error.where or "", hint=hint)
    elif isinstance(error, OSError):
        where = str(error.filename) if error.filename else ""
        return Trouble(kind="record", what=error.strerror or str(error), where=where)
    elif not isinstance(error, WorkbenchError):
        kind, error = "mistake", OurMistake.of(error)
    return Trouble(kind=kind, what=error.what, where=error.where or "", hint=error.hint or "")


def _judge(ask: Ask, bare: Project) -> Project:
    root = Path(ask.root)
    if not (root / FILE_NAME).is_file():
        return msgspec.structs.replace(bare, trouble=_not_there(root))
    record = Path(ask.record) if ask.record else None
    options = Options(project=root, record=record, as_person=ask.as_person, now=ask.now)
    root, definitions = read_definitions(options)
    project = definitions.project
    named_ = msgspec.structs.replace(
        bare, key=project.project, title=project.title or project.project, timezone=project.timezone
    )

    def of_record() -> Project:
        with TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
            context, copied = open_as_it_is(root, definitions, options, BUSY, Path(folder))
            with closing(context.record):
                known = _known(context, named_, older=copied)
                if context.demonstration is not None and not ask.demonstrations:
                    return known
                return _seen(context, ask, known)

    return _telling(named_, of_record)


def _not_there(root: Path) -> Trouble:
    if os.path.lexists(root / RECORD):
        return Trouble(
            kind="gone",
            what=f"its {FILE_NAME} is not there any more, so that nothing says what its gates ask for",
            where=str(root),
            hint="put the file back",
        )
    return Trouble(kind="gone", what="it is not there any more", where=str(root))


def _known(context: Context, named_: Project, *, older: bool) -> Project:
    """What is known of a project before anything is judged."""
    info, head = context.record.info, context.record.head
    return msgspec.structs.replace(
        named_,
        record_id=info.record_id,
        entries=head.seq,
        head=head.chain,
        older=older,
        now=context.now,
        demonstration=context.demonstration is not None,
    )


class _Lacking:
    """What could not be told of a project although it was judged, each with why."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def listed(self, what: str, job: Callable[[], Iterable[T]]) -> tuple[T, ...]:
        """What a job gives; nothing where it fails, and then it is lacking."""
        try:
            return tuple(job())
        except Exception as error:  # the gates were judged: the rest never hides them
            self.told.append(f"{what}: {trouble_of(error).what}")
            return ()


def _seen(context: Context, ask: Ask, known: Project) -> Project:
    """The project judged; what is beside its gates may be lacking, and then that is told."""
    person, lacking = context.author().actor, _Lacking()
    chosen, more = _to_judge(context)
    releases, current = [], None
    for held in chosen:
        evaluation = evaluate(context, held.release.version)
        releases.append(_release(context, evaluation, person))
        current = current or (evaluation if held.release.outcome is Outcome.OPEN else None)
    delivered = lacking.listed("delivery", lambda: [_delivered(context, ask.quarter)])
    shared = lacking.listed("shared record", lambda: _shared(context))
    return msgspec.structs.replace(
        known,
        judged=True,
        person=person,
        releases=tuple(releases),
        more=more,
        trusted=trusts(context.root, context.definitions),
        incidents=lacking.listed("incidents", lambda: _incidents(context)),
        holds=lacking.listed("freezes", lambda: _holds(context)),
        due=lacking.listed("calendar", lambda: _due(context, current, ask.days)),
        delivered=delivered[0] if delivered else None,
        shared=shared[0] if shared else None,
        lacking=(*lacking.told, *context.remarks),
    )


# --- releases --------------------------------------------------------------------------------


def _to_judge(context: Context) -> tuple[list[Held], int]:
    """The open releases, the one in hand first, and those that are watched; and how many more are open."""
    found = all_releases(context.record)
    open_ = [one for one in found if one.release.outcome is Outcome.OPEN]
    open_.sort(key=_in_hand_first)
    watched = [one for one in found if _is_watched(one, context.now)]
    return [*open_[:MOST_RELEASES], *watched[:MOST_RELEASES]], max(0, len(open_) - MOST_RELEASES)


def _in_hand_first(held: Held) -> tuple[bool, float, tuple[int, ...]]:
    planned = held.release.planned_at
    newest_first = tuple(-ord(letter) for letter in held.id)
    return planned is None, planned.timestamp() if planned else 0.0, newest_first


def _is_watched(held: Held, now: datetime) -> bool:
    release = held.release
    return (
        release.outcome is Outcome.SHIPPED
        and release.outcome_at is not None
        and release.outcome_at <= now < release.outcome_at + WATCH
    )


def _release(context: Context, evaluation: Evaluation, person: str) -> ReleaseSeen:
    status = status_of(shown_lines(context, evaluation), person)
    found, held = status.found, evaluation.held
    waiting = {one.part: one for one in blockers(context, evaluation)}
    counts = {section: sum(not point.folded for point in status.points[section]) for section in status.points}
    candidate, release = held.candidate, held.release
    is_open = release.outcome is Outcome.OPEN
    return ReleaseSeen(
        id=held.id,
        version=release.version,
        title=held.title,
        state=evaluation.state.value,
        state_words=evaluation.state.words,
        mark=status.mark.name,
        open=is_open,
        candidate=candidate.name if candidate else "",
        commit=candidate.commit if candidate else "",
        planned_at=release.planned_at,
        went_out_at=None if is_open else release.outcome_at,
        gates=tuple(map(_gate, found.gates)),
        blocks=counts[Section.BLOCKS] if is_open else 0,
        to_do=counts[Section.TO_DO] if is_open else 0,
        to_sign=counts[Section.TO_SIGN] if is_open else 0,
        risks=counts[Section.RISKS],
        overdue=sum(one.overdue(context.now) for one in waiting.values()),
        passed=evaluation.through and evaluation.state is not ReleaseState.PLANNED,
        first=_first(context, status, waiting, person) if is_open else None,
        ready_at=status.ready_at.at,
        signed_at=status.ready_at.signed_at,
    )


def _gate(gate: GateReport) -> GateSeen:
    return GateSeen(
        key=gate.key,
        title=gate.title,
        state=gate.state.value,
        words=gate_words(gate),
        set_up=gate.set_up,
        mark=gate_mark(gate).name,
    )


def _first(context: Context, status: Status, waiting: dict[str, Blocker], person: str) -> Waiting | None:
    """The line that comes first: a blocker before what is to do and to sign, what the reader can do before what others can."""
    steps = NextSteps(status.found, person)
    parts = {part.key: part for _, part in status.found.open_parts()}
    for section in _OPEN:
        points = [one for one in status.points[section] if not one.folded]
        if points:
            best = min(points, key=lambda one: steps.rank(parts[one.key]) if one.key in parts else (9, 9))
            return _waiting(context, best, section, waiting.get(best.key))
    return None


def _waiting(context: Context, point: Point, section: Section, blocker: Blocker | None) -> Waiting:
    turn = point.turn
    people = (named(context.definitions, key) for key in turn.who) if turn else ()
    return Waiting(
        key=point.key,
        title=point.title,
        why=point.why,
        gate=point.gate or "",
        blocks=section is Section.BLOCKS,
        move=point.move.value if point.move else "unknown",
        who=tuple(people),
        owner=named(context.definitions, blocker.owner) if blocker and blocker.owner else "",
        until=turn.until if turn else None,
        since=blocker.since if blocker else None,
        since_what=blocker.since_what if blocker else "",
        fix=point.fix,
    )


# --- what is beside the gates ----------------------------------------------------------------


def _incidents(context: Context) -> Iterator[IncidentSeen]:
    began = {row.id: value.began for row, value in all_incidents(context.record, only_open=True)}
    for line in read_lines(context, only_open=True):
        yield IncidentSeen(
            id=line.id,
            title=line.title,
            severity=line.severity,
            environment=line.environment,
            state=line.state,
            began=began[line.id],
            lead=line.lead,
            frozen=line.frozen,
        )


def _holds(context: Context) -> Iterator[Hold]:
    """The freezes in force, and the dates of today on which nothing goes out."""
    for _, freeze in freezes(context.record):
        by = named(context.definitions, freeze.by)
        yield Hold(what="freeze", reason=freeze.reason, since=freeze.at, by=by)
    today = day_of(context.now, context.zone).isoformat()
    for window in context.definitions.project.change_freezes:
        if window.first <= today <= window.last:
            yield Hold(
                what="change freeze",
                reason=window.reason,
                since=read_moment(window.first, context.zone),
                until=read_moment(window.last, context.zone, end=True),
            )


def _due(context: Context, current: Evaluation | None, days: int) -> Iterator[Due]:
    """What is overdue and what falls due in so many days, in order."""
    today = day_of(context.now, context.zone)
    calendar = read_calendar(context, today, today + days * _DAY, current)
    for one in calendar.events[:MOST_DUE]:
        yield _of_event(one, when_words(one, context.zone, context.now))


def _of_event(one: Event, when: str) -> Due:
    return Due(
        key=one.key,
        what=one.what.value,
        day=one.day,
        at=one.at,
        title=title_of(one),
        when=when,
        until=one.until,
        owner=one.owner,
        release=one.release,
        ref=one.ref,
        effect=one.effect,
        blocks=one.blocks,
        overdue=one.overdue,
    )


def _shared(context: Context) -> Iterator[SharedRecord]:
    """How a shared record stands by what this desk noted; the server is not asked.  Nothing of one that is not shared."""
    shared = shared_of(context.record)
    if shared is None:
        return
    known, server = reached.last(context, shared), noted.stands(context)
    yield SharedRecord(
        server=server_words(shared.url),
        received_at=known.at if known else None,
        waits=reached.unsent(context, shared.role, known.desks) if known else 0,
        faults=len(server.open) if server else 0,
    )


def _delivered(context: Context, quarter: str) -> Delivered:
    """What went out and what came of it; of a quarter what belongs to it, and all of it beside."""
    whole = read_past(context)
    part = within(whole, Whole(whole).quarter(quarter)) if quarter else whole
    return Delivered(
        now=whole.now,
        since=part.since,
        until=part.until,
        releases=part.releases,
        incidents=tuple(map(_bare, part.incidents)),
        whole_releases=whole.releases if quarter else (),
        whole_incidents=tuple(map(_bare, whole.incidents)) if quarter else (),
    )


def _bare(one: Happened) -> Happened:
    """An incident with as much of its review as decides whether a release is to be blamed for it."""
    if one.lesson is None:
        return one
    lesson = Lesson(id=one.lesson.id, caused_by_release=one.lesson.caused_by_release)
    return msgspec.structs.replace(one, lesson=lesson)
