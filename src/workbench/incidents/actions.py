"""What is done after an incident: each action with its owner and its day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.incidents.model import Incident, IncidentEnd, with_merged
from workbench.incidents.reviews import of_incident
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, first_that
from workbench.record.naming import choose


class ActionState(StrEnum):
    """What has become of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One action; ``subject`` is what it came of: ``incident/ID``, the subject of another review, or nothing.

    ``due`` is the last instant at which it is in time, ``why`` why it was dropped, or what was done,
    ``link`` what shows that.
    """

    subject: str = ""
    title: str
    by: str
    at: datetime
    owner: str | None = None
    due: datetime | None = None
    state: ActionState = ActionState.OPEN
    why: str = ""
    link: str = ""
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def open(self) -> bool:
        return self.state is ActionState.OPEN

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody had it to do at a moment."""
        return self.at <= moment and (self.open or (self.ended_at is not None and self.ended_at > moment))

    def overdue(self, moment: datetime) -> bool:
        """Whether its day had passed by then."""
        return self.due is not None and self.due < moment


ENTITIES = (
    EntityKind(
        "action",
        Action,
        columns=(Column("subject"), Column("state"), Column("due"), Column("owner")),
        thing="action",
        judged=True,
        excerpt=True,
        together=(("state", "why", "link", "ended_at", "ended_by"),),
        # At one desk of several it may be open still: then it is.  What it ended in a person chooses.
        stricter=first_that(
            lambda value: value.get("state", ActionState.OPEN.value) == ActionState.OPEN.value, otherwise=None
        ),
    ),
)
_OPEN = "state = 'open'"
_MISTAKES = f"SELECT id FROM e_incident WHERE ended = '{IncidentEnd.MISTAKE.value}'"


def all_actions(
    record: Record, *, subject: str | None = None, only_open: bool = False
) -> list[tuple[Stored, Action]]:
    """Actions, open ones first, by their day, those without one last; all of them, or those of one subject."""
    where = [_OPEN] if only_open else []
    where += ["subject = ?"] if subject is not None else []
    given = (subject,) if subject is not None else ()
    rows = record.all("action", " AND ".join(where), given, f"{_OPEN} DESC, due IS NULL, due, id")
    return [(row, row.decode(Action)) for row in rows]


def owed(record: Record, *, only_open: bool = False) -> list[tuple[Stored, Action]]:
    """The same without what came of incidents that were declared by mistake: nobody has to do it."""
    gone = {of_incident(str(ident)) for (ident,) in record.query(_MISTAKES)}
    return [pair for pair in all_actions(record, only_open=only_open) if pair[1].subject not in gone]


def of_incidents(record: Record, ident: str, *, only_open: bool = False) -> list[tuple[Stored, Action]]:
    """The actions of an incident, and of those that were merged into it."""
    subjects = {of_incident(each) for each in with_merged(record, ident)}
    return [pair for pair in all_actions(record, only_open=only_open) if pair[1].subject in subjects]


def find(record: Record, ref: str) -> tuple[Stored, Action]:
    """The action with that id (or the end of one), or with these words in its title; open ones come first.

    ``title (incident)`` tells actions of one title apart by what they came of.
    """
    found = all_actions(record)
    title, bracket, after = ref.strip().rpartition(" (")
    if bracket and after.endswith(")"):
        own = [pair for pair in found if pair[1].title == title and _came_of(record, pair[1]) == after[:-1]]
        if len(own) == 1:
            return own[0]
    return choose(
        found,
        ref,
        "action",
        title=lambda value: value.title,
        first=lambda value: value.open,
        hint="workbench action list --all shows them",
    )


def _came_of(record: Record, value: Action) -> str:
    """The title of the incident that an action came of; "" where it came of none."""
    noun, _, ident = value.subject.partition("/")
    stored = record.get("incident", ident) if noun == "incident" else None
    return stored.decode(Incident).title if stored else ""


def added(value: Action) -> Change:
    """The change that says what is to be done."""
    return Change("action", new_id(value.at), "added", _titled(value))


def edited(stored: Stored, value: Action) -> Change:
    """The change that names its owner or its day, or says it in other words."""
    return Change("action", stored.id, "edited", _titled(value), stored.base)


def _titled(value: Action) -> Action:
    title = value.title.strip()
    if not title:
        raise UsageError("say what is to be done", hint="for example: add a probe of the gateway's timeouts")
    return msgspec.structs.replace(value, title=title)


def done(stored: Stored, value: Action, *, by: str, at: datetime, why: str = "", link: str = "") -> Change:
    """The change that says that it was done; ``NotAllowed`` for one that has ended."""
    _require_open(value)
    return _ended(stored, value, ActionState.DONE, why.strip(), link.strip(), by=by, at=at)


def dropped(stored: Stored, value: Action, why: str, *, by: str, at: datetime) -> Change:
    """The change that says that it will not be done, and why; ``NotAllowed`` for one that has ended."""
    _require_open(value)
    words = readable_reason(why, "dropping an action")
    return _ended(stored, value, ActionState.DROPPED, words, value.link, by=by, at=at)


def reopened(stored: Stored, value: Action, why: str) -> Change:
    """The change that says that it is to be done after all, and why; ``NotAllowed`` for one that is open."""
    if value.open:
        raise NotAllowed(f"“{value.title}” is open already")
    words = readable_reason(why, "reopening an action")
    value = msgspec.structs.replace(value, state=ActionState.OPEN, why="", ended_at=None, ended_by=None)
    return Change("action", stored.id, "reopened", value, stored.base, words)


def _require_open(value: Action) -> None:
    if not value.open:
        by = f" by {value.ended_by}" if value.ended_by else ""
        raise NotAllowed(
            f"“{value.title}” was {value.state.value} already{by}",
            hint="workbench action reopen REF --reason WHY",
        )


def _ended(
    stored: Stored, value: Action, state: ActionState, why: str, link: str, *, by: str, at: datetime
) -> Change:
    value = msgspec.structs.replace(
        value, state=state, why=why, link=link or value.link, ended_at=at, ended_by=by
    )
    return Change("action", stored.id, state.value, value, stored.base, why or None)
