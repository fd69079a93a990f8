"""From gates and sign-offs to states: what is current, what is missing, what has passed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from workbench.definitions.shapes import Gate, Person, SignPolicy
from workbench.gates.break_glass import overdue_parts
from workbench.gates.contested import contested_signatures
from workbench.gates.facts import Facts
from workbench.gates.frozen import TITLE, frozen_parts
from workbench.gates.kinds.not_frozen import KIND as NOT_FROZEN
from workbench.gates.model import GateResult, GateState, Origin, Part, RequirementState, State, Weight
from workbench.gates.turn import ANYBODY, CANNOT_TELL, Move, Turn, of_people
from workbench.gates.withdrawn import withdrawn_parts
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step
from workbench.record import Stored
from workbench.releases.model import Outcome
from workbench.signoff.authorship import nobody_knows
from workbench.signoff.basis import Bases
from workbench.signoff.comparing import Kept
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.delegations import Delegation
from workbench.signoff.hand_backs import HandBack
from workbench.signoff.holding import (
    STOPPING,
    SignOffView,
    Team,
    apart,
    last_words,
    latest_of_each,
    stop_words,
    team_of,
    view_of,
)
from workbench.signoff.keyed import Keyring
from workbench.signoff.model import Decision, Dismissal, Opening, SignOff
from workbench.signoff.rosters import Roster
from workbench.signoff.satisfying import Filled
from workbench.signoff.seating import Seating
from workbench.signoff.ssh_signatures import Checked


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """How many signatures of a role are asked, given and possible."""

    role: str
    asked: int
    given: tuple[SignOffView, ...]
    can: tuple[str, ...]
    lent: Mapping[str, str] = {}
    """For whom somebody signs who can only because it was delegated to them."""
    away: Mapping[str, datetime] = {}
    """Until when somebody who can sign is away."""
    short: str = ""
    """Why those who are listed cannot sign this any more, in words; "" where they can."""

    @property
    def missing(self) -> int:
        return max(0, self.asked - len(self.given))


class Concluded(msgspec.Struct, frozen=True, kw_only=True):
    """A gate with its signatures: the last word on its state."""

    result: GateResult
    requirements: tuple[RequirementState, ...]
    state: GateState
    through: bool
    signoffs: tuple[SignOffView, ...]
    roles: tuple[RoleState, ...]
    opening: Opening | None = None
    stops: tuple[SignOffView, ...] = ()
    """The answers that keep the gate from being passed: rejected, or sent back."""
    handed_back: Mapping[str, HandBack] = {}
    """Of those that were sent back the ones that were handed back, by the answer's id."""
    conditions_kept: Mapping[str, ConditionKept] = {}
    """What was said of conditions that were kept, by the answer's id."""
    unknown_author: str = ""
    """The commit whose author has to be said before anybody approves; "" where that is known or does not matter."""

    @property
    def gate(self) -> Gate:
        return self.result.gate

    @property
    def key(self) -> str:
        return self.result.gate.key

    @property
    def parts(self) -> Iterator[Part]:
        """Every line, requirement by requirement."""
        return (part for requirement in self.requirements for part in requirement.parts)

    @property
    def unmet(self) -> tuple[RequirementState, ...]:
        """What keeps the gate from being approved: everything not met but the signatures."""
        return tuple(
            item
            for item in self.requirements
            if item.state is State.NOT_MET and item.origin is not Origin.SIGNATURES
        )

    @property
    def ready(self) -> bool:
        """Everything but the signatures is met."""
        return not self.unmet


_NONE_HANDED_BACK: Mapping[str, HandBack] = {}
_NONE_KEPT: Mapping[str, ConditionKept] = {}


