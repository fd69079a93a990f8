"""How a runbook stands: drilled lately and working, never drilled, changed since, or stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

import msgspec

from workbench.definitions.runbooks import Runbook
from workbench.drills.model import Drill, DrillResult, text_of, took, within
from workbench.model.text import number_of
from workbench.model.times import age_text, day_text, duration_text, in_zone, parse_duration

_SECOND = timedelta(seconds=1)


class Standing(StrEnum):
    """How far a runbook is to be trusted."""

    REHEARSED = "rehearsed"
    NEVER = "never drilled"
    STALE = "stale"
    FAILED = "failed"


class RunbookState(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook's standing, in words, and the last drill of it that was walked to its end.

    ``until`` is when that drill no longer counts.
    """

    standing: Standing
    why: str
    last: Drill | None = None
    until: datetime | None = None

    @property
    def rehearsed(self) -> bool:
        return self.standing is Standing.REHEARSED


def state_of(
    runbook: Runbook, drills: Sequence[Drill], now: datetime, zone: tzinfo, *, candidate: str | None = None
) -> RunbookState:
    """How a runbook stands after its drills, the latest first; with ``candidate``, for that build alone.

    A drill that was stopped says nothing.  The latest one counts: a runbook whose last drill failed is not
    rehearsed, however well an earlier one went.
    """
    ended = [one for one in drills if one.ended_at is not None and one.ended_at <= now]
    told = [one for one in ended if one.result is not DrillResult.STOPPED]
    if candidate is not None:
        told = [one for one in told if one.candidate == candidate]
    if not told:
        where = " for this candidate" if candidate is not None else ""
        only = "; a drill was stopped" if ended and candidate is None else ""
        return RunbookState(standing=Standing.NEVER, why=f"never drilled{where}{only}")
    last = told[0]
    assert last.ended_at is not None
    day, changed = day_of(last.ended_at, now, zone), last.text != text_of(runbook)
    if last.result is DrillResult.FAILED:
        what = failure(last)
        if changed:
            why = f"changed since {what} on {day}, and not drilled since then"
            return RunbookState(standing=Standing.STALE, why=why, last=last)
        return RunbookState(
            standing=Standing.FAILED, why=f"{what} on {day}, and nobody changed it", last=last
        )
    if changed:
        why = f"changed since it was drilled last, on {day}"
        return RunbookState(standing=Standing.STALE, why=why, last=last)
    until = last.ended_at + parse_duration(runbook.stale_after)
    if now > until:
        age = age_text(now - last.ended_at)
        why = f"drilled last on {day}, {age} ago; a drill counts for {spoken(runbook.stale_after)}"
        return RunbookState(standing=Standing.STALE, why=why, last=last)
    return RunbookState(
        standing=Standing.REHEARSED, why=f"worked on {day}{_in_how_long(last)}", last=last, until=until
    )


def failure(drill: Drill) -> str:
    """What failed in a drill: ``step 3 failed``, ``it was mitigated too late``."""
    steps = [str(step + 1) for step in drill.failed_steps]
    if steps:
        return f"step{'s' if len(steps) > 1 else ''} {' and '.join(steps)} failed"
    late = [
        "noticed" if what == "detected" else what
        for what in ("detected", "mitigated")
        if within(drill, what) is False
    ]
    return f"it was {' and '.join(late)} too late" if late else "it failed"


def spoken(length: str) -> str:
    """A length of time as people say it: ``90 days``."""
    found = parse_duration(length)
    return number_of(found.days, "day") if found == timedelta(days=found.days) else duration_text(found)


def day_of(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """``12 Nov``, with its year where that is another."""
    year = in_zone(moment, zone).year
    return day_text(moment, zone) + (f" {year}" if year != in_zone(now, zone).year else "")


def _in_how_long(drill: Drill) -> str:
    length = took(drill, "mitigated") or took(drill, "ended")
    return f", in {clock(length)}" if length is not None and length >= _SECOND else ""


def clock(length: timedelta) -> str:
    """A length as a clock shows it: ``4:07``, ``1:04:07``."""
    seconds = max(0, int(length.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
