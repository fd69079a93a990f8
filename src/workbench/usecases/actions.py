"""Actions: what is done after an incident, by whom and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.incidents import actions
from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action
from workbench.model.errors import UsageError
from workbench.record import Commit, Stored
from workbench.usecases import filling
from workbench.usecases.context import Context, commit


def find_action(context: Context, ref: str) -> tuple[Stored, Action]:
    """The action with that id (or the end of one), or with these words in its title; open ones come first."""
    return actions.find(context.record, ref)


def add_action(context: Context, given: Mapping[str, Any], subject: str = "") -> str:
    """Say what is to be done, after what (``incident/ID``), by fields; returns its id.

    One without an owner or a day can be added, at night as well as any other time: where a gate asks for actions, it blocks
    until somebody has named both.  ``UsageError`` where one of this title is open for the same subject.
    """
    new = Action(title="", by=context.author().actor, at=context.now, subject=subject)
    value = filling.change(context, FIELDS, new, given)
    for stored, other in actions.all_actions(context.record, subject=subject, only_open=True):
        if other.title.casefold() == value.title.strip().casefold():
            raise UsageError(f"“{other.title}” is an open action already ({stored.id[-12:]})")
    change = actions.added(value)
    commit(context, [change])
    return change.id


def edit_action(context: Context, stored: Stored, value: Action, given: Mapping[str, Any]) -> Action:
    """Name its owner or its day, or say it in other words; returns what it is now."""
    changed = filling.change(context, FIELDS, value, given)
    if changed == value:
        raise UsageError("nothing to change", hint="workbench action edit --help lists the fields")
    commit(context, [actions.edited(stored, changed)])
    return changed


def finish_action(
    context: Context, stored: Stored, value: Action, *, why: str = "", link: str = ""
) -> Commit:
    """Say that it was done, and what shows it."""
    by, at = context.author().actor, context.now
    return commit(context, [actions.done(stored, value, by=by, at=at, why=why, link=link)])


def drop_action(context: Context, stored: Stored, value: Action, reason: str) -> Commit:
    """Say that it will not be done, and why."""
    by, at = context.author().actor, context.now
    return commit(context, [actions.dropped(stored, value, reason, by=by, at=at)])


def reopen_action(context: Context, stored: Stored, value: Action, reason: str) -> Commit:
    """Say that it is to be done after all, and why."""
    return commit(context, [actions.reopened(stored, value, reason)])
