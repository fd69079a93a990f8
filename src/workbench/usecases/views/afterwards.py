"""What came of incidents, in a line: how their review stands, what is left to do, and which differences had a part in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.incidents import actions, reviews
from workbench.incidents.model import Incident
from workbench.incidents.reviews import of_incident
from workbench.model.text import number_of
from workbench.model.times import day_text
from workbench.record import Record
from workbench.usecases.context import Context
from workbench.usecases.views.actions import after_words
from workbench.usecases.views.incident_reviews import read
from workbench.usecases.views.marks import Fact, Mark


def told(context: Context, ident: str) -> Iterator[tuple[str, str]]:
    """The review of an incident and its actions, as names and texts."""
    yield "review", read(context, of_incident(ident)).state
    yield "actions", action_words(context, ident)


def action_words(context: Context, ident: str) -> str:
    """The actions of an incident: ``2 actions, 1 open, overdue``; "" without any."""
    found = [value for _, value in actions.of_incidents(context.record, ident)]
    if not found:
        return ""
    open_ = [value for value in found if value.open]
    late = any(value.overdue(context.now) for value in open_)
    words = (
        f"{number_of(len(found), 'action')}, {len(open_)} open"
        if open_
        else f"{number_of(len(found), 'action')}, all ended"
    )
    return f"{words}, overdue" if late else words


def document(context: Context, ident: str) -> dict[str, Any]:
    """The same for scripts."""
    view = read(context, of_incident(ident))
    found = [value for _, value in actions.of_incidents(context.record, ident)]
    return {
        "review": {"begun": view.begun, "complete": view.complete, "state": view.state},
        "actions": {"all": len(found), "open": sum(value.open for value in found)},
    }


def part_in(context: Context, difference: str) -> tuple[Fact, ...]:
    """The incidents and failed tests that a difference contributed to, as their reviews say."""
    named = [
        _named(context, subject)
        for subject, (_, value) in reviews.all_reviews(context.record).items()
        if difference in value.contributing and _counts(context.record, subject)
    ]
    return (Fact("Had a part in", "; ".join(named), Mark.WARNS),) if named else ()


def _counts(record: Record, subject: str) -> bool:
    noun, _, ident = subject.partition("/")
    stored = record.get("incident", ident) if noun == "incident" else None
    return noun != "incident" or (stored is not None and stored.decode(Incident).counts)


def _named(context: Context, subject: str) -> str:
    title = after_words(context.record, subject)
    stored = context.record.get("incident", subject.partition("/")[2])
    return f"{title} ({day_text(stored.decode(Incident).began, context.zone)})" if stored else title
