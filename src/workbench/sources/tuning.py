"""The knobs of a fetch.  Light: the command line imports it."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec


async def _pause(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


class Tuning(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one fetch, and where it takes waiting, chance, the time and a stopwatch from.

    ``at_once`` requests are in flight at most; one source gets all but two of them when
    there are several, so that a slow one cannot keep the others waiting.  ``patience`` is
    how many seconds a server may ask us to wait.  ``body_limit`` counts bytes after
    decompression; a source may set ``max_answer`` for its own.
    """

    at_once: int = 10
    attempts: int = 3
    patience: float = 60.0
    body_limit: int = 8_000_000
    pause: Callable[[float], Awaitable[None]] = _pause
    random: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    tick: Callable[[], float] = time.perf_counter
