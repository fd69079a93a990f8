"""The parity map: what staging is unlike production in, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import work

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.parity.fields import FIELDS
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.desk import View
from workbench.tui.registry import FIND
from workbench.tui.screens import parity_deciding, parity_forms, reviewing
from workbench.tui.screens.base import NO_RELEASE
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.parity_rows import COLUMNS, read_changed, read_first, read_rows
from workbench.tui.screens.sheet_screen import SheetScreen
from workbench.tui.screens.table_keys import EDITING, MARKING, TABLE
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Paragraph, pairs
from workbench.tui.widgets.rows import Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.parity_map import ParityMap, read_detail
from workbench.usecases.proposing import count_proposed
from workbench.usecases.views.parity import (
    Standing,
    about,
    facts,
    gate_of_differences,
    proposed_words,
    standing,
    summary,
)

NOTHING = (
    "List how staging differs from production",
    "Nobody can decide on a difference that is not on the map. "
    "The files of both environments may tell: 0, then discover.",
)


class ParityScreen(SheetScreen):
    """The map as a table with the difference under the cursor in detail."""

    MODE: ClassVar[str] = "parity"
    ROWS_OF = ("difference",)
    OWN = (
        Action("add_difference", "a", "add a difference in a new row", 8),
        Action("open_difference", "enter", "open the difference and its form", 6),
        Action("decide", "d", "decide on the difference, or on all marked ones", 9),
        Action("review", "r", "see what changed since the last review, and mark the map reviewed", 5),
        Action(
            "remove_difference",
            "delete",
            "remove the difference, or all marked ones, because they no longer exist",
        ),
        Action("probe", "p", "run the probe that watches this row, or those of all marked ones", 2),
        Action("import_differences", "I", "import differences from a table in a file", 1),
        *EDITING,
        *MARKING,
        FIND,
        *TABLE,
    )
    KIND = "differences"
    FIELDS = FIELDS
    DRAFT = "type what differs, or paste rows from a spreadsheet"
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("add_difference", "import_differences")
    SUMMED_UP = True
    _stand = Standing()
    _map: ParityMap | None = None
    _proposed = 0  # by probes, and not taken in yet

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        stand = standing(self.evaluation)
        self._map, rows = await self.work.desk.call(read_rows, stand, self.zone(), self.who)
        self._stand = stand
        return rows

    async def read_first(self, most: int) -> list[Row] | None:
        stand = standing(self.evaluation)
        return await self.work.desk.call(read_first, stand, self.zone(), self.who, most)

    async def update(self, before: View) -> bool:
        if self._map is None or before.definitions is not self.view.definitions:
            return False
        stand = standing(self.evaluation)
        changed = await self.work.desk.call(
            read_changed, before.seq, self._map, self._stand, stand, self.zone(), self.who
        )
        if changed is None:
            return False
        self._map, self._stand = changed.map, stand
        self.table.update_rows(changed.rows, changed.gone)
        return True

    def fill(self) -> None:
        super().fill()
        if self.view.definitions.project.probes:
            self._count_proposals()

    @work(group="proposals", exclusive=True)
    async def _count_proposals(self) -> None:
        """What probes propose is counted once the rows are on show."""
        await self.up_to_date()
        try:
            self._proposed = await self.work.desk.call(count_proposed)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self.sum_up()

    def summary(self) -> list[Piece]:
        if marked := len(self.table.marked):
            return [Piece(f"{marked} marked", Role.ACCENT, bold=True), Piece("d to decide on all of them")]
        if self._map is None:
            return []
        proposed = []
        if self._proposed:
            words = f"{proposed_words(self._proposed)} under {self.keyboard.spoken('0')}"
            proposed = [Piece(words, Role.WARNING, "proposals")]
        said = pieces(summary(self._map, self._stand))
        return [*said[:2], *proposed, *said[2:]]

    def show_detail(self, key: str | None) -> None:
        """What the table does not hold of a difference is read when the cursor comes to it."""
        if key is None:
            self.show_about(None, None)
        else:
            self._read_detail(key)

    @work(group="detail", exclusive=True)
    async def _read_detail(self, key: str) -> None:
        try:
            found = await self.work.desk.call(read_detail, key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if found is None:
            return
        value = found.difference
        said: list[Block] = pairs(facts(found, self._stand, self.zone(), self.who))
        said += [Paragraph(value.impact)] if value.impact else []
        self.show_about(key, About(value.title, about(found, self.who), said))

    def place(self) -> Place | None:
        """The gate that asks for decisions."""
        definitions = self.view.definitions
        gate = gate_of_differences(definitions.project)
        return definitions.mark("gate", gate.key) if gate is not None else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The map can be kept before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("decide", "open_difference", "remove_difference") and self.table.cursor_key is None:
            return "choose a difference first" if self.table.filter_text else "the map is empty"
        if id == "probe" and not self._watching():
            return "no probe watches this row; 0 leads to the probes"
        if id == "review":
            found = self.evaluation
            if found is None:
                return NO_RELEASE
            if found.held.release.outcome is not Outcome.OPEN:
                return f"{found.held.release.version} is {found.held.release.outcome.value.replace('_', ' ')}"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the page of the difference, or the choice among several versions of it."""
        await self._open(event.key)

    def with_versions(self, items: Iterable[Item]) -> Iterable[Item]:
        return items  # the map's own rows say it

    async def _open(self, key: str) -> None:
        from workbench.tui.screens.difference_page import DifferenceScreen

        self.app.push_screen(DifferenceScreen(key))

    def do_add_difference(self) -> None:
        """A new row, typed in the table."""
        self.begin_row()

    async def do_open_difference(self) -> None:
        """The fields of the row."""
        if (key := self.table.cursor_key) is not None:
            await self._open(key)

    async def do_decide(self) -> None:
        """One decision for the row, or for all marked ones."""
        await parity_deciding.decide_or_approve(self, self._chosen(), self._stand)

    def _chosen(self) -> Sequence[str]:
        """The marked rows; none marked, the row under the cursor."""
        key = self.table.cursor_key
        return self.table.marked or ((key,) if key else ())

    def _watching(self) -> list[str]:
        """The probes that watch the chosen rows, and that the files name."""
        lines = (self._map.line(key) for key in self._chosen()) if self._map else ()
        keys = dict.fromkeys(line.said.probe for line in lines if line is not None)
        return [key for key in keys if self.view.definitions.probe(key) is not None]

    async def do_probe(self) -> None:
        """Look again at what these rows say."""
        from workbench.tui.probing import run_probes

        await run_probes(self, self._watching())

    async def do_remove_difference(self) -> None:
        """They no longer exist: the row, or all marked ones."""
        await parity_forms.open_remove(self, self._chosen())

    async def do_review(self) -> None:
        """Reviewed, for this release: what changed is shown first."""
        held = self.require().held
        if self._map is not None and not self._map.lines:
            parity_forms.open_nothing_differs(self, held)
            return
        await reviewing.open_review(self, held)

    def do_import_differences(self) -> None:
        """From the team's table."""
        from workbench.tui.screens.importing import open_import

        open_import(self, "differences")
