"""The frame that every dialog stands in."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from workbench.tui.widgets.footer import FooterLine

Result = TypeVar("Result")


class Panel(ModalScreen[Result]):
    """A dialog: one quiet surface in the middle; ``esc`` goes back."""

    DEFAULT_CSS = """
    Panel { align: center middle; background: $background 60%; }
    Panel > .panel--box {
        width: 76; max-width: 96%; height: auto; max-height: 100%;
        padding: 1 2 0 1; background: $surface; color: $foreground;
        border-left: outer $accent;
    }
    Panel:ansi > .panel--box { border: round $accent; }
    Panel .panel--title { text-style: bold; height: auto; margin-bottom: 1; padding-left: 1; }
    Panel .panel--scroll { height: auto; scrollbar-size-vertical: 1; background: $surface; }
    Panel FooterLine { dock: none; margin: 1 0; background: $surface; }
    Panel .panel--error { color: $error; height: auto; padding-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", show=False)]

    def on_resize(self) -> None:
        """Keep title and footer in the window; what is between them scrolls."""
        self.call_after_refresh(self.limit_height)

    def limit_height(self) -> None:
        """Give the scrolling part the lines that the others leave."""
        for box in self.query(".panel--box").results():
            scroll = next((child for child in box.children if child.has_class("panel--scroll")), None)
            if scroll is None:
                return
            others = [child for child in box.children if child is not scroll and child.display]
            taken = sum(child.outer_size.height + child.styles.margin.height for child in others)
            room = self.size.height - taken - box.gutter.height
            scroll.styles.max_height = max(3, room)

    def action_back(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)

    async def on_piece_lines_chosen(self, event: FooterLine.Chosen) -> None:
        """A hint was clicked: its target names an action of the panel."""
        event.stop()
        await self.run_action(event.target)
