"""What chance alone does: between two looks at production, and in a gate of many checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.statistics.percentiles import percentile

DIFFERENCES = 20  # between production and production, before they say how large noise is


def noise_floor(differences: Sequence[float]) -> float | None:
    """How far two measurements of the same thing differ at most, 95 times in 100.

    ``differences`` are those between production and production, without sign: between measurements of the same
    length and one after the same time as the other.  ``None`` for fewer than 20.
    """
    return percentile(differences, 95) if len(differences) >= DIFFERENCES else None


def expected_by_chance(rates: Iterable[float]) -> float:
    """How many checks fail by chance, of some that each do so at its own rate: their sum.

    It holds whether or not they depend on each other.
    """
    return sum(rates)


def holm(ps: Sequence[float]) -> list[float]:
    """Each p as it counts among all of them, so that chance makes none small; for advisory checks only.

    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979).
    """
    order = sorted(range(len(ps)), key=lambda place: ps[place])
    found, least = [0.0] * len(ps), 0.0
    for done, place in enumerate(order):
        least = max(least, min(1.0, (len(ps) - done) * ps[place]))
        found[place] = least
    return found
