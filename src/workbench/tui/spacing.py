"""How often what others changed is shown: at once, and on a large record no more often than the desk can bear."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import msgspec

SHORT = 0.1  # seconds: what takes no longer is done whenever there is something new
REST = 8.0  # so many times as long as it took nothing is shown anew, while others go on writing


class Spacing(msgspec.Struct):
    """Notes how long showing took, and says when it may be done again.  ``seconds`` is a clock that never goes back."""

    seconds: Callable[[], float] = monotonic
    _due: float = 0.0

    def wait(self) -> float:
        """The seconds until it may be done again; 0 for now."""
        return max(0.0, self._due - self.seconds())

    def took(self, since: float) -> None:
        """It was done just now, and was begun at ``since``."""
        now = self.seconds()
        self._due = now + REST * (now - since) if now - since > SHORT else now
