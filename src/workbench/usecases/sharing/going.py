"""How far something is that is sent or received and takes a while."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Going(msgspec.Struct, frozen=True):
    """``done`` of ``total`` are through: ``what`` happens ("received", "sent") to what (``of``: "packs", "entries")."""

    what: str
    done: int
    total: int
    of: str


Tell = Callable[[Going], object]
"""Is told how far it is, after each step."""
