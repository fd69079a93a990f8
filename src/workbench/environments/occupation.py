"""ST-2: whose work, or which maintenance, a measurement overlaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from workbench.definitions.environments import Environment, RegularUse
from workbench.environments.model import Occupancy, Occupied
from workbench.model.times import in_zone, read_hours

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = timedelta(days=7)


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in which an environment was not free; without ``ends`` it goes on."""

    environment: str
    who: str
    why: str
    begins: datetime
    ends: datetime | None
    maintenance: bool = False
    regular: bool = False

    def covers(self, moment: datetime) -> bool:
        """Whether the environment is not free at a moment."""
        return self.begins <= moment and (self.ends is None or moment < self.ends)

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        """Whether it has anything in common with a window; a window may be a single moment."""
        return self.begins <= ends and (self.ends is None or begins < self.ends)


def stretches(
    environments: Iterable[Environment],
    occupancies: Iterable[Occupancy],
    begins: datetime,
    ends: datetime,
    zone: tzinfo,
) -> list[Stretch]:
    """When these environments were not free within a window: as recorded, and as they are used regularly."""
    recorded = (_recorded(one) for one in occupancies)
    found = [one for one in recorded if one.overlaps(begins, ends)]
    for environment in environments:
        for use in environment.used_by:
            found.extend(_regular(environment.key, use, begins, ends, zone))
    return sorted(found, key=lambda one: one.begins)


def _recorded(one: Occupancy) -> Stretch:
    return Stretch(
        environment=one.environment,
        who=one.who,
        why=one.why,
        begins=one.begins,
        ends=one.ends,
        maintenance=one.sort is Occupied.MAINTENANCE,
    )


def _regular(
    environment: str, use: RegularUse, begins: datetime, ends: datetime, zone: tzinfo
) -> Iterator[Stretch]:
    """The times of a regular use within a window; of a long window those of its last week."""
    hours = read_hours(use.hours) if use.hours else None
    if hours is None:
        return
    first = max(begins, ends - _WEEK)
    for day in _days(in_zone(first, zone).date() - timedelta(days=1), in_zone(ends, zone).date()):
        if use.days and _DAYS[day.weekday()] not in use.days:
            continue
        start = datetime.combine(day, hours[0], zone)
        until = datetime.combine(day if hours[1] > hours[0] else day + timedelta(days=1), hours[1], zone)
        found = Stretch(
            environment=environment,
            who=use.who,
            why=use.why,
            begins=start,
            ends=until,
            maintenance=use.maintenance,
            regular=True,
        )
        if found.overlaps(begins, ends):
            yield found


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def disturbing(found: Iterable[Stretch], environment: str, own: Collection[str]) -> list[Stretch]:
    """The stretches that make a measurement in an environment doubtful: work of others, and maintenance.

    ``own`` are the keys and names of the project's people: what they occupy is our own work.
    """
    ours = {name.casefold() for name in own}
    return [
        one
        for one in found
        if one.environment == environment and (one.maintenance or one.who.casefold() not in ours)
    ]


_DURING, _WHILE, _AFTER = "during maintenance of", "while", "after the end of"
_DISTURBED = tuple(f"measured {word} " for word in (_DURING, _WHILE, _AFTER))


def is_overlap(remark: str) -> bool:
    """Whether a remark on a measurement is one of :func:`overlap_words`."""
    return remark.startswith((f"measured {_DURING} ", f"measured {_WHILE} "))


def disturbances(remarks: Iterable[str]) -> str:
    """Of the remarks on a verdict those that make its measurements doubtful, in a line."""
    return "; ".join([one for one in remarks if one.startswith(_DISTURBED)])


def after_end_words(title: str, when: str) -> str:
    """That a measurement was made after the end of its environment: ``measured after the end of Staging on …``."""
    return f"measured {_AFTER} {title} on {when}"


def overlap_words(found: Sequence[Stretch], title: str) -> str:
    """What a measurement overlaps, in words: ``measured while payments used Staging (load test)``."""
    told = dict.fromkeys(
        f"{_DURING} {title} ({one.why})"
        if one.maintenance
        else f"{_WHILE} {one.who} used {title} ({one.why})"
        for one in found
    )
    return f"measured {' and '.join(told)}" if told else ""
