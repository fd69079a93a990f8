"""TH-8: which limits are too loose or too tight, with what says so, and what limit the past would have wanted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from workbench.learning.figure import About, Figure, Left, share
from workbench.learning.past import Benchmarked, Judged, Stop
from workbench.learning.reading import Reading

ENOUGH_VALUES = 8
"""From so many releases on, never failing says something of a limit."""
Fit = Literal["too tight", "too loose", "fits", "too few"]


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """How the limit of a benchmark has done on releases that went out and were watched to the end.

    ``failing`` are those that failed it.  ``missed`` are releases that had trouble in production although they met
    it, by id, ``stood`` those without trouble.  ``false_alarms`` and ``catches`` are what people said of its stops.
    ``would`` is a limit that would have done better, ``would_stop`` the releases in trouble that it stops;
    it stops none that stood.
    """

    benchmark: Benchmarked
    fit: Fit
    failing: Figure
    missed: tuple[str, ...] = ()
    stood: tuple[str, ...] = ()
    false_alarms: tuple[str, ...] = ()
    catches: tuple[str, ...] = ()
    would: Decimal | None = None
    would_stop: tuple[str, ...] = ()
    worst_that_stood: Decimal | None = None


def limits(past: Reading) -> tuple[Limit, ...]:
    """Every benchmark that judged a release or stopped one: those that fit worst first."""
    order: dict[Fit, int] = {"too tight": 0, "too loose": 1, "fits": 2, "too few": 3}
    found = [_limit(past, one) for one in past.past.benchmarks]
    known = [one for one in found if one.failing.denominator or one.false_alarms or one.catches]
    return tuple(sorted(known, key=lambda one: (order[one.fit], one.benchmark.title)))


def _limit(past: Reading, benchmark: Benchmarked) -> Limit:
    ended = {one.id for one in past.ended}
    own = [one for one in past.past.judged if one.benchmark == benchmark.key]
    known = [one for one in own if one.release in ended]
    stood = [one for one in known if not past.troubles[one.release]]
    bad = [one for one in known if _blamed(past, one.release, benchmark)]
    stops = [one for one in past.past.stops if one.benchmark == benchmark.key]
    wrong, right = [one for one in stops if not one.caught], [one for one in stops if one.caught]
    missed = [one for one in bad if one.met]
    would = _would(benchmark, stood, bad)
    return Limit(
        benchmark=benchmark,
        fit=_fit(known, missed, wrong, right),
        failing=_failing(past, benchmark, known, own, ended),
        missed=tuple(one.release for one in missed),
        stood=tuple(one.release for one in stood),
        false_alarms=tuple(one.id for one in wrong),
        catches=tuple(one.id for one in right),
        would=would,
        would_stop=tuple(
            one.release for one in bad if would is not None and _worse(benchmark, one.value, would)
        ),
        worst_that_stood=_worst(benchmark, stood),
    )


def _failing(
    past: Reading, benchmark: Benchmarked, known: Sequence[Judged], own: Sequence[Judged], ended: set[str]
) -> Figure:
    about = About(
        f"limit/{benchmark.key}",
        benchmark.title,
        "releases whose last value failed",
        "releases with a value that could be judged, that went out and whose watching has ended",
    )
    later = tuple(one.release for one in own if one.release not in ended)
    return share(
        about,
        tuple(one.release for one in known if not one.met),
        tuple(one.release for one in known),
        left=(Left(past.watched.why, later),),
        rests_on=len(past.ended),
    )


def _blamed(past: Reading, release: str, benchmark: Benchmarked) -> bool:
    """Whether a release had trouble that this benchmark could have seen: on its flow, or on one that nobody named."""
    trouble = past.troubles[release]
    if not trouble:
        return False
    flows = {flow for one in trouble.incidents for flow in one.flows}
    return not benchmark.flow or not flows or benchmark.flow in flows


def _fit(
    known: Sequence[Judged], missed: Sequence[Judged], wrong: Sequence[Stop], right: Sequence[Stop]
) -> Fit:
    failed = [one for one in known if not one.met]
    if len(wrong) > len(right) and len(wrong) > 1:
        return "too tight"
    if len(known) >= ENOUGH_VALUES and len(failed) == len(known):
        return "too tight"
    if missed and not right and not failed:
        return "too loose"
    if len(known) >= ENOUGH_VALUES and not failed and not right:
        return "too loose"
    return "fits" if len(known) >= ENOUGH_VALUES or right else "too few"


def _would(benchmark: Benchmarked, stood: Sequence[Judged], bad: Sequence[Judged]) -> Decimal | None:
    """The worst value that stood, where some that had trouble are worse: a limit there stops those alone."""
    worst = _worst(benchmark, stood)
    if worst is None or not any(_worse(benchmark, one.value, worst) for one in bad):
        return None
    return worst


def _worst(benchmark: Benchmarked, judged: Sequence[Judged]) -> Decimal | None:
    if not judged or benchmark.better == "neither":
        return None
    values = [one.value for one in judged]
    return max(values) if benchmark.better == "lower" else min(values)


def _worse(benchmark: Benchmarked, value: Decimal, than: Decimal) -> bool:
    return value > than if benchmark.better == "lower" else value < than
