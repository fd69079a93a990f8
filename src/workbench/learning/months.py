"""Test reliability month by month: what staging was right about, what it missed, where it cried wolf, and the hours of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from workbench.learning import staging
from workbench.learning.differences import Spent, spent
from workbench.learning.figure import Figure
from workbench.learning.period import months_of, within
from workbench.learning.reading import Reading, read


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One month, by when releases went out, incidents began, and stops and failed tests were judged.

    ``missed_spent`` is what incidents to which a difference contributed cost, ``alarm_hours`` what false alarms did,
    and ``silent_alarms`` are those of which nobody said.
    """

    key: str
    figures: tuple[Figure, ...]
    missed_spent: Spent
    alarm_hours: Decimal
    silent_alarms: tuple[str, ...] = ()


def by_month(past: Reading) -> tuple[Month, ...]:
    """Every month in which anything happened, the earliest first."""
    return tuple(_month(read(within(past.past, each), past.whole), each.key) for each in months_of(past.past))


def _month(past: Reading, key: str) -> Month:
    wrong = [one for one in past.past.stops if not one.caught]
    return Month(
        key=key,
        figures=(
            staging.right(past),
            staging.missed_faults(past),
            staging.false_alarms(past),
            staging.staging_only(past),
        ),
        missed_spent=spent((id, one) for id, one in past.lessons() if one.contributed == "yes"),
        alarm_hours=sum((one.hours for one in wrong if one.hours is not None), Decimal(0)),
        silent_alarms=tuple(one.id for one in wrong if one.hours is None),
    )
