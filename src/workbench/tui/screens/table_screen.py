"""A mode that is a table: read at the desk, shown, and the row under the cursor told beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

import msgspec
from textual import work
from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled

from workbench.model.errors import WorkbenchError
from workbench.tui.desk import View
from workbench.tui.screens.detail import Detail, Split, Summary
from workbench.tui.screens.table_keys import TableKeys
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.empty import EmptyState
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Paragraph
from workbench.tui.widgets.rows import Item, Prepared, prepare
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views.people import named

P = ParamSpec("P")
T = TypeVar("T")


FIRST = 200  # rows shown at once where reading all of them takes long
MANY = 2_000


class About(msgspec.Struct, frozen=True):
    """What the detail says of a row: a title, what kind of thing it is, and the rest."""

    title: str
    meta: str
    blocks: Sequence[Block]


NEW_ROW = About(
    "a new row",
    "",
    [
        Paragraph("e to type in its first cell, tab for the next cell, enter for another row.", Role.MUTED),
        Paragraph("ctrl+v to paste rows from a spreadsheet, ctrl+s to save, esc to discard it.", Role.MUTED),
    ],
)


class TableScreen(TableKeys):
    """A table with a detail; screens say what to :meth:`read` and what there is :meth:`about` a row.

    It is read again when the view has changed, and not before.  What was marked, filtered
    and sorted stays, and so does the cursor.
    """

    READS: ClassVar[bool] = True
    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    EMPTY: ClassVar[str] = ""
    SUMMED_UP: ClassVar[bool] = False  # a line above the table says how the whole stands
    BESIDE: ClassVar[bool] = False  # the detail may stand at the right of a wide window
    NOTHING: ClassVar[tuple[str, str]] = ("", "")  # what an empty table says: a title, and what belongs here
    FILLING: ClassVar[tuple[str, ...]] = ()  # the actions that put something there
    _in_part = False  # only the first rows are on show so far
    _asked: View | None = None
    _held: View | None = None  # the view when the rows on show were read
    _reader: Worker[None] | None = None
    _wanted: str | None = None
    _detailed: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self._one_reader = asyncio.Lock()

    def body(self) -> Iterable[Widget]:
        if self.SUMMED_UP:
            yield Summary()
        yield Split(self.make_table(), beside=self.BESIDE)
        if self.NOTHING[0]:
            yield EmptyState()

    def make_table(self) -> CellTable:
        """The table, which is told what it is empty of once it has been read."""
        return CellTable(self.COLUMNS, empty="")

    # --- reading and showing -------------------------------------------------------------

    async def read(self) -> Iterable[Item]:
        """Read what there is, at the desk, and give its rows; ``WorkbenchError`` is told."""
        raise NotImplementedError

    async def read_first(self, most: int) -> Iterable[Item] | None:
        """The first rows of a table that takes long to read; ``None`` for one that does not."""
        return None

    async def update(self, before: View) -> bool:
        """Read and show only what was touched since ``before``; false where that is not enough."""
        return False

    def summary(self) -> Sequence[Piece]:
        """How the whole stands, in one line."""
        return ()

    def about(self, key: str) -> About | None:
        """What there is to know about a row, from what was read."""
        return None

    def fill(self) -> None:
        if self._asked is not self.view:
            self._asked = self.view
            self._reader = self.read_again()

    async def up_to_date(self) -> None:
        if self._reader is not None:
            with suppress(WorkerCancelled):  # something newer is being read
                await self._reader.wait()

    @work(group="rows", exclusive=True)
    async def read_again(self) -> None:
        """Read and show; only what was touched, where that can be."""
        await self.reread()

    async def reread(self) -> None:
        """The same, for a worker of the screen's own."""
        async with self._one_reader:
            view, before = self.view, self._held
            try:
                if before is None:
                    await self.take_last_shape()
                    await self._show_first()
                if before is None or not await self.update(before):
                    await self._show(list(await self.read()))
            except WorkbenchError as error:
                self._asked = None
                self.work.tell(error)
                return
            self._held = view
        with self.telling():
            self.follow()

    async def _show_first(self) -> None:
        """Show the first rows until all have been read."""
        first = await self.read_first(FIRST)
        if first is None:
            return
        self._in_part = True
        self.set_rows(first)
        with self.telling():
            self.follow()
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    async def _show(self, rows: Sequence[Item]) -> None:
        """Show all rows; very many are made ready beside the event loop."""
        if len(rows) <= MANY or not self.is_mounted:
            self.set_rows(rows)
            return
        table, first = self.table, self._in_part and self.table.at_top
        columns = table.columns
        self.set_rows(await self.work.desk.call(lambda context: prepare(columns, rows)))
        self._in_part = False
        if first:
            table.action_first()

    def set_rows(self, items: Iterable[Item] | Prepared) -> None:
        """Show these rows."""
        if self.is_mounted:
            if not isinstance(items, Prepared):
                items = self.with_versions(items)
            self.table.set_empty(self.empty_words())
            self.table.set_rows(items)

    def empty_words(self) -> str:
        """What stands in the place of rows where there are none; screens that know why override it."""
        return self.EMPTY

    def has_nothing(self) -> bool:
        """Whether there is nothing at all to show yet."""
        return not self.table.count

    def show_whether_empty(self) -> None:
        """Where there is nothing yet, say what belongs here and which key puts it there."""
        if not self.NOTHING[0]:
            return
        empty, split, state = self.has_nothing(), self.query_one(Split), self.query_one(EmptyState)
        filled = not empty and not split.display
        split.display = not empty
        if not empty:
            state.clear()
            if filled and self.table.count:  # it was put there from elsewhere
                self.table.action_first()
            return
        hints = self.ACTIONS.hints_of(self.FILLING, self.why_not, self.keyboard)
        state.show(*self.NOTHING, hints)

    def follow(self) -> None:
        """Let summary, cursor, detail and footer follow what the table shows now."""
        if not self.is_mounted:
            return
        self.show_whether_empty()
        self.sum_up()
        if self._wanted is not None:
            self.stand_on(self._wanted)
            self._wanted = None  # what is not there now has gone
        self.show_detail(self.table.cursor_key)
        self.tell_cell()
        self.refresh_hints()

    def sum_up(self) -> None:
        """Say how the whole stands."""
        if self.SUMMED_UP:
            reading = [Piece("Reading the rest …", Role.MUTED)]
            self.query_one(Summary).show(reading if self._in_part else self.summary())

    def on_record_table_marked(self, event: RecordTable.Marked) -> None:
        """Marked rows are counted where the whole is summed up."""
        self.sum_up()

    def row_changed(self, key: str | None) -> None:
        self.show_detail(key)

    def show_detail(self, key: str | None) -> None:
        """Show what there is to know about a row, or nothing."""
        self.show_about(key, self.about(key) if key is not None else None)

    def show_about(self, key: str | None, about: About | None) -> None:
        """Show this of the row; from its beginning, unless it is the same row as before."""
        pane = self.query_one(Detail)
        if key is not None and key != self.table.cursor_key:
            return  # it was read while the cursor went on
        if about is None and self.sheet is not None and self.sheet.on_new_row:
            about = NEW_ROW
        if about is None and not self.table.keys and not self.table.filter_text:
            pane.clear()
        elif about is None:
            pane.blank()
        else:
            pane.show(
                about.title, about.meta, [*self.versions_of(key), *about.blocks], same=key == self._detailed
            )
        self._detailed = key

    def who(self, key: str) -> str:
        """A person by name, or "you"."""
        return named(self.view.definitions, key, self.view.person)

    def wait_for(self, row: str) -> None:
        self._wanted = row

    def stand_on(self, row: str) -> None:
        """Put the cursor on a row, now or as soon as it has been read."""
        table = self.table
        if row not in table.keys and table.filter_text:
            table.set_filter("")
        self._wanted = None if table.move_to(row) else row
        if self.app.screen is self:
            table.focus()

    # --- acting --------------------------------------------------------------------------

    async def submit(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Save, and show the rows that were touched before the release is judged, where these can be read alone."""
        done = await self.work.save(job, *args, **kwargs)
        if await self._show_touched():
            self.call_after_refresh(self._follow_up)
        else:
            await self.work.reload()
            await self.up_to_date()
        return done

    async def _show_touched(self) -> bool:
        """Show what was touched since the rows on show were read; false where that is not enough."""
        async with self._one_reader:
            # The rows are held as of the same view: what gates make of the change is read after it is judged.
            return self._held is not None and await self.update(self._held)

    def _follow_up(self) -> None:
        """What takes longer than the row, once that is on the screen."""
        self.follow()
        self.work.judge()

    def clear_marks(self) -> None:
        """Take the marks off the rows."""
        self.table.clear_marks()
