"""How often predictions were right, in words."""

from __future__ import annotations

from workbench.learning.figure import Figure


def calibration_words(figure: Figure) -> str:
    """``7 of 9 right (45 to 94 %), too few to say; 2 left out: nothing was measured``."""
    words = f"{figure.numerator} of {figure.denominator} right"
    if figure.interval is not None:
        low, high = figure.interval
        words += f" ({100 * low:.0f} to {100 * high:.0f} %)"
    if figure.too_few:
        words += ", too few to say"
    left = [f"{len(one.ids)} left out: {one.why}" for one in figure.left if one.ids]
    return "; ".join([words, *left])
