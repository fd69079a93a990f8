"""Reading the environment diary: two environments or two moments compared, and what nobody deployed on record."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from workbench.gates.deployed import Unrecorded, off_record
from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.model.times import moment_text, parse_duration
from workbench.probes import diary
from workbench.probes.diary import Compared, Entry, Moved
from workbench.usecases.context import Context

_AGO = re.compile(r"(?i)(.*?)[\s_-]+ago")
_LENGTH = re.compile(r"(?P<number>[\d.]+)[\s_-]*(?P<word>[a-z]+)")
_DAYS = {"month": 30, "year": 365}


class Point(msgspec.Struct, frozen=True):
    """An environment at a moment; ``words`` name it as it was asked for, with the moment in full."""

    environment: str
    at: datetime
    words: str


class Builds(msgspec.Struct, frozen=True):
    """The builds that run at two points, as far as a probe was told; "" where none was."""

    one: str
    other: str


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """Two points of the diary, compared probe by probe.

    ``alone`` are the probes that have seen only one of the two, with the words of the point that they
    have not seen.  ``ignored`` counts what the probes' own rules leave out, ``seen`` is when each
    probe last looked at either point.
    """

    one: Point
    other: Point
    compared: tuple[Compared, ...]
    builds: Builds
    alone: Mapping[str, str]
    ignored: int
    seen: Mapping[str, tuple[datetime, datetime]]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Everything that differs, in the order of probes and paths."""
        return tuple(moved for each in self.compared for moved in each.moved)

    @property
    def parameters(self) -> int:
        return sum(each.parameters for each in self.compared)


def read_point(context: Context, text: str) -> Point:
    """What ``staging``, ``staging@2 weeks ago`` or ``staging@2026-11-01`` means; ``UsageError`` for anything else.

    A day is meant as it ended; one that has not ended, as it is now.
    """
    key, at, when = (part.strip() for part in text.partition("@"))
    known = [each.key for each in context.definitions.project.environments]
    if key not in known:
        meant = nearest(key, known)
        raise UsageError(
            f"there is no environment “{safe_text(key, 60)}” in this project",
            hint=f"did you mean {meant}?" if meant else f"known: {', '.join(known) or 'none'}",
        )
    if not at:
        return Point(key, context.now, f"{key} now")
    moment = _moment(context, when)
    if moment > context.now:
        moment = context.now
    return Point(key, moment, f"{key} on {moment_text(moment, context.zone)}")


def _moment(context: Context, when: str) -> datetime:
    """A day, a time, or a length of time ago; one without *ago* is meant so too, as the diary has no future."""
    if when.casefold() == "now":
        return context.now
    ago = _AGO.fullmatch(when)
    try:
        return context.now - _length(ago[1] if ago else when)
    except (ValueError, OverflowError) as wrong:
        if ago is None and not isinstance(wrong, OverflowError):
            return read_moment(when, context.zone, context.now, end=True)
        raise UsageError(
            f"“{safe_text(when, 60)}” is no time ago", hint="such as 2 weeks ago, 36h ago, or 2026-11-01"
        ) from None


def _length(text: str) -> timedelta:
    """A length of time; of months and years, which durations do not know, 30 and 365 days."""
    found = _LENGTH.fullmatch(text.strip().casefold())
    if found is None:
        return parse_duration(text)
    days = _DAYS.get(found["word"].removesuffix("s"))
    return parse_duration(found["number"] + ("d" if days else found["word"])) * (days or 1)


def diff(context: Context, one: Point, other: Point, probe: str = "") -> Diff:
    """What differs between two points, as the probes saw them; ``probe`` asks for one of them.

    ``UsageError`` where no run has seen either of the two.
    """
    replayed = context.demonstration is not None
    left, right = (
        diary.as_of(context.record, point.environment, point.at, replayed=replayed) for point in (one, other)
    )
    keys = [key for key in sorted(left.keys() | right.keys()) if probe in ("", key)]
    if not keys:
        raise UsageError(
            f"no probe has looked at {one.words} or {other.words}", hint="workbench probe looks now"
        )
    both = [key for key in keys if key in left and key in right]
    if not both:
        seen = one if any(key in left for key in keys) else other
        missing = other if seen is one else one
        raise UsageError(
            f"no probe has looked at {missing.words}, so nothing can be compared with {seen.words}",
            hint=_first_look(context, missing.environment),
        )
    found = [_compared(context, left[key], right[key]) for key in both]
    return Diff(
        one=one,
        other=other,
        compared=tuple(each for each, _ in found),
        builds=Builds(_build(left.values()), _build(right.values())),
        alone={key: (other if key in left else one).words for key in keys if key not in both},
        ignored=sum(count for _, count in found),
        seen={key: (left[key].at, right[key].at) for key in both},
    )


def _first_look(context: Context, environment: str) -> str:
    """Since when an environment has been looked at."""
    found = diary.first_look(context.record, environment, replayed=context.demonstration is not None)
    if found is None:
        return "workbench probe looks now"
    return f"the first look was on {moment_text(found, context.zone)}"


def _compared(context: Context, one: Entry, other: Entry) -> tuple[Compared, int]:
    """Two entries compared, and how many differences the probe's own rules leave out."""
    probe = context.definitions.probe(one.probe)
    found = diary.compared(context.record, one, other)
    rules = probe.ignore if probe is not None else ()
    kept = tuple(moved for moved in found.moved if not _ignored(moved.path, rules))
    return msgspec.structs.replace(found, moved=kept), len(found.moved) - len(kept)


def _ignored(path: str, rules: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, rule) for rule in rules)


def _build(entries: Iterable[Entry]) -> str:
    """The build that the latest of these entries was told."""
    told = [(entry.at, entry.seen.build) for entry in entries if entry.seen.build]
    return max(told, key=lambda pair: pair[0])[1] or "" if told else ""


# --- what nobody deployed on record -----------------------------------------------------------


def unrecorded(context: Context, within: timedelta = timedelta(days=180)) -> tuple[Unrecorded, ...]:
    """The builds that runs have seen and that no candidate, or in production no shipment, names; the latest first."""
    replayed = context.demonstration is not None
    seen = diary.sightings(context.record, context.now - within, context.now, replayed=replayed)
    found = off_record(seen, context.record, context.definitions.project) if seen else []
    return tuple(sorted(found, key=lambda each: each.last, reverse=True))
