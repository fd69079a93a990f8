"""What was decided about a difference, in words; whether it has ended is said, not judged, here."""

from __future__ import annotations

from workbench.parity.model import DECISION_WORDS, Decision


def decision_words(decision: Decision, end: str = "", ended: bool = False) -> str:
    """A decision with its end as a person says it: ``accepted until 1 Dec``.

    ``end`` is the day or moment in words, empty where none was given.
    """
    words = DECISION_WORDS[decision]
    if not end or decision is Decision.UNDECIDED:
        return words
    return f"undecided again: “{words}” ended on {end}" if ended else f"{words} until {end}"


def short_decision(decision: Decision, end: str = "", ended: bool = False) -> str:
    """The same where there is little room: ``accepted, 1 Dec``; ``ended 1 Dec``."""
    words = DECISION_WORDS[decision]
    if not end or decision is Decision.UNDECIDED:
        return words
    return f"ended {end}" if ended else f"{words}, {end}"
