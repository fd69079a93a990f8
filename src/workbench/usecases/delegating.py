"""Delegating one's seat in a role until an end, ending that early, and who may sign what at the moment."""

from __future__ import annotations

from datetime import datetime, tzinfo

import msgspec

from workbench.definitions.shapes import Person
from workbench.model.dates import end_text
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.record import Commit, Stored
from workbench.releases.model import Candidate
from workbench.signoff import delegations as room
from workbench.signoff.conclude import Concluded
from workbench.signoff.delegations import Delegation
from workbench.signoff.rosters import Roster
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import known_person

SHORTEST_END = 4  # characters of an id's end that name it


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation as it stands: ``state`` is ``in force``, ``not yet``, ``over`` or ``ended``."""

    id: str
    delegation: Delegation
    state: str


def delegations_of(context: Context) -> list[Delegation]:
    """Every delegation of the record."""
    return [value for _, value in room.delegations(context.record)]


def roster_of(context: Context, candidate: Candidate | None = None, at: datetime | None = None) -> Roster:
    """The people of the project at a moment, with what they have delegated."""
    return Roster(
        context.definitions.project.people,
        at or context.now,
        context.zone,
        candidate=candidate,
        delegations=delegations_of(context),
    )


def delegate(
    context: Context,
    role: str,
    to: str,
    *,
    until: datetime,
    reason: str,
    begins: datetime | None = None,
    gate: str = "",
) -> Commit:
    """Let somebody sign as ``role`` in one's own place until an end.

    Only what the project's files give can be delegated: not what came by a delegation.
    """
    person = require_person(context)
    people = context.definitions.project.people
    other = known_person(people, to)
    if role not in person.roles:
        lent = next(
            (v for _, v in room.delegations(context.record) if (v.to, v.role) == (person.key, role)), None
        )
        why = f"; {lent.person} delegated it to them, and that cannot be passed on" if lent else ""
        raise NotAllowed(
            f"{person.key} does not have the role {role}{why}",
            where=f"{person.key} has: {', '.join(person.roles) or 'none'}",
            hint="roles are set under people: in workbench.yaml",
        )
    _check_gate(context, role, gate)
    value = Delegation(
        person=person.key,
        role=role,
        to=other.key,
        gate=gate,
        begins=begins or context.now,
        until=until,
        reason=without_secrets_in(context, reason),
        at=context.now,
        identity=context.author().identity,
    )
    change = room.delegated(value)
    _check_useful(context, person, value)
    return commit(context, [change])


def _check_gate(context: Context, role: str, gate: str) -> None:
    gates = context.definitions.project.gates
    asking = [g.key for g in gates if g.sign and any(entry.role == role for entry in g.sign.roles)]
    if gate and gate not in [g.key for g in gates]:
        meant = nearest(gate, [g.key for g in gates])
        raise UsageError(f"there is no gate “{gate}”", hint=f"did you mean {meant}?" if meant else None)
    hint = f"asked in: {', '.join(asking)}" if asking else "workbench status shows the gates"
    if gate and gate not in asking:
        raise UsageError(f"the gate {gate} asks for no signature as {role}", hint=hint)
    if not asking:
        raise UsageError(f"no gate asks for a signature as {role}", hint=hint)


def _check_useful(context: Context, person: Person, value: Delegation) -> None:
    """A delegation that no gate would take is refused, with why."""
    roster = Roster(context.definitions.project.people, value.begins, context.zone)
    found = [
        roster.refused(gate.sign, entry, value)
        for gate in context.definitions.project.gates
        for entry in (gate.sign.roles if gate.sign else ())
        if gate.sign and value.covers(gate.key, entry.role)
    ]
    if found and all(found):
        raise NotAllowed(f"{person.key} cannot delegate {value.role} to {value.to}: {found[0]}")


def end(context: Context, ref: str, why: str) -> Commit:
    """End a delegation early: its own person, or who got it, may.  What was signed before stays signed."""
    stored = find(context, ref)
    value = stored.decode(Delegation)
    person = require_person(context)
    if person.key not in (value.person, value.to):
        raise NotAllowed(f"only {value.person} or {value.to} can end this delegation")
    return commit(context, [room.ended(stored, at=context.now, why=without_secrets_in(context, why))])


def find(context: Context, ref: str) -> Stored:
    """The delegation, not over yet, that an id or its end names, ``ROLE/PERSON``, or a role or a person of only one."""
    now = context.now
    rows = [
        pair for pair in room.delegations(context.record) if _state(pair[1], now) not in ("over", "ended")
    ]
    for fits in (_by_id, _by_words):
        found = [row for row, value in rows if fits(row, value, ref)]
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(row.id[-6:] for row in found[:3])
            raise UsageError(f"“{ref}” fits several delegations", hint=f"name one by its end: {named}")
    raise UsageError(f"there is no delegation “{ref}”", hint="workbench delegate --list")


def _by_id(row: Stored, value: Delegation, ref: str) -> bool:
    return row.id == ref or (len(ref) >= SHORTEST_END and row.id.endswith(ref))


def _by_words(row: Stored, value: Delegation, ref: str) -> bool:
    return ref in (value.role, value.to, f"{value.role}/{value.to}")


def read_delegations(context: Context) -> list[Standing]:
    """Every delegation, those in force first, then what begins later, then what is over."""
    found = [
        Standing(id=row.id, delegation=value, state=_state(value, context.now))
        for row, value in room.delegations(context.record)
    ]
    order = ("in force", "not yet", "ended", "over")
    return sorted(found, key=lambda one: (order.index(one.state), one.delegation.until))


def delegation_of(context: Context, done: Commit) -> Standing:
    """The delegation that an act made or ended, as it stands now."""
    ident = next(ident for entity, ident in done.touched if entity == "delegation")
    stored = context.record.get("delegation", ident)
    assert stored is not None
    value = stored.decode(Delegation)
    return Standing(id=stored.id, delegation=value, state=_state(value, context.now))


def words(value: Delegation, zone: tzinfo) -> str:
    """What a delegation lets somebody do: ``kim signs as release-owner for robin until 7 Dec``."""
    where = f" in {value.gate}" if value.gate else ""
    return f"{value.to} signs as {value.role} for {value.person}{where} until {end_text(value.until, zone)}"


def _state(value: Delegation, now: datetime) -> str:
    if value.ended_at is not None and value.ended_at <= now:
        return "ended"
    if value.until <= now:
        return "over"
    return "in force" if value.begins <= now else "not yet"


def signing_for(
    context: Context, evaluation: Evaluation, concluded: Concluded, person: Person, named: str
) -> tuple[Person, tuple[str, ...]]:
    """Whose seat somebody signs for, and in which roles; ``NotAllowed`` where nothing lets them."""
    owner = known_person(context.definitions.project.people, named)
    if owner.key == person.key:
        raise UsageError("you sign for yourself without --for", hint="leave --for out")
    policy = concluded.gate.sign
    roster = roster_of(context, evaluation.held.candidate)
    why, roles = "", []
    for entry in policy.roles if policy else ():
        for _, value in room.delegations(context.record):
            if (value.person, value.to) == (owner.key, person.key) and value.covers(
                concluded.key, entry.role
            ):
                standing = _state(value, context.now)
                refused = "" if policy is None else roster.refused(policy, entry, value)
                if standing == "in force" and not refused:
                    roles.append(entry.role)
                else:
                    why = refused or f"the delegation of {entry.role} is {_SAID[standing]}"
    if not roles:
        raise NotAllowed(
            f"{owner.key} has not delegated {concluded.gate.title} to {person.key}"
            + (f": {why}" if why else ""),
            hint=f"workbench delegate ROLE --to {person.key} --until DATE --reason WHY, by {owner.key}",
        )
    return owner, tuple(dict.fromkeys(roles))


def delegated_by(context: Context, evaluation: Evaluation, concluded: Concluded, person: Person) -> list[str]:
    """Who has delegated a seat of a gate to somebody, where that lets them sign now."""
    policy = concluded.gate.sign
    roster = roster_of(context, evaluation.held.candidate)
    return [
        value.person
        for value in delegations_of(context)
        for entry in (policy.roles if policy else ())
        if policy
        and value.to == person.key
        and value.covers(concluded.key, entry.role)
        and value.in_force(context.now)
        and not roster.refused(policy, entry, value)
    ]


_SAID = {"in force": "in force", "not yet": "not in force yet", "over": "over", "ended": "ended"}
