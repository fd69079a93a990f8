"""The frame that every dialog stands in, over the dimmed screen that it was opened from."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.keyboard import STANDARD, Keyboard
from workbench.tui.widgets.footer import FooterLine

Result = TypeVar("Result")
_DIM = Style(dim=True)


class PanelBox(Vertical):
    """The box of a dialog; its title stands in the frame."""

    def __init__(self, title: str) -> None:
        super().__init__(classes="panel--box")
        self.border_title = Content(safe_text(title, 200))


class Faint(BackgroundScreen):
    """A screen behind a dialog where colours cannot be mixed: its text, faint and without colours."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, _, control in console.render(self.screen._compositor, options):
            yield Segment(text, None if control else _DIM, control)


class Panel(ModalScreen[Result]):
    """A dialog: one quiet surface in the middle; ``esc`` goes back.

    The screen below stays to be seen, dimmed: what one decides about does not go away.
    """

    DEFAULT_CSS = """
    Panel { align: center middle; background: $background 60%; }
    Panel:ansi { background: transparent; }
    Panel > .panel--box {
        width: 76; max-width: 96%; height: auto; max-height: 100%;
        padding: 1 1 0 1; background: $surface; color: $foreground;
        border: round $accent; border-title-color: $foreground; border-title-style: bold;
    }
    Panel .panel--scroll { height: auto; scrollbar-size-vertical: 1; background: $surface; }
    Panel FooterLine { dock: none; margin: 1 0 0 0; background: $surface; }
    Panel .panel--error { color: $error; height: auto; padding-left: 1; }
    Panel > ToastRack { dock: top; align: right top; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [bind("escape", "back", "close it without doing anything")]

    def render(self) -> RenderableType:
        """What lies behind, dimmed."""
        behind = super().render()
        if isinstance(behind, BackgroundScreen) and (self.app.no_color or self.app.current_theme.ansi):
            return Faint(behind.screen, behind.color)
        return behind

    def key(self, standard: str) -> str:
        """The key that this person presses for what ``standard`` means, as people read it."""
        keyboard: Keyboard = getattr(self.app, "keyboard", STANDARD)
        return keyboard.spoken(standard)

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

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, and say so; an empty one is left out."""
        if text:
            self.app.copy_to_clipboard(text)
            self.notify("copied", markup=False, timeout=3)

    def action_back(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)

    async def on_piece_lines_chosen(self, event: FooterLine.Chosen) -> None:
        """A hint was clicked: its target names an action of the panel."""
        event.stop()
        await self.run_action(event.target)
