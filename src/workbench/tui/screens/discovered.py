"""What the files of staging and production say differently, to be put on the map."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from workbench.definitions.project import Definitions
from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Pair, Paragraph
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.discovered import OnMap, add, on_map, value_words
from workbench.usecases.discovering import Discovered, Discovery
from workbench.usecases.rendering import discover_rendered

NO_PAIR = "No file of staging has one of production beside it, as .env.staging has .env.production."


def _project(context: Context) -> tuple[Path, Definitions]:
    return context.root, context.definitions


class DiscoveredScreen(TableScreen):
    """The differences that were found in the project's files, pair by pair."""

    MODE: ClassVar[str] = "discovered"
    OWN = (
        Action("add_found", "a", "put it on the map, or all marked ones", 9),
        Action("show_notes", "i", "what could not be compared, and why", 3),
        Action("open_row", "enter", "go to its row on the map", 4, own_label="open"),
        FIND,
        *MARKING,
        *TABLE,
    )
    COLUMNS = (
        Column("title", "What differs", flex=2, least=22, most=80, frozen=True),
        Column("staging", "Staging", flex=1, least=10, most=40),
        Column("production", "Production", flex=1, least=11, most=40),
        Column("map", "On the map", least=10, most=28),
    )
    SUMMED_UP = True
    EMPTY = "Nothing differs in files that are there for staging and for production."
    _found: Discovery | None = None
    _known: dict[str, OnMap]

    def __init__(self) -> None:
        super().__init__()
        self._known = {}

    async def read(self) -> list[Item]:
        if self._found is None:  # files are read once; the map may change while they are looked at
            root, definitions = await self.work.desk.call(_project)
            self._found = await asyncio.to_thread(discover_rendered, root, definitions)
        found = self._found
        self._known = await self.work.desk.call(on_map, found)
        items: list[Item] = []
        for compared in found.compared:
            rows = [self._row(one) for one in found.proposals if one.pair == compared.title]
            if rows:
                items += [Heading(compared.title, f"{len(rows):,}"), *rows]
        return items

    def _row(self, one: Discovered) -> Row:
        known = self._known.get(one.id)
        mark = Mark.WARNS if known is None else Mark.DONE if known.same else Mark.WARNS
        said = Cell(known.words if known else "not yet", Role.MUTED if known else Role.TEXT)
        cells = (Cell(one.title), Cell(value_words(one.staging)), Cell(value_words(one.production)), said)
        return Row(one.id, cells, mark, known is not None and known.same)

    def summary(self) -> list[Piece]:
        found = self._found
        if found is None:
            return [Piece("Reading the files of this project …", Role.MUTED)]
        if marked := len(self.table.marked):
            return [Piece(f"{marked} marked", Role.ACCENT, bold=True), Piece("a to put them on the map")]
        if not found.compared:
            return [Piece("Nothing was compared", Role.STRONG), *self._left_out(found)]
        equal = f"{number_of(found.equal, 'parameter')} equal in {number_of(len(found.compared), 'pair')}"
        differing = number_of(len(found.proposals), "difference")
        return [Piece(differing, Role.STRONG), Piece(equal, Role.MUTED), *self._left_out(found)]

    @staticmethod
    def _left_out(found: Discovery) -> list[Piece]:
        words = f"{number_of(len(found.notes), 'note')}: i"
        return [Piece(words, Role.WARNING, "show_notes")] if found.notes else []

    def empty_words(self) -> str:
        return self.EMPTY if self._found is None or self._found.compared else NO_PAIR

    def about(self, key: str) -> About | None:
        one = self._one(key)
        if one is None:
            return None
        said = [Pair("Staging", value_words(one.staging)), Pair("Production", value_words(one.production))]
        said += [Pair("Stands in", place) for place in one.where]
        said.append(
            Pair(
                "Next", "enter to see its row on the map" if key in self._known else "a to put it on the map"
            )
        )
        return About(one.title, one.path, said)

    def _one(self, key: str) -> Discovered | None:
        return next((one for one in self._found.proposals if one.id == key), None) if self._found else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The map can be kept before there is any."""
        return False

    def _picked(self) -> list[Discovered]:
        keys = self.table.marked or filter(None, [self.table.cursor_key])
        return [one for key in keys if (one := self._one(key)) is not None]

    def obstacle(self, id: str) -> str | None:
        if id in ("add_found", "open_row") and (not self.is_mounted or self.table.cursor_key is None):
            return "there is no difference here"
        if id == "show_notes" and not (self._found and self._found.notes):
            return "everything could be compared"
        if id == "add_found" and all(
            one.id in self._known and self._known[one.id].same for one in self._picked()
        ):
            return "it is on the map already"
        if id == "open_row" and self.table.cursor_key not in self._known:
            return "it is not on the map: a to put it there"
        return None

    def do_show_notes(self) -> None:
        """What could not be compared."""
        notes = self._found.notes if self._found else ()
        self.app.push_screen(
            ReadingPanel("Not compared", [Paragraph(note) for note in notes], copies="\n".join(notes))
        )

    async def do_add_found(self) -> None:
        """Put it on the map, or all marked ones, in one act."""
        try:
            added = await self.submit(add, self._picked())
        except WorkbenchError as error:
            self.work.tell(error)
            return
        count = number_of(len(added.added) + len(added.changed), "difference")
        self.say(f"{count} put on the map; 2 to decide on the map, u to undo")

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: its row on the map."""
        if self.obstacle("open_row") is None:
            await self.do_open_row()

    async def do_open_row(self) -> None:
        """Its row on the map."""
        known = self._known.get(self.table.cursor_key or "")
        if known is not None:
            self.dismiss()
            await self.go("parity", known.row)

    async def leave(self) -> None:
        """Back to where one came from."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)
