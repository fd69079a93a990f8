"""The nine signs of the workbench, and the facts and phrases that may bear one."""

from __future__ import annotations

from enum import Enum

import msgspec


class Mark(Enum):
    """How a thing stands: the symbol for it, and the word that the symbol stands for."""

    BLOCKS = ("✗", "blocker")
    WARNS = ("▲", "risk")
    DONE = ("✓", "done")
    OPEN = ("○", "open")
    UNDER_WAY = ("◐", "under way")
    COMPLETE = ("●", "complete")
    LEARNING = ("~", "not known yet")
    EXCEPTED = ("⊘", "overridden or accepted")
    NOT_APPLICABLE = ("–", "not applicable")

    def __init__(self, symbol: str, word: str) -> None:
        self.symbol = symbol
        self.word = word


class Fact(msgspec.Struct, frozen=True):
    """A label and what is said under it; ``aside`` is what a reader may skip."""

    label: str
    text: str
    mark: Mark | None = None
    aside: bool = False


class Phrase(msgspec.Struct, frozen=True):
    """A part of a line that sums something up.

    ``mark`` says how it stands; ``aside`` is what a reader may skip.
    """

    text: str
    mark: Mark | None = None
    aside: bool = False
