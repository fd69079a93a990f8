"""Actions: what is done after an incident, by whom and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from workbench.incidents import actions
from workbench.incidents.action_fields import FIELDS
from workbench.incidents.actions import Action
from workbench.model.errors import UsageError
from workbench.record import Commit, Stored
from workbench.usecases import filling
from workbench.usecases.context import Context, commit
from workbench.usecases.handed_in import HandedIn, without_secrets_in


def find_action(context: Context, ref: str) -> tuple[Stored, Action]:
    """The action with that id (or the end of one), or with these words in its title; open ones come first."""
    return actions.find(context.record, ref)


def add_action(context: Context, given: Mapping[str, Any], subject: str = "") -> str:
    """Say what is to be done, after what (``incident/ID``), by fields; returns its id.

    One without an owner or a day can be added, at night as well as any other time: where a gate asks for actions, it blocks
    until somebody has named both.  ``UsageError`` where one of this title is open for the same subject.
    """
    new = Action(title="", by=context.author().actor, at=context.now, subject=subject)
    handed = HandedIn()
    value = _cleaned(filling.change(context, FIELDS, new, given), handed)
    for stored, other in actions.all_actions(context.record, subject=subject, only_open=True):
        if other.title.casefold() == value.title.strip().casefold():
            raise UsageError(f"“{other.title}” is an open action already ({stored.id[-12:]})")
    change = actions.added(value)
    commit(context, [change])
    handed.tell(context)
    return change.id


def _cleaned(value: Action, handed: HandedIn) -> Action:
    """An action without secrets, and without codes that steer a terminal, in what people typed or pasted."""
    return msgspec.structs.replace(
        value,
        title=handed.line(value.title, "the title"),
        link=handed.line(value.link, "the link"),
        owner=handed.line(value.owner, "the owner") if value.owner else value.owner,
    )


def edit_action(context: Context, stored: Stored, value: Action, given: Mapping[str, Any]) -> Action:
    """Name its owner or its day, or say it in other words; returns what it is now."""
    handed = HandedIn()
    changed = _cleaned(filling.change(context, FIELDS, value, given), handed)
    if changed == value:
        raise UsageError("nothing to change", hint="workbench action edit --help lists the fields")
    commit(context, [actions.edited(stored, changed)])
    handed.tell(context)
    return changed


def finish_action(
    context: Context, stored: Stored, value: Action, *, why: str = "", link: str = ""
) -> Commit:
    """Say that it was done, and what shows it."""
    by, at = context.author().actor, context.now
    why, link = without_secrets_in(context, why), without_secrets_in(context, link)
    return commit(context, [actions.done(stored, value, by=by, at=at, why=why, link=link)])


def drop_action(context: Context, stored: Stored, value: Action, reason: str) -> Commit:
    """Say that it will not be done, and why."""
    by, at = context.author().actor, context.now
    reason = without_secrets_in(context, reason)
    return commit(context, [actions.dropped(stored, value, reason, by=by, at=at)])


def reopen_action(context: Context, stored: Stored, value: Action, reason: str) -> Commit:
    """Say that it is to be done after all, and why."""
    return commit(context, [actions.reopened(stored, value, without_secrets_in(context, reason))])
