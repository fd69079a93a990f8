"""The words for what is open of a release, the same in the app, on the command line and in the notes."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.gates.model import Weight

TITLES = {Weight.BLOCKS: "Blockers", Weight.TO_DO: "To do", Weight.TO_SIGN: "To sign", Weight.RISK: "Risks"}
_ONE = {Weight.BLOCKS: "blocker", Weight.TO_DO: "to do", Weight.TO_SIGN: "to sign", Weight.RISK: "risk"}
_MANY = {**_ONE, Weight.BLOCKS: "blockers", Weight.RISK: "risks"}


def counted(number: int, weight: Weight) -> str:
    """``1 blocker``, ``3 to sign``, ``1,416 blockers``."""
    return f"{number:,} {(_ONE if number == 1 else _MANY)[weight]}"


def open_words(counts: Mapping[Weight, int]) -> tuple[str, ...]:
    """How many of each there are, the most pressing first; of what there is none of, nothing."""
    return tuple(counted(counts[weight], weight) for weight in Weight if counts.get(weight))
