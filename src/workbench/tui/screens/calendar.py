"""The calendar: what falls due or ends, under the days, weeks or releases that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual.widget import Widget

from workbench.model.dates import day_of
from workbench.tui.actions import Action
from workbench.tui.registry import FIND, showing
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Line, Piece, PieceLines
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views import calendar as words
from workbench.usecases.views.calendar import AHEAD, By, Calendar, Day, Event, Group, read_calendar
from workbench.usecases.views.calendar_strip import strip

COLUMNS = (
    Column("title", "What", flex=1, least=30, most=100, frozen=True),
    Column("when", "When", least=6, most=22),
    Column("whose", "Whose", most=16, drop=1),
    Column("kind", "Kind", most=12, drop=2),
)
_ROLES = {Mark.BLOCKS: Role.ERROR, Mark.DONE: Role.SUCCESS}
TALL = 30  # lines of a window that has room to say what the marks mean


class DayMarks(PieceLines):
    """The days in one row of marks."""

    DEFAULT_CSS = """
    DayMarks { margin: 0 1; }
    """
    _calendar: Calendar | None = None

    def show(self, calendar: Calendar) -> None:
        """Draw this calendar from now on."""
        self._calendar = calendar
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        return strip(self._calendar, width, key=self.app.size.height >= TALL) if self._calendar else []


class CalendarScreen(TableScreen):
    """What comes, what it does to readiness, and where one does something about it."""

    MODE: ClassVar[str] = "calendar"
    OWN = (
        Action("open_event", "enter", "go to what falls due or ends", 9, own_label="open"),
        Action("group_events", "b", "by day, by week, by release", 8),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = (
        "Nothing falls due",
        "Planned releases, ends of overrides and decisions, reviews, refreshes and change freezes stand here.",
    )
    SUMMED_UP = True
    BESIDE = True
    DEFAULT_CSS = """
    CalendarScreen Split.-below RecordTable { height: 1fr; max-height: 100%; }
    CalendarScreen Split.-below Detail { height: auto; max-height: 7; }
    """
    _found: Calendar | None = None
    _by = By.DAY

    def body(self) -> Iterable[Widget]:
        summary, *rest = super().body()
        yield summary
        yield DayMarks()
        yield from rest

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        self._found = await self.work.desk.call(partial(_read, by=self._by))
        marks = self.query_one(DayMarks)
        marks.show(self._found)
        return list(_items(self._found, self._by))

    def summary(self) -> list[Piece]:
        return pieces(words.summary(self._found)) if self._found else []

    def _at(self, key: str | None) -> Event | None:
        events = self._found.events if self._found else ()
        return next((one for one in events if one.key == key), None)

    def about(self, key: str) -> About | None:
        event = self._at(key)
        if event is None or self._found is None:
            return None
        return About(words.title_of(event), event.what.words, pairs(words.facts(event, self._found)))

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Things fall due without any release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "open_event":
            event = self._at(self.table.cursor_key if self.is_mounted else None)
            if event is None:
                return "there is nothing to open"
            return None if _mode(event) else "nothing can be opened for it"
        return super().obstacle(id)

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: where one does something about it."""
        await self.action_do("open_event")

    async def do_open_event(self) -> None:
        """The thing itself, where it has a screen."""
        event = self._at(self.table.cursor_key)
        if event is not None and (mode := _mode(event)):
            await self.go(mode, event.ref.partition("/")[2] or None)

    async def do_group_events(self) -> None:
        """The next way of telling it; weeks and releases look further ahead."""
        every = list(By)
        self._by = every[(every.index(self._by) + 1) % len(every)]
        await self.read_again().wait()
        self.say(f"by {self._by.value}, {AHEAD[self._by]} days ahead")


def _read(context: Context, *, by: By) -> Calendar:
    last = day_of(context.now, context.zone) + timedelta(days=AHEAD[by])
    return read_calendar(context, last=last)


def _mode(event: Event) -> str:
    return showing(event.ref.partition("/")[0])


def _items(found: Calendar, by: By) -> Iterable[Item]:
    late = {one.key for one in found.overdue}
    if found.overdue:
        yield Heading("Overdue", f"{len(found.overdue):,}", Mark.WARNS)
        yield from (_row(one, found, by, dated=True) for one in found.overdue)
    for group in words.groups(found, by):
        yield _heading(group)
        for day in group.days:
            yield from (_row(one, found, by) for one in day.events if one.key not in late)


def _heading(group: Group) -> Heading:
    """A title with what turns; on a day that is all there is to say of it, so it stays without rows."""
    mark = _turning(group.days)
    role = _ROLES.get(mark, Role.HEADING) if mark else Role.HEADING
    return Heading(group.title, group.note, mark, role, keep=bool(group.note))


def _turning(days: Sequence[Day]) -> Mark | None:
    turning = [day for day in days if day.turns]
    return turning[-1].mark if turning else None


def _row(event: Event, found: Calendar, by: By, *, dated: bool = False) -> Row:
    mark = words.mark_of(event)
    when = words.time_words(event, found.zone, dated=dated or by is not By.DAY)
    tone = Role.TEXT if mark else Role.MUTED
    cells = (
        Cell(words.title_of(event)),
        Cell(when, tone, None, event.at.timestamp()),
        Cell(event.owner, Role.MUTED),
        Cell(event.what.words, Role.MUTED),
    )
    return Row(event.key, cells, mark)
