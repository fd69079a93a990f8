"""How large a difference between two samples is, apart from how sure it is."""

from __future__ import annotations


def cliffs_delta(statistic: float, samples: int, baseline: int) -> float:
    """-1 where every value of the first sample is smaller, 1 where every one is larger, 0 where they are alike.

    ``statistic`` is that of Mann and Whitney.  Cliff, "Dominance statistics: ordinal analyses to
    answer ordinal questions", Psychological Bulletin 114 (1993).  Romano and others (2006) call it
    negligible below 0.147, small below 0.33, medium below 0.474 and large from there on.
    """
    return 2 * statistic / (samples * baseline) - 1


def size_of(delta: float) -> str:
    """The same in a word."""
    size = abs(delta)
    return next((word for least, word in _SIZES if size < least), "large")


_SIZES = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))
