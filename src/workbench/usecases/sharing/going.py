"""How far something is that is sent or received and takes a while."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

RECEIVED, SENT = "received", "sent"


class Going(msgspec.Struct, frozen=True):
    """``done`` of ``total`` are through: ``what`` happens (``RECEIVED``, ``SENT``) to what (``of``: "packs", "entries")."""

    what: str
    done: int
    total: int
    of: str


Tell = Callable[[Going], object]
"""Is told how far it is, after each step."""
