"""Routines: which fall due, and saying that one was done."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.evidence.model import Attachment, attachments
from workbench.gates import routines as standing
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.record import Commit
from workbench.routines.due import Doing, Due
from workbench.routines.model import RoutineDone, done_change, subject_of
from workbench.usecases.answering import evidence_for
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evidence_typed import Given

NOTHING = Given()


class Past(msgspec.Struct, frozen=True):
    """Once that a routine was done, with the evidence that was attached then."""

    doing: Doing
    evidence: tuple[Attachment, ...] = ()


def read_dues(context: Context) -> list[Due]:
    """How every routine of the project stands, in the order of the definitions."""
    return list(standing.dues(context.record, context.definitions, context.now).values())


def find_due(context: Context, ref: str) -> Due:
    """A routine by its key, or by a part of its key or title that no other has; ``UsageError`` otherwise."""
    dues = {due.routine.key: due for due in read_dues(context)}
    if ref in dues:
        return dues[ref]
    part = ref.strip().casefold()
    found = [
        key for key, due in dues.items() if part and (part in key or part in due.routine.title.casefold())
    ]
    if len(found) == 1:
        return dues[found[0]]
    if found:
        raise UsageError(f"“{safe_text(ref, 60)}” can be several routines", hint=f"one of {', '.join(found)}")
    meant = nearest(ref, list(dues))
    raise UsageError(
        f"there is no routine “{safe_text(ref, 60)}”",
        hint=f"did you mean {meant}?" if meant else "workbench routine list shows them",
    )


def read_past(context: Context, due: Due) -> list[Past]:
    """How often a routine was done, the latest first."""
    kept = attachments(context.record, subject_of(""))
    found = standing.doings(context.record, context.definitions, due.routine)
    return [Past(doing, tuple(kept.get(subject_of(doing.id), ()))) for doing in found]


def done(
    context: Context,
    due: Due,
    *,
    at: datetime | None = None,
    words: str = "",
    given: Given = NOTHING,
    title: str = "",
) -> Commit:
    """Say that a routine was done, now or ``at`` an earlier moment; evidence comes in the same act.

    ``UsageError`` without the evidence that it needs, and for a moment that lies ahead.
    """
    routine, now = due.routine, context.now
    when = now if at is None else at
    if when > now:
        raise UsageError("what lies ahead cannot be done yet", hint="leave out when it was done: it is now")
    if routine.needs_evidence and given == NOTHING:
        raise UsageError(
            f"“{routine.title}” is done only with evidence: {routine.evidence or 'a link, a file or a note'}",
            hint="add --link URL, --file FILE or --note TEXT",
        )
    ident = fresh_id(context)
    value = RoutineDone(
        routine=routine.key,
        at=when,
        by=context.author().actor,
        due=_then(context, due, when).answers,
        words=words.strip(),
    )
    changes = [done_change(value, ident)]
    if given == NOTHING:
        return commit(context, changes)
    evidence = evidence_for(
        context, subject_of(ident), link=given.link, file=given.file, note=given.note, title=title
    )
    return commit(context, [*changes, evidence.change], blobs=evidence.blobs)


def _then(context: Context, due: Due, at: datetime) -> Due:
    """How a routine stood at the moment at which it was done."""
    return standing.dues(context.record, context.definitions, at).get(due.routine.key, due)
