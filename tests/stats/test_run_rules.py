"""Run rules: what each sees, and how often it does so by chance."""

from __future__ import annotations

from itertools import accumulate, permutations
from math import factorial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stats.run_lengths import ZONES, ewma_run_length, mean_run_length, rate

from workbench.statistics.charts import CHARTS, LAMBDA, Course, charted, reach_of
from workbench.statistics.run_rules import LONGEST, RULES, family, fired

QUIET = (0.3, -1.2, 0.4, 1.1, -0.6, 0.2, -1.4, 0.9, 0.1, -0.2, 1.3, -0.8, 0.5, -0.1)
E1, E2, E3, E4 = (f"western_electric_{number}" for number in (1, 2, 3, 4))


def test_nothing_fires_on_quiet_points() -> None:
    assert all(not fired(QUIET[: end + 1]) for end in range(len(QUIET)))


@pytest.mark.parametrize(
    ("name", "newest", "points", "side"),
    [
        ("western_electric_1", (3.01,), 1, 1),
        ("western_electric_1", (-3.01,), 1, -1),
        ("western_electric_2", (2.1, 0.4, 2.2), 3, 1),
        ("western_electric_2", (-2.1, -2.2), 2, -1),
        ("western_electric_3", (1.1, 1.2, 0.3, 1.4, 1.5), 5, 1),
        ("western_electric_3", (-1.1, -1.2, -1.4, -1.5), 4, -1),
        ("western_electric_4", (0.1,) * 8, 8, 1),
        ("nelson_2", (-0.1, -0.2) * 4 + (-0.3,), 9, -1),
        ("nelson_3", (-0.9, -0.5, 0.0, 0.1, 0.2, 0.9), 6, 1),
        ("nelson_3", (0.9, 0.5, 0.0, -0.1, -0.2, -0.9), 6, -1),
        ("nelson_4", (0.1, -0.1) * 7, 14, 0),
        ("nelson_5", (2.1, 2.2), 2, 1),
        ("nelson_6", (1.1, 1.2, 1.4, 1.5), 4, 1),
        ("nelson_7", (0.9, -0.9, 0.2) * 5, 15, 0),
        ("nelson_8", (1.1, -1.1) * 4, 8, 0),
    ],
)
def test_what_each_rule_sees(name: str, newest: tuple[float, ...], points: int, side: int) -> None:
    assert fired((*QUIET, *newest), {name}) == {name: (points, side)}
    one_less = newest[1:] if len(newest) > 1 else (3.0 * side,)
    assert not fired(one_less, {name})


@pytest.mark.parametrize(
    ("name", "newest"),
    [
        ("western_electric_1", (3.0,)),  # equal to a limit is in control
        ("western_electric_2", (2.1, -2.1)),
        ("western_electric_2", (2.1, 2.2, 0.5)),  # the newest is not among them: told before
        ("western_electric_3", (1.1, 1.2, 1.3, -1.4, 1.0)),
        ("western_electric_4", (0.1,) * 7 + (0.0,)),
        ("nelson_3", (0.1, 0.2, 0.3, 0.3, 0.4, 0.5)),
        ("nelson_4", (0.1, -0.1) * 6 + (0.2, 0.3)),
        ("nelson_7", (0.9,) * 14 + (1.0,)),
        ("nelson_8", (1.1,) * 8),  # all on one side: another rule's
    ],
)
def test_what_is_just_not_enough(name: str, newest: tuple[float, ...]) -> None:
    assert not fired((*QUIET, *newest), {name})


def test_a_rule_of_both_families_is_told_once() -> None:
    assert list(fired((*QUIET, 3.2))) == [E1]
    assert list(fired((*QUIET, 2.1, 2.2))) == [E2]
    assert list(fired((*QUIET, 2.1, 2.2), {"nelson_5"})) == ["nelson_5"]
    assert {family(name) for name in RULES} == {"western_electric", "nelson"}


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_mirrored_points_fire_the_same_on_the_other_side(z: list[float]) -> None:
    mirrored = {name: (points, -side) for name, (points, side) in fired(z).items()}
    assert fired([-point for point in z]) == mirrored
    assert fired(z) == fired(z[-LONGEST:])


