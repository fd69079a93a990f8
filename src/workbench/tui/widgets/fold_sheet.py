"""Parts of a text that fold: each in one line until there is room, or somebody unfolds it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from workbench.model.text import safe_text
from workbench.model.width import cells, crop, wrap
from workbench.tui.binding import bind
from workbench.tui.theme import Role, role_of
from workbench.tui.widgets.line import Line, Piece, PieceLines
from workbench.usecases.views.marks import Fact, Mark
from workbench.usecases.views.signing_session import Fold

LABEL = 19  # cells of the labels, with the place of the cursor
NEVER = 9  # parts of that rank are unfolded only by hand
_LONGEST = 2_000


def sheet_lines(
    folds: Sequence[Fold], unfolded: Collection[str], cursor: str | None, width: int
) -> list[Line]:
    """The parts in lines; each line leads to its part by its target."""
    return [
        line for fold in folds for line in fold_lines(fold, fold.key in unfolded, fold.key == cursor, width)
    ]


def fold_lines(fold: Fold, unfolded: bool, here: bool, width: int) -> list[Line]:
    """One part: its title, and its summary in one line or all of it."""
    lead = Piece("▸ " if here else "  ", Role.ACCENT, fold.key)
    room = max(16, width - LABEL)
    if not fold.facts:
        fact = Fact("", fold.summary, fold.mark)
        return _fact_lines(fact, fold.title, fold.key, room, lead, here=here)
    if not unfolded:
        more = hidden(fold, room)
        return [
            (lead, _label(fold.title, fold.key, here), *_said(fold.summary, fold.mark, room, fold.key, more))
        ]
    lines: list[Line] = []
    last = ""
    for fact in fold.facts:
        label = fact.label or fold.title
        lines += _fact_lines(
            fact, "" if label == last else label, fold.key, room, lead, here=not lines and here
        )
        last = label
        lead = Piece("  ", Role.TEXT, fold.key)
    return lines


def hidden(fold: Fold, room: int) -> str:
    """What stands at the end of a part that says more when it is unfolded: ``+4``; "" where it says it all."""
    if len(fold.facts) > 1:
        return f" +{len(fold.facts) - 1}"
    taken = cells(safe_text(fold.summary, _LONGEST)) + (2 if fold.mark else 0)
    return " +" if fold.facts and taken > room else ""


def _label(text: str, key: str, here: bool) -> Piece:
    return Piece(crop(safe_text(text, 40), LABEL - 3).ljust(LABEL - 2), Role.MUTED, key, bold=here)


def _said(text: str, mark: Mark | None, room: int, key: str, more: str) -> list[Piece]:
    pieces = [Piece(f"{mark.symbol} ", role_of(mark), key)] if mark else []
    left = room - (2 if mark else 0) - cells(more)
    pieces.append(Piece(crop(safe_text(text, _LONGEST), left), Role.TEXT, key))
    return [*pieces, Piece(more, Role.ACCENT, key)] if more else pieces


def _fact_lines(fact: Fact, label: str, key: str, room: int, lead: Piece, *, here: bool) -> list[Line]:
    text = fact.text.lstrip()
    inset = " " * (len(fact.text) - len(text))
    mark = [Piece(f"{inset}{fact.mark.symbol} ", role_of(fact.mark), key)] if fact.mark else []
    beside = len(inset) + (2 if fact.mark else 0)
    role = Role.MUTED if fact.aside else Role.TEXT
    texts = wrap(safe_text(text, _LONGEST), max(8, room - beside))
    first = [lead, _label(label, key, here), *(mark or [Piece(inset)]), Piece(texts[0], role, key)]
    hanging = Piece(" " * (LABEL + beside))
    return [tuple(first), *((hanging, Piece(line, role, key)) for line in texts[1:])]


def fitting(folds: Sequence[Fold], room: int, width: int) -> frozenset[str]:
    """The parts that can be unfolded in so many lines, the most telling first."""
    chosen: set[str] = set()
    for fold in sorted((fold for fold in folds if fold.first < NEVER), key=lambda fold: fold.first):
        if len(sheet_lines(folds, {*chosen, fold.key}, None, width)) <= room:
            chosen.add(fold.key)
    return frozenset(chosen)


class FoldSheet(PieceLines, can_focus=True):
    """The parts of a sheet: arrows go from part to part, ``enter`` unfolds one; a click does, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)", "to the part above", also=False, stays=True),
        bind("down", "move(1)", "to the part below", also=False, stays=True),
        bind("enter", "turn", "unfold the part, or fold it", own_label="unfold"),
    ]

    class Moved(Message):
        """The cursor stands on another line of the sheet."""

        def __init__(self, sheet: FoldSheet, line: int) -> None:
            super().__init__()
            self.sheet, self.line = sheet, line

    def __init__(self, folds: Sequence[Fold], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._folds = tuple(folds)
        self._cursor = 0
        self._by_hand: dict[str, bool] = {}
        self._fitting: frozenset[str] = frozenset()
        self._room = 0

    @property
    def unfolded(self) -> frozenset[str]:
        """What is unfolded now: what a person chose, else what fits."""
        keys = (fold.key for fold in self._folds)
        return frozenset(key for key in keys if self._by_hand.get(key, key in self._fitting))

    def show(self, folds: Sequence[Fold]) -> None:
        """Show these from now on; what a person unfolded stays so."""
        self._folds = tuple(folds)
        self._cursor = min(self._cursor, len(self._folds) - 1)
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Unfold what fits in so many lines."""
        self._room = room
        self._fitting = fitting(self._folds, room, self.size.width) if self.size.width else frozenset()
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        here = self._folds[self._cursor].key if self.has_focus and self._folds else None
        return sheet_lines(self._folds, self.unfolded, here, width)

    def unfold_all(self) -> None:
        """Unfold everything; where everything is, fold it again."""
        keys = [fold.key for fold in self._folds if fold.facts]
        fold_again = all(key in self.unfolded for key in keys)
        self._by_hand = {} if fold_again else dict.fromkeys(keys, True)
        self.changed()

    def toggle(self, key: str) -> None:
        """Unfold one part, or fold it."""
        self._by_hand[key] = key not in self.unfolded
        self.changed()

    def action_turn(self) -> None:
        """The part under the cursor."""
        if self._folds:
            self.toggle(self._folds[self._cursor].key)

    def action_move(self, by: int) -> None:
        """To another part; beyond the first and the last one the cursor leaves the sheet."""
        place = self._cursor + by
        if not 0 <= place < len(self._folds):
            self.screen.focus_next() if by > 0 else self.screen.focus_previous()
            return
        self._cursor = place
        self.changed()
        before = sheet_lines(self._folds[:place], self.unfolded, None, self.size.width)
        self.post_message(self.Moved(self, len(before)))

    def on_focus(self) -> None:
        """The cursor shows."""
        self.changed()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.changed()
