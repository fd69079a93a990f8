"""What a dashboard is made of: sections with lines, each with its mark, and with its numerator and denominator."""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum

import msgspec

from workbench.usecases.views.marks import Mark

NO_SOURCE = "no source yet"


class Which(StrEnum):
    """For whom it is."""

    EXECUTIVE = "executive"
    ON_CALL = "on-call"
    STAND_UP = "stand-up"

    @property
    def words(self) -> str:
        return {"executive": "Executive", "on-call": "On call", "stand-up": "Stand-up"}[self.value]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it is about, and what is known of it.

    ``ref`` is where one goes for it, as ``noun/id``.  A share says its ``numerator`` and ``denominator``.
    ``known`` is false where nothing tells: such a line has no mark that could be taken for good.
    """

    key: str
    title: str
    text: str
    mark: Mark | None = None
    ref: str = ""
    numerator: int | None = None
    denominator: int | None = None
    known: bool = True


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading, the lines under it, and what is said where there are none."""

    key: str
    title: str
    lines: tuple[Line, ...]
    nothing: str = ""


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """A whole dashboard, made ``at`` a moment."""

    which: Which
    project: str
    release: str
    headline: str
    mark: Mark
    at: datetime
    zone: tzinfo
    sections: tuple[Section, ...]


def unknown(key: str, title: str, why: str = NO_SOURCE) -> Line:
    """A line of which nothing is known: it never passes for good."""
    return Line(key=key, title=title, text=why, mark=Mark.LEARNING, known=False)
