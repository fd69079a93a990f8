"""What was decided about a difference, in words."""

from __future__ import annotations

from datetime import datetime, tzinfo

from workbench.model.dates import end_text
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference, expired, falls_short, overtaken

_WORDS = {
    Decision.UNDECIDED: "undecided",
    Decision.CLOSE: "closing",
    Decision.MITIGATE: "mitigated",
    Decision.ACCEPT: "accepted",
    Decision.IRRELEVANT: "irrelevant",
}


def decision_words(
    decision: Decision,
    end: str = "",
    ended: bool = False,
    overtaken: bool = False,
    changes: str = "",
    lacks: str = "",
    up_to: str = "",
) -> str:
    """A decision with its end as a person says it: ``accepted up to 5 s until 1 Dec``.

    ``end`` is the day or moment in words, empty where none was given; ``ended`` whether it has come.
    ``overtaken`` says that it was made on other values, ``changes`` which ones where that is known;
    ``lacks`` is what it needs to count for a high-severity difference, ``up_to`` how far apart the
    values may get.
    """
    words = _WORDS[decision]
    if overtaken:
        more = f": {changes}" if changes else ""
        return f"undecided again: “{words}” was decided when the values were different{more}"
    if lacks:
        return f"undecided: “{words}” needs {lacks} for a high-severity difference"
    if up_to and not ended and decision is not Decision.UNDECIDED:
        words = f"{words} up to {up_to}"
    if not end or decision is Decision.UNDECIDED:
        return words
    if ended:
        return f"undecided again: “{words}” ended on {end}"
    return f"{words} {'by' if decision is Decision.CLOSE else 'until'} {end}"


def short_decision(
    decision: Decision, end: str = "", ended: bool = False, overtaken: bool = False, lacks: str = ""
) -> str:
    """The same where there is little room: ``accepted, 1 Dec``; ``ended 1 Dec``; ``values changed``."""
    words = _WORDS[decision]
    if overtaken:
        return "values changed"
    if lacks:
        return f"needs {lacks}"
    if not end or decision is Decision.UNDECIDED:
        return words
    return f"ended {end}" if ended else f"{words}, {end}"


def decision_of(value: Difference, now: datetime, zone: tzinfo, changes: str = "") -> str:
    """What was decided about a difference, with the day it ends; ``changes`` is what changed since."""
    end = end_text(value.until, zone) if value.until else ""
    return decision_words(
        value.decision,
        end,
        expired(value, now),
        overtaken(value),
        changes,
        falls_short(value),
        value.up_to,
    )
