"""Reasons that people give: kept for a reader who was not there."""

from __future__ import annotations

from workbench.model.errors import UsageError

SHORTEST = 8
_EMPTY = {"tbd", "todo", "none", "n/a", "na", "because", "urgent", "later", "asap", "test", "xxx"}


def says_why(text: str) -> bool:
    """Whether a reason is more than a placeholder."""
    words = text.strip()
    return len(words) >= SHORTEST and words.lower().strip(".! ") not in _EMPTY


def says_nothing(text: str) -> bool:
    """Whether an answer is a placeholder: “none”, “No risk”, “TBD”, “n/a”."""
    return text.lower().strip(" .!-") in _EMPTY | {"", "no", "no risk", "no risks", "nothing"}


def readable_reason(text: str, subject: str) -> str:
    """A reason without the space around it; ``UsageError`` where it is a placeholder.

    ``subject`` is what needs the reason: “an override”, “accepting a difference”.
    """
    if not says_why(text):
        raise UsageError(
            f"{subject} needs a reason that can be read in a year", hint="at least a few words, not “TBD”"
        )
    return text.strip()