def conclude(
    results: Sequence[GateResult],
    facts: Facts,
    *,
    bases: Bases,
    signoffs: Sequence[tuple[Stored, SignOff]],
    dismissals: Mapping[str, Sequence[Dismissal]],
    openings: Mapping[str, Opening],
    people: Sequence[Person],
    delegations: Sequence[tuple[Stored, Delegation]] = (),
    hand_backs: Mapping[str, HandBack] = _NONE_HANDED_BACK,
    conditions_kept: Mapping[str, ConditionKept] = _NONE_KEPT,
    document: Callable[[str], Mapping[str, Any] | None],
    keyring: Keyring | None = None,
) -> tuple[Concluded, ...]:
    """Every gate with its signatures.

    ``document`` finds a kept document by its digest; ``keyring`` judges the signatures of keys.
    """
    done: list[Concluded] = []
    frozen = tuple(frozen_parts(facts))
    held = _holding_all(facts)
    roster = Roster(
        people,
        facts.now,
        facts.zone,
        candidate=facts.candidate,
        delegations=[value for _, value in delegations],
    )
    gates = [result.gate for result in results]
    teams = {
        gate.key: team_of(gate.sign, facts, people, [value for _, value in delegations]) for gate in gates
    }
    kept = Kept(document, results, facts)
    ring = keyring.of if keyring is not None else _no_key
    views = {
        key: [
            view_of(
                stored,
                value,
                basis=bases.of(key),
                facts=facts,
                team=team,
                kept=kept,
                dismissals=_dismissing(dismissals.get(stored.id, ()), value, team, checked, keyring),
                checked=checked,
                condition_kept=_kept_in_time(value, conditions_kept.get(stored.id), team),
            )
            for stored, value in signoffs
            if value.gate == key
            for checked in (ring(stored, value),)
        ]
        for key, team in teams.items()
    }
    said = {
        key: last_words(each, facts.held.candidate_id, roster.same, asks_keys=teams[key].asks_keys)
        for key, each in views.items()
    }
    if facts.release.outcome is Outcome.OPEN:
        said = apart(said, gates, roster.same)
    seating = Seating(roster, gates, {key: _filled(key, each, roster.same) for key, each in said.items()})
    for result in results:
        key = result.gate.key
        concluded = _concluded(
            result,
            said[key],
            done,
            Signers(roster, seating, teams[key], hand_backs, conditions_kept),
            openings.get(key),
            _unknown_author(result.gate.sign, facts),
            tuple(contested_signatures(key, facts)),
            [_frozen(frozen), *held] if frozen and not _asks_itself(result) else held,
        )
        done.append(concluded)
    return tuple(done)


def _no_key(_stored: Stored, _value: SignOff) -> Checked | None:
    return None


def _dismissing(
    dismissals: Sequence[Dismissal],
    value: SignOff,
    team: Team,
    checked: Checked | None,
    keyring: Keyring | None,
) -> Sequence[Dismissal]:
    """Of those who set an answer aside the ones whose word counts: a key's, where a key gave the answer and the gate asks for keys."""
    if keyring is None or not team.stays(value, checked):
        return dismissals
    return [one for one in dismissals if keyring.dismissed(one)]


def _kept_in_time(value: SignOff, kept: ConditionKept | None, team: Team) -> bool:
    """Whether somebody said before they were due that the conditions of an approval are kept.

    No key signs that: a gate that asks for keys goes by a new answer instead.
    """
    due = value.conditions_due
    if team.policy is not None and team.policy.require_signature:
        return False
    return kept is not None and due is not None and kept.at < due


class Signers(msgspec.Struct, frozen=True):
    """Who may sign a gate: the people at this moment, the seats of all gates, and the gate's own rules."""

    roster: Roster
    seating: Seating
    team: Team
    hand_backs: Mapping[str, HandBack] = {}
    conditions_kept: Mapping[str, ConditionKept] = {}


def _unknown_author(policy: SignPolicy | None, facts: Facts) -> str:
    """The commit that nobody knows the author of, short; "" where that is known or does not matter.

    A release that was shipped stays as it was signed.
    """
    candidate = facts.candidate
    if policy is None or not policy.roles or policy.own or candidate is None or candidate.author:
        return ""
    return candidate.commit[:7] if facts.release.outcome is Outcome.OPEN else ""


def _filled(gate: str, views: Sequence[SignOffView], same: Mapping[str, str]) -> list[Filled]:
    """The seats of a gate that are taken."""
    return [
        Filled(
            gate,
            view.signoff.role,
            same.get(view.owner, view.owner),
            same.get(view.signoff.person, view.signoff.person),
        )
        for view in latest_of_each(views)
        if view.signoff.decision not in STOPPING
    ]


