"""IN-6: what a check was worth that stopped a build: a false alarm, or a catch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class AlarmRuling(StrEnum):
    """What people say afterwards of something that stopped them."""

    FALSE_ALARM = "false_alarm"
    CATCH = "catch"

    @property
    def words(self) -> str:
        """``false alarm``, ``catch``."""
        return self.value.replace("_", " ")


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling on one ``part`` of a gate (``benchmark/KEY``, ``tests/SOURCE`` …) for a candidate.

    ``release`` and ``candidate`` are ids, ``title`` what the part was called, ``measurement`` names the value that
    failed, where it is one.  ``hours`` is what a false alarm cost, and what a catch saved, in people's hours.
    """

    ruling: AlarmRuling
    part: str
    release: str
    candidate: str | None = None
    reason: str
    by: str
    at: datetime
    hours: Decimal | None = None
    measurement: str = ""
    title: str = ""


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    """``a false alarm: Checkout p95``."""
    word = AlarmRuling(value["ruling"]).words if value.get("ruling") else "ruling"
    return f"a {word}: {value.get('title') or value.get('part', '')}"


ENTITIES = (
    EntityKind(
        "alarm",
        Alarm,
        columns=(Column("ruling"), Column("part"), Column("release"), Column("candidate")),
        thing="",
        many="alarms",
        title=_title,
        verbs={"ruled": "called it"},
        excerpt=True,
    ),
)


def alarm_id(value: Alarm) -> str:
    """One part stops one build once: whoever says something else of it later replaces what was said."""
    return f"{value.release}/{value.candidate or '-'}/{value.part}"


def all_alarms(record: Record) -> list[tuple[Stored, Alarm]]:
    """Every ruling, the earliest first."""
    found = [(row, row.decode(Alarm)) for row in record.all("alarm")]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].id))


def of_part(record: Record, part: str) -> list[tuple[Stored, Alarm]]:
    """The rulings on one line of a gate, in whatever releases."""
    return [(row, row.decode(Alarm)) for row in record.all("alarm", "part = ?", (part,))]


def ruled(record: Record, value: Alarm) -> Change:
    """The change that says what a stop was worth, with a reason; it replaces what was said of the same stop."""
    words = readable_reason(value.reason, f"a {value.ruling.words}")
    value = msgspec.structs.replace(value, reason=words)
    known = record.get("alarm", alarm_id(value))
    return Change("alarm", alarm_id(value), "ruled", value, known.base if known else None, words)
