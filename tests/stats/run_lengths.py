"""How many points of a process in control pass before a rule fires, computed exactly.

A Markov chain over the zones of the newest points (Champ and Woodall, "Exact results for Shewhart
control charts with supplementary runs rules", Technometrics 29, 1987), and for an EWMA chart over
slices of its range (Brook and Evans, "An approach to the probability distribution of CUSUM run
length", Biometrika 59, 1972).  Mean and sigma are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, product
from math import prod

import numpy

from workbench.statistics.distributions import normal_tail
from workbench.statistics.run_rules import RULES, Rule, fired

# A point of each zone, and how likely a point is there: below one sigma, two, three, and beyond.
_ABOVE = ((0.5, 0.0, 1.0), (1.5, 1.0, 2.0), (2.5, 2.0, 3.0), (3.5, 3.0, 40.0))
ZONES = {side * at: normal_tail(low) - normal_tail(high) for at, low, high in _ABOVE for side in (1, -1)}
_State = tuple[float, ...]
_LONGEST, _ZONED = 8, 4  # points of a run on one side, and of the newest whose zone matters


def mean_run_length(rules: Iterable[str]) -> float:
    """Points until one of these Western Electric rules fires, on average."""
    asked = set(rules)
    states: dict[_State, int] = {(): 0}
    rows: list[dict[int, float]] = []
    for state in (todo := [()]):  # grows as it goes
        row: dict[int, float] = {}
        for point, chance in ZONES.items():
            z = (*state, point)
            if fired(z, asked):
                continue
            after = _what_matters(z)
            if after not in states:
                states[after] = len(states)
                todo.append(after)
            row[states[after]] = row.get(states[after], 0.0) + chance
        rows.append(row)
    matrix = numpy.eye(len(states))
    for place, row in enumerate(rows):
        for other, chance in row.items():
            matrix[place, other] -= chance
    return float(numpy.linalg.solve(matrix, numpy.ones(len(states)))[0])


def _what_matters(z: _State) -> _State:
    """The newest points as far as any rule tells them apart: zones of a few, and the run on one side."""
    newest = z[-_ZONED:]
    run = list(next(group for _, group in groupby(reversed(z), lambda point: point > 0)))
    older = min(len(run), _LONGEST - 1) - len(newest)
    return (*(0.5 if z[-1] > 0 else -0.5 for _ in range(older)), *newest)


def rate(name: str, zones: dict[float, float], points: int) -> float:
    """How often a rule fires at a point, from every row of so many points and zones."""
    rule: Rule = RULES[name].rule
    return sum(
        prod(zones[point] for point in z) for z in product(zones, repeat=points) if rule(z) is not None
    )


def ewma_run_length(weight: float, reach: float, slices: int = 201) -> float:
    """Points until an EWMA of that weight leaves ± ``reach`` sigma, on average."""
    from scipy.stats import norm

    width = 2 * reach / slices
    middles = -reach + width * (numpy.arange(slices) + 0.5)
    rest = (1 - weight) * middles[:, None]
    chances = norm.cdf((middles + width / 2 - rest) / weight) - norm.cdf(
        (middles - width / 2 - rest) / weight
    )
    return float(numpy.linalg.solve(numpy.eye(slices) - chances, numpy.ones(slices))[slices // 2])
