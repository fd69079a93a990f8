"""Requirements that count what sources list of a commit, one by one: findings of scanners, issues, secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

from workbench.benchmarks.measurements import Measurement
from workbench.gates.bound import NOT_MEASURED, Bound, of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.model import Part, State, Weight
from workbench.gates.needs import READINGS
from workbench.gates.of_commit import could_not_ask, not_of_candidate, not_whole
from workbench.gates.turn import ANYBODY
from workbench.gates.unproven import as_risk
from workbench.model.canonical import plain
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import parse_duration
from workbench.sources.findings import SEVERITIES, Listed
from workbench.sources.reading import Role

C = TypeVar("C", bound=msgspec.Struct)
_SHOWN = 3  # things that the line of a gate names


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer counts against a limit: how many, and those that it lists; ``beyond`` says which limits it breaks."""

    count: int
    things: Sequence[Listed]
    beyond: str = ""


class ListedKind(Kind[C]):
    """Every source has answered for the candidate, and what it lists keeps a limit.

    Its configuration has ``source`` and ``max_age``.  ``role`` is what is listed, ``noun`` one of it.
    """

    lists = True
    role: ClassVar[Role]
    noun: ClassVar[str]
    none: ClassVar[str] = "no scan fetched for this candidate"
    cleared_by: ClassVar[Job] = Job.PROPOSE_BUILD

    def counted(self, asks: C, reading: Measurement) -> Counted:
        """What of an answer counts, and which limits it breaks."""
        raise NotImplementedError

    def kept(self, asks: C, reading: Measurement) -> tuple[str, str]:
        """What is said where the limits are kept, and why that is a risk; "" where it is none."""
        raise NotImplementedError

    def unusable(self, reading: Measurement) -> str | None:
        """Why an answer says nothing about what is counted, beside what is asked of any answer."""
        if any(severity in reading.facts for severity in SEVERITIES):
            return None
        return "its source does not say how many there are of each severity"

    def needs(self, asks: C) -> Iterable[Need[Any]]:
        return (READINGS,)

    def parts(self, asks: C, facts: Facts) -> Iterable[Part]:
        return (self._part(asks, source, facts) for source in _sources(asks))

    def moments(self, asks: C, facts: Facts) -> Iterable[datetime]:
        limit = _max_age(asks)
        found = (self._reading(source, facts) for source in _sources(asks)) if limit else ()
        return [reading.measured_at + parse_duration(limit or "") for reading in found if reading is not None]

    def only_time(self, asks: C, facts: Facts) -> bool:
        """Whether it is not met for no other reason than the age of an answer."""
        return all(
            self._wrong(asks, reading := self._reading(source, facts), facts, None) is None
            and reading is not None
            and not self.counted(asks, reading).beyond
            for source in _sources(asks)
        )

    def listed(self, asks: C) -> Iterable[tuple[Role, str]]:
        return ((self.role, source) for source in _sources(asks))

    def pins(self, asks: C, facts: Facts) -> Mapping[str, Sequence[str]]:
        found = {}
        for part, source in zip(self.parts(asks, facts), _sources(asks), strict=True):
            reading = self._reading(source, facts)
            if part.state is State.MET and reading is not None:
                found[reading.subject] = [reading.ref]
        return found

    def rests(self, asks: C, facts: Facts) -> Iterable[Rest]:
        for part, source in zip(self.parts(asks, facts), _sources(asks), strict=True):
            ended = part.state is State.NOT_MET and self.only_time(asks, facts)
            yield Rest(
                key=source, title=part.title, stands=plain({"met": part.state is State.MET}), ended=ended
            )

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        if old is None or new is None:
            one = new or old
            asked = "asked for now" if old is None else "no longer asked for"
            return Alteration(f"“{one.title if one else ''}” is {asked}")
        words = "is kept again" if new.stands.get("met") else "is no longer kept"
        return Alteration(f"“{new.title}” {words}", lapse=new.ended, follows=since.new_candidate)

    def _reading(self, source: str, facts: Facts) -> Measurement | None:
        return facts(READINGS).get((f"{self.role}/{source}", self.role))

    def _wrong(self, asks: C, reading: Measurement | None, facts: Facts, max_age: str | None) -> str | None:
        wrong = not_of_candidate(reading, facts, max_age, none=self.none, did="scanned")
        if wrong is None and reading is not None:
            wrong = self.unusable(reading)
        return wrong

    def _part(self, asks: C, source: str, facts: Facts) -> Part:
        reading = self._reading(source, facts)
        wrong = self._wrong(asks, reading, facts, _max_age(asks))
        found = self.counted(asks, reading) if wrong is None and reading is not None else None
        if wrong is None and found is not None and not found.beyond:
            wrong = not_whole(reading) if reading is not None else None
        title = f"{self.title(asks, facts)}{_whose(asks, source, facts)}"
        key = f"{self.name}/{source}"
        if wrong is not None or found is None or reading is None:
            return Part(
                key=key, title=title, state=State.NOT_MET, why=wrong or self.none, about=key,
                step=self._to_answer(reading, source, facts),
                unasked=bool(reading and facts.candidate and could_not_ask(reading, facts.now)),
                turn=ANYBODY, bound=Bound(stands=NOT_MEASURED),
            )  # fmt: skip
        if found.beyond:
            step = Step(self.cleared_by, source if self.cleared_by is Job.FETCH else key)
            return Part(
                key=key, title=title, state=State.NOT_MET, why=found.beyond, about=key, step=step, turn=ANYBODY,
                bound=self._bound(found),
            )  # fmt: skip
        why, risk = self.kept(asks, reading)
        part = Part(
            key=key, title=title, state=State.MET, why="; ".join(filter(None, (why, risk))), about=key,
            weight=Weight.RISK if risk else Weight.BLOCKS,
        )  # fmt: skip
        return as_risk(part, facts.definitions.unproven(source))

    def _to_answer(self, reading: Measurement | None, source: str, facts: Facts) -> Step:
        """What brings an answer that counts: asking, unless what was asked cannot tell."""
        if facts.candidate is None:
            return Step(Job.PROPOSE_CANDIDATE)
        if reading is not None and reading.state == "ok" and self.unusable(reading):
            place = facts.definitions.mark("source", source)
            return Step(Job.EDIT_DEFINITIONS, f"{place} {source}") if place else Step(Job.CHECK_FILES)
        if reading is not None and reading.mark == "asserted":
            return Step(Job.NAME_COMMIT, facts.candidate.commit[:7])
        return Step(Job.FETCH, source)

    def _bound(self, found: Counted) -> Bound:
        return of_things(
            (f"{one.severity} {one.words}" for one in found.things), self.noun, count=found.count
        )


