"""The saved views of a table: shown, saved under a name, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from workbench.model.width import fit
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Shape
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.panel import Panel, PanelBox

STANDARD = "standard"


class Chosen(msgspec.Struct, frozen=True):
    """What somebody wants: to ``show`` a view, to ``save`` the present one under a name, or to ``remove`` one."""

    act: str
    name: str


class _List(PieceLines):
    def __init__(self, views: Mapping[str, Shape], titles: Mapping[str, str]) -> None:
        super().__init__()
        self.names = [STANDARD, *views]
        self._words = {name: _words(shape, titles) for name, shape in views.items()}
        self.at = 0

    def move(self, by: int) -> None:
        """To the next or the previous one."""
        self.at = min(max(self.at + by, 0), len(self.names) - 1)
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        lines = []
        for at, name in enumerate(self.names):
            here = at == self.at
            title = Piece(fit(name, 22) + "  ", Role.ACCENT if here else Role.TEXT, bold=here)
            words = self._words.get(name, "the default view")
            lead = Piece(" ▸ " if here else "   ", Role.ACCENT)
            lines.append(crop_line((lead, title, Piece(words, Role.MUTED)), width))
        return lines


def _words(shape: Shape, titles: Mapping[str, str]) -> str:
    """What makes a view what it is."""
    said = [f"filter {shape.filter}"] if shape.filter else []
    if shape.order is not None:
        said.append(f"by {titles.get(shape.order[0], shape.order[0])} {'↓' if shape.order[1] else '↑'}")
    said += [f"{len(shape.columns)} columns"] if shape.columns else []
    return " · ".join(said) or "all rows"


class ViewsPanel(Panel[Chosen | None]):
    """Saved views; ``enter`` shows one, ``ctrl+s`` saves the table as it is now."""

    DEFAULT_CSS = """
    ViewsPanel TextInput { display: none; margin: 1 0 0 1; }
    ViewsPanel.-naming TextInput { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)", "to the view above"),
        bind("down", "move(1)", "to the view below"),
        bind("enter", "choose", "show the view", own_label="show"),
        bind("ctrl+s", "save", "save the table as it is now, under a name"),
        bind("delete", "remove", "remove the view"),
    ]

    def __init__(self, views: Mapping[str, Shape], titles: Mapping[str, str]) -> None:
        """``titles`` are those of the columns, by key."""
        super().__init__()
        self._list = _List(views, titles)
        self._field = TextInput(placeholder="a name for the table as it is now")
        self._field.disabled = True  # it takes no key until one saves

    def compose(self) -> ComposeResult:
        with PanelBox("Views of this table"):
            yield self._list
            yield self._field
            yield FooterLine(
                [
                    Hint("choose", "enter", "show", filled=True),
                    Hint("save", self.key("ctrl+s"), "save the table as it is"),
                    Hint("remove", self.key("delete"), "remove"),
                    Hint("back", "esc", "go back"),
                ]
            )

    def action_move(self, by: int) -> None:
        """To another view."""
        self._list.move(by)

    def action_choose(self) -> None:
        """Show it."""
        self.dismiss(Chosen("show", self._list.names[self._list.at]))

    def action_remove(self) -> None:
        """Forget it; the screen's own stays."""
        if self._list.at:
            self.dismiss(Chosen("remove", self._list.names[self._list.at]))

    def action_save(self) -> None:
        """Ask for a name, or take the one that is typed."""
        name = self._field.value.strip()
        if self.has_class("-naming") and name and name != STANDARD:
            self.dismiss(Chosen("save", name))
        else:
            self.add_class("-naming")
            self._field.disabled = False
            self._field.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` after the name."""
        event.stop()
        self.action_save()
