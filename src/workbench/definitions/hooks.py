"""Hooks: what a project calls when something has happened, so that people are told."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from workbench.definitions.kinded import Kinded
from workbench.model.fields import DurationText, Key, Shape


class HookEvent(StrEnum):
    """What a hook can be called on: what somebody did, or what the clock has made so."""

    INCIDENT_OPENED = "incident_opened"
    INCIDENT_MITIGATED = "incident_mitigated"
    INCIDENT_CLOSED = "incident_closed"
    FROZEN = "frozen"
    LIFTED = "lifted"
    BREAK_GLASS = "break_glass"
    WITHDRAWN = "withdrawn"
    APPROVAL_NEEDED = "approval_needed"
    ROLLBACK_CRITERION = "rollback_criterion"
    BLOCKER_OVERDUE = "blocker_overdue"
    REVIEW_OVERDUE = "review_overdue"
    ROUTINE_OVERDUE = "routine_overdue"
    ACTION_OVERDUE = "action_overdue"

    @property
    def words(self) -> str:
        """The event as people read it."""
        return self.value.replace("_", " ")


class Hook(Shape, frozen=True):
    """Something that is called when something has happened; ``config`` holds the fields of its kind."""

    KINDED: ClassVar = Kinded(kinds="hooks")

    key: Key
    """What commands and the record call it."""
    on: list[HookEvent]
    """What has to happen for it to be called."""
    kind: str
    """How it is called: says which other fields there are."""
    title: str = ""
    """Its name for people."""
    timeout: DurationText = "10s"
    """How long it may take; after that it is given up."""
    config: msgspec.Struct | None = None
