"""Questions that are walked: those there are with what was answered, the one in hand, and a line for words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from workbench.model.text import safe_text
from workbench.model.width import crop
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, spread


class Asked(msgspec.Struct, frozen=True):
    """A question of those there are, how it stands, and what was answered."""

    key: str
    mark: Mark
    ask: str
    answer: str


def asked_lines(asked: Sequence[Asked], here: str, most: int, width: int) -> list[Line]:
    """A line for each question, at most ``most`` around the one in hand; how many are left out is said."""
    at = next((n for n, one in enumerate(asked) if one.key == here), 0)
    first = max(0, min(at - most // 2, len(asked) - most))
    shown = list(asked)[first : first + most]
    lines = [_asked_line(one, one.key == here, width) for one in shown]
    left = len(asked) - len(shown)
    return [*lines, (Piece(f"   … {left} more", Role.MUTED),)] if left else lines


def _asked_line(one: Asked, here: bool, width: int) -> Line:
    answered = one.mark is Mark.DONE
    room = max(10, width // 3)
    answer = crop(safe_text(one.answer, 200), room) if answered else ""
    ask = crop(safe_text(one.ask, 200), max(10, width - len(answer) - 9))
    left = [
        Piece(" ▸ " if here else "   ", Role.ACCENT),
        Piece(f"{one.mark.symbol} ", role_of(one.mark)),
        Piece(ask, Role.STRONG if here else Role.MUTED if answered else Role.TEXT, one.key),
    ]
    return spread(left, [Piece(answer + " ", Role.TEXT)] if answer else [], width)


class AskedLines(PieceLines):
    """The questions."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[Asked, ...] = ()
        self._here, self._most = "", 3

    def show(self, asked: Sequence[Asked], here: str, most: int) -> None:
        """Show these from now on."""
        self._asked, self._here, self._most = tuple(asked), here, most
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return asked_lines(self._asked, self._here, self._most, width)


class AskedLine(PieceLines):
    """The question in hand, and which of how many it is."""

    def __init__(self) -> None:
        super().__init__()
        self._ask, self._place = "", ""

    def show(self, ask: str, place: str) -> None:
        """Ask this from now on."""
        self._ask, self._place = safe_text(ask, 200), place
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        place = [Piece(f"{self._place} ", Role.MUTED)] if self._place else []
        ask = Piece(crop(self._ask, max(10, width - 12)), Role.ACCENT, bold=True)
        return [crop_line(spread([Piece(" "), ask], place, width), width)]


class WordsLine(Horizontal):
    """A line for words, at the place where the answers are."""

    DEFAULT_CSS = """
    WordsLine { height: 1; display: none; background: $surface; }
    WordsLine.-open { display: block; }
    WordsLine Static { width: auto; padding: 0 1; color: $accent; text-style: bold; }
    WordsLine TextInput { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "leave", "back to the answers", own_label="close"),
    ]

    class Typed(Message):
        """Words were typed, and ``enter`` pressed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """Nobody types any more."""

    def __init__(self) -> None:
        super().__init__()
        self._before = ""

    def compose(self) -> ComposeResult:
        yield Static()
        yield TextInput()

    @property
    def is_open(self) -> bool:
        """Whether somebody types."""
        return self.has_class("-open")

    @property
    def typed(self) -> str:
        """What stands in the line."""
        return self.query_one(TextInput).value.strip()

    @property
    def changed_by_hand(self) -> bool:
        """Whether something was typed that is not kept."""
        return self.is_open and self.typed not in ("", self._before)

    def open(self, label: str, text: str) -> None:
        """Take words; those that were given before stand there."""
        self.query_one(Static).update(Content(safe_text(label or "answer", 40)))
        line = self.query_one(TextInput)
        line.value, self._before = safe_text(text), safe_text(text).strip()
        self.add_class("-open")
        line.focus()

    def close(self) -> None:
        """Take none any more."""
        self.remove_class("-open")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter``: nothing typed is nothing said."""
        event.stop()
        if self.typed:
            self.post_message(self.Typed(self.typed))
        else:
            self.action_leave()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Kept to itself."""
        event.stop()

    def action_leave(self) -> None:
        """Back to the answers."""
        self.close()
        self.post_message(self.Left())
