"""Files of samples that a person hands in: with a value, or to try a rule on."""

from __future__ import annotations

from array import array
from decimal import Decimal
from pathlib import Path

from workbench.model.errors import SourceError, UsageError
from workbench.model.quantity import Unit, from_float
from workbench.sources.sample_files import read_numbers
from workbench.sources.sample_statistic import read_statistic


def samples_of(path: Path, option: str) -> array[float]:
    """The numbers of a file with one on each line; ``UsageError`` for anything else in it, and for none."""
    try:
        found = read_numbers(path).numbers
    except SourceError as error:
        raise UsageError(error.what, where=f"{option}: {error.where or path.name}", hint=error.hint) from None
    if not found:
        raise UsageError("the file holds no samples", where=f"{option}: {path.name}")
    return found


def statistic_of(text: str, samples: array[float] | None, unit: Unit) -> Decimal | None:
    """The number that ``p95`` or ``mean`` is of these samples; ``None`` for a text that names none.

    ``UsageError`` where there are no samples to make it of, or it is not in ``unit``.
    """
    try:
        statistic = read_statistic(text)
    except ValueError:
        return None
    if samples is None:
        raise UsageError(f"{statistic.name} of what?", hint="name the file: --samples-file FILE")
    if statistic.kind != "same" and statistic.kind != unit.kind:
        raise UsageError(f"{statistic.name} is a {statistic.kind}, and the unit is {unit.symbol or 'none'}")
    number = from_float(float(statistic.of(samples)))
    return number / unit.factor if statistic.kind == "share" else number
