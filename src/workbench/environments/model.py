"""What happens to environments, as it lies in the record: refreshes, occupancy, ends of life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class Finding(StrEnum):
    """What came of one part of a refresh's validation."""

    UNCHECKED = "not checked"
    PASSED = "passed"
    FAILED = "failed"


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """BM-11: the data of an environment was refreshed, and how that was validated.

    ``at`` is when it was there, ``data_of`` the moment that the data is of (``at`` unless said),
    ``took`` how long copying and masking took (OP-6), as a duration.
    """

    environment: str
    at: datetime
    by: str
    data_of: datetime | None = None
    source: str = ""
    took: str = ""
    rows: Finding = Finding.UNCHECKED
    distributions: Finding = Finding.UNCHECKED
    plans: Finding = Finding.UNCHECKED
    note: str = ""

    @property
    def of(self) -> datetime:
        """The moment that its data is of."""
        return self.data_of or self.at

    @property
    def findings(self) -> Mapping[str, Finding]:
        """What was found, by what was looked at."""
        return {"row counts": self.rows, "distributions": self.distributions, "query plans": self.plans}


class Occupied(StrEnum):
    """For what an environment is occupied."""

    WORK = "work"
    MAINTENANCE = "maintenance"


class Occupancy(msgspec.Struct, frozen=True, kw_only=True):
    """ST-2: somebody uses an environment: who, from when, until when, and why.

    Without ``ends`` it lasts until somebody ends it.
    """

    environment: str
    who: str
    why: str
    begins: datetime
    by: str
    ends: datetime | None = None
    sort: Occupied = Occupied.WORK


class EndOfLife(msgspec.Struct, frozen=True, kw_only=True):
    """ST-7: an environment ends earlier than its files say."""

    environment: str
    ends: datetime
    reason: str
    by: str
    at: datetime


def _environment(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("environment", ""))
    return titles("environment", key) or key


def _occupied(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{_environment(id, value, titles)} for {value.get('who', '')}"


ENTITIES = (
    EntityKind(
        "refresh",
        Refresh,
        columns=(Column("environment"), Column("at")),
        thing="the data of",
        title=_environment,
        judged=True,
        excerpt=True,
    ),
    EntityKind(
        "occupancy",
        Occupancy,
        columns=(Column("environment"), Column("begins"), Column("ends")),
        title=_occupied,
        many="occupancies",
        judged=True,
        excerpt=True,
        together=(("begins", "ends"),),
    ),
    EntityKind(
        "end_of_life",
        EndOfLife,
        columns=(Column("environment"), Column("ends")),
        thing="the end of",
        title=_environment,
        judged=True,
        excerpt=True,
    ),
)


def refreshes(record: Record, environment: str) -> list[tuple[Stored, Refresh]]:
    """The refreshes of an environment's data, the latest first."""
    rows = record.all("refresh", "environment = ?", (environment,), "at DESC, id DESC")
    return [(row, row.decode(Refresh)) for row in rows]


def occupancies(record: Record, environment: str | None = None) -> list[tuple[Stored, Occupancy]]:
    """Who occupied what, the latest first; of one environment, if it is named."""
    where, args = ("environment = ?", (environment,)) if environment else ("", ())
    rows = record.all("occupancy", where, args, "begins DESC, id DESC")
    return [(row, row.decode(Occupancy)) for row in rows]


def ends_of_life(record: Record, environment: str | None = None) -> list[EndOfLife]:
    """The ends that people have set, the earliest first; of one environment, if it is named."""
    where, args = ("environment = ?", (environment,)) if environment else ("", ())
    return [row.decode(EndOfLife) for row in record.all("end_of_life", where, args, "ends, id")]


def refresh_change(refresh: Refresh, ident: str, now: datetime) -> Change:
    """The change that records a refresh; ``UsageError`` for one that lies ahead."""
    if refresh.at > now:
        raise UsageError(
            "a refresh that has not happened yet cannot be recorded", hint="record it afterwards"
        )
    if refresh.of > refresh.at:
        raise UsageError("data cannot be of a later moment than its refresh", hint="check both dates")
    return Change("refresh", ident, "refreshed", plain(refresh))


def validated(stored: Stored, refresh: Refresh) -> Change:
    """The change that says what a refresh's validation found."""
    if all(found is Finding.UNCHECKED for found in refresh.findings.values()):
        raise UsageError(
            "a validation says what was found", hint="--rows, --distributions or --plans, passed or failed"
        )
    return Change("refresh", stored.id, "validated", plain(refresh), stored.base)


def occupancy_change(occupancy: Occupancy, ident: str) -> Change:
    """The change that records an occupancy; ``UsageError`` where it ends before it begins or says too little."""
    if not occupancy.who.strip():
        raise UsageError("an occupancy needs a name: a team, or a person", hint="--who TEAM")
    if occupancy.ends is not None and occupancy.ends <= occupancy.begins:
        raise UsageError("this occupancy ends before it begins", hint="check both dates")
    why = readable_reason(occupancy.why, "an occupancy")
    value = msgspec.structs.replace(occupancy, who=occupancy.who.strip(), why=why)
    return Change("occupancy", ident, "occupied", plain(value))


def freed(stored: Stored, occupancy: Occupancy, now: datetime) -> Change:
    """The change that ends an occupancy now; one that had not begun is taken back."""
    if occupancy.ends is not None and occupancy.ends <= now:
        raise UsageError(f"the occupancy of {occupancy.environment} by {occupancy.who} has ended already")
    if occupancy.begins >= now:
        return Change("occupancy", stored.id, "called off", None, stored.base)
    value = msgspec.structs.replace(occupancy, ends=now)
    return Change("occupancy", stored.id, "freed", plain(value), stored.base)


def end_change(end: EndOfLife, ident: str) -> Change:
    """The change that sets an earlier end of an environment's life, with a reason."""
    words = readable_reason(end.reason, "the end of an environment")
    return Change("end_of_life", ident, "set", plain(msgspec.structs.replace(end, reason=words)), None, words)
