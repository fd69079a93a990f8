"""Drift on a page: how far, over how much time, and what is known of each parameter that differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from workbench.model.text import number_of
from workbench.model.times import day_text, relative_text
from workbench.parity.drift import Drift
from workbench.parity.seen import texts_of
from workbench.usecases.context import Context
from workbench.usecases.diary import Diff, diff, read_point
from workbench.usecases.views.drift import (
    DriftView,
    Place,
    Point,
    budget_words,
    head_words,
    since_words,
    unnoticed_words,
)
from workbench.usecases.views.marks import Fact, Mark, Phrase

BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 8  # days of the course that are drawn


def summary(view: DriftView, now: datetime, zone: tzinfo) -> list[Phrase]:
    """How far all of it has drifted, in one line."""
    if not view.index.compared:
        return [Phrase("Nothing was compared yet")]
    over = [
        Phrase(f"{Mark.WARNS.symbol} {budget_words(one)}", Mark.WARNS) for one in view.budgets if not one.kept
    ]
    kept = [Phrase(budget_words(one), aside=True) for one in view.budgets if one.kept]
    blind = len(view.blind)
    unseen = [Phrase(f"{Mark.WARNS.symbol} {blind} not looked at", Mark.WARNS)] if blind else []
    course = course_words(view.course, now, zone)
    return [Phrase(head_words(view)), *over, *([Phrase(course)] if course else []), *unseen, *kept]


def course_words(course: Sequence[Point], now: datetime, zone: tzinfo) -> str:
    """How the number of differing parameters went, day by day: bars, and what it was a week before."""
    if len(course) < 2:
        return ""
    drawn = bars([point.differing for point in course[-_SHOWN:]])
    before = [point for point in course if now - point.at >= timedelta(days=7)] or [course[0]]
    was = before[-1]
    if was.differing == course[-1].differing:
        return f"{drawn} as many as on {day_text(was.at, zone)}"
    return f"{drawn} {was.differing:,} on {day_text(was.at, zone)}, {course[-1].differing:,} now"


def earlier(course: Sequence[Point], now: datetime) -> str:
    """The moment to compare the present with: a week ago, or the first day where there is less to look back on."""
    if not course:
        return ""
    return "1 week ago" if now - course[0].at >= timedelta(days=7) else f"{course[0].at:%Y-%m-%d}"


def bars(values: Sequence[int]) -> str:
    """Numbers as bars of one cell each, from none to the largest."""
    most = max(values, default=0)
    return "".join(BARS[round(value / most * (len(BARS) - 1)) if most else 0] for value in values)


def place_title(place: Place, now: datetime) -> tuple[str, str]:
    """The heading of an environment, and its note."""
    where = f"{place.environment} in {place.region}" if place.region else place.environment
    index = place.index
    parts = [f"{index.differing:,} of {index.compared:,} drifted"]
    parts += [f"{name} {count:,}" for name, count in index.by_category.items()]
    parts += [f"looked at {relative_text(place.looked_at, now)}"] if place.looked_at else []
    return where, ", ".join(parts)


def appeared_words(drift: Drift, now: datetime) -> str:
    """When it appeared, shortly; what was there at the first look is older than that."""
    first = drift.appeared.after is None
    return f"{'over ' if first else ''}{relative_text(drift.appeared.seen, now)}"


def in_order(drifts: Iterable[Drift]) -> list[Drift]:
    """Those that nobody has decided on first; else as they come, the latest first."""
    return sorted(drifts, key=lambda drift: drift_mark(drift) is not Mark.WARNS)


def values(drift: Drift) -> tuple[str, str]:
    """Both values as the map says them."""
    return texts_of(drift.what.change)


def row_words(drift: Drift) -> str:
    """What the map says of it, shortly."""
    what = drift.what
    if what.intended:
        return "intended"
    if not what.row:
        return "not on the map"
    return "decided" if what.decided else "undecided"


def drift_mark(drift: Drift) -> Mark:
    """``▲`` where nobody has decided anything about it."""
    what = drift.what
    if what.intended:
        return Mark.EXCEPTED
    return Mark.UNDER_WAY if what.row and what.decided else Mark.WARNS


def facts(drift: Drift, title: str, now: datetime, zone: tzinfo) -> list[Fact]:
    """What is known of one parameter that differs; ``title`` is its probe's."""
    what, (staging, production) = drift.what, values(drift)
    meant = f"intended until {day_text(what.until, zone)}: {what.reason}" if what.until else row_words(drift)
    unnoticed = unnoticed_words(drift)
    told = (
        ("Staging", staging),
        ("Production", production),
        ("Appeared", since_words(drift, now, zone)),
        ("Unnoticed", f"{unnoticed}, until {relative_text(drift.noticed, now)}" if unnoticed else ""),
        ("Found by", f"{title}, at {what.change.path}"),
    )
    return [
        Fact("On the map", meant, drift_mark(drift)),
        *(Fact(label, text) for label, text in told if text),
    ]


# --- the diary -----------------------------------------------------------------------------


def read_diff(context: Context, one: str, other: str) -> Diff:
    """Two points of the diary compared; ``UsageError`` where a text names none."""
    return diff(context, read_point(context, one), read_point(context, other))


def diff_head(found: Diff) -> Iterator[str]:
    """What is compared, and how much of it differs."""
    yield f"{found.one.words} → {found.other.words}"
    count = len(found.moved)
    if not found.parameters:
        yield "nothing could be compared"
        return
    yield f"{number_of(count, 'parameter')} of {found.parameters:,} {'differs' if count == 1 else 'differ'}"
