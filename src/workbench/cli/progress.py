"""How far something is that takes a while: a line on a terminal that is rewritten in place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic

from workbench.cli import output

AFTER = 1.0  # seconds; what takes less needs no word


class Progress:
    """A line for each thing that goes on, rewritten in place on a terminal; silence elsewhere.

    Nothing is shown before ``after`` seconds, which ``seconds`` counts.  Unless it ``stays``, nothing is left of it in the end.
    """

    def __init__(
        self, after: float = 0.0, seconds: Callable[[], float] = monotonic, *, stays: bool = True
    ) -> None:
        self.live = sys.stderr.isatty()
        self._seconds, self._due = seconds, seconds() + after
        self._stays = stays
        self.open = False

    def show(self, what: str, done: int, total: int, note: str) -> None:
        """Says that ``done`` of ``total`` are through."""
        if not self.live or self._seconds() < self._due:
            return
        text = output.printable(
            output.safe(f"{what}  {done:,} of {total:,}  {note}".rstrip(), 70), sys.stderr
        )
        sys.stderr.write(f"\r\x1b[K{text}")
        self.open = True
        if done >= total:
            self._end()
        sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.open:
            self._end()

    def _end(self) -> None:
        sys.stderr.write("\n" if self._stays else "\r\x1b[K")
        self.open = False
