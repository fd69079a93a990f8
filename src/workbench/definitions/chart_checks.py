"""What is wrong with how a benchmark's control chart is described: limits that are too close, rules that never stop anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.definitions.shapes import Benchmark
from workbench.definitions.telling import Tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.criteria import Criterion

_INEXACT = ("mean_3s", "xmr")  # charts whose limits are too close while there are few points
_ENOUGH = 50  # points from which on that hardly matters
_OF_SEVERAL = ("moving_average", "ewma")  # charts that warn unless it is said that they fail
_FIELDS = ("chart", "points", "scale", "run_rules")


def check_charts(benchmark: Benchmark, rules: Iterable[Criterion], stops: bool, tell: Tell) -> None:
    """Tell what is doubtful; ``stops``: the benchmark stops a release, today or from a day on."""
    from workbench.criteria import Need

    described = [field for field in _FIELDS if getattr(benchmark, field)]
    if not any(Need.HISTORY in rule.needs for rule in rules):
        for field in described:
            tell(field, f"{field} is never looked at: no rule says “in control”", warning=True)
        return
    _check_limits(benchmark, tell)
    if stops:
        _check_stopping(benchmark, tell)


def _check_limits(benchmark: Benchmark, tell: Tell) -> None:
    """Whether a control chart of so few points can be believed."""
    from workbench.criteria.figures import POINTS, USUAL
    from workbench.statistics.charts import false_alarms

    chart, points = benchmark.chart or USUAL.chart, benchmark.points or POINTS
    if chart in _INEXACT and points < _ENOUGH:
        what = f"with {points} points, {false_alarms(chart, points):.1%} of good values lie outside {chart}"
        hint = "chart: prediction keeps to 0.3% at any number of points"
        tell("chart" if benchmark.chart else "pass", what, hint, warning=True)


def _check_stopping(benchmark: Benchmark, tell: Tell) -> None:
    """Whether any rule of the chart can stop a release."""
    from workbench.criteria.charting import can_fail
    from workbench.criteria.figures import USUAL, Charting

    chart = benchmark.chart or USUAL.chart
    rules = {str(name): effect for name, effect in benchmark.run_rules.items()}
    if not can_fail(Charting(chart=chart, run_rules=rules)):
        place = "run_rules" if benchmark.run_rules else "chart"
        hint = f"run_rules: {{{chart if chart in _OF_SEVERAL else 'western_electric_1'}: fail}}"
        tell(place, "the benchmark stops the release, and no rule of its chart can fail", hint, warning=True)
