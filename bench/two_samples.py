"""Two samples compared by ranks: the test, and the exact interval of the shift."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import numpy

from bench.measuring import Row, seconds_text
from bench.setting import Setting
from workbench.statistics.ranks import mann_whitney, shift

EACH = 100_000
ROUNDS = 5


def rows(setting: Setting) -> Iterator[Row]:
    """Durations of two sides, without ties and rounded to milliseconds."""
    chance = numpy.random.default_rng(7)
    samples, baseline = chance.lognormal(0.02, 0.6, EACH), chance.lognormal(0, 0.6, EACH)
    for name, digits in (("", 15), ("-rounded", 3)):
        sides = numpy.log(samples.round(digits)), numpy.log(baseline.round(digits))
        taken = []
        for _ in range(ROUNDS):
            began = perf_counter()
            mann_whitney(*sides)
            shift(*sides)
            taken.append(perf_counter() - began)
        yield Row(
            name=f"two-samples{name}",
            what=f"Mann-Whitney with the exact interval of the shift on 2 × {EACH:,} samples",
            peer="no longer than 1.5 s",
            measured=1000 * median(taken),
            target=1500,
            unit="ms",
            times=seconds_text(median(taken)),
            spread=(1000 * min(taken), 1000 * max(taken)),
        )
