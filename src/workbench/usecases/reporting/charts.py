"""Which benchmarks are drawn over time in the notes, and their charts in a report."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.charted import ControlChart
from workbench.benchmarks.judge import Judged
from workbench.criteria import Need, Verdict
from workbench.criteria.figures import Limits
from workbench.model.quantity import from_float
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.report import ChartReport
from workbench.usecases.views.over_time import control_chart

FEWEST, MOST = 3, 12  # builds that a chart needs to say anything, and charts in one document


def charts_of(context: Context, evaluation: Evaluation) -> tuple[ChartReport, ...]:
    """The charts of what is judged by its history, and of what does not pass; blocking ones first.

    Of each at least three builds were measured.  The others are a command away.
    """
    drawn = [item for item in evaluation.judged if _says_something(item)]
    if not drawn:
        return ()
    builds = measurements.last_of_builds(context.record, evaluation.facts.now, FEWEST)
    chosen = [item for item in drawn if len(builds.get(item.key, ())) >= FEWEST]
    chosen.sort(key=lambda item: (not item.blocking, item.through, item.title, item.key))
    return tuple(as_kept(control_chart(context, evaluation, item.key)) for item in chosen[:MOST])


def _says_something(item: Judged) -> bool:
    passes = item.verdict is Verdict.PASS
    return item.value is not None and (not passes or Need.HISTORY in item.resolved.needs)


def as_kept(chart: ControlChart) -> ChartReport:
    """The chart as a report keeps it."""
    limits = chart.limits
    if limits is None:
        return ChartReport(chart=chart)
    centre, lower, upper = (_decimal(line) for line in (limits.centre, limits.lower, limits.upper))
    without = msgspec.structs.replace(chart, limits=None)
    return ChartReport(chart=without, centre=centre, lower=lower, upper=upper)


def _decimal(line: float | None) -> Decimal | None:
    return from_float(line) if line is not None else None


def drawn_again(kept: ChartReport) -> ControlChart:
    """The chart as it was, with its limits."""
    if kept.centre is None:
        return kept.chart
    lower, upper = (float(line) if line is not None else None for line in (kept.lower, kept.upper))
    return msgspec.structs.replace(kept.chart, limits=Limits(float(kept.centre), lower, upper))
