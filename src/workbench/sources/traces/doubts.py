"""What can be said of a measure of traces before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.model.kinds import Asked, Doubt
from workbench.model.quantity import find_unit
from workbench.sources.sample_statistic import read_statistic
from workbench.sources.traces.shapes import TracesMeasure

_KINDS = {"duration": "time", "errors_per_thousand": "count", "count": "count"}


def doubts(measure: TracesMeasure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved."""
    if measure.begins is None and measure.step is None:
        yield Doubt(
            "begins",
            "it is not said which flow is measured",
            "write the span that begins it, such as “gateway: POST /orders”",
            error=True,
        )
    if measure.read in ("complete", "traced") and not measure.steps:
        yield Doubt(
            "steps",
            f"“{measure.read}” needs the steps that belong to the flow",
            "workbench flow discover names those that were seen",
            error=True,
        )
    if measure.scenario and measure.read != "complete":
        yield Doubt("scenario", f"“scenario” says nothing of “{measure.read}”", error=True)
    yield from _unit(measure, asked)


def _unit(measure: TracesMeasure, asked: Asked) -> Iterable[Doubt]:
    wanted = _KINDS.get(measure.read, "share")
    if measure.read == "duration":
        try:
            kind = read_statistic(measure.statistic).kind
        except ValueError as error:
            yield Doubt("statistic", str(error), error=True)
            return
        wanted = "time" if kind == "same" else kind
    try:
        unit = find_unit(asked.unit)
    except ValueError:
        return  # told of the unit itself
    if unit.kind != wanted and asked.unit:
        way = {"time": "unit: s", "share": "unit: '%'", "count": "no unit"}[wanted]
        yield Doubt(
            "unit",
            f"“{measure.read}” is a {wanted}, and the unit is {asked.unit}",
            f"write {way}",
            error=True,
        )
