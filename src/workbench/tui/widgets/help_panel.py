"""The help of a screen: its keys, those of every screen, the marks, and the commands that do the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from workbench.model.text import safe_text
from workbench.tui.actions import KeyLine
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page, Pair, Paragraph, Scroller, Title

_MOVING = (
    KeyLine("esc", "go back one level", short="back"),
    KeyLine("ctrl+p", "find any command or record by name", short="find"),
)


_BETWEEN = Piece("  ")
ROOM_FOR_MARKS = 40  # lines of a window in which the help also says what the marks mean


class _Everywhere(PieceLines):
    """Keys that are the same on every screen, side by side."""

    def __init__(self, keys: Sequence[KeyLine]) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def lay_out(self, width: int) -> Sequence[Line]:
        lines: list[list[Piece]] = [[Piece(" ")]]
        for line in self._keys:
            key, label = Piece(safe_text(line.key, 12), Role.ACCENT), Piece(f" {safe_text(line.short, 24)}")
            if len(lines[-1]) > 1 and width_of([*lines[-1], _BETWEEN, key, label]) > width:
                lines.append([Piece(" ")])
            lines[-1] += [_BETWEEN, key, label] if len(lines[-1]) > 1 else [key, label]
        return [crop_line(line, width) for line in lines]


class HelpPanel(Panel[bool]):
    """The keys of one screen, then those of all; what cannot be used now says why.

    ``page`` is the title of the page of the guide about the screen: ``enter`` leaves with ``True`` to read it.

    ``:`` shows the commands of the command line in their place.
    """

    DEFAULT_CSS = """
    HelpPanel > .panel--box { padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("question_mark", "back", "close the help"),
        bind("q", "back", "leave the help; the app stays open", also=False),
        bind("enter", "guide", "read the page of the guide about the screen", own_label="guide"),
        bind("colon", "commands", "the command of each key, and back"),
    ]

    def __init__(self, title: str, keys: Sequence[KeyLine], *, text: str = "", page: str = "") -> None:
        super().__init__()
        self._title, self._text, self._keys = safe_text(title, 200), text, tuple(keys)
        self._own = [line for line in self._keys if not line.short or line.reason is not None]
        self._as_commands, self._page = False, safe_text(page, 60)

    def compose(self) -> ComposeResult:
        marks: list[Block] = [Title("Marks"), *(Pair("", mark.word, mark) for mark in Mark)]
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                if self._text:
                    yield Page([Paragraph(self._text, Role.MUTED)])
                    yield Static()
                yield Page(self._blocks(), id="keys")
                yield _Everywhere([line for line in (*self._keys, *_MOVING) if line not in self._own])
                if self.app.size.height >= ROOM_FOR_MARKS:
                    yield Page(marks)
            commands = [Hint("commands", self.key("colon"), "command")] if self._commands() else []
            read = [Hint("guide", "enter", f"guide: {self._page}")] if self._page else []
            yield FooterLine([*commands, *read, Hint("back", "esc", "close")])

    def action_guide(self) -> None:
        """Leave for the page of the guide."""
        if self._page:
            self.dismiss(True)

    def action_commands(self) -> None:
        """The command of each key in place of what it does, and back."""
        self._as_commands = not self._as_commands
        keys = self.query_one("#keys", Page)
        keys.show(self._commands() if self._as_commands else self._blocks())
        for other in self.query_one(".panel--scroll").children:
            other.display = other is keys or not self._as_commands
        self.limit_height()

    def _blocks(self) -> list[Block]:
        return [*map(_help, self._own), Title("Everywhere")]

    def _commands(self) -> list[Block]:
        """What one types in a shell, or behind ``:``."""
        return [Pair(line.key, line.command) for line in self._keys if line.command]


def _help(line: KeyLine) -> Pair:
    if line.reason is None:
        return Pair(line.key, line.text)
    return Pair(line.key, f"{line.text}. Not now: {line.reason}", role=Role.MUTED)
