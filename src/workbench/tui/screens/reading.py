"""A panel to read in: a title, and text that scrolls and can be copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Key
from textual.widget import Widget

from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page, Scroller


class ReadingPanel(Panel[str | None]):
    """Shows ``blocks`` and further widgets; ``copies`` is what ``ctrl+c`` puts on the clipboard.

    ``acts`` are the keys that the text names, with the id of the action that each does: pressed
    here, the panel leaves with that id.
    """

    DEFAULT_CSS = """
    ReadingPanel > .panel--box { width: 110; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "enter", "close the text, or do what it names", own_label="close"),
        bind("q", "back", "leave the text; the app stays open", also=False),
        bind("ctrl+c", "copy", "copy the text"),
    ]

    def __init__(
        self,
        title: str,
        blocks: Sequence[Block],
        *,
        more: Sequence[Widget] = (),
        copies: str = "",
        acts: Mapping[str, str] = {},
    ) -> None:
        super().__init__()
        self._title, self._blocks = safe_text(title, 200), tuple(blocks)
        self._more, self._copies, self._acts = tuple(more), copies, acts

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield Page(self._blocks)
                yield from self._more
            yield FooterLine(self.hints())

    def hints(self) -> list[Hint]:
        """What the keys do here."""
        copy = [Hint("copy", self.key("ctrl+c"), "copy")] if self._copies else []
        return [*copy, Hint("back", "esc", "close")]

    def on_key(self, event: Key) -> None:
        """A key that the text names."""
        if event.key in self._acts:
            event.stop()
            self.dismiss(self._acts[event.key])

    def action_enter(self) -> None:
        """What the text says that ``enter`` does, else leave."""
        self.dismiss(self._acts.get("enter"))

    def action_copy(self) -> None:
        """Put the text on the clipboard."""
        self.copy(self._copies)