def _concluded(
    result: GateResult,
    views: tuple[SignOffView, ...],
    done: Sequence[Concluded],
    signers: Signers,
    opening: Opening | None,
    unknown: str,
    contested: Sequence[Part],
    unasked: Sequence[RequirementState],
) -> Concluded:
    requirements = [*result.requirements, *(unasked if result.set_up else ())]
    blocked = [item for item in done if not item.through]
    if blocked and result.set_up:
        requirements.append(_earlier(blocked))
    roles = role_states(result.gate, latest_of_each(views), signers)
    stops = tuple(view for view in views if view.stops)
    if result.gate.sign and result.gate.sign.roles:
        requirements.append(_signatures(result.gate, roles, stops, signers, unknown, contested))
    unmet = [item for item in requirements if item.state is State.NOT_MET]
    if any(item.origin is not Origin.SIGNATURES for item in unmet) or stops or unknown or contested:
        state = GateState.BLOCKED
    elif unmet:
        state = GateState.READY
    else:
        state = GateState.SIGNED if roles else GateState.READY
    return Concluded(
        result=result,
        requirements=tuple(requirements),
        state=state,
        through=not unmet,
        signoffs=views,
        roles=roles,
        opening=opening,
        stops=stops,
        handed_back={
            view.stored.id: signers.hand_backs[view.stored.id]
            for view in stops
            if view.stored.id in signers.hand_backs
        },
        conditions_kept={
            view.stored.id: signers.conditions_kept[view.stored.id]
            for view in views
            if view.stored.id in signers.conditions_kept
        },
        unknown_author=unknown,
    )


def role_states(gate: Gate, views: Sequence[SignOffView], signers: Signers) -> tuple[RoleState, ...]:
    """Signatures by role; each person counts once for a gate."""
    policy = gate.sign
    if policy is None:
        return ()
    roster = signers.roster
    given = [
        tuple(
            view for view in views if view.signoff.role == item.role and view.signoff.decision not in STOPPING
        )
        for item in policy.roles
    ]
    open_ = any(item.count > len(each) for item, each in zip(policy.roles, given, strict=True))
    short, words = signers.seating.short(gate) if open_ else (None, "")
    return tuple(
        RoleState(
            role=item.role,
            asked=item.count,
            given=each,
            can=(able := roster.can(gate, item)),
            lent=roster.lenders(gate, item),
            away={key: until for key in able if (until := roster.away_until(key))},
            short=words if short is not None and (not short.roles or item.role in short.roles) else "",
        )
        for item, each in zip(policy.roles, given, strict=True)
    )


def _asks_itself(result: GateResult) -> bool:
    """Whether a gate asks in its file that nothing is frozen; then the requirement says it."""
    return any(item.kind == NOT_FROZEN.name for item in result.gate.requires)


def _frozen(parts: Sequence[Part]) -> RequirementState:
    """What a gate that does not ask is told of freezes: they hold it all the same."""
    return RequirementState(
        key=NOT_FROZEN.name,
        kind=NOT_FROZEN.name,
        title=TITLE,
        state=State.NOT_MET,
        why="; ".join(part.why for part in parts),
        step=parts[0].step,
        parts=tuple(parts),
        origin=Origin.FROZEN,
    )


def _holding_all(facts: Facts) -> list[RequirementState]:
    """What no gate has to ask for, and holds every one: a withdrawn build, a review of break-glass that is overdue."""
    found = (
        (Origin.WITHDRAWN, "not-withdrawn", "Not withdrawn", tuple(withdrawn_parts(facts))),
        (Origin.BREAK_GLASS, "break-glass-reviewed", "Break-glass reviewed", tuple(overdue_parts(facts))),
    )
    return [
        RequirementState(
            key=key,
            kind=key.replace("-", "_"),
            title=title,
            state=State.NOT_MET,
            why="; ".join(part.why for part in parts),
            step=parts[0].step,
            parts=parts,
            origin=origin,
        )
        for origin, key, title, parts in found
        if parts
    ]


def _earlier(blocked: Sequence[Concluded]) -> RequirementState:
    first = blocked[0].gate
    why = f"{first.title} has not passed" + (f", and {len(blocked) - 1} more" if len(blocked) > 1 else "")
    part = Part(
        key="earlier-gates",
        title="Earlier gates",
        state=State.NOT_MET,
        why=why,
        about="gate",
        step=Step(Job.CLEAR_GATE, first.key),
    )
    return RequirementState(
        key="earlier-gates",
        kind="earlier_gates",
        title="Earlier gates passed",
        state=State.NOT_MET,
        why=why,
        step=part.step,
        parts=(part,),
        origin=Origin.EARLIER,
    )


