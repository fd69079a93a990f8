"""The signs and words of a gate's report, the same in a terminal and in Markdown."""

from __future__ import annotations

from workbench.gates.model import GateState, Origin, RequirementState, State, Weight
from workbench.usecases.reporting.judgement import GateReport

MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
UNSEALED = "unsealed: judged from an excerpt, which nobody has signed"
SINCE = "Since it was shipped"
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(state: GateState, set_up: bool) -> str:
    """A gate's state with its mark, in words."""
    return _STATE[state] if set_up else "– not set up"


def gate_words(gate: GateReport) -> str:
    """A gate's state with its mark: one that waits for nothing but signatures says for how many."""
    parts = [part for item in gate.requirements if item.origin is not Origin.EARLIER for part in item.parts]
    unsigned = [part for part in parts if part.state is State.NOT_MET]
    if gate.state is not GateState.READY or not unsigned:
        return state_words(gate.state, gate.set_up)
    mark = "◐" if len(unsigned) < len(parts) else "○"
    return f"{mark} ready, {len(unsigned)} to sign"


def requirement_mark(item: RequirementState) -> str:
    """The sign of a requirement: signatures that are still to be given block nothing."""
    unmet = [part for part in item.parts if part.state is State.NOT_MET]
    return "○" if unmet and all(part.weight is Weight.TO_SIGN for part in unmet) else MARK[item.state]
