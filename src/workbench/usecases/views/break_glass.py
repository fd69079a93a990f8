"""Releases that one person let out past their gates, and whether somebody else has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from workbench.gates.approvals import Ruling
from workbench.gates.break_glass import BreakGlass, Reviewed
from workbench.model.times import moment_text
from workbench.usecases import breaking_glass
from workbench.usecases.context import Context
from workbench.usecases.views.marks import Mark


class BreakGlassLine(msgspec.Struct, frozen=True, kw_only=True):
    """One of them; ``review`` says how its review stands, ``overdue`` whether it holds the next regular release."""

    value: BreakGlass
    mark: Mark
    review: str
    reviewed_by: str = ""
    right: bool | None = None
    overdue: bool = False


def read_break_glass(context: Context) -> list[BreakGlassLine]:
    """All of them, the newest first."""
    return lines_of(breaking_glass.reviews(context), context.now, context.zone)


def lines_of(found: Sequence[Reviewed], now: datetime, zone: tzinfo) -> list[BreakGlassLine]:
    """The same of what was read already."""
    return [_line(one, now, zone) for one in found]


def _line(one: Reviewed, now: datetime, zone: tzinfo) -> BreakGlassLine:
    review, due = one.review, moment_text(one.value.due, zone)
    if review is not None:
        right = review.decision is Ruling.APPROVE
        words = f"{'right' if right else 'not right'}, says {review.person}: {review.words}"
        mark = Mark.DONE if right else Mark.WARNS
        return BreakGlassLine(
            value=one.value, mark=mark, review=words, reviewed_by=review.person, right=right
        )
    if one.overdue(now):
        words = f"overdue since {due}: {one.waits.able.words}"
        return BreakGlassLine(value=one.value, mark=Mark.BLOCKS, review=words, overdue=True)
    return BreakGlassLine(value=one.value, mark=Mark.OPEN, review=f"until {due}: {one.waits.able.words}")
