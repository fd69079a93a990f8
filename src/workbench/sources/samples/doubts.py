"""What can be said of a measure of samples before its file is read."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.model.errors import SourceError
from workbench.model.kinds import Asked, Doubt
from workbench.model.quantity import find_unit
from workbench.sources.filling import fill
from workbench.sources.sample_statistic import read_statistic
from workbench.sources.samples import SamplesMeasure


def doubts(measure: SamplesMeasure, asked: Asked) -> Iterable[Doubt]:
    """Mistakes that can be proved."""
    yield from _statistic(measure, asked)
    if measure.column is None:
        for name in ("time", "where"):
            if getattr(measure, name):
                yield Doubt(
                    name, f"“{name}” needs “column”: a file with one number a line has no columns", error=True
                )
    files: list[str] = []
    for place in asked.places:
        role = "baseline_file" if files and measure.baseline_file else "file"
        try:
            files.append(fill(getattr(measure, role), {**place.variables, "environment": place.key}, role))
        except SourceError as error:
            yield Doubt(role, error.what, error.hint, error=True)
            return
    if len(files) == 2 and files[0] == files[1]:
        yield Doubt(
            "file",
            f"the same file is read for {asked.places[0].key} and {asked.places[1].key}, so a value would be "
            "compared with itself",
            "write $environment in its name, or name the other file under “baseline_file”",
            error=True,
        )


def _statistic(measure: SamplesMeasure, asked: Asked) -> Iterable[Doubt]:
    try:
        statistic = read_statistic(measure.statistic)
        unit = find_unit(asked.unit)
    except ValueError as error:
        if "unit" not in str(error):
            yield Doubt("statistic", str(error), error=True)
        return
    if statistic.kind in ("count", "share") and unit.kind != statistic.kind:
        way = "leave out the unit" if statistic.kind == "count" else "write unit: '%'"
        yield Doubt(
            "unit",
            f"{statistic.name} is a {statistic.kind}, and the unit is {unit.symbol or 'none'}",
            way,
            error=True,
        )
