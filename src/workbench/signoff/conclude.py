"""From gates and sign-offs to states: what is current, what is missing, what is through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from workbench.definitions.shapes import Gate, Person, SignPolicy
from workbench.gates.facts import Facts
from workbench.gates.kind import Alteration
from workbench.gates.model import GateResult, GateState, Origin, Part, RequirementState, State, Weight
from workbench.model.steps import Job, Step
from workbench.model.times import day_text
from workbench.record import Stored
from workbench.signoff.authorship import able, nobody_knows, unknown_author
from workbench.signoff.basis import Bases, Basis
from workbench.signoff.comparing import Kept
from workbench.signoff.model import Decision, Opening, SignOff


class Currency(StrEnum):
    """PRODUCT 8: whether a sign-off still holds."""

    CURRENT = "current"
    NEWER_EVIDENCE = "newer evidence, same outcome"
    OUT_OF_DATE = "out of date"
    LAPSED = "lapsed"
    REPLACED = "replaced"
    REVOKED = "revoked"


# Words that their author has taken back or said anew.
WITHDRAWN = (Currency.REPLACED, Currency.REVOKED)


class SignOffView(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-off and whether it still holds, with the change named."""

    stored: Stored
    signoff: SignOff
    currency: Currency
    changes: tuple[Alteration, ...] = ()

    @property
    def counts(self) -> bool:
        return self.currency in (Currency.CURRENT, Currency.NEWER_EVIDENCE)

    @property
    def why(self) -> str:
        if self.currency is Currency.REVOKED:
            return f"revoked: {self.signoff.revoked_why}"
        if self.currency is Currency.REPLACED:
            return "replaced: a later word of the same person stands"
        if not self.changes:
            return self.currency.value
        more = f" (and {len(self.changes) - 1} more)" if len(self.changes) > 1 else ""
        return f"{self.currency.value}: {self.changes[0].words}{more}"


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """How many signatures of a role are asked, given and possible."""

    role: str
    asked: int
    given: tuple[SignOffView, ...]
    can: tuple[str, ...]

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


def conclude(
    results: Sequence[GateResult],
    facts: Facts,
    *,
    bases: Bases,
    signoffs: Sequence[tuple[Stored, SignOff]],
    openings: Mapping[str, Opening],
    people: Sequence[Person],
    document: Callable[[str], Mapping[str, Any] | None],
) -> tuple[Concluded, ...]:
    """Every gate with its signatures.  ``document`` finds a kept document by its digest."""
    done: list[Concluded] = []
    kept = Kept(document, results, facts)
    for result in results:
        key = result.gate.key
        views = tuple(
            _view(stored, value, bases.of(key), facts, result.gate.sign, kept)
            for stored, value in signoffs
            if value.gate == key
        )
        can = able(result.gate.sign, facts, people)
        unknown = unknown_author(result.gate.sign, facts)
        done.append(_concluded(result, _last_words(views), done, can, openings.get(key), unknown))
    return tuple(done)


def _last_words(views: tuple[SignOffView, ...]) -> tuple[SignOffView, ...]:
    """Who signs a gate again replaces what they said before, even if they take the new word back."""
    last = {view.signoff.person: view.stored.id for view in views}
    return tuple(
        view
        if view.currency is Currency.REVOKED or view.stored.id == last[view.signoff.person]
        else msgspec.structs.replace(view, currency=Currency.REPLACED, changes=())
        for view in views
    )


def _view(
    stored: Stored,
    value: SignOff,
    basis: Basis,
    facts: Facts,
    policy: SignPolicy | None,
    kept: Kept,
) -> SignOffView:
    if value.revoked_at:
        return SignOffView(stored=stored, signoff=value, currency=Currency.REVOKED)
    if value.basis != basis.digest:
        changes = tuple(kept.changes(value, basis))
        if changes:
            lapsed = all(change.lapse for change in changes)
            currency = Currency.LAPSED if lapsed else Currency.OUT_OF_DATE
            return SignOffView(stored=stored, signoff=value, currency=currency, changes=changes)
    if value.conditions_due and value.conditions_due <= facts.now:
        due = Alteration(
            f"its condition fell due on {day_text(value.conditions_due, facts.zone)}: {value.conditions}",
            lapse=True,
        )
        return SignOffView(stored=stored, signoff=value, currency=Currency.LAPSED, changes=(due,))
    if value.evidence != basis.evidence:
        if policy and not policy.newer_evidence:
            newer = Alteration("measured again since; this gate's policy asks to sign again")
            return SignOffView(stored=stored, signoff=value, currency=Currency.OUT_OF_DATE, changes=(newer,))
        return SignOffView(stored=stored, signoff=value, currency=Currency.NEWER_EVIDENCE)
    return SignOffView(stored=stored, signoff=value, currency=Currency.CURRENT)


