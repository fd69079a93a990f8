"""Commits, which people and tools write in full or only by their beginning."""

from __future__ import annotations

SHORTEST = 4


def same_commit(one: str, other: str) -> bool:
    """Whether two texts name the same commit: the shorter one begins the longer, in any case.

    Fewer than 4 characters name no commit: too many begin like that.
    """
    if one == other:
        return len(one) >= SHORTEST
    length = min(len(one), len(other))
    return length >= SHORTEST and one[:length].lower() == other[:length].lower()
