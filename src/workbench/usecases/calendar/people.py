"""When people who sign are away, and when what they delegated ends."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.model.times import zone_of
from workbench.signoff.delegations import delegations
from workbench.signoff.rosters import absences
from workbench.usecases.calendar.event import Asked, Event, What


def tell_delegations(asked: Asked) -> Iterator[Event]:
    """The end of each delegation that is in force or will be."""
    for row, value in delegations(asked.context.record):
        if value.ended_at is None and value.until > asked.now:
            where = f" in {value.gate}" if value.gate else ""
            yield Event(
                key=f"delegation/{row.id}",
                at=value.until,
                what=What.SIGN_OFF,
                title=f"{value.to} no longer signs as {value.role} for {value.person}{where}",
                ref=f"person/{value.person}",
                owner=value.person,
            )


def tell_absences(asked: Asked) -> Iterator[Event]:
    """The days on which somebody is away whose role a gate asks for."""
    project = asked.context.definitions.project
    roles = {entry.role for gate in project.gates if gate.sign for entry in gate.sign.roles}
    for person in project.people:
        if not roles & set(person.roles):
            continue
        own = zone_of(person.timezone or project.timezone)
        for begins, ends in absences(person, own):
            yield Event(
                key=f"away/{person.key}/{begins.isoformat()}",
                at=begins,
                until=ends,
                what=What.SIGN_OFF,
                title=f"{person.name} is away",
                ref=f"person/{person.key}",
                owner=person.key,
            )
