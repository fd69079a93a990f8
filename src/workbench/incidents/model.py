"""IN-1: an incident in staging or production: who leads, what it touches, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.record import Column, EntityKind, Record, Stored, first_that
from workbench.record.naming import choose


class IncidentSeverity(StrEnum):
    """How bad it is for those who are affected."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class IncidentEnd(StrEnum):
    """What ended an incident; a mistake and one that was merged count in no figure."""

    OPEN = "open"
    CLOSED = "closed"
    MISTAKE = "mistake"
    MERGED = "merged"


class IncidentState(StrEnum):
    """How an incident stands."""

    OPEN = "open"
    MITIGATED = "mitigated"
    CLOSED = "closed"
    MISTAKE = "mistake"
    MERGED = "merged"


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """One incident.

    ``release`` and ``into`` are ids, ``environment``, ``flows``, ``runbook`` and people keys of definitions and flows.
    ``started_at``, ``detected_at`` and ``mitigated_at`` are when it happened, ``declared_at`` when somebody wrote
    the incident down.
    """

    title: str
    environment: str
    severity: IncidentSeverity
    declared_at: datetime
    declared_by: str
    flows: tuple[str, ...] = ()
    release: str = ""
    candidate: str | None = None
    commander: str | None = None
    people: tuple[str, ...] = ()
    summary: str = ""
    runbook: str = ""
    link: str = ""
    started_at: datetime | None = None
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended: IncidentEnd = IncidentEnd.OPEN
    closed_at: datetime | None = None
    closed_by: str | None = None
    ended_why: str = ""
    into: str = ""
    split_from: str = ""

    @property
    def state(self) -> IncidentState:
        """Open until it is mitigated, mitigated until it has ended."""
        if self.ended is not IncidentEnd.OPEN:
            return IncidentState(self.ended.value)
        return IncidentState.MITIGATED if self.mitigated_at else IncidentState.OPEN

    @property
    def open(self) -> bool:
        return self.ended is IncidentEnd.OPEN

    @property
    def counts(self) -> bool:
        """Whether it counts in figures: not what was declared by mistake, nor what belongs to another one."""
        return self.ended not in (IncidentEnd.MISTAKE, IncidentEnd.MERGED)

    @property
    def began(self) -> datetime:
        """The earliest moment that is known of it."""
        return min(at for at in (self.started_at, self.detected_at, self.declared_at) if at is not None)


ENTITIES = (
    EntityKind(
        "incident",
        Incident,
        columns=(
            Column("title"),
            Column("environment"),
            Column("release"),
            Column("ended"),
            Column("declared_at"),
        ),
        thing="incident",
        judged=True,
        excerpt=True,
        together=(("ended", "closed_at", "closed_by", "ended_why", "into"),),
        # At one desk of several it may be open still: then it is.
        stricter=first_that(
            lambda value: value.get("ended", IncidentEnd.OPEN.value) == IncidentEnd.OPEN.value
        ),
    ),
)
_OPEN = "ended = 'open'"


def all_incidents(record: Record, *, only_open: bool = False) -> list[tuple[Stored, Incident]]:
    """Those that are open before those that ended, each the latest first."""
    rows = record.all("incident", _OPEN if only_open else "", (), f"{_OPEN} DESC, declared_at DESC, id DESC")
    return [(row, row.decode(Incident)) for row in rows]


def find(record: Record, ref: str) -> tuple[Stored, Incident]:
    """The incident with that id (or the end of one), or with these words in its title; open ones come first."""
    return choose(
        all_incidents(record),
        ref,
        "incident",
        title=lambda value: value.title,
        first=lambda value: value.open,
        hint="workbench incident list shows them",
    )


def with_merged(record: Record, ident: str) -> tuple[str, ...]:
    """The id of an incident, and those of all that were merged into it, also by way of others."""
    into = {row.id: row.decode(Incident).into for row in record.all("incident", "ended = 'merged'")}
    found, more = [ident], [ident]
    while more:
        more = [each for each, target in into.items() if target in more and each not in found]
        found += more
    return tuple(found)
