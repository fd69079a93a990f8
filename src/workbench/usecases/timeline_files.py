"""A timeline that was written down elsewhere: a line of text for each thing that happened, which begins with its time.

``2026-12-01 14:02 the gateway answers 503``, then ``14:05 first page``: a time of day alone goes on from the line
before, over midnight too.  What has no time belongs to the line before, as in a pasted log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from workbench.model.dates import read_moment
from workbench.model.errors import UsageError
from workbench.model.past import read_past
from workbench.model.text import safe_text
from workbench.model.times import in_zone

MOST = 10_000  # lines of one file
_CLOCK = r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)"
_ZONE = r"(?P<zone>Z| ?UTC| ?[+-][0-9]{2}:?[0-9]{2})?"
_LINE = re.compile(
    rf"(?:[-*] +)?\[?(?:(?P<day>yesterday|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[ T])?{_CLOCK}{_ZONE}\]?(?:\s+[-–:]\s+|:?\s+)(?P<words>\S.*)",
    re.IGNORECASE,
)


class Told(msgspec.Struct, frozen=True):
    """One thing that happened: when, in UTC, and what."""

    at: datetime
    words: str


def read_timeline(text: str, now: datetime, zone: tzinfo) -> list[Told]:
    """The lines of a timeline in their order; ``UsageError`` names the line that cannot be read.

    ``zone`` is that of the days and of the times without a zone of their own.
    """
    found: list[Told] = []
    for number, line in enumerate(text.splitlines(), 1):
        if number > MOST:
            raise UsageError(f"this has more than {MOST:,} lines", hint="split it")
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None and not found:
            raise UsageError(
                f"line {number} does not begin with a time: {safe_text(line.strip(), 40)}",
                hint="begin it with 14:05, or 2026-12-01 14:05",
            )
        if match is None:
            found[-1] = Told(found[-1].at, f"{found[-1].words}\n{line.rstrip()}")
            continue
        try:
            at = _moment(match, found[-1].at if found else None, now, zone)
        except UsageError as error:
            raise UsageError(f"line {number}: {error.what}", hint=error.hint) from None
        found.append(Told(at, match["words"].strip()))
    if not found:
        raise UsageError("this has no lines", hint="a line for each thing that happened, its time first")
    return found


def _moment(match: re.Match[str], before: datetime | None, now: datetime, zone: tzinfo) -> datetime:
    day, clock, offset = match["day"], match["clock"], (match["zone"] or "").strip()
    if day:
        return read_past(f"{day} {clock} {offset}".strip(), zone, now)
    if before is None:
        return read_past(clock, zone, now)
    return next(_following(clock, offset, before, now, zone))


def _following(clock: str, offset: str, before: datetime, now: datetime, zone: tzinfo) -> Iterator[datetime]:
    """A time of day on the day of the line before, else on the next day: the order of a file is that of its times."""
    day = in_zone(before, zone).date()
    for ahead in (0, 1):
        date = day + timedelta(days=ahead)
        at = read_moment(f"{date.isoformat()} {clock} {offset}".strip(), zone, now)
        if at >= _minute_of(before):
            yield read_past(f"{date.isoformat()} {clock} {offset}".strip(), zone, now)
    raise UsageError(f"{clock} lies before the line before it", hint="write its day, too")


def _minute_of(moment: datetime) -> datetime:
    """The beginning of its minute: times are mostly written without seconds."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
