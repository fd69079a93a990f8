"""One probe on a page of its own: how it stands, and each difference with what the map says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import BESIDE, Split
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, Verbatim, pairs
from workbench.tui.widgets.rows import Cell, Item, Prepared, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.probe_list import bearing
from workbench.usecases.views.probe_page import (
    ChangeLine,
    ProbePage,
    about,
    facts,
    ignore_rule,
    more_facts,
    nothing_words,
    read_page,
    since_words,
)

TALL = 34
COLUMNS = (
    Column("path", "What differs", flex=2, least=22, most=80, frozen=True),
    Column("staging", "Staging", flex=1, least=10, most=40),
    Column("production", "Production", flex=1, least=11, most=40),
    Column("map", "On the map", least=14, most=34),
)


class ProbeScreen(TableScreen):
    """What a probe found; what it proposes is taken into the map from here."""

    MODE: ClassVar[str] = "probe"
    OWN = (
        Action(
            "open_row",
            "enter",
            "go to its row on the map; show it in full where it has none",
            7,
            own_label="open",
        ),
        Action("probe", "p", "run this probe", 8),
        Action("prove", "t", "plant differences for this probe to find", 6),
        Action("inspect", "i", "the difference in full, since when, and the rule that ignores it", 5),
        FIND,
        *MARKING,
        *TABLE,
    )
    COLUMNS = COLUMNS
    DEFAULT_CSS = """
    ProbeScreen > Page { height: auto; max-height: 40%; margin-bottom: 1; }
    """
    _page: ProbePage | None = None

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Page(columns=True)
        yield Split(self.make_table())

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        page = await self.work.desk.call(read_page, self.key, bearing(self.evaluation))
        self._page = page
        if page is None:
            self.dismiss()
            return []
        self._show_facts()
        return [row_of(change) for change in page.changes]

    def on_resize(self, event: Resize) -> None:
        """More of it where there is room."""
        self._show_facts()

    def _show_facts(self) -> None:
        page = self._page
        if page is None or not self.is_mounted:
            return
        roomy = self.size.height >= TALL or self.size.width >= BESIDE
        said = [*facts(page), *(more_facts(page) if roomy else [])]
        self.query_one(Ruled).show(page.line.title, about(page))
        self.query(Page).first().show(pairs(said))

    def set_rows(self, items: Iterable[Item] | Prepared) -> None:
        super().set_rows(items)
        if self.is_mounted and self._page is not None:
            self.table.set_empty(nothing_words(self._page))

    def about(self, key: str) -> About | None:
        change = self._page.change(key) if self._page else None
        if change is None:
            return None
        said: list[Block] = [
            Pair("Staging", change.staging),
            Pair("Production", change.production),
            Pair("On the map", change.said, change.mark),
        ]
        return About(change.title, change.path if change.title != change.path else "", said)

    def place(self) -> Place | None:
        """Where the probe is defined."""
        return self._page.place if self._page else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Probes look before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("inspect", "open_row") and self.change is None:
            return "there is no difference here"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: its row on the map, or else the difference in full."""
        await self.do_open_row()

    async def do_open_row(self) -> None:
        """Its row on the map; in full where it has none."""
        change = self.change
        if change is not None and change.row is not None:
            self.dismiss()
            await self.go("parity", change.row)
        else:
            await self.do_inspect()

    @property
    def change(self) -> ChangeLine | None:
        """The difference under the cursor."""
        return self._page.change(self.table.cursor_key) if self._page and self.is_mounted else None

    async def do_probe(self) -> None:
        """Look again."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self.key])

    async def do_prove(self) -> None:
        """Plant differences."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self.key], prove=True)

    async def do_inspect(self) -> None:
        """The difference in full."""
        change = self.change
        if change is None or self._page is None:
            return
        try:
            since = await self.work.desk.call(since_words, self.key, change.path)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        rule = ignore_rule([change.path])
        blocks: list[Block] = [
            Pair("Where", change.path),
            Pair("Staging", change.staging),
            Pair("Production", change.production),
            Pair("On the map", change.said, change.mark),
        ]
        blocks += [Pair("Found since", since)] if since else []
        blocks += [
            Gap(),
            Paragraph(f"If this is noise, paste this into the probe, {self._page.place}:"),
            Verbatim(rule, Role.MUTED),
        ]
        self.app.push_screen(ReadingPanel(change.title, blocks, copies=rule))

    def stand_on(self, row: str) -> None:
        """Another probe is asked for while this page is open."""
        if row != self.key and self.view.definitions.probe(row) is not None:
            self.key, self._asked, self._held = row, None, None
            self.fill()
        else:
            super().stand_on(row)

    async def leave(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


def row_of(change: ChangeLine) -> Row:
    """A difference as a row of the table."""
    role = Role.TEXT if change.mark in (Mark.WARNS, Mark.BLOCKS) else Role.MUTED
    return Row(
        change.path,
        (
            Cell(change.title),
            Cell(change.staging),
            Cell(change.production),
            Cell(change.said, role),
        ),
        change.mark,
        change.mark is Mark.NOT_APPLICABLE,
    )
