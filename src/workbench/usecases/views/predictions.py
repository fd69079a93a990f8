"""How often predictions were right, in words."""

from __future__ import annotations

from workbench.gates.predictions import PredictionOf
from workbench.learning.figure import Figure
from workbench.usecases.context import Context
from workbench.usecases.predictions import calibration, read_predictions


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


def record_of_overrides(context: Context) -> str:
    """How predictions that went with overrides came out, for whoever asks for another; "" where none has ended."""
    found = [one for one in read_predictions(context) if one.prediction.of is PredictionOf.OVERRIDE]
    of = {figure.key: figure for figure in calibration(found)}
    figure = of[f"predictions_{PredictionOf.OVERRIDE.value}"]
    return f"of predictions with overrides {calibration_words(figure)}" if figure.denominator else ""
