"""The inputs of a form.  None of them lets a control code in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual.binding import BindingType
from textual.events import Click, Key, Paste
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from workbench.model.text import safe_lines, safe_text
from workbench.tui.binding import bind
from workbench.tui.theme import Role, styles
from workbench.tui.widgets.line import Line, Piece, crop_line, strip, target_at, width_of

_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.DOTALL)

_BREAK = " ⏎ "
_MOST = 20_001  # characters of a log: one more than are kept, so that too many are refused instead of cut


def pasted_line(text: str, limit: int = 2000) -> str:
    """Pasted text as one line without terminal sequences."""
    return safe_text(_SEQUENCES.sub("", text).strip("\r\n"), limit)


def pasted_lines(text: str, limit: int = 20_000) -> str:
    """Pasted text with its line breaks, without terminal sequences."""
    return "\n".join(safe_lines(_SEQUENCES.sub("", text).replace("\r\n", "\n").replace("\r", "\n"), limit))


def pasted_log(text: str) -> str:
    """A pasted log as one line with a sign where each of its lines ended, since a secret ends there, too."""
    lines = (safe_text(line, _MOST) for line in _SEQUENCES.sub("", text[: 2 * _MOST]).splitlines())
    return _BREAK.join(line for line in lines if line.strip())[:_MOST]


def log_lines(value: str) -> str:
    """The lines of a log that was pasted into one."""
    return value.replace(_BREAK, "\n").strip()


class Option(msgspec.Struct, frozen=True):
    """One of the answers of a :class:`Choice`; an empty label shows the value."""

    value: str
    label: str = ""


class TextInput(Input):
    """A line of text."""

    DEFAULT_CSS = """
    TextInput, TextInput:focus {
        border: none; height: 1; padding: 0 1; background: $field; color: $foreground;
    }
    TextInput:focus { background: $field-focus; background-tint: 0%; }
    TextInput:ansi { background: ansi_default; text-style: underline; }
    TextInput:ansi:focus { background: ansi_default; text-style: underline bold; }
    TextInput:ansi > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            value=safe_text(value), placeholder=safe_text(placeholder), id=id, select_on_focus=True
        )
        self.cursor_blink = False

    def render_line(self, y: int) -> Strip:
        """To the end of the box, also where nothing is typed: without colours it is a line to write on."""
        return super().render_line(y).extend_cell_length(self.content_size.width, self.rich_style)

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        text = self.pasted(event.text)
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def pasted(self, text: str) -> str:
        """What is put in of a pasted text."""
        return pasted_line(text)


class LogInput(TextInput):
    """A line into which people paste logs."""

    @property
    def lines(self) -> str:
        """What was typed and pasted, with its line breaks."""
        return log_lines(self.value)

    def pasted(self, text: str) -> str:
        """All of it, however many lines it has."""
        return pasted_log(text)


class PersonInput(TextInput):
    """A person of the project, completed as one types (``→`` takes the rest), or whatever else is typed."""

    def __init__(self, value: str = "", names: Sequence[str] = ()) -> None:
        from textual.suggester import SuggestFromList

        super().__init__(value)
        self.suggester = SuggestFromList([safe_text(name, 60) for name in names], case_sensitive=False)


class Choice(Widget, can_focus=True):
    """One of a few answers: left, right, space or an answer's first letter."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    Choice { height: auto; width: 1fr; color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "step(-1)", "the previous answer", also=False, stays=True),
        bind("right", "step(1)", "the next answer", also=False, stays=True),
        bind("space", "step(1)", "the next answer", stays=True),
    ]

    class Changed(Message):
        """Another answer was chosen."""

        def __init__(self, choice: Choice, value: str) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> Choice:
            """The widget."""
            return self.choice

    def __init__(self, options: Sequence[Option], value: str = "", *, id: str | None = None) -> None:
        """``value`` may be none of the options: then nothing is chosen yet."""
        super().__init__(id=id)
        self._options = tuple(options)
        self._labels = [safe_text(option.label or option.value, 80) for option in self._options]
        self._value = value

    @property
    def value(self) -> str:
        """The chosen option's value, or an empty string."""
        return self._value if any(option.value == self._value for option in self._options) else ""

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed(self, value))

    def _lines(self, width: int) -> list[Line]:
        lines: list[list[Piece]] = [[]]
        for option, label in zip(self._options, self._labels, strict=True):
            on = option.value == self._value
            group = [
                Piece("(•) " if on else "( ) ", Role.ACCENT if on else Role.MUTED, option.value),
                Piece(label, Role.STRONG if on else Role.TEXT, option.value),
                Piece("   "),
            ]
            if lines[-1] and width_of([*lines[-1], *group[:2]]) > width - 2:
                lines.append([])
            lines[-1] += group
        return [crop_line([Piece(" "), *line[:-1]], width) for line in lines]  # without the last gap

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        over = styles(self.app).cursor if self.has_focus else None
        return strip(lines[y] if y < len(lines) else (), self.size.width, self, over)

    def action_step(self, by: int) -> None:
        """To the next or previous answer, around the ends."""
        values = [option.value for option in self._options]
        if not values:
            return
        if self._value in values:
            self.value = values[(values.index(self._value) + by) % len(values)]
        else:
            self.value = values[0 if by > 0 else -1]

    def on_key(self, event: Key) -> None:
        """An answer's first letter chooses it; again, the next one with that letter."""
        letter = (event.character or "").casefold()
        if not letter.isalnum():
            return
        values = [
            option.value
            for option, label in zip(self._options, self._labels, strict=True)
            if label.casefold().startswith(letter)
        ]
        if values:
            event.stop()
            later = values.index(self._value) + 1 if self._value in values else 0
            self.value = values[later % len(values)]

    def on_click(self, event: Click) -> None:
        """Choose the answer that was hit."""
        offset = event.get_content_offset(self)
        lines = self._lines(self.size.width)
        if offset is not None and offset.y < len(lines):
            target = target_at(lines[offset.y], offset.x)
            if target is not None:
                self.value = target

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