def _concluded(
    result: GateResult,
    views: tuple[SignOffView, ...],
    done: Sequence[Concluded],
    people: Sequence[Person],
    opening: Opening | None,
    unknown: str,
) -> Concluded:
    requirements = list(result.requirements)
    blocked = [item for item in done if not item.through]
    if blocked and result.set_up:
        requirements.append(_earlier(blocked))
    roles = role_states(result.gate, latest_of_each(views), people)
    rejection = next((v for v in latest_of_each(views) if v.signoff.decision is Decision.REJECT), None)
    if result.gate.sign and result.gate.sign.roles:
        requirements.append(_signatures(result.gate, roles, rejection, unknown))
    unmet = [item for item in requirements if item.state is State.NOT_MET]
    if any(item.origin is not Origin.SIGNATURES for item in unmet) or rejection or unknown:
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
        unknown_author=unknown,
    )


def latest_of_each(views: Sequence[SignOffView]) -> list[SignOffView]:
    """The last word of each person that still holds; a rejection holds until it is replaced."""
    return [
        view
        for view in views
        if view.counts or (view.signoff.decision is Decision.REJECT and view.currency not in WITHDRAWN)
    ]


def role_states(gate: Gate, views: Sequence[SignOffView], people: Sequence[Person]) -> tuple[RoleState, ...]:
    """Signatures by role; each person counts once for a gate."""
    policy = gate.sign
    if policy is None:
        return ()
    return tuple(
        RoleState(
            role=item.role,
            asked=item.count,
            given=tuple(
                view
                for view in views
                if view.signoff.role == item.role and view.signoff.decision is not Decision.REJECT
            ),
            can=tuple(person.key for person in people if item.role in person.roles),
        )
        for item in policy.roles
    )


def _earlier(blocked: Sequence[Concluded]) -> RequirementState:
    first = blocked[0].gate
    why = f"{first.title} is not through" + (f", and {len(blocked) - 1} more" if len(blocked) > 1 else "")
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
        title="Earlier gates are through",
        state=State.NOT_MET,
        why=why,
        step=part.step,
        parts=(part,),
        origin=Origin.EARLIER,
    )


def _signatures(
    gate: Gate, roles: Sequence[RoleState], rejection: SignOffView | None, unknown: str
) -> RequirementState:
    parts = [_role_part(gate, role) for role in roles]
    if unknown:
        parts.insert(0, _author_part(gate, unknown))
    if rejection:
        parts.insert(0, _rejection_part(gate, rejection))
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


def _rejection_part(gate: Gate, view: SignOffView) -> Part:
    return Part(
        key=f"rejection/{gate.key}",
        title=f"{gate.title}: rejected",
        state=State.NOT_MET,
        why=f"rejected by {view.signoff.person}: {view.signoff.comment}",
        about=f"signoff/{gate.key}",
        step=Step(Job.SIGN, gate.key),
    )


def _author_part(gate: Gate, unknown: str) -> Part:
    return Part(
        key=f"author/{gate.key}",
        title=f"{gate.title}: author of the build",
        state=State.NOT_MET,
        why=nobody_knows(unknown),
        about="candidate",
        step=Step(Job.NAME_AUTHOR, unknown),
    )


def _role_part(gate: Gate, role: RoleState) -> Part:
    names = ", ".join(view.signoff.person for view in role.given)
    words = role.role.replace("-", " ")
    who = " or ".join(role.can) or "nobody has this role"
    missing = f"waits for {who}" if role.asked == 1 else f"{role.missing} of {role.asked} missing: {who}"
    return Part(
        key=f"sign/{gate.key}/{role.role}",
        title=f"{gate.title}: {words}",
        state=State.NOT_MET if role.missing else State.MET,
        why=missing if role.missing else f"signed by {names}",
        about=f"signoff/{gate.key}",
        step=Step(Job.SIGN, gate.key),
        weight=Weight.TO_SIGN,
    )
