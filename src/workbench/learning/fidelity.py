"""IN-3: how the scores of staging relate to what happened in production afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from workbench.learning.figure import ENOUGH
from workbench.learning.past import Benchmarked, Judged
from workbench.learning.reading import Reading
from workbench.statistics.percentiles import percentile
from workbench.statistics.ranks import mann_whitney


class Fidelity(msgspec.Struct, frozen=True, kw_only=True):
    """A score of an environment at the releases that did well, and at those that had trouble in production.

    Both hold a release and the score of its last build; medians are in the score's unit.  ``p`` is how likely at
    least such a difference is by chance (:func:`~workbench.statistics.ranks.mann_whitney`), ``None`` where one side
    is empty.  Where there are fewer than ten releases, or only one on a side, they are ``too_few``.
    """

    score: Benchmarked
    well: tuple[tuple[str, Decimal], ...]
    trouble: tuple[tuple[str, Decimal], ...]
    median_well: float | None = None
    median_trouble: float | None = None
    p: float | None = None
    too_few: bool = True


def fidelity(past: Reading) -> tuple[Fidelity, ...]:
    """Every score that was measured for a release whose watching has ended; the surest first."""
    found = [_compared(past, one) for one in past.past.benchmarks if not one.flow]
    known = [one for one in found if one.well or one.trouble]
    return tuple(sorted(known, key=lambda one: (1.0 if one.p is None else one.p, one.score.title)))


def _compared(past: Reading, score: Benchmarked) -> Fidelity:
    ended = {one.id for one in past.ended}
    own = [one for one in past.past.judged if one.benchmark == score.key and one.release in ended]
    well = [one for one in own if not past.troubles[one.release]]
    trouble = [one for one in own if past.troubles[one.release]]
    a, b = _numbers(well), _numbers(trouble)
    return Fidelity(
        score=score,
        well=tuple((one.release, one.value) for one in well),
        trouble=tuple((one.release, one.value) for one in trouble),
        median_well=percentile(a, 50) if a else None,
        median_trouble=percentile(b, 50) if b else None,
        p=mann_whitney(a, b).p if a and b else None,
        too_few=len(own) < ENOUGH or min(len(a), len(b)) < 2,
    )


def _numbers(judged: Sequence[Judged]) -> list[float]:
    return [float(one.value) for one in judged]
