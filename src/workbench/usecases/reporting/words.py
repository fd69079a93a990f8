"""What reports say in a terminal and in Markdown; the signs that a report of what was kept is read with."""

from __future__ import annotations

from workbench.gates.model import GateState, State

MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
UNSEALED = "unsealed: judged from an excerpt, which nobody has signed"
SINCE = "Since it was shipped"
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(state: GateState, set_up: bool) -> str:
    """The state of a gate that was kept, as it was said then."""
    return _STATE[state] if set_up else "– not set up"
