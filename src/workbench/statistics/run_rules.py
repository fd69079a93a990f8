"""Run rules: patterns of the newest points of a control chart that hardly come by chance.

Western Electric Company, "Statistical Quality Control Handbook" (1956), and Nelson, "The Shewhart
Control Chart - Tests for Special Causes", Journal of Quality Technology 16 (1984).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from itertools import pairwise
from typing import NamedTuple

FAMILIES = ("western_electric", "nelson")


class Found(NamedTuple):
    """A pattern: how many points it spans, and whether it lies above (1) or below (-1) the centre, or neither (0)."""

    points: int
    side: int


Rule = Callable[[Sequence[float]], Found | None]


def _beyond(sigmas: float, needed: int, of: int) -> Rule:
    """``needed`` of the newest ``of`` points beyond so many sigma on one side, the newest among them."""

    def rule(z: Sequence[float]) -> Found | None:
        side = _side(z[-1])
        found = 0
        for back, point in enumerate(reversed(z[-of:]), 1):
            found += point * side > sigmas
            if back == 1 and not found:
                return None
            if found == needed:
                return Found(back, side)
        return None

    return rule


def _in_a_row(fits: Callable[[float, float], bool], points: int, side: Callable[[float], int]) -> Rule:
    """So many points in a row that all fit beside the newest."""

    def rule(z: Sequence[float]) -> Found | None:
        newest = z[-points:]
        if len(newest) < points or not all(fits(point, newest[-1]) for point in newest):
            return None
        return Found(points, side(newest[-1]))

    return rule


def _trend(z: Sequence[float]) -> Found | None:
    """6 points in a row, each above or each below the one before."""
    steps = [later - earlier for earlier, later in pairwise(z[-6:])]
    if len(steps) == 5 and (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        return Found(6, _side(steps[-1]))
    return None


def _alternating(z: Sequence[float]) -> Found | None:
    """14 points in a row, up and down in turn."""
    steps = [later - earlier for earlier, later in pairwise(z[-14:])]
    if len(steps) == 13 and all(one * other < 0 for one, other in pairwise(steps)):
        return Found(14, 0)
    return None


def _spread(z: Sequence[float]) -> Found | None:
    """8 points in a row beyond one sigma, on both sides."""
    newest = z[-8:]
    outside = len(newest) == 8 and all(abs(point) > 1 for point in newest)
    return Found(8, 0) if outside and min(newest) < 0 < max(newest) else None


def _side(z: float) -> int:
    return (z > 0) - (z < 0)


def _same_side(point: float, newest: float) -> bool:
    return point * newest > 0


def _within_one(point: float, newest: float) -> bool:
    return abs(point) < 1


class RunRule(NamedTuple):
    """A rule with what it found in words (``{side}``: above or below, ``{way}``: rising or falling), and what that is called.

    ``rate`` is how often it fires at a point of a process in control whose mean and sigma are known;
    ``same_as`` is a rule of the other family that fires whenever this one does.
    """

    rule: Rule
    words: str
    meaning: str
    rate: float
    same_as: str = ""


RULES: dict[str, RunRule] = {
    "western_electric_1": RunRule(_beyond(3, 1, 1), "beyond three sigma", "a jump", 0.0027),
    "western_electric_2": RunRule(
        _beyond(2, 2, 3), "2 of the last 3 points beyond two sigma", "a shift", 0.00205
    ),
    "western_electric_3": RunRule(
        _beyond(1, 4, 5), "4 of the last 5 points beyond one sigma", "a slow shift", 0.00447
    ),
    "western_electric_4": RunRule(
        _in_a_row(_same_side, 8, _side), "8 points in a row {side} the centre", "a lasting shift", 0.00781
    ),
    "nelson_1": RunRule(_beyond(3, 1, 1), "beyond three sigma", "a jump", 0.0027, "western_electric_1"),
    "nelson_2": RunRule(
        _in_a_row(_same_side, 9, _side), "9 points in a row {side} the centre", "a lasting shift", 0.00391,
        "western_electric_4",
    ),
    "nelson_3": RunRule(_trend, "6 points in a row {way}", "a trend", 0.00278),
    "nelson_4": RunRule(_alternating, "14 points in a row up and down in turn", "two conditions in turn", 0.00457),
    "nelson_5": RunRule(
        _beyond(2, 2, 3), "2 of the last 3 points beyond two sigma", "a shift", 0.00205, "western_electric_2"
    ),
    "nelson_6": RunRule(
        _beyond(1, 4, 5), "4 of the last 5 points beyond one sigma", "a slow shift", 0.00447, "western_electric_3"
    ),
    "nelson_7": RunRule(
        _in_a_row(_within_one, 15, lambda newest: 0), "15 points in a row within one sigma",
        "steadier than the limits say", 0.00326,
    ),
    "nelson_8": RunRule(_spread, "8 points in a row beyond one sigma, on both sides", "two mixed conditions", 0.0001),
}  # fmt: skip
LONGEST = 15  # points that any rule looks at


def family(rule: str) -> str:
    """``western_electric`` of ``western_electric_2``."""
    return rule.rpartition("_")[0]


def fired(z: Sequence[float], asked: Container[str] | None = None) -> dict[str, Found]:
    """The rules that fire at the newest point, of those ``asked`` or of all.

    ``z`` are distances from the centre in sigma, oldest first.  A rule that is the same as another
    that has fired is left out.
    """
    newest = z[-LONGEST:]
    found: dict[str, Found] = {}
    for name, each in RULES.items():
        if (asked is None or name in asked) and each.same_as not in found and (pattern := each.rule(newest)):
            found[name] = pattern
    return found
