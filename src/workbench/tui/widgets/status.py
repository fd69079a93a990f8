"""The status line above the footer: what is under the cursor, and what was said last."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from textual.timer import Timer

from workbench.model.text import safe_text
from workbench.model.width import crop
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Line, Piece, PieceLines, spread

Severity = Literal["information", "warning", "error"]
KEPT = 200  # messages that can be read again
_ROLES = {"information": Role.TEXT, "warning": Role.WARNING, "error": Role.ERROR}


class Message(msgspec.Struct, frozen=True):
    """Something that was said to the person at the desk."""

    text: str
    at: datetime
    severity: Severity = "information"


class Messages:
    """What was said since the app was opened, the last ones."""

    def __init__(self) -> None:
        self._kept: deque[Message] = deque(maxlen=KEPT)

    def add(self, message: Message) -> None:
        """Keep one more."""
        self._kept.append(message)

    def newest_first(self) -> list[Message]:
        """All that are kept."""
        return list(reversed(self._kept))


def status_line(under_cursor: str, message: Message | None, width: int) -> Line:
    """What is under the cursor at the left, what was said at the right; what was said has the room."""
    if message is None:
        return (Piece(" "), Piece(crop(under_cursor, max(0, width - 2)), Role.MUTED))
    said = Piece(crop(message.text, width - 2), _ROLES[message.severity], bold=message.severity == "error")
    if said.width + 12 > width or not under_cursor:
        return (Piece(" "), said)
    return spread([Piece(" "), Piece(under_cursor, Role.MUTED)], [said, Piece(" ")], width)


class StatusLine(PieceLines):
    """One line that is always there, so that nothing moves when something is said."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $background; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._under = ""
        self._said: Message | None = None
        self._timer: Timer | None = None

    @property
    def said(self) -> Message | None:
        """What is said now."""
        return self._said

    def show(self, under_cursor: str) -> None:
        """Show this of what is under the cursor: a value that its cell cuts, or why it stands there."""
        if (text := safe_text(under_cursor, 400)) != self._under:
            self._under = text
            self.changed()

    def say(self, message: Message, seconds: float) -> None:
        """Say this until something else is said, or for so many seconds."""
        if self._timer is not None:
            self._timer.stop()
        self._said = message
        self._timer = self.set_timer(seconds, self._hush)
        self.changed()

    def _hush(self) -> None:
        self._said = self._timer = None
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return [status_line(self._under, self._said, width)]
