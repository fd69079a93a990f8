"""Exceptions that outlive their release: made for one that has ended since, and still in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from workbench.gates import overrides, quarantine
from workbench.model.dates import end_text
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.releases.model import Held, Outcome, all_releases
from workbench.usecases.context import Context

_ENDED = {
    Outcome.SHIPPED: "went out",
    Outcome.ROLLED_BACK: "was rolled back",
    Outcome.ABANDONED: "was abandoned",
}


class Exceptional(msgspec.Struct, frozen=True):
    """One exception: what it is, when it was made and until when it holds."""

    words: str
    at: datetime
    until: datetime


def outlived(context: Context) -> Iterator[str]:
    """Each exception whose release has ended and whose own end is yet to come, in words, the earliest end first."""
    now, zone = context.now, context.zone
    releases = all_releases(context.record)
    found = [
        (one, held)
        for held in releases
        for one in _overrides(context, held)
        if _ended(held, now) and one.until > now
    ]
    for one in (*_quarantines(context), *_decisions(context)):
        held = _made_for(one.at, releases)
        if held is not None and _ended(held, now) and one.until > now:
            found.append((one, held))
    for one, held in sorted(found, key=lambda pair: (pair[0].until, pair[0].words)):
        release = held.release
        at = release.outcome_at or now
        yield (
            f"{one.words} holds until {end_text(one.until, zone)}, and {release.version}, for which it was made, "
            f"{_ENDED[release.outcome]} on {end_text(at, zone)}: end it, or say why it goes on"
        )


def _ended(held: Held, now: datetime) -> bool:
    return held.release.outcome is not Outcome.OPEN and (held.release.outcome_at or now) <= now


def _made_for(at: datetime, releases: Sequence[Held]) -> Held | None:
    """The release that was being prepared at a moment: of several the one that was begun last."""
    begun = [
        (held.release.created_at, held)
        for held in releases
        if held.release.created_at is not None
        and held.release.created_at <= at
        and (held.release.outcome_at is None or held.release.outcome_at >= at)
    ]
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def _overrides(context: Context, held: Held) -> Iterator[Exceptional]:
    for _, value in overrides.overrides(context.record, held.id):
        yield Exceptional(f"the override of “{value.title}”", value.at, value.until)


def _quarantines(context: Context) -> Iterator[Exceptional]:
    for _, value in quarantine.quarantines(context.record):
        yield Exceptional(f"the quarantine of “{value.title}”", value.at, value.until)


def _decisions(context: Context) -> Iterator[Exceptional]:
    for row in context.record.all("difference", "decision = ?", (Decision.ACCEPT.value,)):
        value = row.decode(Difference)
        if value.until is not None and value.decided_at is not None:
            yield Exceptional(f"the acceptance of “{value.title}”", value.decided_at, value.until)
