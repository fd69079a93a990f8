"""A line of a timeline as it is typed: what happened, and before it when, where that was not just now.

``14:05 the vendor calls``, ``yesterday 23:50 first page``, ``2026-12-01 14:05 …``, ``-10m …``: whoever
types sees what was read before they save it.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

import msgspec

from workbench.model.errors import UsageError
from workbench.model.past import read_past

_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_AGO = r"-[0-9]+ ?(?:s|min|m|h|d)"
_STAMPED = (
    rf"(?P<when>{_AGO}|(?:(?:yesterday|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[ T])?{_CLOCK})\s+(?P<words>\S.*)"
)


class Typed(msgspec.Struct, frozen=True):
    """What was typed: ``at`` is the moment that was written before the ``words``, in UTC, or ``None``."""

    words: str
    at: datetime | None = None


def read_line(text: str, now: datetime, zone: tzinfo) -> Typed:
    """The moment and the words of a typed line.

    What only looks like a moment that is past belongs to the words: ``25:05 …``, ``18:00 …`` typed at noon.
    """
    said = text.strip()
    match = re.fullmatch(_STAMPED, said, re.IGNORECASE | re.DOTALL)
    if match is None:
        return Typed(said)
    try:
        return Typed(match["words"], read_past(match["when"], zone, now))
    except UsageError:
        return Typed(said)
