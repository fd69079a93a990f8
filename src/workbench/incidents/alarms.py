"""IN-6: what a check was worth that stopped a build: a false alarm, or a catch."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored


class AlarmRuling(StrEnum):
    """What people say afterwards of something that stopped them."""

    FALSE_ALARM = "false_alarm"
    CATCH = "catch"


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling on one ``part`` of a gate (``benchmark/KEY``, ``tests/SOURCE`` …) for a candidate; ``hours`` is what it cost."""

    ruling: AlarmRuling
    part: str
    release: str
    candidate: str | None
    reason: str
    by: str
    at: datetime
    hours: Decimal | None = None
    measurement: str = ""


ENTITIES = (
    EntityKind(
        "alarm",
        Alarm,
        columns=(Column("ruling"), Column("part"), Column("release"), Column("candidate")),
        thing="alarm",
        title=lambda id, value, titles: str(value.get("part", "")),
        excerpt=True,
    ),
)


def all_alarms(record: Record) -> list[tuple[Stored, Alarm]]:
    """Every ruling, the earliest first."""
    found = [(row, row.decode(Alarm)) for row in record.all("alarm")]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].id))
