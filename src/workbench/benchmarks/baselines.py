"""What a value is compared with: what each kind of baseline is called, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.model.kinds import Uses, use_nothing

if TYPE_CHECKING:  # checking a project's files takes the names, and opens no record
    from workbench.benchmarks.measurements import Measurement
    from workbench.benchmarks.past import Past, Subject

_NEWEST = 30  # so many earlier values make the mean of a benchmark's own history


# The number of an earlier value in the benchmark's unit, or None where it does not count: it failed
# beside what was its baseline then (a number in that unit, or None), or is none that may be used.
Counted = Callable[["Measurement", Decimal | None], Decimal | None]


class Baseline(msgspec.Struct, frozen=True):
    """A kind of baseline; see :class:`workbench.model.kinds.Kind`.

    ``whose`` is the possessive that stands before its value in verdicts.  ``find`` looks it up
    in the record; a baseline without it is measured beside the value.  ``lacking`` says what there is
    not where it finds nothing.
    """

    name: str
    about: str
    whose: str
    find: Callable[[Past, Subject, Counted], Measurement | None] | None = None
    lacking: str = ""
    config: type[msgspec.Struct] = msgspec.Struct
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    uses: Callable[[Any], Uses] = use_nothing


def _last_good(past: Past, subject: Subject, counted: Counted) -> Measurement | None:
    """The newest good release's value that did not fail beside the one before it."""
    found: Measurement | None = None
    number: Decimal | None = None
    for item in past.good(subject):
        value = counted(item, number)
        if value is not None:
            found, number = item, value
    return found


def _own_history(past: Past, subject: Subject, counted: Counted) -> Measurement | None:
    """TH-5: the mean of what the same environment did for earlier candidates, those that failed left out."""
    values: list[Decimal] = []
    newest: Measurement | None = None
    for item in reversed(past.earlier(subject)):
        value = counted(item, _mean(values))
        if value is not None:
            values, newest = [*values[1 - _NEWEST :], value], item
    if newest is None:
        return None
    return msgspec.structs.replace(newest, role="baseline", value=_mean(values), unit=subject.unit.symbol)


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


PRODUCTION = Baseline("production", "what production does at the same time", "production's")
BASELINES = {
    baseline.name: baseline
    for baseline in (
        PRODUCTION,
        Baseline(
            "last good release",
            "the value of the last release that was shipped, watched and not rolled back, unless it failed",
            "the last good release's",
            _last_good,
            "no earlier release had a good value",
        ),
        Baseline(
            "own history",
            "the mean of what the same environment did for earlier candidates",
            "its own history's",
            _own_history,
            "no earlier candidate had a good value",
        ),
    )
}


def baseline_of(name: str) -> Baseline:
    """The baseline that a benchmark names; any other name is that of an environment."""
    return BASELINES.get(name) or Baseline(name, f"what {name} does at the same time", name)
