"""How long people take to answer when a gate waits for them, in their own working hours.

Somebody is asked when a request is written for them, or when somebody else opens sign-off of a gate.  Their
first answer is whatever they say first; the decision is the first answer that is no “send back”.  While a
gate that they sent back has not been handed back, their clock stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

import msgspec

from workbench.definitions.shapes import Person
from workbench.model.times import zone_of
from workbench.model.working_hours import Hours, hours_of
from workbench.releases.model import all_releases
from workbench.signoff import model as signing
from workbench.signoff.hand_backs import HandBack, hand_backs
from workbench.signoff.model import Decision, Seen, SignOff
from workbench.signoff.rosters import absences
from workbench.usecases.context import Context


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """One person's answer to one gate of one build.

    ``first`` and ``decided`` are in working days of the person; ``None`` where there is no decision yet.
    """

    release: str
    gate: str
    person: str
    role: str
    asked_at: datetime
    first: float
    decided: float | None


class Typical(msgspec.Struct, frozen=True, kw_only=True):
    """How long a role or a person takes: medians in working days, of so many answers and decisions."""

    by: Literal["role", "person"]
    who: str
    first: float
    answers: int
    decided: float | None
    decisions: int

    @property
    def words(self) -> str:
        """``security answers in 2.1 days, median of 9``; a decision that takes longer is told beside it."""
        name = self.who.replace("-", " ")
        told = f"{name} answers in {days_text(self.first)}, {_of(self.answers)}"
        if self.decided is None:
            return f"{told}; no decision yet"
        if days_text(self.decided) == days_text(self.first):
            return told
        return f"{told}, and decides in {days_text(self.decided)}, {_of(self.decisions)}"


class AnswerTimes(msgspec.Struct, frozen=True, kw_only=True):
    """All answers, and what is typical of each role and each person."""

    answers: tuple[Answered, ...] = ()
    roles: Mapping[str, Typical] = {}
    people: Mapping[str, Typical] = {}
    hours: Mapping[str, Hours] = {}

    def of(self, person: str, role: str) -> Typical | None:
        """What is typical of a person, or of their role where they never answered."""
        return self.people.get(person) or self.roles.get(role)


def days_text(days: float) -> str:
    """``2.1 days``, ``3 hours``: of work, eight hours or what the person's day has."""
    if days < 0.95:
        hours = round(days * 8)
        return f"{hours} hour{'s' if hours != 1 else ''}" if hours else "less than an hour"
    number = f"{days:.1f}".removesuffix(".0")
    return f"{number} day{'s' if number != '1' else ''}"


def _of(count: int) -> str:
    return f"median of {count}" if count > 1 else "once"


def working_hours(person: Person, zone: str) -> Hours:
    """When a person works, in their own zone or the project's."""
    own = zone_of(person.timezone or zone)
    return hours_of(person.hours, own, absences(person, own))


def read_answer_times(context: Context) -> AnswerTimes:
    """How long everybody took who was ever asked to sign."""
    project = context.definitions.project
    hours = {person.key: working_hours(person, project.timezone) for person in project.people}
    usual = hours_of(None, context.zone)
    answers = tuple(
        _answered(one, rows, handed, hours.get(one.person, usual))
        for held in all_releases(context.record)
        for handed in (hand_backs(context.record, held.id),)
        for one, rows in _asked(context, held.id)
    )
    return AnswerTimes(
        answers=answers,
        roles={one.who: one for one in typical(answers, "role")},
        people={one.who: one for one in typical(answers, "person")},
        hours=hours,
    )


class _Asked(msgspec.Struct, frozen=True):
    release: str
    gate: str
    person: str
    role: str
    at: datetime


_Rows = Sequence[tuple[str, SignOff]]


def _asked(context: Context, release: str) -> Iterator[tuple[_Asked, _Rows]]:
    """Who was asked for which build and gate, and answered: with all their answers since, the earliest first."""
    asked: dict[tuple[str, str, str], datetime] = {}
    for row in context.record.all("request", "release = ?", (release,)):
        seen = row.decode(Seen)
        place = (seen.candidate, seen.gate, seen.person)
        asked[place] = min(seen.at, asked.get(place, seen.at))
    openings = {key: value for key, (_, value) in signing.openings(context.record, release).items()}
    given: dict[tuple[str, str, str], list[tuple[str, SignOff]]] = {}
    for stored, value in signing.signoffs(context.record, release):
        given.setdefault((value.candidate, value.gate, value.person), []).append((stored.id, value))
    for place, rows in given.items():
        candidate, gate, person = place
        opening = openings.get(gate)
        if opening is not None and opening.candidate == candidate and opening.by != person:
            asked[place] = min(opening.at, asked.get(place, opening.at))
        at = asked.get(place)
        since = [(ident, value) for ident, value in rows if at is not None and value.at >= at]
        if at is not None and since:
            yield _Asked(release, gate, person, since[0][1].role, at), since


def _answered(asked: _Asked, rows: _Rows, handed: Mapping[str, HandBack], hours: Hours) -> Answered:
    decided = next((value for _, value in rows if value.decision is not Decision.SEND_BACK), None)
    time = None
    if decided is not None:
        stood = sum((hours.between(*span) for span in _standing_still(rows, handed, decided.at)), timedelta())
        time = (hours.between(asked.at, decided.at) - stood) / hours.day
    return Answered(
        release=asked.release,
        gate=asked.gate,
        person=asked.person,
        role=asked.role,
        asked_at=asked.at,
        first=hours.between(asked.at, rows[0][1].at) / hours.day,
        decided=time,
    )


def _standing_still(
    rows: _Rows, handed: Mapping[str, HandBack], end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """While what was sent back was not handed back: up to the next answer where it never was."""
    for number, (ident, value) in enumerate(rows):
        if value.decision is Decision.SEND_BACK and value.at < end:
            following = rows[number + 1][1].at if number + 1 < len(rows) else end
            back = handed.get(ident)
            yield value.at, min(following, end, back.at if back is not None else end)


def typical(answers: Iterable[Answered], by: Literal["role", "person"]) -> tuple[Typical, ...]:
    """What is typical of each role, or of each person, by name."""
    groups: dict[str, list[Answered]] = {}
    for one in answers:
        groups.setdefault(getattr(one, by), []).append(one)
    return tuple(_medians(by, who, each) for who, each in sorted(groups.items()))


def _medians(by: Literal["role", "person"], who: str, answers: Sequence[Answered]) -> Typical:
    decided = [one.decided for one in answers if one.decided is not None]
    return Typical(
        by=by,
        who=who,
        first=median(one.first for one in answers),
        answers=len(answers),
        decided=median(decided) if decided else None,
        decisions=len(decided),
    )
