"""How far production differs from itself: pairs of its own measurements, taken as staging and production are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.windows import window_of
from workbench.statistics.noise import noise_of

_APART = 2  # windows that may lie between two that are compared: what lies further apart has other load


def noise_floor(
    oldest_first: Sequence[Measurement], number: Callable[[Measurement], Decimal | None]
) -> float | None:
    """The difference that two windows of production in a row stay below 95 times in 100.

    ``number`` gives a measurement in the benchmark's unit.  ``None`` where there are fewer than 20 pairs: of the
    same length, sharing no time, and one soon after the other.
    """
    differences = []
    for one, other in pairwise(oldest_first):
        first, second = number(one), number(other)
        if first is not None and second is not None and _in_a_row(one, other):
            differences.append(abs(float(second - first)))
    return noise_of(differences)


def _in_a_row(one: Measurement, other: Measurement) -> bool:
    (begins, ends), (other_begins, other_ends) = window_of(one), window_of(other)
    length = ends - begins
    if not length or one.environment != other.environment or other_ends - other_begins != length:
        return False
    return ends <= other_begins <= ends + _APART * length
