"""What reports say in a terminal and in Markdown; the signs that a report of what was kept is read with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from workbench.gates.model import GateState, State
from workbench.parity.touching import in_words
from workbench.usecases.reporting.judgement import VerdictReport

MARK = {State.MET: "✓", State.NOT_MET: "✗", State.OVERRIDDEN: "⊘", State.NOT_APPLICABLE: "–"}
UNSEALED = "unsealed: judged from an excerpt, which nobody has signed"
SINCE = "Since it was shipped"
CANNOT_TELL = "What staging cannot tell us"
_STATE = {GateState.BLOCKED: "✗ blocked", GateState.READY: "✓ ready", GateState.SIGNED: "✓ signed"}


def state_words(state: GateState, set_up: bool) -> str:
    """The state of a gate that was kept, as it was said then."""
    return _STATE[state] if set_up else "– not set up"


def cannot_tell(verdicts: Iterable[VerdictReport], zone: tzinfo) -> list[tuple[str, str]]:
    """Which differences put which benchmarks in doubt: their titles, and the differences in words.

    Benchmarks in doubt for the same reasons stand together; where it is all of them, they are counted.
    """
    found: dict[str, list[str]] = {}
    every = list(verdicts)
    for item in every:
        if item.cannot_tell:
            words = in_words(item.cannot_tell, item.cannot_tell_more, zone)
            found.setdefault(words, []).append(item.title)
    return [(_named(titles, len(every)), words) for words, titles in found.items()]


def _named(titles: Sequence[str], of: int) -> str:
    return f"all {of} benchmarks" if len(titles) == of > 2 else ", ".join(titles)
