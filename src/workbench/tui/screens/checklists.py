"""Checklists: every list with its items, and the way into walking them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from workbench.checklists.model import ItemView
from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.answering import ITEM_ACTIONS, Answering, place_words
from workbench.tui.screens.detail import Detail, Split
from workbench.tui.screens.item_pages import in_short
from workbench.tui.screens.table_keys import TABLE, TableKeys
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.views.checklists import (
    NEEDED,
    evidence_short,
    item_key,
    known,
    lists,
    mark_of,
    waits_for_people,
)

EMPTY = "No checklists yet. List them under checklists: in workbench.yaml; E to edit it."


class ChecklistsScreen(TableKeys, Answering):
    """The lists of the release in hand."""

    MODE: ClassVar[str] = "checklists"
    ROWS_OF = ("answer",)
    OWN = (
        Action("walk_here", "enter", "go through the items one by one, starting here", 9, own_label="walk"),
        Action("next_open", "tab", "go to the next open item, also in the next list"),
        *ITEM_ACTIONS,
        FIND,
        *TABLE,
    )

    def body(self) -> Iterable[Widget]:
        table = CellTable(
            (
                Column("item", "Item", flex=4, least=28, most=120, frozen=True),
                Column("why", "Status", flex=3, least=16, most=120),
                Column("evidence", "Evidence", most=16, align="right", drop=1),
            ),
            empty=EMPTY,
        )
        yield Split(table, beside=False)

    def fill(self) -> None:
        self.query_one(RecordTable).set_rows(self.with_versions(self._items()))
        self._show_detail()

    def _items(self) -> list[Item]:
        found = self.evaluation
        items: list[Item] = []
        for line in lists(found, self.view.definitions) if found else ():
            asked = "" if line.asked else " · not required by any gate"
            items.append(Heading(line.title, line.how_far + asked, line.mark, keep=True))
            items += [_row(view) for view in line.views]
        return items

    def obstacle(self, id: str) -> str | None:
        if id in ("walk_here", "filter_lines") and self.item() is None:
            return "there is no item"
        if id == "next_open" and self._next_open() is None:
            return "no item is left for people to answer"
        return super().obstacle(id)

    def item(self) -> ItemView | None:
        """The item under the cursor."""
        return self.item_by_key(self.query_one(RecordTable).cursor_key)

    def row_changed(self, key: str | None) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        view = self.item()
        detail = self.query_one(Detail)
        if view is None:
            detail.clear()
            return
        same = detail.title == view.item.title
        blocks = [*self.versions_of(item_key(view)), *in_short(view, self.require().now)]
        detail.show(view.item.title, view.checklist, blocks, same=same)

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

    def _next_open(self) -> str | None:
        """The next item that waits for people, from the cursor on and round."""
        found = self.evaluation
        asked = [line for line in lists(found, self.view.definitions) if line.asked] if found else []
        views = [view for line in asked for view in line.views]
        here = self.query_one(RecordTable).cursor_key
        at = next((n for n, view in enumerate(views) if item_key(view) == here), -1)
        return next(
            (item_key(view) for view in [*views[at + 1 :], *views[:at]] if waits_for_people(view)), None
        )

    def do_next_open(self) -> None:
        """On to the next open item."""
        key = self._next_open()
        if key is not None:
            self.stand_on(key)

    def land_on(self, row: str) -> None:
        """The item to read and answer, from which ``esc`` leads back to where one came from."""
        self.stand_on(row)
        if self.item_by_key(row) is not None:
            self._walk_from(row, self.came_from)

    def _walk_from(self, key: str, came_from: str | None = None) -> None:
        from workbench.tui.screens.walking import WalkingScreen

        page = WalkingScreen(key)
        page.came_from = came_from
        self.app.push_screen(page)


def _known(view: ItemView) -> str:
    if not view.by_itself:
        return known(view)
    return f"automatic, from {place_words(view)}" + ("" if view.complete else f": {known(view)}")


def _row(view: ItemView) -> Row:
    evidence = evidence_short(view)
    return Row(
        item_key(view),
        (
            Cell(view.item.title, Role.MUTED if view.complete else Role.TEXT),
            Cell(_known(view), Role.MUTED),
            Cell(evidence, Role.WARNING if evidence == NEEDED else Role.MUTED),
        ),
        mark_of(view.state),
    )
