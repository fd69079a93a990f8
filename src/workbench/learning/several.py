"""The pasts of several projects as one, so that what all of them did is counted, and no ratio is averaged.

Each thing keeps the project it is of in its id, and each version, too: 1.0 of one project has nothing to do with
1.0 of another, and a hotfix that follows 1.0 mends its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from workbench.learning.past import Happened, Past, Went
from workbench.learning.reading import Reading, read

_INSTANT = timedelta(microseconds=1)


def together(readings: Mapping[str, Reading]) -> Reading:
    """What is read of all of these, by the project that each is of; ``ValueError`` where there is none.

    It lasts from the earliest beginning to the latest end of what is read of each, and *now* is the latest one.
    A release that is still watched by the clock of its own project is so here, too.
    """
    return read(
        _joined({project: one.past for project, one in readings.items()}),
        _joined({project: one.whole for project, one in readings.items()}),
    )


def _joined(pasts: Mapping[str, Past]) -> Past:
    now = max(one.now for one in pasts.values())
    since = [one.since for one in pasts.values()]
    until = [one.until for one in pasts.values()]
    return Past(
        now=now,
        zone=UTC,
        since=min((at for at in since if at is not None), default=None) if None not in since else None,
        until=max((at for at in until if at is not None), default=None) if None not in until else None,
        releases=tuple(
            _in_order(_of(project, each, one, now) for project, one in pasts.items() for each in one.releases)
        ),
        incidents=tuple(_incident(project, each) for project, one in pasts.items() for each in one.incidents),
    )


def _in_order(releases: Iterable[Went]) -> list[Went]:
    return sorted(releases, key=lambda one: (one.at, one.id))


def _of(project: str, one: Went, past: Past, now: datetime) -> Went:
    still_watched = one.watched_until > past.now
    later = max(one.watched_until, now + _INSTANT) if still_watched else one.watched_until
    return msgspec.structs.replace(
        one,
        watched_until=later,
        id=named(project, one.id),
        version=named(project, one.version),
        follows=named(project, one.follows) if one.follows else "",
    )


def _incident(project: str, one: Happened) -> Happened:
    release = named(project, one.release) if one.release else ""
    return msgspec.structs.replace(one, id=named(project, one.id), release=release)


def named(project: str, what: str) -> str:
    """An id or a version with the project that it is of."""
    return f"{project}:{what}"
