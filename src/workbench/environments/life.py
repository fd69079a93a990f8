"""ST-7: when the life of an environment is over, and who says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo

import msgspec

from workbench.definitions.environment_checks import day
from workbench.definitions.environments import Environment
from workbench.environments.model import EndOfLife
from workbench.model.times import parse_duration

_INSTANT = timedelta(microseconds=1)


class Life(msgspec.Struct, frozen=True):
    """When an environment ends, ``None`` where nothing says so, and why then."""

    ends: datetime | None
    why: str

    def over(self, now: datetime) -> bool:
        """Whether that is past."""
        return self.ends is not None and self.ends <= now


def life_of(environment: Environment, said: Iterable[EndOfLife], zone: tzinfo) -> Life:
    """When an environment ends: the earliest of what its files and the record say.

    The record may bring an end forward; a later one is an edit of the files.
    """
    ends = [
        *_in_files(environment, zone),
        *(Life(one.ends, f"set by {one.by}: {one.reason}") for one in said),
    ]
    if ends:
        return min(ends, key=lambda one: one.ends.timestamp() if one.ends else 0)
    if environment.lifetime:
        return Life(None, f"each lives {environment.lifetime}; when this one began is not stated")
    return Life(None, "no end is stated")


def _in_files(environment: Environment, zone: tzinfo) -> Iterable[Life]:
    last, since = day(environment.ends), day(environment.since)
    if last is not None:
        yield Life(datetime.combine(last, time.max, zone), "its last day")
    if since is not None and environment.lifetime:
        begins = datetime.combine(since, time.min, zone)
        try:
            lived = parse_duration(environment.lifetime)
            # A life of whole days ends with the last instant of its last day.
            yield Life(begins + lived - _INSTANT, f"{environment.lifetime} since {environment.since}")
        except (OverflowError, ValueError):
            return


def overdue(life: Life, now: datetime) -> timedelta:
    """For how long its life has been over; zero where it is not."""
    return now - life.ends if life.ends is not None and life.over(now) else timedelta()
