"""What is shown while the window is too small for any screen."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from workbench.tui.binding import bind
from workbench.tui.terminal import LEAST_HEIGHT, LEAST_WIDTH, too_small


def guard_size(app: App[Any], width: int, height: int) -> None:
    """Cover the app with the notice while the window is too small.  Call this in ``on_resize``."""
    if too_small(width, height) and not isinstance(app.screen, TooSmall):
        app.push_screen(TooSmall())


class TooSmall(ModalScreen[None]):
    """Asks for a larger window and goes away by itself when there is one."""

    DEFAULT_CSS = """
    TooSmall { align: center middle; background: $background; }
    TooSmall Static { width: auto; max-width: 100%; text-align: center; color: $foreground; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [bind("q", "app.quit", "quit; nothing is lost", also=False)]

    def compose(self) -> ComposeResult:
        yield Static()

    def on_screen_resume(self) -> None:
        """What was shown above it has gone; meanwhile the window may have become larger."""
        if not too_small(*self.app.size):
            self._leave()

    def on_resize(self, event: Resize) -> None:
        """Say how large the window is, or leave."""
        if not too_small(event.size.width, event.size.height):
            self._leave()
            return
        self.query_one(Static).update(
            Content(
                "Please make the window larger.\n"
                f"It has {event.size.width}×{event.size.height} characters; "
                f"{LEAST_WIDTH}×{LEAST_HEIGHT} are needed.\n"
                "q leaves."
            )
        )

    def _leave(self) -> None:
        if self.app.screen is self:  # a second event may come while it leaves
            self.dismiss()
