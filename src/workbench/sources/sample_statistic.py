"""What is made of samples: a percentile, a mean, a count, a share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import fsum

import msgspec

from workbench.model.keys import nearest
from workbench.statistics.percentiles import percentile

_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]+)?)", re.ASCII)
_SHARE = re.compile(r"share (above|below) ([+-]?[0-9]+(?:\.[0-9]+)?)", re.ASCII)
_PLAIN: dict[str, Callable[[Sequence[float]], float]] = {
    "mean": lambda samples: fsum(samples) / len(samples),
    "median": lambda samples: percentile(samples, 50),
    "min": min,
    "max": max,
    "sum": fsum,
    "count": len,
}


class Statistic(msgspec.Struct, frozen=True):
    """A number to make of samples.

    ``kind`` is what the number is: ``same`` as the samples, a ``count``, or a ``share``.
    ``percentile`` is its rank where it is one, ``limit`` what a share lies above or below.
    """

    name: str
    kind: str
    of: Callable[[Sequence[float]], float]
    percentile: float | None = None
    limit: float | None = None


def read_statistic(text: str) -> Statistic:
    """The statistic that a text names; ``ValueError`` says what can be named."""
    words = " ".join(text.split())
    if words in _PLAIN:
        rank = 50.0 if words == "median" else None
        return Statistic(words, "count" if words == "count" else "same", _PLAIN[words], rank)
    if found := _PERCENTILE.fullmatch(words):
        rank = float(found[1])
        return Statistic(words, "same", lambda samples: percentile(samples, rank), rank)
    if found := _SHARE.fullmatch(words):
        limit = float(found[2])
        return Statistic(words, "share", _share(found[1] == "above", limit), limit=limit)
    meant = nearest(words, [*_PLAIN, "p50", "p95", "p99"])
    hint = f"did you mean {meant}?" if meant else "p95, mean, median, min, max, sum, count, share above 0.5"
    raise ValueError(f"“{text}” is nothing that can be made of samples: {hint}")


def _share(above: bool, limit: float) -> Callable[[Sequence[float]], float]:
    def share(samples: Sequence[float]) -> float:
        beyond = sum(1 for sample in samples if (sample > limit if above else sample < limit))
        return beyond / len(samples)

    return share
