"""Two versions of one thing beside each other, of which a person keeps one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.text import safe_text
from workbench.model.width import fit, wrap
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
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
    label_width = min(18, max([6, *(len(safe_text(each.label, 40)) for each in differences)]))
    column = max(8, (width - label_width - 6) // 2)
    heads: list[Piece] = [Piece(" " * (label_width + 1))]
    for side, title in _SIDES.items():
        on = side == chosen
        words = fit(f"▸ {title}" if on else f"  {title}", column + 2)
        heads.append(Piece(words, Role.ACCENT if on else Role.STRONG, f"choose('{side}')", bold=on))
    lines: list[Line] = [tuple(heads)]
    for each in differences:
        mine, theirs = wrap(safe_text(each.mine) or "–", column), wrap(safe_text(each.theirs) or "–", column)
        label = [safe_text(each.label, 40)]
        for row in range(max(len(mine), len(theirs))):
            cells = [column_[row] if row < len(column_) else "" for column_ in (label, mine, theirs)]
            lines.append(
                (
                    Piece(" " + fit(cells[0], label_width) + "  ", Role.MUTED),
                    Piece(fit(cells[1], column) + "  ", _tone("mine", chosen), "choose('mine')"),
                    Piece(cells[2], _tone("theirs", chosen), "choose('theirs')"),
                )
            )
    return [crop_line(line, width) for line in lines]


def _tone(side: Side, chosen: Side | None) -> Role:
    return Role.TEXT if chosen in (None, side) else Role.MUTED


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
