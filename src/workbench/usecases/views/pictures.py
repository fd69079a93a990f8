"""The pictures that there are of a benchmark: which comes first, and what stands above each."""

from __future__ import annotations

from datetime import tzinfo
from typing import TypeAlias

import msgspec

from workbench.benchmarks.charted import ControlChart, Histograms
from workbench.benchmarks.judge import Judged
from workbench.criteria import Need
from workbench.model.text import number_of
from workbench.model.times import day_text
from workbench.usecases.baselines import Begun, Compared, read_baselines, read_phases
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.charts.bullet import Scale
from workbench.usecases.views.charts.course import Chart
from workbench.usecases.views.over_time import control_chart, histograms

Drawing: TypeAlias = Chart | ControlChart | Histograms | Scale
# Their names, as the key that leads to them says them.
COURSE, BUILDS, SAMPLES = "course", "builds", "samples"
_BASES = {"raw": "samples", "averaged": "averages", "buckets": "buckets"}


class OverTime(msgspec.Struct, frozen=True):
    """What the record holds of a benchmark over time, and what it is compared with."""

    chart: ControlChart
    histograms: Histograms | None
    compared: tuple[Compared, ...] = ()
    phases: tuple[Begun, ...] = ()


def read_over_time(context: Context, found: Evaluation, key: str) -> OverTime:
    """Asks the record; ``UsageError`` for an unknown key."""
    return OverTime(
        control_chart(context, found, key),
        histograms(context, found, key),
        tuple(read_baselines(context, found, key)),
        tuple(read_phases(context, found, key)),
    )


def order(judged: Judged) -> tuple[str, ...]:
    """Which picture comes first: what the rule rests on, its earlier values or the samples, else the course."""
    needs = judged.resolved.needs
    first = BUILDS if Need.HISTORY in needs else SAMPLES if Need.SAMPLES in needs else COURSE
    return tuple(sorted((COURSE, BUILDS, SAMPLES), key=lambda name: name != first))


def builds_title(chart: ControlChart, left_out: int, zone: tzinfo) -> str:
    """``12 builds since 1 Sep · limits from 11 earlier ones``; the latest where not all are shown."""
    shown = len(chart.points) - left_out
    since = day_text(chart.points[left_out].at, zone)
    what = number_of(shown, "measurement")
    words = f"the latest {shown} of {len(chart.points)} measurements" if left_out else f"{what} since {since}"
    if chart.limits is None:
        return words
    counting = sum(point.state == "counts" for point in chart.points)
    scale = ", logarithmic" if chart.scale == "log" else ""
    return f"control chart{scale}: {words}, limits from {counting} of them"


def samples_title(found: Histograms) -> str:
    """``samples: overlap 62 % (two equal ones: 85 %)``; what is no single observation says what it is."""
    own = f" (two equal ones: {100 * found.own_overlap:.0f} %)" if found.own_overlap is not None else ""
    return f"{_BASES.get(found.basis, found.basis)}: overlap {100 * found.overlap:.0f} %{own}"
