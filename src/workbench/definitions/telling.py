"""How a check of definitions tells what it found."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Notes a problem at a field of the benchmark; ``column`` counts from 1 inside that field's text."""

    def __call__(
        self, field: str, what: str, hint: str | None = None, *, warning: bool = False, column: int = 0
    ) -> None: ...
