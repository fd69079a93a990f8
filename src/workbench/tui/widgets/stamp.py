"""A line to write down what happens: its moment is taken when one begins, or is typed before the words."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from workbench.model.times import clock_text, relative_text
from workbench.tui.binding import bind
from workbench.tui.widgets.fields import LogInput
from workbench.usecases.stamps import read_line


def stamp_words(text: str, begun: datetime, zone: tzinfo) -> str:
    """What stands before the line: when that happened which is being typed."""
    at = read_line(text, begun, zone).at
    clock = clock_text(at or begun, begun, zone).removeprefix("today ")
    return f"{clock} now" if at is None else f"{clock}, {relative_text(at, begun)}"


class StampLine(Horizontal):
    """One line to type in; it stays open for the next line until ``esc``."""

    DEFAULT_CSS = """
    StampLine { height: 1; display: none; background: $surface; }
    StampLine.-open { display: block; }
    StampLine Static { width: auto; padding: 0 1; color: $accent; text-style: bold; }
    StampLine TextInput { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "close", "leave the line; what was typed stays in it", own_label="close"),
    ]

    class Begun(Message):
        """The first letter of another line was typed: its moment is wanted."""

    class Stamped(Message):
        """A line was typed, and when it was begun; ``None`` where that is not known yet, which is just now."""

        def __init__(self, text: str, begun: datetime | None) -> None:
            super().__init__()
            self.text = text
            self.begun = begun

    class Closed(Message):
        """Nobody types any more."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: datetime | None = None
        self._zone: tzinfo | None = None
        self._asked = False  # whether the moment of the line was asked for

    def compose(self) -> ComposeResult:
        yield Static()
        yield LogInput(placeholder="what happens; an earlier moment before it: 14:05 … or -10m …")

    @property
    def line(self) -> LogInput:
        """Where one types."""
        return self.query_one(LogInput)

    @property
    def is_open(self) -> bool:
        """Whether somebody types."""
        return self.has_class("-open")

    @property
    def typed(self) -> str:
        """What was typed and not stamped yet."""
        return self.line.value.strip()

    def open(self) -> None:
        """Take a line; the moment at which it was begun is asked for."""
        self.add_class("-open")
        self.line.focus()
        self._ask()

    def begin(self, moment: datetime, zone: tzinfo) -> None:
        """The line happened at this moment, unless it says another one."""
        self._begun, self._zone, self._asked = moment, zone, False
        self._tell()

    def clear(self) -> None:
        """The line was saved: the next one has its own moment, once it is begun."""
        self._begun = None
        self.line.value = ""

    def _ask(self) -> None:
        if self._begun is None and not self._asked:
            self._asked = True
            self.post_message(self.Begun())

    def _tell(self) -> None:
        words = ""
        if self._begun is not None and self._zone is not None:
            words = stamp_words(self.line.value, self._begun, self._zone)
        self.query_one(Static).update(Content(words or "     "))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say when that happened which is typed."""
        event.stop()
        if event.value:
            self._ask()
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter``: stamp it; nothing typed, nothing stamped."""
        event.stop()
        if self.typed:
            self.post_message(self.Stamped(self.line.lines, self._begun))
        else:
            self.action_close()

    def action_close(self) -> None:
        """Leave; what was typed is there again the next time."""
        self.remove_class("-open")
        if not self.typed:
            self._begun = None
        self.post_message(self.Closed())