@pytest.mark.parametrize(
    ("rules", "published"),
    [((E1,), 370.40), ((E1, E2), 225.44), ((E1, E3), 166.05), ((E1, E4), 152.73), ((E1, E2, E3, E4), 91.75)],
)
def test_the_published_run_lengths(rules: tuple[str, ...], published: float) -> None:
    """Champ and Woodall, Technometrics 29 (1987), table 1, without a shift."""
    assert mean_run_length(rules) == pytest.approx(published, rel=2e-4)


def test_the_published_run_length_of_an_ewma_chart() -> None:
    """Lucas and Saccucci, Technometrics 32 (1990): 560 for a weight of 0.2 and three sigma."""
    assert LAMBDA == 0.2
    assert ewma_run_length(LAMBDA, CHARTS["ewma"].multiple(100)) == pytest.approx(560, rel=0.01)


@pytest.mark.parametrize("name", [E1, E2, E3, "nelson_1", "nelson_5", "nelson_6"])
def test_the_rates_of_rules_about_zones(name: str) -> None:
    points = {"1": 1, "2": 3, "3": 5, "5": 3, "6": 5}[name[-1]]
    assert RULES[name].rate == pytest.approx(rate(name, ZONES, points), rel=0.005)


def test_the_rates_of_rules_about_rows() -> None:
    halves = {0.5: 0.5, -0.5: 0.5}
    assert RULES[E4].rate == pytest.approx(rate(E4, halves, 8), rel=0.005)
    assert RULES["nelson_2"].rate == pytest.approx(rate("nelson_2", halves, 9), rel=0.005)
    within = ZONES[0.5] + ZONES[-0.5]
    assert RULES["nelson_7"].rate == pytest.approx(
        rate("nelson_7", {0.5: within, 1.5: 1 - within}, 15), rel=0.005
    )
    sides = {0.5: within / 2, -0.5: within / 2, 1.5: (1 - within) / 2, -1.5: (1 - within) / 2}
    assert RULES["nelson_8"].rate == pytest.approx(rate("nelson_8", sides, 8), rel=0.03)


def test_the_rates_of_rules_about_order() -> None:
    rises = sum(bool(fired(z, {"nelson_3"})) for z in permutations(range(1, 7)))
    assert RULES["nelson_3"].rate == pytest.approx(rises / factorial(6), rel=0.005)
    assert RULES["nelson_4"].rate == pytest.approx(2 * zigzags(14) / factorial(14), rel=0.005)


def zigzags(points: int) -> int:
    """In how many orders so many points go up and down in turn, beginning upwards (OEIS A000111)."""
    row = [1]
    for _ in range(points):
        row = list(accumulate([0, *reversed(row)]))
    return row[-1]


class Known(Course):
    """A course whose mean and deviation are known, not estimated."""

    def __init__(self) -> None:
        super().__init__()
        self.points = [0.0] * 40  # where an EWMA begins

    def add(self, point: float) -> None:
        self.points.append(point)
        del self.points[0]

    @property
    def deviation(self) -> float:
        return 1.0


@pytest.mark.parametrize(("chart", "published"), [("mean_3s", 370.4), ("ewma", 560.0)])
def test_the_charts_themselves_run_as_long_as_is_published(chart: str, published: float) -> None:
    """With known mean and sigma: Shewhart's 1 / 0.0027, and Lucas and Saccucci as above."""
    random, lengths = Random(12), []
    for _ in range(400):
        course, length = Known(), 1
        while abs(charted(chart, course, point := random.gauss(0, 1))) <= reach_of(chart, course):
            course.add(point)
            length += 1
        lengths.append(length)
    assert sum(lengths) / len(lengths) == pytest.approx(published, rel=0.1)
