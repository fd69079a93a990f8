"""What a value is compared with: what each kind of baseline is called, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.model.kinds import Uses, use_nothing

if TYPE_CHECKING:  # checking a project's files takes the names, and opens no record
    from workbench.benchmarks.measurements import Measurement
    from workbench.benchmarks.past import Past, Subject

WEEK = timedelta(days=7)
_NEWEST = 30  # so many earlier values make the mean of a benchmark's own history


# The number of an earlier value in the benchmark's unit, or None where it does not count: it failed
# beside what was its baseline then (a number in that unit, or None), or is none that may be used.
Counted = Callable[["Measurement", Decimal | None], Decimal | None]


class Sought(msgspec.Struct, frozen=True):
    """What is compared: whose, the value where there is one, and which earlier numbers count."""

    subject: Subject
    value: Measurement | None
    better: str
    counted: Counted

    @property
    def until(self) -> datetime | None:
        """What was measured after the value is no baseline of it."""
        return self.value.measured_at if self.value is not None else None


class Baseline(msgspec.Struct, frozen=True):
    """A kind of baseline; see :class:`workbench.model.kinds.Kind`.

    ``whose`` is the possessive that stands before its value in verdicts.  ``find`` looks it up
    in the record; a baseline without it is measured beside the value.  ``lacking`` says what there is
    not where it finds nothing.  ``named`` says that a name may follow the kind's, and ``of_many`` that it is made of
    several measurements.
    """

    name: str
    about: str
    whose: str
    find: Callable[[Past, Sought], Measurement | None] | None = None
    lacking: str = ""
    named: bool = False
    of_many: bool = False
    config: type[msgspec.Struct] = msgspec.Struct
    shorthand: str | None = None
    refers: Mapping[str, str] = {}
    uses: Callable[[Any], Uses] = use_nothing


def _last_good(past: Past, sought: Sought) -> Measurement | None:
    """The newest good release's value that did not fail beside the one before it."""
    found: Measurement | None = None
    number: Decimal | None = None
    for item in past.good(sought.subject, sought.until):
        value = sought.counted(item, number)
        if value is not None:
            found, number = item, value
    return found


def _own_history(past: Past, sought: Sought) -> Measurement | None:
    """The mean of what the same environment did for earlier candidates, those that failed left out."""
    values: list[Decimal] = []
    newest: Measurement | None = None
    for item in reversed(past.earlier(sought.subject, sought.until)):
        value = sought.counted(item, _mean(values))
        if value is not None:
            values, newest = [*values[1 - _NEWEST :], value], item
    if newest is None:
        return None
    return _made_of(newest, _mean(values), sought.subject, {})


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def _made_of(
    one: Measurement, value: Decimal | None, subject: Subject, facts: Mapping[str, Any]
) -> Measurement:
    return msgspec.structs.replace(
        one, role="baseline", value=value, unit=subject.unit.symbol, facts={**one.facts, **facts}
    )


def _first_week(past: Past, sought: Sought) -> Measurement | None:
    """TH-5: the middle one of the values that the environment had in the week after it was first measured.

    Of an even number the better of the two in the middle: a measured value, so that no percentiles are
    averaged.  Until that week is over there is none.
    """
    week = past.first(sought.subject, WEEK)
    if not week:
        return None
    begins = week[0].measured_at
    ends = begins + WEEK
    counted = [(item, number) for item in week if (number := sought.counted(item, None)) is not None]
    if not counted or (sought.until or past.now) < ends:
        why = f"the first week is not over: {len(counted)} values since {begins:%Y-%m-%d}, until {ends:%Y-%m-%d}"
        return msgspec.structs.replace(week[0], role="baseline", state="missing", value=None, why=why)
    counted.sort(key=lambda pair: pair[1], reverse=sought.better == "higher")
    item, number = counted[(len(counted) - 1) // 2]
    return _made_of(item, number, sought.subject, {"first_week": len(counted), "begins": begins.isoformat()})


def _pinned(name: str) -> Callable[[Past, Sought], Measurement | None]:
    def find(past: Past, sought: Sought) -> Measurement | None:
        found = past.pinned(sought.subject.key, name)
        return found.measured() if found is not None else None

    return find


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
            of_many=True,
        ),
        Baseline(
            "first week",
            "what the same environment did in the first week that it was measured, for a start without production",
            "the first week's",
            _first_week,
            "nothing was measured yet",
            of_many=True,
        ),
        Baseline(
            "pinned",
            "one measurement that a person pinned, under a name if there are several",
            "the pinned baseline's",
            _pinned(""),
            "nobody has pinned a baseline, or it is not approved yet",
            named=True,
        ),
    )
}


def baseline_of(name: str) -> Baseline:
    """The baseline that a benchmark names; any other name is that of an environment."""
    if (known := BASELINES.get(name)) is not None:
        return known
    kind, _, own = name.partition(" ")
    if own and (known := BASELINES.get(kind)) is not None and known.named:
        return msgspec.structs.replace(known, name=name, whose=f"{own}'s", find=_pinned(own))
    return Baseline(name, f"what {name} does at the same time", name)


def pinned_name(baseline: str) -> str | None:
    """The name under which a benchmark's baseline is pinned, "" for the only one; ``None`` for other baselines."""
    kind, _, own = baseline.partition(" ")
    return own if kind == "pinned" else None
