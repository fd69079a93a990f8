"""Files of samples that a person hands in: with a value, or to try a rule on."""

from __future__ import annotations

from array import array
from decimal import Decimal
from pathlib import Path

import msgspec

from workbench.model.errors import SourceError, UsageError
from workbench.model.quantity import Unit, from_float
from workbench.sources.sample_files import read_numbers
from workbench.sources.sample_statistic import Statistic, read_statistic


def samples_of(path: Path, option: str) -> array[float]:
    """The numbers of a file with one on each line; ``UsageError`` for anything else in it, and for none."""
    try:
        found = read_numbers(path).numbers
    except SourceError as error:
        raise UsageError(
            error.what, where=f"{option}: {error.where or path.name or path}", hint=error.hint
        ) from None
    if not found:
        raise UsageError("the file holds no samples", where=f"{option}: {path.name}")
    return found


class Behind(msgspec.Struct, frozen=True):
    """What stands behind a typed value.

    ``value`` is the number that was named as a ``statistic`` of samples.  ``kept`` are these samples, but for
    a count or a share of them, which has another unit than they.
    """

    count: int | None
    value: Decimal | None = None
    statistic: str = ""
    kept: array[float] | None = None


def typed_samples(text: str, unit: Unit, count: int | None, file: Path | None, *, of: str) -> Behind:
    """What was handed in with a value, in the file of the option ``of`` or as nothing but its count; ``UsageError``
    where that does not fit together."""
    samples = samples_of(file, of) if file is not None else None
    if samples is not None and count not in (None, len(samples)):
        raise UsageError(f"the file holds {len(samples):,} samples, and {count:,} were said", where=of)
    size = count if samples is None else len(samples)
    try:
        statistic = read_statistic(text)
    except ValueError:
        return Behind(size, kept=samples)
    value = _value(statistic, samples, unit)
    return Behind(size, value, statistic.name, samples if statistic.kind == "same" else None)


def require_one_statistic(value: Behind, baseline: Behind) -> None:
    """``UsageError`` where the two are different statistics."""
    if value.statistic and baseline.statistic and value.statistic != baseline.statistic:
        raise UsageError(
            f"the value is a {value.statistic}, and the baseline a {baseline.statistic}",
            hint="name the same statistic twice",
        )


def _value(statistic: Statistic, samples: array[float] | None, unit: Unit) -> Decimal:
    """``UsageError`` where there are no samples to make it of, or it is not in ``unit``."""
    if samples is None:
        raise UsageError(f"{statistic.name} of what?", hint="name the file: --samples-file FILE")
    if statistic.kind != "same" and statistic.kind != unit.kind:
        raise UsageError(f"{statistic.name} is a {statistic.kind}, and the unit is {unit.symbol or 'none'}")
    number = from_float(float(statistic.of(samples)))
    return number / unit.factor if statistic.kind == "share" else number
