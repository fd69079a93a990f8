"""The past, with what several figures ask of it worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import msgspec

from workbench.learning.figure import Left
from workbench.learning.past import Happened, Lesson, Past, Went

WATCHED = "its watching has not ended"


class Trouble(msgspec.Struct, frozen=True):
    """Why a release failed in production: it was ``rolled_back``, had ``incidents``, was mended by ``hotfixes``; by id."""

    release: str
    rolled_back: bool = False
    incidents: tuple[Happened, ...] = ()
    hotfixes: tuple[Went, ...] = ()

    def __bool__(self) -> bool:
        return self.rolled_back or bool(self.incidents) or bool(self.hotfixes)


class Reading(msgspec.Struct, frozen=True, dict=True):
    """A past that figures are read from.

    ``whole`` is all that ever happened, where ``past`` is a part of it: what became of a release is not cut off by
    the end of a quarter.
    """

    past: Past
    whole: Past

    @cached_property
    def ended(self) -> tuple[Went, ...]:
        """The releases that went out and whose watching has ended, whatever became of them.

        One that was rolled back at once counts when its time of watching is over, as the others do: otherwise
        failures would be counted sooner than what went well.
        """
        return tuple(one for one in self.past.releases if one.watched_until <= self.past.now)

    @cached_property
    def watched(self) -> Left:
        """Those whose watching has not ended."""
        return Left(WATCHED, ids(one for one in self.past.releases if one.watched_until > self.past.now))

    @cached_property
    def troubles(self) -> dict[str, Trouble]:
        """What went wrong with each release that went out, by its id."""
        incidents: dict[str, list[Happened]] = {}
        for each in self.whole.incidents:
            if each.release and each.escaped and each.by_release:
                incidents.setdefault(each.release, []).append(each)
        hotfixes: dict[str, list[Went]] = {}
        for one in self.whole.releases:
            if one.kind == "hotfix":
                hotfixes.setdefault(one.follows, []).append(one)
        return {
            one.id: Trouble(
                one.id,
                one.rolled_back_at is not None,
                tuple(incidents.get(one.id, ())),
                tuple(hotfixes.get(one.version, ())),
            )
            for one in self.past.releases
        }

    @cached_property
    def by_id(self) -> dict[str, Went]:
        """Every release that ever went out."""
        return {one.id: one for one in self.whole.releases}

    @cached_property
    def escaped(self) -> tuple[Happened, ...]:
        """The incidents in production that count."""
        return tuple(one for one in self.past.incidents if one.escaped)

    @cached_property
    def left_incidents(self) -> tuple[Left, ...]:
        """Incidents that count in nothing."""
        reasons = {"mistake": "declared by mistake", "merged": "merged into another incident"}
        return tuple(
            Left(words, ids(one for one in self.past.incidents if one.left == reason))
            for reason, words in reasons.items()
        )

    def lessons(self, *, staging: bool = False) -> list[tuple[str, Lesson]]:
        """What reviews found, by what they are about: incidents in production, and failed tests where ``staging`` is asked for."""
        found = [(one.id, one.lesson) for one in self.escaped if one.lesson is not None]
        if staging:
            found += [(one.id, one.lesson) for one in self.past.tests]
        return found

    def not_reviewed(self) -> Left:
        """Incidents in production without a review."""
        return Left("not reviewed", ids(one for one in self.escaped if one.lesson is None))


def read(past: Past, whole: Past | None = None) -> Reading:
    """Figures are read from this; ``whole`` is all that ever happened, where ``past`` is a part of it."""
    return Reading(past, whole or past)


class Named(Protocol):
    """What has an id in the record."""

    @property
    def id(self) -> str: ...


def ids(things: Iterable[Named]) -> tuple[str, ...]:
    """The ids of things, in their order."""
    return tuple(one.id for one in things)


def answered(
    pairs: Sequence[tuple[str, Lesson]], field: str, *, nothing: Sequence[str] = ("", "unknown")
) -> tuple[tuple[str, ...], Left]:
    """The ids of what was reviewed with an answer in a field, and what was reviewed without one."""
    known = tuple(id for id, lesson in pairs if getattr(lesson, field) not in nothing)
    unknown = tuple(id for id, lesson in pairs if getattr(lesson, field) in nothing)
    return known, Left("reviewed, but nobody could say", unknown)


def those(pairs: Sequence[tuple[str, Lesson]], field: str, *answers: str) -> tuple[str, ...]:
    """The ids of what was answered so."""
    return tuple(id for id, lesson in pairs if getattr(lesson, field) in answers)
