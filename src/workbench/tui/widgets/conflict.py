"""Two versions of one thing beside each other, of which a person keeps one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.widgets.beside import Column, Compared, beside
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, PieceLines
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Gap, Page, Paragraph, Scroller

Side = Literal["mine", "theirs"]
_SIDES: dict[Side, str] = {"mine": "Yours", "theirs": "Theirs"}


class Difference(msgspec.Struct, frozen=True):
    """One field of which two people made different things."""

    label: str
    mine: str
    theirs: str


def side_by_side(differences: Sequence[Difference], width: int, chosen: Side | None = None) -> list[Line]:
    """Labels, then my version and theirs beside each other, the ``chosen`` one marked."""
    sides = list(_SIDES)
    columns = [Column(title, f"choose('{side}')") for side, title in _SIDES.items()]
    rows = [Compared(each.label, (each.mine, each.theirs)) for each in differences]
    return beside(columns, rows, width, sides.index(chosen) if chosen else None)


class _Sides(PieceLines):
    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__()
        self._differences = tuple(differences)
        self.chosen: Side | None = None

    def lay_out(self, width: int) -> Sequence[Line]:
        return side_by_side(self._differences, width, self.chosen)


class Conflict(Panel[Side | None]):
    """Two versions of the same fields: ``←`` and ``→`` choose one, ``enter`` keeps it."""

    DEFAULT_CSS = """
    Conflict > .panel--box { width: 96; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "choose('mine')", "choose your version", also=False, priority=True),
        bind("right", "choose('theirs')", "choose the other version", also=False, priority=True),
        bind("enter", "keep", "keep the chosen version", own_label="keep"),
    ]

    def __init__(self, title: str, text: str, differences: Sequence[Difference]) -> None:
        super().__init__()
        self._title, self._text = safe_text(title, 200), text
        self._sides = _Sides(differences)

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield Page([Paragraph(self._text), Gap()])
                yield self._sides
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        side = self._sides.chosen
        keep = f"keep {_SIDES[side].casefold()}" if side else "keep it"
        return [
            Hint("keep", "enter", keep, None if side else "choose one first", filled=True),
            Hint(f"choose('{'theirs' if side == 'mine' else 'mine'}')", "← →", "choose"),
            Hint("back", "esc", "go back"),
        ]

    def action_choose(self, side: Side) -> None:
        """Mark a side; ``enter`` keeps it."""
        self._sides.chosen = side
        self._sides.changed()
        self.query_one(FooterLine).show(self._hints())

    def action_keep(self) -> None:
        """Settle for the chosen side; nothing is kept that nobody chose."""
        if self._sides.chosen is not None:
            self.dismiss(self._sides.chosen)
