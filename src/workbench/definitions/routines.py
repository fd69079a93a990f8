"""Routines as a team's files say them: what is done again and again, how often, and how."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from workbench.model.fields import DateText, DurationText, Key, Shape

EveryText = Annotated[
    str, Meta(title="every", examples=["week", "sprint", "month", "quarter", "refresh", "10d", "never"])
]
PERIODS = ("week", "sprint", "month", "quarter")
AFTER_REFRESH = "refresh"
NEVER = "never"
SPRINT_LENGTH = "2w"
CountsAs: TypeAlias = Literal["refresh", "drill", "map_review", "limits_review"]


class Routine(Shape, frozen=True, kw_only=True):
    """Something that is done again and again; with the key of a built-in one it changes that one."""

    key: Key
    """What commands and gates call it."""
    title: str = ""
    """What is done, in a few words; the built-in routine's unless said."""
    every: EveryText = ""
    """How often: ``week``, ``sprint``, ``month``, ``quarter``, ``refresh``, a number of days such as ``10d``; ``never`` leaves a built-in one out."""
    how: str = ""
    """How it is done; for people."""
    evidence: str = ""
    """What counts as evidence; for people."""
    needs_evidence: bool | None = None
    """Whether it is done only with evidence."""
    role: Key | None = None
    """Whose it is; everybody's unless said."""
    from_: DateText | None = field(default=None, name="from")
    """The day from which it falls due; the day on which the record began unless said."""
    within: DurationText | None = None
    """After a refresh: how soon it has to be done; 3 days unless said."""
    counts: CountsAs | None = None
    """What of the record counts as doing it: a ``refresh`` of staging, a ``drill``, a ``map_review`` or a ``limits_review``."""


class Sprint(Shape, frozen=True, kw_only=True):
    """When the team's sprints begin, for routines of each sprint."""

    first: DateText
    """The first day of one sprint; the others follow from it, before and after."""
    length: DurationText = SPRINT_LENGTH
    """How long a sprint is, in whole days."""
