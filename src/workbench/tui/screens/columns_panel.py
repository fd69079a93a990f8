"""Which columns a table shows, in what order, how wide, and which stay when the others scroll sideways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.width import fit
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column, Shape
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.panel import Panel, PanelBox

WIDEST = 200


class Arrangement:
    """The columns in order, with the line between those that stay and those that scroll; moved by keys."""

    STAYS = ""  # stands for the line

    def __init__(self, columns: Sequence[Column], shape: Shape, widths: dict[str, int]) -> None:
        """``widths`` are how wide the columns are now."""
        titled = [column for column in columns if column.title]
        keys = [column.key for column in titled]
        shown = [key for key in shape.columns if key in keys] or keys
        self.titles = {column.key: column.title for column in titled}
        self.hidden = set(keys) - set(shown)
        self.widths = dict(shape.widths)
        self._now = widths
        self.rows = [*shown, *(key for key in keys if key in self.hidden)]
        frozen = shape.frozen or next((column.key for column in titled if column.frozen), "")
        self.rows.insert(self.rows.index(frozen) + 1 if frozen in self.rows else 0, self.STAYS)
        self.at = next((at for at, key in enumerate(self.rows) if key), 0)

    def press(self, key: str) -> bool:
        """Do what a key does; false when it does nothing here."""
        here = self.rows[self.at]
        if key in ("up", "down"):
            self.at = min(max(self.at + (1 if key == "down" else -1), 0), len(self.rows) - 1)
        elif key in ("shift+up", "shift+down"):
            to = self.at + (1 if key == "shift+down" else -1)
            if not 0 <= to < len(self.rows):
                return False
            self.rows[self.at], self.rows[to] = self.rows[to], here
            self.at = to
        elif key in ("left", "right") and here:
            wider = 1 if key == "right" else -1
            self.widths[here] = min(WIDEST, max(3, self.width(here) + wider))
        elif key == "space" and here and (here in self.hidden or len(self.shown) > 1):
            self.hidden ^= {here}
        else:
            return False
        return True

    @property
    def shown(self) -> list[str]:
        """Keys of the columns that are shown, in order."""
        return [key for key in self.rows if key and key not in self.hidden]

    def width(self, key: str) -> int:
        """How wide a column is to be."""
        return self.widths.get(key, self._now.get(key, len(self.titles[key])))

    def shape(self, before: Shape) -> Shape:
        """The shape that comes of it; order and filter as ``before``."""
        staying = [key for key in self.rows[: self.rows.index(self.STAYS)] if key not in self.hidden]
        return msgspec.structs.replace(
            before,
            columns=tuple(self.shown),
            widths=dict(self.widths),
            frozen=staying[-1] if staying else "",
        )


class _List(PieceLines):
    def __init__(self, columns: Arrangement) -> None:
        super().__init__()
        self._columns = columns

    def lay_out(self, width: int) -> Sequence[Line]:
        return [crop_line(self._line(at, key, width), width) for at, key in enumerate(self._columns.rows)]

    def _line(self, at: int, key: str, width: int) -> list[Piece]:
        columns = self._columns
        lead = Piece(" ▸ " if at == columns.at else "   ", Role.ACCENT)
        role = Role.ACCENT if at == columns.at else Role.TEXT
        if not key:
            words = "── above: stays in sight · below: scrolls sideways "
            return [lead, Piece(words + "─" * width, role if at == columns.at else Role.MUTED)]
        sign = Mark.DONE.symbol if key not in columns.hidden else " "
        title = Piece(fit(columns.titles[key], 30), Role.MUTED if key in columns.hidden else role)
        wide = Piece(f"{columns.width(key):>4} wide", Role.MUTED)
        return [lead, Piece(f"{sign} ", Role.SUCCESS), title, wide]


class ColumnsPanel(Panel[Shape | None]):
    """The columns of a table, changed before one's eyes; ``enter`` keeps them, ``esc`` brings back what was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "press('up')", "to the column above"),
        bind("down", "press('down')", "to the column below"),
        bind("left", "press('left')", "make the column narrower"),
        bind("right", "press('right')", "make the column wider"),
        bind(
            "shift+up",
            "press('shift+up')",
            "move the column up, or the line below the columns that stay in sight",
        ),
        bind("shift+down", "press('shift+down')", "move it down"),
        bind("space", "press('space')", "show the column, or hide it"),
        bind("delete", "reset", "restore the default columns"),
        bind("enter", "keep", "keep these columns", own_label="keep"),
    ]

    def __init__(
        self, columns: Sequence[Column], shape: Shape, widths: dict[str, int], show: Callable[[Shape], None]
    ) -> None:
        """``show`` makes the table like this."""
        super().__init__()
        self._before, self._show = shape, show
        self._made = Arrangement(columns, shape, widths)
        self._list = _List(self._made)

    def compose(self) -> ComposeResult:
        with PanelBox("Columns"):
            yield self._list
            yield FooterLine(
                [
                    Hint("keep", "enter", "keep", filled=True),
                    Hint("press('space')", self.key("space"), "show"),
                    Hint("press('right')", "← →", "width"),
                    Hint("press('shift+down')", "shift+↑↓", "move"),
                    Hint("reset", self.key("delete"), "standard"),
                    Hint("back", "esc", "back"),
                ]
            )

    def action_press(self, key: str) -> None:
        """Move, show, widen: seen at once."""
        if self._made.press(key):
            self._list.changed()
            self._show(self._made.shape(self._before))

    def action_reset(self) -> None:
        """As the screen has them."""
        self._show(msgspec.structs.replace(self._before, columns=(), widths={}, frozen=""))
        self.dismiss(Shape())

    def action_keep(self) -> None:
        """Keep them like this."""
        self.dismiss(self._made.shape(self._before))

    def action_back(self) -> None:
        """As they were."""
        self._show(self._before)
        self.dismiss(None)
