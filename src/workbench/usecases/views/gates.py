"""The marks and words of gates, of what they ask, and of sign-offs: one for each state, for every front end."""

from __future__ import annotations

from collections import Counter

from workbench.gates.model import GateState, Origin, Part, RequirementState, State, Weight
from workbench.gates.words import TITLES as TITLES
from workbench.gates.words import counted as counted
from workbench.gates.words import open_words
from workbench.signoff.holding import Currency
from workbench.usecases.reporting.judgement import GateReport, SignatureReport
from workbench.usecases.views.marks import Mark

SETTLED = (Currency.REPLACED, Currency.REVOKED)  # a sign-off that its own author has taken back
_STATES = {
    State.MET: Mark.DONE,
    State.NOT_MET: Mark.BLOCKS,
    State.OVERRIDDEN: Mark.EXCEPTED,
    State.NOT_APPLICABLE: Mark.NOT_APPLICABLE,
}


def gate_mark(gate: GateReport) -> Mark:
    """``✗`` where the gate has a blocker, ``◐`` where the rest is to do or to sign, ``○`` where it only
    waits for other gates, ``✓`` where nothing is missing, ``–`` where it asks for nothing."""
    if not gate.set_up:
        return Mark.NOT_APPLICABLE
    missing = unmet(gate)
    if missing[Weight.BLOCKS]:
        return Mark.BLOCKS
    if missing[Weight.TO_DO]:
        return Mark.UNDER_WAY
    if gate.state is GateState.BLOCKED:
        return Mark.OPEN
    return Mark.UNDER_WAY if missing[Weight.TO_SIGN] else Mark.DONE


def gate_words(gate: GateReport) -> str:
    """A gate's state, and how much is open: ``blocked, 1 blocker, 2 to do``."""
    if not gate.set_up:
        return "not set up"
    waits = ""
    if gate_mark(gate) is Mark.OPEN:
        earlier = any(item.origin is Origin.EARLIER for item in gate.requirements)
        waits = " by earlier gates" if earlier else " by other gates"
    return ", ".join([gate.state.value + waits, *open_words(unmet(gate))])


def gate_line(gate: GateReport) -> str:
    """A gate's state with its mark, in words."""
    into = f" (into {gate.into_title})" if gate.into_title else ""
    return f"{gate_mark(gate).symbol} {gate_words(gate)}{into}"


def unmet(gate: GateReport) -> Counter[Weight]:
    """How much of a gate's own is open, by weight: what earlier gates ask is theirs, and what
    is behind another line is told by that one."""
    found: Counter[Weight] = Counter()
    for item in gate.requirements:
        if item.origin is not Origin.EARLIER and item.state is State.NOT_MET:
            parts = [part for part in item.parts if part.state is State.NOT_MET]
            found.update(part.weight for part in parts if not part.folded)
            found.update([] if parts else [Weight.BLOCKS])
    return found


def part_mark(part: Part) -> Mark:
    """``✗`` where it blocks, ``○`` where it is to do or to sign, ``⊘`` where something lets it past."""
    if part.state is State.NOT_MET:
        return Mark.BLOCKS if part.weight is Weight.BLOCKS else Mark.OPEN
    if part.state is State.OVERRIDDEN or part.until:
        return Mark.EXCEPTED
    if part.state is State.NOT_APPLICABLE:
        return Mark.NOT_APPLICABLE
    return Mark.WARNS if part.weight is Weight.RISK else Mark.DONE


def requirement_mark(item: RequirementState) -> Mark:
    """``✗`` where a part of it blocks; what is to do, to sign, or waits for earlier gates is open."""
    if item.state is not State.NOT_MET:
        return _STATES[item.state]
    missing = [part for part in item.parts if part.state is State.NOT_MET]
    blocks = not missing or any(part.weight is Weight.BLOCKS for part in missing)
    return Mark.BLOCKS if blocks and item.origin is not Origin.EARLIER else Mark.OPEN


def signature_mark(word: SignatureReport) -> Mark:
    """``✗`` for a no, ``✓`` for what counts, ``–`` for what its author took back, ``▲`` for the rest."""
    if word.stops:
        return Mark.BLOCKS
    if word.counts:
        return Mark.DONE
    return Mark.NOT_APPLICABLE if word.currency in SETTLED else Mark.WARNS
