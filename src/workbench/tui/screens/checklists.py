"""Checklists: every list with its items, and the way into walking them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from workbench.checklists.model import ItemView
from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.answering import ITEM_ACTIONS, Answering
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Prose
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.checklists import item_key, known, lists, mark_of

EMPTY = "No checklists. Name them under checklists: in workbench.yaml; E opens it."


class ChecklistsScreen(Answering):
    """The lists of the release in hand."""

    MODE: ClassVar[str] = "checklists"
    OWN = (
        Action("walk", "", "walk the open items one by one, from this one on", 9, own_label="walk"),
        Action("walk_here", "enter", "read the item, and walk on from it", 7, own_label="read"),
        *ITEM_ACTIONS,
        FIND,
    )

    def body(self) -> Iterable[Widget]:
        yield RecordTable(
            (
                Column("item", "Item", flex=4, least=28, most=120),
                Column("why", "What is known", flex=3, least=16, most=120),
                Column("evidence", "Evidence", most=12, align="right", drop=1),
            ),
            empty=EMPTY,
            titles=False,
        )
        yield Prose(id="item-detail", classes="detail")

    def fill(self) -> None:
        self.query_one(RecordTable).set_rows(self._items())
        self._show_detail()

    def _items(self) -> list[Item]:
        found = self.evaluation
        items: list[Item] = []
        for line in lists(found, self.view.definitions) if found else ():
            asked = "" if line.asked else " · no gate asks for it"
            items.append(Heading(line.title, line.how_far + asked, line.mark, keep=True))
            items += [_row(view) for view in line.views]
        return items

    def obstacle(self, id: str) -> str | None:
        if id in ("walk", "walk_here", "filter_lines") and self.item() is None:
            return "there is no item"
        return super().obstacle(id)

    def item(self) -> ItemView | None:
        """The item under the cursor."""
        return self.item_by_key(self.query_one(RecordTable).cursor_key)

    def row_changed(self, key: str | None) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        view = self.item()
        detail = self.query_one("#item-detail", Prose)
        detail.display = view is not None
        if view is not None:
            detail.show(self.item_blocks(view, title=False, tall=self.size.height >= 34))

    def place(self) -> Place | None:
        view = self.item()
        return (
            self.view.definitions.mark("checklist", view.checklist, f"items.{view.item.key}")
            if view
            else None
        )

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: this item full screen, and on from there."""
        self._walk_from(event.key)

    def do_walk_here(self) -> None:
        """As ``enter`` in the list."""
        self.query_one(RecordTable).action_activate()

    def do_walk(self) -> None:
        """Walk the open items, from the one under the cursor on."""
        view = self.item()
        found = self.evaluation
        if view is None or found is None:
            return
        views = found.checklists.get(view.checklist, ())
        here = next(n for n, item in enumerate(views) if item.item.key == view.item.key)
        order = [*views[here:], *views[:here]]
        self._walk_from(item_key(next((item for item in order if not item.complete), view)))

    def _walk_from(self, key: str) -> None:
        from workbench.tui.screens.walking import WalkingScreen

        self.app.push_screen(WalkingScreen(key))


def _row(view: ItemView) -> Row:
    count = len(view.evidence)
    return Row(
        item_key(view),
        (
            Cell(view.item.title, Role.MUTED if view.complete else Role.TEXT),
            Cell(known(view), Role.MUTED),
            Cell(f"{count} attached" if count else "", Role.MUTED),
        ),
        mark_of(view.state),
    )
