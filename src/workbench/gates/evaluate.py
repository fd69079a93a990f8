"""From requirements to gates: the state of each, overrides applied, signatures left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Gate, Requirement
from workbench.gates.approvals import Proposal
from workbench.gates.contested import contested_parts
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds import KINDS
from workbench.gates.model import GateResult, Part, RequirementState, State, Weight
from workbench.gates.needs import ASKED_FOR, IN_FORCE, QUARANTINED, TO_QUARANTINE
from workbench.gates.overrides import exceeded
from workbench.gates.quarantine import ApprovedQuarantine
from workbench.gates.turn import ANYBODY
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step


def kind_of(requirement: Requirement) -> tuple[Kind[Any], Any]:
    """The kind of a requirement and what it asks for."""
    kind = KINDS[requirement.kind]
    return kind, requirement.config or kind.config()


def needs(gates: Iterable[Gate]) -> list[Need[Any]]:
    """Everything that the requirements of these gates want to know, each once."""
    pairs = [kind_of(requirement) for gate in gates for requirement in gate.requires]
    return list(dict.fromkeys(need for kind, asks in pairs for need in kind.needs(asks)))


def evaluate(gates: Sequence[Gate], facts: Facts) -> tuple[GateResult, ...]:
    """Every gate in order, signatures left out."""
    return tuple(
        GateResult(gate=gate, requirements=tuple(_requirement(gate, item, facts) for item in gate.requires))
        for gate in gates
    )


def verdicts(gate: Gate, facts: Facts) -> dict[str, Judged]:
    """The benchmarks that a gate's requirements speak of, advisory ones too, by key."""
    pairs = map(kind_of, gate.requires)
    return {item.key: item for kind, asks in pairs for item in kind.verdicts(asks, facts)}


def _requirement(gate: Gate, requirement: Requirement, facts: Facts) -> RequirementState:
    """The state of one requirement, overrides applied to its parts one by one."""
    kind, asks = kind_of(requirement)
    declared = facts.only(kind.needs(asks))
    title = requirement.title or kind.title(asks, declared)
    asked = tuple(kind.parts(asks, declared)) or (
        _nothing(gate, requirement, kind.nothing(asks, declared), facts),
    )
    parts = (
        *contested_parts(kind.needs(asks), facts),
        *(_finished(part, title, facts, flaky=kind.flaky) for part in asked),
    )
    state = _together(parts)
    return RequirementState(
        key=requirement.key,
        kind=requirement.kind,
        title=title,
        state=state,
        why=_why(parts, state, title if kind.lists else None),
        step=next((part.step for part in parts if part.state is State.NOT_MET), None),
        parts=parts,
    )


def _nothing(gate: Gate, requirement: Requirement, why: str, facts: Facts) -> Part:
    """What stands for a requirement that selects nothing: it is not met until the file asks for something."""
    place = facts.definitions.mark("gate", gate.key, f"requires.{requirement.key}")
    return Part(
        key=f"nothing/{gate.key}/{requirement.key}",
        title="",
        state=State.NOT_MET,
        why=f"nothing to judge: {why}",
        about=f"gate/{gate.key}",
        step=Step(Job.EDIT_DEFINITIONS, f"{place} ") if place else Step(Job.CHECK_FILES),
        turn=ANYBODY,
    )


def _finished(part: Part, title: str, facts: Facts, *, flaky: bool) -> Part:
    """A part with its exception, and with the requirement's title where it has none of its own."""
    if not part.title:
        part = msgspec.structs.replace(part, title=title)
    if flaky and (aside := facts(QUARANTINED).get(part.key)) is not None:
        return set_aside(part, aside, facts)
    if part.state is not State.NOT_MET:
        return part
    override = facts(IN_FORCE).get(part.key)
    if override is not None:
        if more := exceeded(override, part):
            why = f"the override by {override.author} does not cover this: {more}; {part.why}"
            return msgspec.structs.replace(part, why=why)
        held = f", {override.bound.words}" if override.bound and override.bound.words else ""
        why = f"overridden until {end_text(override.until, facts.zone)}{held}: {override.reason}"
        return msgspec.structs.replace(
            part, state=State.OVERRIDDEN, why=why, until=override.until, weight=Weight.RISK
        )
    proposal = facts(ASKED_FOR).get(part.key) or (facts(TO_QUARANTINE).get(part.key) if flaky else None)
    return part if proposal is None else waiting(part, proposal)


def set_aside(part: Part, aside: ApprovedQuarantine, facts: Facts) -> Part:
    """A part in quarantine: it blocks nothing and proves nothing, whether it is met or not."""
    mends = f", {aside.owner} mends it" if aside.owner else ""
    words = f"quarantined until {end_text(aside.until, facts.zone)}{mends}: {aside.reason}"
    return msgspec.structs.replace(
        part, state=State.OVERRIDDEN, why=f"{words}; now: {part.why}", until=aside.until, weight=Weight.RISK,
        step=None, unasked=False, turn=None, quarantined=True,
    )  # fmt: skip


def waiting(part: Part, proposal: Proposal) -> Part:
    """A part that somebody proposed to let past or set aside: it is not met, and says who has to act."""
    if proposal.rejected:
        return msgspec.structs.replace(part, why=f"{proposal.why}; {part.why}", proposal=proposal.ref)
    return msgspec.structs.replace(
        part,
        why=f"{proposal.why}; {part.why}",
        step=Step(Job.APPROVE, part.key),
        proposal=proposal.ref,
        turn=proposal.able.turn,
    )


def _together(parts: tuple[Part, ...]) -> State:
    states = {part.state for part in parts}
    for state in (State.NOT_MET, State.OVERRIDDEN, State.MET):
        if state in states:
            return state
    return State.NOT_APPLICABLE


def _why(parts: tuple[Part, ...], state: State, listed_under: str | None) -> str:
    """Why in one line; ``listed_under`` is the title of a list, whose parts have to be named."""
    if len(parts) == 1:
        only = parts[0]
        unnamed = listed_under is None or only.title == listed_under
        return only.why if unnamed else f"{only.title}: {only.why}"
    if state is State.MET:
        return f"all {len(parts)} met"
    chosen = [part for part in parts if part.state is state]
    named = "; ".join(f"{part.title}: {part.why}" for part in chosen[:3])
    more = f"; and {len(chosen) - 3} more" if len(chosen) > 3 else ""
    word = {State.NOT_MET: "not met", State.OVERRIDDEN: _excepted(chosen)}.get(state, "not applicable")
    return f"{len(chosen)} of {len(parts)} {word}: {named}{more}"


def _excepted(parts: Sequence[Part]) -> str:
    """What lets them past, in a word."""
    if all(part.quarantined for part in parts):
        return "quarantined"
    return "overridden or quarantined" if any(part.quarantined for part in parts) else "overridden"
