"""Who still has to sign a gate, and whether they can: role by role, with what speaks against each person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

import msgspec

from workbench.definitions.shapes import Person
from workbench.model.dates import end_text
from workbench.model.text import number_of
from workbench.model.times import in_zone, read_hours, zone_of
from workbench.signoff.conclude import Concluded, RoleState
from workbench.signoff.rosters import Roster
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.marks import Fact, Mark

HOURS = "09:00-17:00"  # of a person who says none, where they say a time zone
_FRIDAY = 4
ALL_IN = "none: every signature is in"


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a role that is missing: ``cannot`` says why they cannot sign at all, ``minds`` what to know before asking."""

    person: str
    cannot: str = ""
    minds: str = ""


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A role that has not signed, how many people of it are missing, and who there is.

    ``short`` says why the people listed cannot fill it, "" where they can.
    """

    role: str
    missing: int
    people: tuple[Candidate, ...]
    short: str = ""

    @property
    def able(self) -> tuple[str, ...]:
        """Who can sign."""
        return tuple(one.person for one in self.people if not one.cannot)

    @property
    def words(self) -> str:
        return self.role.replace("-", " ")


def seats(evaluation: Evaluation, concluded: Concluded) -> list[Seat]:
    """The roles that have not signed, each with everybody who has it."""
    return [_seat(evaluation, concluded, role) for role in concluded.roles if role.missing]


def _seat(evaluation: Evaluation, concluded: Concluded, role: RoleState) -> Seat:
    signed = {view.signoff.person for one in concluded.roles for view in one.given}
    known = {person.key: person for person in evaluation.facts.project.people}
    having = [key for key, person in known.items() if role.role in person.roles]
    names = [key for key in dict.fromkeys((*role.can, *having)) if key not in signed]
    people = tuple(_candidate(evaluation, concluded, role, key, known.get(key)) for key in names)
    return Seat(role=role.role, missing=role.missing, people=people, short=role.short)


def _candidate(
    evaluation: Evaluation, concluded: Concluded, role: RoleState, key: str, person: Person | None
) -> Candidate:
    facts, policy = evaluation.facts, concluded.gate.sign
    if person is None or policy is None:
        return Candidate(person=key)
    roster = Roster(facts.project.people, facts.now, facts.zone, candidate=evaluation.held.candidate)
    cannot = roster.barred(policy, person)
    if key in role.away:
        cannot = cannot or f"is away until {end_text(role.away[key], facts.zone)}"
    elif key not in role.can:
        cannot = cannot or "may not sign this gate"
    local = in_zone(facts.now, zone_of(person.timezone or facts.project.timezone))
    minds = [] if cannot else list(_minds(person, role, local))
    return Candidate(person=key, cannot=cannot, minds="; ".join(minds))


def _minds(person: Person, role: RoleState, local: datetime) -> Iterator[str]:
    """What is no obstacle and good to know: a role that was handed to them, and what time it is there."""
    if role.role not in person.roles:
        yield "by delegation"
    if (person.timezone or person.hours) and not _at_work(person, local):
        yield (
            f"it is {local:%H:%M} on {local:%A} there"
            if local.weekday() > _FRIDAY
            else f"it is {local:%H:%M} there"
        )


def _at_work(person: Person, local: datetime) -> bool:
    begins, ends = read_hours(person.hours or HOURS) or (time(9), time(17))
    at = local.time()
    inside = begins <= at < ends if begins < ends else at >= begins or at < ends
    return inside and local.weekday() <= _FRIDAY


# --- in words ---------------------------------------------------------------------------------------


def seat_line(seat: Seat, reader: str) -> str:
    """``release owner (you or mika)``; with how many are missing where that is more than one."""
    you = ["you"] if reader in seat.able else []
    who = " or ".join([*you, *(key for key in seat.able if key != reader)]) or _nobody(seat)
    many = f", {seat.missing} missing" if seat.missing > 1 else ""
    return f"{seat.words} ({who}{many})"


def _nobody(seat: Seat) -> str:
    return "nobody can now" if seat.people else "no one has this role"


def seat_facts(seat: Seat, reader: str) -> list[Fact]:
    """A role that is missing, and below it what is to be known of each of its people."""
    short = bool(seat.short) or len(seat.able) < seat.missing
    mark = Mark.BLOCKS if short else Mark.OPEN
    found = [Fact("", seat_line(seat, reader), mark)]
    found += [Fact("", f"  {seat.short}", Mark.BLOCKS)] if seat.short else []
    found += [
        Fact("", f"  {one.person} {one.cannot}", Mark.NOT_APPLICABLE) for one in seat.people if one.cannot
    ]
    found += [Fact("", f"  {one.person}: {one.minds}", aside=True) for one in seat.people if one.minds]
    if short and not seat.short and seat.able:
        found.append(Fact("", f"  {number_of(seat.missing, 'signature')} missing, {len(seat.able)} can sign"))
    return found
