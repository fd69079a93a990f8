"""Moments as servers and files write them: numbers since 1970 in any unit, and texts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated

import msgspec

from workbench.model.errors import SourceError
from workbench.model.text import safe_text
from workbench.model.times import duration_text

AHEAD = timedelta(minutes=2)  # by which two machines' clocks may differ
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment of an answer in JSON, which has to name its zone."""
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_FIRST, _LAST = 946_684_800, 32_503_680_000  # 2000-01-01 and 3000-01-01: outside of it no clock was right


def moment_of_number(value: int | float | Decimal, unit: str = "", where: str = "the time") -> datetime:
    """The moment of a number since 1970 in ``s``, ``ms``, ``us`` or ``ns``; by its size where no unit is told.

    Between 2000 and 3000 only one unit fits.  Raises ``SourceError`` for what is no moment of those years.
    """
    seconds = _seconds(Decimal(repr(value) if isinstance(value, float) else value), unit)
    if seconds is None:
        raise SourceError(f"{where} is {safe_text(str(value), 40)}, which is no moment that can be meant")
    whole = int(seconds)
    microseconds = int((seconds - whole) * 1_000_000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=microseconds)


def _seconds(number: Decimal, unit: str) -> Decimal | None:
    if not number.is_finite():
        return None
    for name, per_second in _PER_SECOND.items():
        seconds = number / per_second
        if unit in ("", name) and _FIRST <= seconds < _LAST:
            return seconds
    return None


def to_the_second(moment: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SSZ``: what servers take where they are asked for a stretch of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of_text(text: str, where: str = "the time") -> tuple[datetime, bool]:
    """The moment of an ISO 8601 or RFC 3339 text in UTC, and whether it names its zone; without one it is taken as UTC.

    More than six digits of a second are cut off.  Raises ``SourceError`` for anything else, and for a year
    in which no clock was right.
    """
    plain = text.strip()
    try:
        read = datetime.fromisoformat(plain)
        moment = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SourceError(f"{where} is “{safe_text(plain, 40)}”, which is no moment") from None
    if not 2000 <= moment.year < 3000:
        raise SourceError(f"{where} is “{safe_text(plain, 40)}”: the clock was not set")
    return moment, read.tzinfo is not None


def dated_ahead(moment: datetime, asked_for: datetime) -> str:
    """In words, that something is dated after the moment that was asked for; "" where it is not."""
    if moment <= asked_for + AHEAD:
        return ""
    return f"is dated {duration_text(moment - asked_for)} after the moment asked for: check both clocks"
