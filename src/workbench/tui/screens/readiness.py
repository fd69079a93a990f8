"""Readiness: whose move it is, what comes next, the risks, and what is met."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.geometry import Size
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import State
from workbench.model.text import safe_text
from workbench.model.times import zone_of
from workbench.model.width import cells
from workbench.releases.model import Outcome
from workbench.tui.registry import showing
from workbench.tui.screens.clearing import ACTIONS, Clearing, cleared_at
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.folding import FOLD, Group, items, plan
from workbench.tui.screens.readiness_detail import about_line, page_of
from workbench.tui.screens.readiness_next import action_of
from workbench.tui.screens.readiness_rows import INCIDENT, INVESTIGATION, SINCE, groups
from workbench.tui.screens.table_screen import About
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.prose import pairs
from workbench.tui.widgets.rows import LIMIT, Heading, Item, Row
from workbench.tui.widgets.stepper import Stepper, step_lines
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.views.incidents import incident_words
from workbench.usecases.views.readiness import Reader, place_of, step
from workbench.usecases.views.ready_at import ready_at

EMPTY = "No release yet. Press a to plan the first one."
# Header, modes with their rule, the empty line below the steps, the status line and the footer.
FRAME = 6
ROOM_BELOW = 34  # windows of so many lines show the detail below the lines
DETAIL = 14
BACK = "back"
LEAST_WHAT = 20
WIDEST_WHO = 20
MARGINS = 10  # the cursor, the mark, and the gaps between the columns


def _columns(what: int) -> tuple[Column, ...]:
    return (
        Column("what", "What", width=what),
        Column("why", "Why", flex=5, least=16, most=200),
        Column("who", "Who", most=WIDEST_WHO, least=2, align="right"),
    )


class Lines(RecordTable):
    """The lines of Readiness; a filter looks through what is folded away, too."""

    def action_filter(self) -> None:
        """Unfold everything, then take a filter."""
        screen = self.screen
        if isinstance(screen, ReadinessScreen):
            screen.unfold_all()
        super().action_filter()


class ReadinessScreen(Clearing):
    """Home."""

    MODE: ClassVar[str] = "readiness"
    OWN = ACTIONS
    DEFAULT_CSS = f"""
    ReadinessScreen Split.-under Detail {{ height: {DETAIL}; max-height: {DETAIL}; }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._groups: list[Group] = []
        self._unfolded: set[str] = set()
        self._detailed: str | None = None
        self._room_for = Size(0, 0)  # the window that the lines were laid out for

    def body(self) -> Iterable[Widget]:
        yield Stepper()
        table = Lines(_columns(LEAST_WHAT), empty=EMPTY, titles=False)
        yield Split(table)

    def fill(self) -> None:
        found = self.judgement
        table = self.query_one(RecordTable)
        self._room_for = self.size
        if found is None:
            self._groups = []
            table.set_rows(())
            self.query_one(Stepper).show(())
            self.query_one(Detail).clear()
            return
        self.query_one(Stepper).show([step(item) for item in found.gates])
        before, here = [row.key for group in self._groups for row in group.rows], table.cursor_key
        self._groups = groups(found, self._reader(found), self.view.incidents)
        rows = self._items(found)
        table.columns = _columns(self._what_width(rows))
        table.set_rows(rows)
        if here in before and here not in self._open_lines():
            self._go_on(before[before.index(here) + 1 :])
        self._tell(table.cursor_key)

    def _open_lines(self) -> set[str]:
        """The lines that are open, and the risks: what has not been cleared."""
        return {row.key for group in self._groups if group.key != "met" for row in group.rows}

    def _go_on(self, after: list[str]) -> None:
        """The line under the cursor was cleared: on to the next that a person has to clear, else to the first."""
        open_ = set(self.open_keys())
        order = [*(key for key in after if key in open_), *self.open_keys()]
        if order:
            self._reach(order[0])

    def _reader(self, found: Judgement) -> Reader:
        return Reader(self.view.person, zone_of(found.timezone), self.size.width >= 150)

    def _what_width(self, rows: list[Item]) -> int:
        """Cells for the titles: those of the longest one, as long as no blocker's reason is cut for it."""
        own = [row for row in rows if isinstance(row, Row) and not row.key.startswith((FOLD, SINCE))]
        blocking = [row for row in own if row.mark is Mark.BLOCKS]
        room = self._list_width() - MARGINS - min(_widest(own, 2), WIDEST_WHO) - max(16, _widest(blocking, 1))
        return max(LEAST_WHAT, min(_widest(own, 0), max(room, _widest(blocking, 0))))

    def _list_width(self) -> int:
        width = self.size.width
        return width if width < BESIDE else width - min(72, width * 34 // 100)

    def _items(self, found: Judgement) -> list[Item]:
        heads = heads_of(found)
        shown = plan(self._groups, self._room(found, heads), self._unfolded)
        return [*heads, *items(self._groups, shown, self._unfolded)]

    def _room(self, found: Judgement, heads: list[Heading]) -> int:
        """Lines there are for the list."""
        width, height = self.size
        steps = len(step_lines([step(item) for item in found.gates], None, width))
        below = DETAIL if width < BESIDE and height >= ROOM_BELOW else 0
        broken = 1 if self.work.broken else 0
        return height - FRAME - broken - steps - below - 2 * len(heads)

    def on_resize(self, event: Resize) -> None:
        """Another window, other folds."""
        self.query_one(Split).set_class(event.size.width < BESIDE, "-under")
        if self.is_mounted and event.size != self._room_for:
            self.fill()

    # --- the line under the cursor ---------------------------------------------------------

    def row_changed(self, key: str | None) -> None:
        self._tell(key)

    def _tell(self, key: str | None) -> None:
        detail = self.query_one(Detail)
        roomy = self.size.width >= BESIDE or self.size.height >= ROOM_BELOW
        about = self._about(key) if roomy else None
        if about is None:
            detail.clear()
        else:
            detail.show(about.title, about.meta, about.blocks, same=key == self._detailed)
        self._detailed = key

    def _about(self, key: str | None) -> About | None:
        found = self.judgement
        if found is None or key is None:
            return None
        line = next((one for one in self.view.incidents if INCIDENT + one.id == key), None)
        if line is not None:
            return About(line.title, incident_words(line), pairs(line.facts))
        reader = self._reader(found)
        return about_line(found, key, reader, self.view.definitions, self._groups, self.button)

    def do_show_line(self) -> None:
        """The page of the line: all about it, what it means, how it is misread, how it is cleared."""
        from workbench.tui.screens.reading import ReadingPanel

        found, key = self.judgement, self.line_key()
        about = self._about(key)
        if found is not None and key is not None and about is not None:
            page = ReadingPanel(about.title, page_of(about, found, key), acts=self._acts_named())
            self.app.push_screen(page, self._act_named)

    def _acts_named(self) -> dict[str, str]:
        """The keys that the page of a line names, and what each does."""
        part, ids = self.part(), ["edit_file"]
        if part is not None and part.state is State.NOT_MET:
            ids.append(action_of(self.next_step(part)))
        return {self.keyboard.key(self.ACTIONS[id].key): id for id in ids}

    async def _act_named(self, id: str | None) -> None:
        if id is not None:
            await self.action_do(id)

    def place(self) -> Place | None:
        found, key = self.judgement, self.line_key()
        return place_of(self.view.definitions, found, key) if found and key else None

    # --- folds -----------------------------------------------------------------------------

    def unfold_all(self) -> None:
        """Show every line."""
        self._unfolded = {group.key for group in self._groups}
        self.fill()

    def _turn_fold(self, key: str) -> None:
        """Open a section, with the cursor on the first line that comes; or fold it again."""
        table = self.query_one(RecordTable)
        before = set(table.keys)
        self._unfolded ^= {key}
        self.fill()
        group = next(group for group in self._groups if group.key == key)
        fresh = [row.key for row in group.rows if row.key not in before]
        table.move_to(fresh[0] if key in self._unfolded and fresh else FOLD + key)

    async def key_escape(self) -> None:
        """Fold again what was unfolded; then back to where one came from."""
        if self._unfolded:
            self._unfolded.clear()
            self.fill()
        else:
            await super().key_escape()

    def hints(self) -> list[Hint]:
        """Who came from Fleet sees the way back there."""
        visit = self.work.visit
        if self.came_from != "fleet" and (visit is None or visit.back is None):
            return super().hints()
        return [*super().hints(), Hint(BACK, self.keyboard.spoken("escape"), "Fleet", None, 8)]

    async def come_for(self, part: str) -> None:
        """To the line, and on to where its next step is done, unless that is right here."""
        self._reach(part)
        found = self.part()
        if found is None or found.key != part or found.state is not State.NOT_MET:
            return
        place = cleared_at(found, self.evaluation)
        if place.mode and action_of(self.next_step(found)) == "clear_line":
            await self.go(place.mode, place.row)

    # --- moving over the lines ------------------------------------------------------------

    def do_next_blocker(self) -> None:
        """The next line that a person has to clear, round and round."""
        self._step(1)

    def do_previous_blocker(self) -> None:
        """The line before that a person has to clear."""
        self._step(-1)

    def _step(self, by: int) -> None:
        table = self.query_one(RecordTable)
        aims = set(self.open_keys())
        order = [row.key for group in self._groups for row in group.rows]
        keys = [key for key in order if key in aims]
        here = table.cursor_key
        if not keys:
            return
        if here in keys:
            place = keys.index(here) + by
        else:  # from another line to the nearest one in that direction
            at = order.index(here) if here in order else len(order)
            before = sum(order.index(key) < at for key in keys)
            place = before if by > 0 else before - 1
        self._reach(keys[place % len(keys)])

    def _reach(self, key: str) -> None:
        """Put the cursor on a line, unfolding its section if need be."""
        table = self.query_one(RecordTable)
        if table.move_to(key):
            return
        owner = next((group.key for group in self._groups if any(row.key == key for row in group.rows)), None)
        if owner is not None:
            self._unfolded.add(owner)
            self.fill()
            table.move_to(key)

    def stand_on(self, row: str) -> None:
        """Put the cursor on a line."""
        self._reach(row)

    # --- acting ------------------------------------------------------------------------------

    def do_clear_line(self) -> None:
        """As ``enter`` in the list."""
        self.query_one(RecordTable).action_activate()

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: go to where this line is cleared."""
        if event.key.startswith(FOLD):
            self._turn_fold(event.key.removeprefix(FOLD))
            return
        part = self.part()
        if event.key.startswith(INVESTIGATION):
            from workbench.tui.screens.investigating import open_investigation

            await open_investigation(self, event.key.removeprefix(INVESTIGATION))
        elif event.key.startswith(INCIDENT):
            await self.go(showing("incident"), event.key.removeprefix(INCIDENT))
        elif part is None:
            self.do_show_line()
        else:
            await self.clear(part)

    def chosen(self, target: str) -> None:
        """A click on a gate: its first open line; on the way back: there."""
        if target == BACK:
            self.call_later(self.leave)
            return
        found = self.judgement
        gate = next((item for item in found.gates if item.key == target), None) if found else None
        open_ = [part for part in (gate.parts if gate else ()) if part.state is State.NOT_MET]
        for part in open_:
            root = part.turn.behind if part.turn and part.folded else part.key
            self._reach(root)
            return


def _widest(rows: list[Row], cell: int) -> int:
    """Cells of the longest text in a column."""
    return max(
        (cells(safe_text(row.cells[cell].text, LIMIT)) for row in rows if len(row.cells) > cell), default=0
    )


def heads_of(found: Judgement) -> list[Heading]:
    """What stands above all lines: that nothing is open, what has to be waited for, and that all this was kept."""
    heads = []
    if not found.open_parts():
        heads.append(Heading("Nothing open", _all_through(found), Mark.DONE, Role.SUCCESS, keep=True))
    elif found.ending is None and (earliest := ready_at(found)).lines:
        heads.append(Heading("Earliest", earliest.lines[0].removeprefix("ready "), keep=True))
    if found.kept:
        heads.append(Heading("Kept", found.kept, keep=True))
    return heads


def _all_through(found: Judgement) -> str:
    if found.ending and found.ending.outcome is Outcome.SHIPPED:
        return "shipped"
    if not found.gates:
        return "no gates are defined: E to edit the file"
    if not any(gate.set_up for gate in found.gates):
        return "no gate has requirements, so nothing can show that it is ready: E to edit the file"
    return "ready to ship · 6 M to mark it as shipped"