def _signatures(
    gate: Gate,
    roles: Sequence[RoleState],
    stops: Sequence[SignOffView],
    signers: Signers,
    unknown: str,
    contested: Sequence[Part],
) -> RequirementState:
    team = signers.team
    seated = {key for role in roles for view in role.given for key in (view.owner, view.signoff.person)}
    parts = [*contested, *(_role_part(gate, role, team, seated) for role in roles)]
    if unknown:
        parts.insert(0, _author_part(gate, unknown))
    parts[:0] = [_stop_part(gate, view, team, signers.hand_backs.get(view.stored.id)) for view in stops]
    unmet = [part for part in parts if part.state is State.NOT_MET]
    given = "; ".join(part.why for part in parts)
    return RequirementState(
        key="signatures",
        kind="signatures",
        title="Signed",
        state=State.NOT_MET if unmet else State.MET,
        why=given if not unmet else "; ".join(f"{part.title}: {part.why}" for part in unmet),
        step=unmet[0].step if unmet else None,
        parts=tuple(parts),
        origin=Origin.SIGNATURES,
    )


def _stop_part(gate: Gate, view: SignOffView, team: Team, handed: HandBack | None) -> Part:
    """A no: its author answers anew; where they cannot, another person of the role dismisses it.

    What was sent back is first handed back, by whoever was named or by anybody else.
    """
    person = view.signoff.person
    cannot = team.lacks(view.owner, view.signoff.role)
    why = stop_words(view, team)
    if handed is not None:
        why = f"handed back to {person} by {handed.by}: {handed.reason} ({why})"
    elif view.signoff.decision is Decision.SEND_BACK and not cannot:
        needed = view.signoff.needed_from
        return Part(
            key=f"rejection/{gate.key}/{person}",
            title=gate.title,
            state=State.NOT_MET,
            why=why,
            about=f"rejection/{gate.key}/{person}",
            step=Step(Job.HAND_BACK, gate.key),
            turn=of_people((needed,)) if needed in team.people else Turn(Move.ANOTHER, but=person),
        )
    return Part(
        key=f"rejection/{gate.key}/{person}",
        title=gate.title,
        state=State.NOT_MET,
        why=why,
        about=f"rejection/{gate.key}/{person}",
        step=Step(Job.DISMISS, f"{gate.key}/{person}") if cannot else Step(Job.SIGN, gate.key),
        turn=ANYBODY if cannot else of_people((person,)),
    )


def _author_part(gate: Gate, unknown: str) -> Part:
    return Part(
        key=f"author/{gate.key}",
        title=f"{gate.title}: author of the build",
        state=State.NOT_MET,
        why=nobody_knows(unknown),
        about="candidate",
        step=Step(Job.NAME_AUTHOR, unknown),
        turn=ANYBODY,
        after=f"author/{unknown}",
    )


def _role_part(gate: Gate, role: RoleState, team: Team, seated: Set[str]) -> Part:
    """The line of a role; who has signed the gate in any role is not waited for, since a person counts once."""
    names = ", ".join(view.signer for view in role.given)
    words = role.role.replace("-", " ")
    left = tuple(key for key in role.can if key not in seated)
    here = tuple(key for key in left if key not in role.away)
    return Part(
        key=f"sign/{gate.key}/{role.role}",
        title=f"{gate.title}: {words}",
        state=State.NOT_MET if role.missing else State.MET,
        why=waiting_words(role, left or role.can, team.zone) if role.missing else f"signed by {names}",
        about=f"signoff/{gate.key}",
        step=Step(Job.SIGN, gate.key),
        weight=Weight.TO_SIGN,
        # Nobody can sign in a role that nobody has.
        turn=(of_people(here or left) if left else CANNOT_TELL) if role.missing else None,
    )


def waiting_words(role: RoleState, left: Sequence[str], zone: tzinfo) -> str:
    """Whom of those ``left`` a role waits for, who of them is away, and why nobody is left: ``waiting for jo or sam``."""
    if not role.can:
        return f"nobody can sign in this role now{': ' if role.short else ''}{role.short}"
    who = " or ".join(_named(key, role, zone) for key in left)
    missing = f"waiting for {who}" if role.asked == 1 else f"{role.missing} of {role.asked} missing: {who}"
    return f"{missing}; {role.short}" if role.short else missing


def _named(key: str, role: RoleState, zone: tzinfo) -> str:
    """Somebody who can sign: ``ada for sam (away until 7 Dec)``."""
    who = f"{key} for {role.lent[key]}" if key in role.lent else key
    return f"{who} (away until {end_text(role.away[key], zone)})" if key in role.away else who
