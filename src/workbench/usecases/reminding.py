"""What people should be told of because the clock has made it so: told through the project's hooks, each thing once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from workbench.definitions.hooks import HookEvent
from workbench.gates.model import Weight
from workbench.hooks.model import Told, notices
from workbench.incidents.actions import owed
from workbench.model.times import moment_text
from workbench.usecases import breaking_glass
from workbench.usecases.blockers import blockers
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.hooks import tell
from workbench.usecases.routines import read_dues
from workbench.usecases.views.watch import all_watched


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that people should know of.  ``about`` is the same for as long as it is the same thing."""

    event: HookEvent
    about: str
    title: str
    text: str
    release: str = ""
    people: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """What a hook is sent of it."""
        return {
            "about": self.about,
            "title": self.title,
            "text": self.text,
            "release": self.release,
            "people": list(self.people),
        }


class Reminded(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder, whether it was told before, and what came of telling it now."""

    reminder: Reminder
    before: bool
    told: tuple[Told, ...] = ()


def due(context: Context) -> list[Reminder]:
    """Everything that people should be told of now, whether they were told or not."""
    evaluation = evaluate(context) if context.record.count("release") else None
    return [one for source in _SOURCES for one in source(context, evaluation)]


def remind(context: Context, only: HookEvent | None = None) -> list[Reminded]:
    """Call the hooks for everything that is due and was not told yet, or for what is due of one event; nothing is told twice."""
    called = {event for hook in context.definitions.project.hooks for event in hook.on}
    known = {(note.event, note.about) for _, note in notices(context.record) if note.heard}
    found = []
    for one in due(context) if only is None else _of(context, only):
        before = (one.event, one.about) in known
        told = tell(context, one.event, one.document) if one.event in called and not before else []
        found.append(Reminded(reminder=one, before=before, told=tuple(told)))
    return found


def _of(context: Context, event: HookEvent) -> Iterable[Reminder]:
    return (
        _rollbacks(context, None)
        if event is HookEvent.ROLLBACK_CRITERION
        else (one for one in due(context) if one.event is event)
    )


def _rollbacks(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    for watched in all_watched(context):
        for one in watched.holding:
            title = f"{watched.version}: a criterion for rolling back holds"
            how = f"; it rolls back to {watched.target}" if watched.target else ""
            yield Reminder(
                event=HookEvent.ROLLBACK_CRITERION,
                about=f"rollback/{watched.id}/{one.benchmark}",
                title=title,
                text=f"{title}: {one.title}: {one.why}. A person decides whether to roll back{how}.",
                release=watched.id,
            )


def _blockers(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    if evaluation is None:
        return
    now, zone, version = context.now, context.zone, evaluation.held.release.version
    for one in blockers(context, evaluation):
        if one.broken(now) and one.promised:
            title = (
                f"{version}: {one.title} was promised by {one.owner} for {moment_text(one.promised, zone)}"
            )
            yield _blocker(evaluation, one.part, one.promised, title, one.why, (one.owner,))
        if one.escalated(now) and one.escalates_at:
            title = f"{version}: {one.title} has been open since {moment_text(one.since, zone)}"
            yield _blocker(evaluation, one.part, one.escalates_at, title, one.why, one.tell)


def _blocker(
    evaluation: Evaluation, part: str, at: datetime, title: str, why: str, people: tuple[str, ...]
) -> Reminder:
    return Reminder(
        event=HookEvent.BLOCKER_OVERDUE,
        about=f"blocker/{evaluation.held.id}/{part}@{at:%Y%m%dT%H%M}",
        title=title,
        text=f"{title}: {why}",
        release=evaluation.held.id,
        people=people,
    )


def _approvals(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    """What somebody proposed waits for a second person; a gate that lacks nothing else, for its signatures."""
    if evaluation is None:
        return
    held = evaluation.held
    for one in evaluation.proposals:
        if one.rejected is None:
            title = f"{one.title}: {one.why}"
            yield Reminder(
                event=HookEvent.APPROVAL_NEEDED, about=f"approval/{one.subject}", title=title,
                text=f"{title}: {one.words}", release=held.id, people=one.able.keys,
            )  # fmt: skip
    for gate in evaluation.gates:
        for part in gate.parts if gate.ready else ():
            if part.weight is Weight.TO_SIGN and part in (each for _, each in evaluation.open_parts()):
                title = f"{held.title}: {gate.gate.title} can be signed: {part.why}"
                yield Reminder(
                    event=HookEvent.APPROVAL_NEEDED, about=f"signature/{held.candidate_id}/{gate.key}/{part.key}",
                    title=title, text=title, release=held.id, people=part.turn.who if part.turn else (),
                )  # fmt: skip


def _reviews(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    for one in breaking_glass.reviews(context):
        if one.overdue(context.now):
            title = (
                f"The review of {one.waits.title} is overdue since {moment_text(one.value.due, context.zone)}"
            )
            yield Reminder(
                event=HookEvent.REVIEW_OVERDUE, about=f"break_glass/{one.ident}", title=title,
                text=f"{title}: {one.value.reason}", release=one.ident, people=one.waits.able.keys,
            )  # fmt: skip


def _routines(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    for one in read_dues(context):
        if one.overdue and one.due_at is not None:
            title = f"The routine “{one.routine.title or one.routine.key}” is overdue"
            about = f"routine/{one.routine.key}@{one.due_at:%Y%m%d}"
            text = f"{title}: it was due {moment_text(one.due_at, context.zone)}"
            yield Reminder(event=HookEvent.ROUTINE_OVERDUE, about=about, title=title, text=text)


def _actions(context: Context, evaluation: Evaluation | None) -> Iterator[Reminder]:
    for row, one in owed(context.record):
        if one.open and one.due is not None and one.due < context.now:
            title = f"The action “{one.title}” is overdue since {moment_text(one.due, context.zone)}"
            people = (one.owner,) if one.owner else ()
            yield Reminder(
                event=HookEvent.ACTION_OVERDUE, about=f"action/{row.id}@{one.due:%Y%m%d}", title=title,
                text=f"{title}; owner: {one.owner or 'nobody'}", people=people,
            )  # fmt: skip


Source = Callable[[Context, Evaluation | None], Iterable[Reminder]]
# What is looked at: a further subject is a line here.
_SOURCES: tuple[Source, ...] = (_rollbacks, _blockers, _approvals, _reviews, _routines, _actions)
