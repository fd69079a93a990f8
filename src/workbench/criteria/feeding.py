"""Which earlier measurements count: one that failed its rule in its time never feeds what comes after."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workbench.criteria.charting import DISTINCT, STOPS, effect_of
from workbench.criteria.clause import Criterion, Earlier, Inputs
from workbench.criteria.evaluate import judge
from workbench.criteria.verdict import Verdict
from workbench.statistics.charts import CHARTS, Course, band
from workbench.statistics.run_rules import RULES


def counting(
    pass_: Criterion | None, warn: Criterion | None, earlier: Iterable[Earlier], inputs: Inputs
) -> tuple[Earlier, ...]:
    """Those of ``earlier``, oldest first, that did not fail beside the ones before them.

    ``inputs`` say what is the same for all of them: unit, direction, how the chart is drawn.
    """
    measured = tuple(earlier)
    if pass_ is not None and _only_limits(pass_, inputs):
        return tuple(_within_limits(measured, inputs))
    history: list[Earlier] = []
    for each in measured:
        then = msgspec.structs.replace(inputs, value=each.value, count=each.count, history=tuple(history))
        if judge(pass_, warn, then).verdict is not Verdict.FAIL:
            history.append(each)
    return tuple(history)


def _only_limits(rule: Criterion, inputs: Inputs) -> bool:
    """Whether nothing but the limits of a chart can fail: they are drawn point by point, as quickly as points are read."""
    charting = inputs.charting
    return (
        str(rule) == "in control"
        and charting.scale == "linear"
        and len(CHARTS[charting.chart].weights(charting.points)) == 1
        and not inputs.edges
        and inputs.unit.kind != "share"
        and all((effect_of(name, charting) == "fail") == name.endswith("_1") for name in RULES)
    )


def _within_limits(earlier: tuple[Earlier, ...], inputs: Inputs) -> list[Earlier]:
    charting, course = inputs.charting, Course()
    least = max(STOPS, charting.points)
    bad_above, bad_below = inputs.better != "higher", inputs.better != "lower"
    found: list[Earlier] = []
    distinct: set[float] = set()
    for each in earlier:
        value = float(each.value)
        if len(found) >= least and len(distinct) >= DISTINCT:
            limits = band("mean_3s" if course.correlated and charting.chart != "prediction" else charting.chart, course)
            if (bad_above and value > limits.upper) or (bad_below and value < limits.lower):
                continue
        course.add(value)
        distinct.add(value)
        found.append(each)
    return found
