"""When garbage is collected: a command is over before there is any worth looking for."""

from __future__ import annotations

import gc

_BRIEF = 50_000
_NORMAL = gc.get_threshold()


def put_off() -> None:
    """Look for garbage seldom: a command begins."""
    gc.set_threshold(_BRIEF, *_NORMAL[1:])


def settle() -> None:
    """Collect garbage as usual from here on: the app lives longer."""
    gc.set_threshold(*_NORMAL)
