"""Two people changed the same fields of one thing: making one value of both."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)
Keep = Literal["mine", "theirs"]


def settled(seen: S, mine: S, theirs: S, collided: Collection[str], keep: Keep) -> S:
    """``theirs`` with what I changed since ``seen``; ``collided`` fields go to the side to keep.

    Nothing else is lost: fields that only one of us changed come out changed.
    """
    changed = {
        name: getattr(mine, name)
        for name in mine.__struct_fields__
        if getattr(mine, name) != getattr(seen, name) and (keep == "mine" or name not in collided)
    }
    return msgspec.structs.replace(theirs, **changed)
