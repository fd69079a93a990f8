"""Actions as both front ends show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.incidents import actions
from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action, ActionState
from workbench.incidents.model import Incident
from workbench.model.dates import end_text
from workbench.model.noun_fields import pairs
from workbench.model.times import age_text
from workbench.record import Record, Stored
from workbench.releases.model import candidate_names
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark

NOBODY = "unassigned"
NO_DAY = "no day"


class Line(msgspec.Struct, frozen=True):
    """One action: ``due`` is its day and how that stands, ``after`` what it came of, ``state`` what became of it."""

    id: str
    title: str
    mark: Mark
    owner: str
    due: str
    after: str
    state: str
    overdue: bool


def read_actions(
    context: Context, *, only_open: bool = False, subject: str | None = None, owner: str | None = None
) -> list[tuple[Stored, Action]]:
    """Open ones first, by their day; all that anybody has to do, or those of one subject or one owner.

    An incident has the actions of those that were merged into it, too.
    """
    record = context.record
    if subject is None:
        found = actions.owed(record, only_open=only_open)
    elif subject.startswith("incident/"):
        found = actions.of_incidents(record, subject.partition("/")[2], only_open=only_open)
    else:
        found = actions.all_actions(record, subject=subject, only_open=only_open)
    return [pair for pair in found if owner is None or pair[1].owner == owner]


def lines(context: Context, found: Sequence[tuple[Stored, Action]]) -> list[Line]:
    """A line for each."""
    return [_line(context, stored, value) for stored, value in found]


def _line(context: Context, stored: Stored, value: Action) -> Line:
    late = value.open and value.overdue(context.now)
    return Line(
        id=stored.id,
        title=value.title,
        mark=_mark(value, late=late),
        owner=value.owner or (NOBODY if value.open else ""),
        due=due_words(value, context.now, context.zone),
        after=after_words(context.record, value.subject),
        state=value.state.value,
        overdue=late,
    )


def _mark(value: Action, *, late: bool) -> Mark:
    if value.state is ActionState.DROPPED:
        return Mark.NOT_APPLICABLE
    if not value.open:
        return Mark.DONE
    return Mark.WARNS if late or not value.owner or value.due is None else Mark.OPEN


def due_words(value: Action, now: datetime, zone: tzinfo) -> str:
    """``12 Dec, in 3 days``, ``9 Dec, 2 days overdue``, ``no day``; the day alone of one that has ended."""
    if value.due is None:
        return NO_DAY if value.open else ""
    day = end_text(value.due, zone)
    if not value.open:
        return day
    if value.overdue(now):
        return f"{day}, {age_text(now - value.due)} overdue"
    return f"{day}, in {age_text(value.due - now)}"


def after_words(record: Record, subject: str) -> str:
    """What an action or a review is about, in words: an incident's title, or ``tests of 2.14.0 rc2 (ci)``."""
    noun, _, ident = subject.partition("/")
    if noun == "incident":
        stored = record.get("incident", ident)
        return stored.decode(Incident).title if stored else ident[-12:]
    if noun == "test":
        _, candidate, source = ident.split("/", 2)
        return f"tests of {candidate_names(record).get(candidate, candidate[-12:])} ({source})"
    return subject


def told(context: Context, value: Action) -> list[tuple[str, str]]:
    """All that an action says, as names and texts."""
    return pairs(
        FIELDS,
        value,
        context.zone,
        owner=value.owner or NOBODY,
        due=due_words(value, context.now, context.zone),
        subject=after_words(context.record, value.subject),
    )
