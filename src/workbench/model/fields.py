"""Types that the fields of definitions share, and the base of everything that a team writes.

The titles are looked at by the reader of definitions: they say how a piece of text is to be
checked.  Modules with shapes import no ``annotations`` from ``__future__``: every type that is a
text would be evaluated twice at each start, 3.5 ms for all of them.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Key = Annotated[str, Meta(title="key", pattern="^[a-z0-9]+([-_.][a-z0-9]+)*$", max_length=64)]
DurationText = Annotated[str, Meta(title="duration", examples=["90s", "24h", "7d"])]
DateText = Annotated[str, Meta(title="date", examples=["2026-12-01"])]
SteadyText = Annotated[str, Meta(title="steady", examples=["30min"])]
HoursText = Annotated[str, Meta(title="hours", examples=["22:00-02:00"])]
SizeText = Annotated[str, Meta(title="size", examples=["50 MB"])]
Url = Annotated[str, Meta(title="url", examples=["https://metrics.example.com"])]
SecretText = Annotated[str, Meta(title="secret", examples=["${METRICS_TOKEN}"])]
HeaderText = Annotated[str, Meta(title="header", examples=["${METRICS_TOKEN}", "application/json"])]
CommandText = Annotated[str, Meta(title="command", examples=["pass show metrics/token"])]
Percent = Annotated[int, Meta(ge=0, le=100)]
ShareText = Annotated[str, Meta(title="share", examples=["99.5 %"])]
PathPattern = Annotated[str, Meta(title="glob", examples=["reports/**/*.xml"])]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The base of everything that a team writes."""
