"""Text of several lines.  Apart from the other inputs, because its import is the heaviest."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import TextArea

from workbench.model.text import safe_lines
from workbench.tui.widgets.fields import pasted_lines


class LinesInput(TextArea):
    """A few lines of text; ``tab`` goes on to the next field."""

    DEFAULT_CSS = """
    LinesInput, LinesInput:focus {
        border: none; height: 5; padding: 0 1; background: $field; color: $foreground;
        scrollbar-size-vertical: 1;
    }
    LinesInput:focus { background: $field-focus; }
    LinesInput:ansi { border-left: solid ansi_bright_black; background: ansi_default; }
    LinesInput:ansi:focus { border-left: solid ansi_cyan; background: ansi_default; }
    LinesInput .text-area--cursor-line { background: transparent; }
    """

    def __init__(self, value: str = "", *, id: str | None = None) -> None:
        super().__init__(
            "\n".join(safe_lines(value)), id=id, tab_behavior="focus", soft_wrap=True, show_line_numbers=False
        )

    async def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        result = self._replace_via_keyboard(pasted_lines(event.text), *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)
