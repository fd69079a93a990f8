"""A figure that was learnt: what it counts, of what, how sure that is, and which things it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Literal

import msgspec

from workbench.statistics.distributions import normal_quantile
from workbench.statistics.percentiles import percentile
from workbench.statistics.proportions import wilson

ENOUGH = 10
"""Below so many releases whose watching has ended, or so many things counted, a figure reads *too few to say*."""
CONFIDENCE = 0.95
_MILLION = 1_000_000

Unit = Literal["share", "hours", "per week"]


class Left(msgspec.Struct, frozen=True):
    """What a figure does not count, by id, and why."""

    why: str
    ids: tuple[str, ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """``numerator`` of ``denominator``; ``counts`` and ``among`` say in words what the two count.

    ``value`` is in ``unit``: a share from 0 to 1, the median of hours, or a number per week; ``None`` where there is
    nothing to make one of.  ``interval`` bounds it with 95 % confidence.  ``ids`` are what the numerator counts,
    ``of`` what the denominator does, ``left`` what neither does.  ``rests_on`` is how many releases whose watching
    has ended stand behind it.  ``better`` says which way is better, "" where neither is.
    """

    key: str
    title: str
    counts: str
    among: str
    numerator: int
    denominator: int
    value: float | None = None
    unit: Unit = "share"
    interval: tuple[float, float] | None = None
    ids: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    rests_on: int = 0
    too_few: bool = True
    better: Literal["higher", "lower", ""] = ""


class About(msgspec.Struct, frozen=True):
    """What a figure is called, and what it counts of what."""

    key: str
    title: str
    counts: str
    among: str
    better: Literal["higher", "lower", ""] = ""


def share(
    about: About,
    ids: Sequence[str],
    of: Sequence[str],
    *,
    left: Iterable[Left] = (),
    rests_on: int | None = None,
) -> Figure:
    """How many of ``of`` are among ``ids``, with Wilson's interval.

    ``rests_on`` is how many releases are behind it: as many as are counted where it is left out.
    """
    part, whole = len(ids), len(of)
    behind = whole if rests_on is None else rests_on
    return Figure(
        key=about.key,
        title=about.title,
        counts=about.counts,
        among=about.among,
        better=about.better,
        numerator=part,
        denominator=whole,
        value=part / whole if whole else None,
        interval=wilson(part, whole, CONFIDENCE) if whole else None,
        ids=tuple(ids),
        of=tuple(of),
        left=_told(left),
        rests_on=behind,
        too_few=min(behind, whole) < ENOUGH,
    )


def median(
    about: About,
    hours: Sequence[tuple[str, float]],
    of: Sequence[str],
    *,
    left: Iterable[Left] = (),
    rests_on: int | None = None,
) -> Figure:
    """The median of hours, each with the id of what took so long; ``of`` are all that could have been timed.

    Too few are known of it where fewer than ten were timed.
    """
    values = sorted(value for _, value in hours)
    behind = len(of) if rests_on is None else rests_on
    return Figure(
        key=about.key,
        title=about.title,
        counts=about.counts,
        among=about.among,
        better=about.better,
        numerator=len(values),
        denominator=len(of),
        value=percentile(values, 50) if values else None,
        unit="hours",
        interval=around_median(values),
        ids=tuple(id for id, _ in hours),
        of=tuple(of),
        left=_told(left),
        rests_on=behind,
        too_few=min(behind, len(values)) < ENOUGH,
    )


def rate(about: About, ids: Sequence[str], days: int, *, left: Iterable[Left] = (), rests_on: int) -> Figure:
    """How many things there were per week of ``days`` days, which are its denominator."""
    count, weeks = len(ids), days / 7
    return Figure(
        key=about.key,
        title=about.title,
        counts=about.counts,
        among=about.among,
        better=about.better,
        numerator=count,
        denominator=days,
        value=count / weeks if days else None,
        unit="per week",
        interval=_bounds_of_count(count, weeks) if days else None,
        ids=tuple(ids),
        of=tuple(ids),
        left=_told(left),
        rests_on=rests_on,
        too_few=min(rests_on, count) < ENOUGH,
    )


def _told(left: Iterable[Left]) -> tuple[Left, ...]:
    return tuple(one for one in left if one.ids)


def around_median(ordered: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Two of the values, sorted, between which the median lies; ``None`` where so few cannot say.

    The narrowest pair of order statistics, alike from both ends, that holds it at least so often: David and
    Nagaraja, "Order Statistics" (3rd edition, 2003), section 7.1.  It takes six values for 95 %.
    """
    # In whole numbers, in parts of 2 to the n: there may be thousands of values.
    n, within = len(ordered), None
    ways, outside, most = 1, 0, 2**n * round(_MILLION * (1 - confidence)) // _MILLION
    for k in range((n + 1) // 2):
        outside += ways
        if 2 * outside > most:
            break
        within = (ordered[k], ordered[n - 1 - k])
        ways = ways * (n - k) // (k + 1)
    return within


def _bounds_of_count(count: int, over: float) -> tuple[float, float]:
    """The interval of a rate of events that come by chance, ``count`` of them ``over`` a stretch.

    The score interval of a Poisson count: Barker, "A comparison of nine confidence intervals for a Poisson
    parameter when the expected number of events is <= 5", The American Statistician 56 (2002).
    """
    z = normal_quantile((1 + CONFIDENCE) / 2)
    centre, reach = count + z * z / 2, z * sqrt(count + z * z / 4)
    return max(0.0, centre - reach) / over, (centre + reach) / over
