"""A benchmark over time: its control chart, what happened meanwhile, and both environments' samples side by side.

One shape for the screen, the notes and the drawings in files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cached_property

from workbench.benchmarks import measurements
from workbench.benchmarks.charted import ChartPoint, ControlChart, Happening, Histograms, PointState
from workbench.benchmarks.judge import Judged, in_kind, in_unit
from workbench.benchmarks.measurements import Invalidation, Measurement
from workbench.benchmarks.side_by_side import side_by_side
from workbench.criteria import Need, Verdict
from workbench.gates.agreed import Agreed
from workbench.gates.judging import let_past
from workbench.releases import model as releases
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, verdict_of
from workbench.usecases.looking_back import look_back
from workbench.usecases.views.benchmark import why_words
from workbench.usecases.views.happenings import read_happenings
from workbench.usecases.views.standing import accepted

MOST = 200  # measurements that a chart looks back on


def control_chart(context: Context, evaluation: Evaluation, key: str) -> ControlChart:
    """The chart of one benchmark, as of the release that was judged; ``UsageError`` for an unknown key."""
    judged = verdict_of(evaluation, key)
    figures = judged.outcome.figures
    points = tuple(_points(context, evaluation, judged))
    low, high = accepted(judged)
    return ControlChart(
        key=judged.key,
        title=judged.title,
        unit=judged.resolved.unit.symbol,
        scale=judged.resolved.charting.scale,
        points=points,
        said=why_words(judged),
        limits=figures.limits if figures else None,
        rules=figures.rules_fired if figures else (),
        happenings=_happenings(context, evaluation, judged, points),
        baseline=judged.baseline_value,
        limit_low=low,
        limit_high=high,
    )


def _happenings(
    context: Context, evaluation: Evaluation, judged: Judged, points: Sequence[ChartPoint]
) -> tuple[Happening, ...]:
    if not points:
        return ()
    since = points[0].at - timedelta(days=1)  # the build that was measured first was made before that
    return read_happenings(context, judged.resolved, since, evaluation.now)


def _points(context: Context, evaluation: Evaluation, judged: Judged) -> Iterator[ChartPoint]:
    """One point of each build, and each measurement that was declared invalid."""
    names = releases.candidate_names(context.record)
    states = _States(context, evaluation, judged)
    history = measurements.history(context.record, judged.key, MOST)
    found = [(item, states.of(item, gone)) for item, gone in history if _drawn(item, judged)]
    shown = [(item, state) for item, state in reversed(found) if state is not None]
    fired = _fired(judged)
    counted = sum(state == "counts" for _, state in shown)
    place = max(0, len(judged.outcome.inputs.history) - counted)  # of the history, the newest are shown
    for item, state in shown:
        value = in_unit(judged.resolved, item)
        if value is None:
            continue
        compared = state in ("counts", "judged")
        rules = fired.get(place, ()) if compared else ()
        place += compared
        name = names.get(item.candidate or "", "")
        yield ChartPoint(item.measured_at, value, item.ref, name, state, rules)


def _drawn(item: Measurement, judged: Judged) -> bool:
    resolved = judged.resolved
    return (
        item.role == "value"
        and item.state == "ok"
        and item.value is not None
        and item.environment == resolved.environment
        and in_kind(resolved, item)
        and item.measured_at <= judged.evaluated_at
    )


def _fired(judged: Judged) -> dict[int, tuple[str, ...]]:
    """The rules that rest on each place of the history, the oldest being 0."""
    found: dict[int, tuple[str, ...]] = {}
    for one in judged.outcome.figures.rules_fired if judged.outcome.figures else ():
        for place in range(one.first, one.last + 1):
            found[place] = (*found.get(place, ()), one.rule)
    return found


class _States:
    """What became of each measurement, asked once for all of a benchmark's."""

    def __init__(self, context: Context, evaluation: Evaluation, judged: Judged) -> None:
        self._context, self._judged = context, judged
        self._current = evaluation.held.candidate_id
        self._overridden = let_past(context.record, judged.key)
        self._chart = Need.HISTORY in judged.resolved.needs
        phase = Agreed(context.record, judged.evaluated_at).phases.get(judged.key) if self._chart else None
        self._began = phase.begins if phase else None
        self._history = {(one.at, one.value) for one in judged.outcome.inputs.history}
        self._seen: set[str] = set()

    def of(self, item: Measurement, gone: Invalidation | None) -> PointState | None:
        """Its state; ``None`` where another measurement of the same build or window stands in its place.

        The newest has to be asked first.
        """
        if gone is not None:
            return "invalid"
        if self._judged.value is not None and item.ref == self._judged.value.ref:
            return "judged"
        candidate = item.candidate or ""
        again = candidate == self._current or candidate in self._seen
        self._seen.add(candidate)
        if (item.measured_at, in_unit(self._judged.resolved, item)) in self._history:
            return "counts"
        if again:
            return None
        if candidate in self._overridden:
            return "overridden"
        if self._began is not None and item.measured_at < self._began:
            return "earlier_phase"
        if item.ref in self._failed:
            return "failed"
        return None if self._chart else "counts"

    @cached_property
    def _failed(self) -> frozenset[str]:
        """The measurements that failed in their time."""
        judged = self._judged
        found = look_back(self._context, judged.resolved, judged.evaluated_at, last_of_each=not self._chart)
        return frozenset(one.ref for one in found if one.judged.verdict is Verdict.FAIL)


def histograms(context: Context, evaluation: Evaluation, key: str) -> Histograms | None:
    """The samples of both environments side by side; ``None`` where one of the two has none.

    Of a benchmark that compares another one's samples these are the other one's.
    """
    judged = verdict_of(evaluation, key)
    if (other := getattr(judged.resolved.benchmark.measure.ask, "of", None)) is not None:
        judged = verdict_of(evaluation, other)
    staging, production = judged.value, judged.baseline
    if staging is None or production is None:
        return None
    if not all(one.state == "ok" and in_kind(judged.resolved, one) for one in (staging, production)):
        return None
    return side_by_side(context.record, staging, production, judged.resolved.unit)
