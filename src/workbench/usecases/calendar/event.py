"""One thing that falls due, ends or begins, and what a subject is asked to tell."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

import msgspec

from workbench.gates.facts import Facts
from workbench.model.dates import day_of
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation

INSTANT = timedelta(microseconds=1)


class What(StrEnum):
    """What kind of thing it is."""

    OVERRIDE = "override"
    QUARANTINE = "quarantine"
    DECISION = "decision"
    REFRESH = "refresh"
    REVIEW = "review"
    RELEASE = "release"
    WATCH = "watch"
    PROMISE = "promise"
    PREDICTION = "prediction"
    SIGN_OFF = "sign_off"
    FREEZE = "freeze"
    OCCUPANCY = "occupancy"
    END_OF_LIFE = "end_of_life"
    ACTION = "action"
    BREAK_GLASS = "break_glass"
    DRILL = "drill"
    ROUTINE = "routine"
    VALUES = "values"
    GATE = "gate"

    @property
    def words(self) -> str:
        """What people call it."""
        hyphened = self in (What.SIGN_OFF, What.BREAK_GLASS)
        return self.value.replace("_", "-" if hyphened else " ")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of the calendar.

    ``key`` is the same for as long as the thing is (``override/ID``).  ``at`` is when it falls due, ends or
    begins; a thing that lasts has ``until``.  ``day`` is the project's day of ``at``, ``YYYY-MM-DD``.
    ``title`` is a clause that a sentence can hold; ``ref`` where one does something about it, as ``noun/id``.
    ``release`` is the version it belongs to, "" where it belongs to the project.  ``effect`` says what it
    changes about readiness, "" where it changes nothing, and ``blocks`` whether a gate is blocked by it then.
    ``part`` is the key of the line of a gate that may turn with it.  ``overdue``: it should have been done.
    """

    key: str
    at: datetime
    what: What
    title: str
    until: datetime | None = None
    day: str = ""
    ref: str = ""
    release: str = ""
    owner: str = ""
    effect: str = ""
    blocks: bool = False
    part: str = ""
    overdue: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a subject needs to tell its events, whenever they are.

    ``evaluation`` and ``facts`` are of the release in hand, ``None`` where there is none yet.
    """

    context: Context
    evaluation: Evaluation | None = None
    facts: Facts | None = None

    @property
    def zone(self) -> tzinfo:
        return self.context.zone

    @property
    def now(self) -> datetime:
        return self.context.now


def turns_on(at: datetime, zone: tzinfo) -> str:
    """The day from which on a moment has its effect: what ends with a day has it on the next one."""
    return day_of(at + INSTANT, zone).isoformat()
