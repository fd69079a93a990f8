"""The signs and words of a gate's report, the same in a terminal and in Markdown."""

from __future__ import annotations

from workbench.gates.model import GateState, State

MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
UNSEALED = "unsealed: judged from an excerpt, which nobody has signed"
SINCE = "Since it was shipped"
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(state: GateState, set_up: bool) -> str:
    """A gate's state with its mark, in words."""
    return _STATE[state] if set_up else "– not set up"
