"""IN-8: what held releases up, by cause, by requirement, by source and by team, in hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import msgspec

from workbench.learning.past import Held
from workbench.learning.reading import Reading

By = Literal["cause", "part", "source", "team"]
BY: tuple[By, ...] = ("cause", "part", "source", "team")
_HOUR = timedelta(hours=1)


class Hours(msgspec.Struct, frozen=True, kw_only=True):
    """How long one thing held releases up, in hours of the clock; overlapping times of one release count once.

    ``releases`` and ``ids`` are what was held up and by what; ``going_on`` says that some of it has not ended.
    """

    name: str
    hours: float
    releases: tuple[str, ...]
    ids: tuple[str, ...]
    going_on: bool = False


def held_up(past: Reading, by: By) -> tuple[Hours, ...]:
    """The hours of each cause, requirement, source or team, most first."""
    groups: dict[str, list[Held]] = {}
    for one in past.past.held:
        groups.setdefault(getattr(one, by), []).append(one)
    found = [_hours(past, name, each) for name, each in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.hours, one.name)))


def total(past: Reading) -> Hours:
    """All of it: hours in which anything held a release up, each release on its own."""
    return _hours(past, "", past.past.held)


def _hours(past: Reading, name: str, held: Sequence[Held]) -> Hours:
    releases = tuple(dict.fromkeys(one.release for one in held))
    return Hours(
        name=name,
        hours=sum(_covered(past, [one for one in held if one.release == each]) for each in releases),
        releases=releases,
        ids=tuple(dict.fromkeys(one.id for one in held)),
        going_on=any(one.until is None for one in held),
    )


def _covered(past: Reading, held: Sequence[Held]) -> float:
    """The hours that these spans cover together, within the period and up to now."""
    end = min(past.past.until or past.past.now, past.past.now)
    start = past.past.since
    spans = sorted((max(one.since, start or one.since), min(one.until or end, end)) for one in held)
    hours, reached = 0.0, None
    for since, until in spans:
        begin = since if reached is None else max(since, reached)
        if until > begin:
            hours += (until - begin) / _HOUR
        reached = until if reached is None else max(reached, until)
    return hours