def counts_in(reading: Measurement) -> dict[str, int]:
    """How many of each severity are open in an answer."""
    found: dict[str, int] = {}
    for severity in SEVERITIES:
        number = reading.facts.get(severity)
        found[severity] = number if isinstance(number, int) and not isinstance(number, bool) else 0
    return found


def named(things: Sequence[Listed], count: int) -> str:
    """The first of them by name, and how many more there are."""
    more = count - _SHOWN
    shown = ", ".join(one.words for one in things[:_SHOWN])
    return shown + (f" and {number_of(more, 'more').removesuffix('s')}" if more > 0 else "")


def within(
    limits: Mapping[str, int], counts: Mapping[str, int], things: Sequence[Listed], unknown_as: str
) -> Counted:
    """What counts against limits by severity: of one that is not named with the next lower one that is.

    ``unknown_as`` is the severity that what has none counts as; "" where it is not counted here.
    """
    of: dict[str, str] = {
        severity: _limit_of(unknown_as if severity == "unknown" else severity, limits)
        for severity in SEVERITIES
    }
    sums = {limit: sum(counts.get(one, 0) for one in SEVERITIES if of[one] == limit) for limit in limits}
    broken = [limit for limit, most in limits.items() if sums[limit] > most]
    counted = [one for one in things if of[one.severity]]
    total = sum(sums.values())
    if not broken:
        return Counted(count=total, things=counted)
    told = ", ".join(f"{sums[limit]:,} {_words(limit, of)} (at most {limits[limit]:,})" for limit in broken)
    worst = [one for one in counted if of[one.severity] in broken]
    return Counted(
        count=total, things=counted, beyond=f"{told}: {named(worst, sum(sums[one] for one in broken))}"
    )


def _limit_of(severity: str, limits: Mapping[str, int]) -> str:
    """The limit that a severity counts against: its own, or the next lower one that is named."""
    if severity not in SEVERITIES:
        return ""
    below = SEVERITIES[SEVERITIES.index(severity) :]
    return next((one for one in below if one in limits), "")


def _words(limit: str, of: Mapping[str, str]) -> str:
    """``critical``; ``high or worse`` where more severe ones count against the same limit."""
    return f"{limit} or worse" if any(one != limit and of[one] == limit for one in SEVERITIES[:4]) else limit


def _sources(asks: msgspec.Struct) -> list[str]:
    found: str | list[str] = getattr(asks, "source")  # noqa: B009 - configurations share no base with it
    return [found] if isinstance(found, str) else list(dict.fromkeys(found))


def _max_age(asks: msgspec.Struct) -> str | None:
    text: str | None = getattr(asks, "max_age", None)
    return text


def _whose(asks: msgspec.Struct, source: str, facts: Facts) -> str:
    """The source's name, where several are asked."""
    if len(_sources(asks)) == 1:
        return ""
    found = facts.definitions.source(source)
    return f" ({found.title if found and found.title else source})"
