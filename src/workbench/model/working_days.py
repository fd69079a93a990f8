"""Working days, Monday to Friday, as a zone's calendar has them; holidays are known to nobody here."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from workbench.model.times import in_zone

_SATURDAY = 5
_INSTANT = timedelta(microseconds=1)


def end_of_working_day(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The last instant of the ``days``-th working day after the day of ``moment`` in ``zone``, also across a change of clocks.

    What happened on a Friday night is due two working days later: at the end of Tuesday.
    """
    day = in_zone(moment, zone).date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(moment.tzinfo) - _INSTANT
