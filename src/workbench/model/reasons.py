"""Reasons that people give: kept for a reader who was not there."""

from __future__ import annotations

import re

from workbench.model.errors import UsageError

SHORTEST = 8
A_FEW_WORDS = "a few words at least, not “TBD”"
_EMPTY = {
    "tbd", "tba", "tbc", "todo", "fixme", "wip", "none", "n/a", "na", "because", "urgent", "later", "soon", "asap",
    "test", "xxx", "asdf", "qwertz", "foo", "bar", "blah", "bla", "lorem", "ipsum", "idk", "dunno", "whatever", "etc",
    "reason", "reasons",
}  # fmt: skip
_ROWS = ("qwertyuiop", "qwertzuiopü", "azertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm", "1234567890")
_WORD = re.compile(r"n/a\b|[^\W_]+")
_REPEATED = re.compile(r"(.+?)\1+")
_FEWEST_LETTERS = 3


def says_why(text: str) -> bool:
    """Whether a reason is more than a placeholder."""
    return not what_it_lacks(text)


def what_it_lacks(text: str) -> str:
    """Why a text is no reason, in words; "" where it is one.

    In any language: only what says nothing whoever reads it is refused, such as “TBD, later”,
    “xxxxxxxx”, “asdf asdf asdf” or dots.
    """
    if len(text.strip()) < SHORTEST:
        return f"too short: write at least {SHORTEST} characters, {A_FEW_WORDS}"
    words = _WORD.findall(text.lower())
    telling = [word for word in words if not _is_filler(word)]
    if sum(map(len, telling)) < _FEWEST_LETTERS or (len(set(telling)) == 1 and len(telling) > 2):
        return f"this will mean nothing a year from now: {A_FEW_WORDS}"
    return ""


def _is_filler(word: str) -> bool:
    repeated = _REPEATED.fullmatch(word)
    if repeated is not None:
        part = repeated[1]
        if part in _EMPTY or len(word) >= 3 * len(part):
            return True
    return word in _EMPTY or (len(word) > 3 and any(word in row or word in row[::-1] for row in _ROWS))


def says_nothing(text: str) -> bool:
    """Whether an answer is a placeholder: “none”, “No risk”, “TBD”, “n/a”."""
    return text.lower().strip(" .!-") in _EMPTY | {"", "no", "no risk", "no risks", "nothing"}


def readable_reason(text: str, subject: str) -> str:
    """A reason without the space around it; ``UsageError`` where it is a placeholder.

    ``subject`` is what needs the reason: “an override”, “accepting a difference”.
    """
    if lacks := what_it_lacks(text):
        hint = lacks if text.strip() else A_FEW_WORDS
        raise UsageError(f"{subject} needs a reason that still makes sense a year from now", hint=hint)
    return text.strip()
