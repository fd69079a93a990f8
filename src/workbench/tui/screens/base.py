"""What all screens share: keys, how they act, and how one goes from one to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from textual.events import Key

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import UsageError, WorkbenchError
from workbench.tui.actions import Action, Actions
from workbench.tui.registry import BELOW, BY_ID, EVERYWHERE, mode_of, open_screen, page_about, title_of
from workbench.tui.screens.view_screen import ViewScreen
from workbench.tui.theme import THEMES, Mark
from workbench.tui.visiting import Aim
from workbench.tui.widgets.line import PieceLines
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Item, Row, with_words
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.several import by_row

P = ParamSpec("P")
T = TypeVar("T")
_PLANNED_IN = BY_ID["releases"]
NO_RELEASE = f"there is no release yet; plan one under {_PLANNED_IN.key} {_PLANNED_IN.title}"


class WorkScreen(ViewScreen):
    """A mode of the app.

    A screen names its ``OWN`` actions, yields its widgets from :meth:`body` and fills them
    in :meth:`fill`, which is called whenever the view has changed; it keeps nothing that the
    record should hold.
    """

    OWN: ClassVar[tuple[Action, ...]] = ()
    ROWS_OF: ClassVar[tuple[str, ...]] = ()  # the nouns that rows here stand for
    AUTO_FOCUS = "RecordTable"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.MODE:
            cls.ACTIONS = Actions(cls.OWN, EVERYWHERE)
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *cls.ACTIONS.bindings()]
        super().__init_subclass__(**kwargs)

    def on_screen_resume(self) -> None:
        """Coming for the first time, or back: the view may have moved on."""
        first = self._seen is None
        if self._seen is not self.view:
            self.refresh_view()
        if first:
            self.come_back()

    def refresh_view(self) -> None:
        several = by_row(self.view.several, self.ROWS_OF)
        for table in self.query(RecordTable):
            table.several = {row: one.id for row, one in several.items()}
        super().refresh_view()

    def contested_row(self) -> str | None:
        """The id of what has several versions at the row under the cursor."""
        for table in self.query(RecordTable):
            return table.several.get(table.cursor_key or "")
        return None

    def with_versions(self, items: Iterable[Item]) -> Iterable[Item]:
        """Rows that have several versions say so, whatever else they say."""
        found = by_row(self.view.several, self.ROWS_OF)
        return (
            [
                with_words(item, one.words)
                if isinstance(item, Row) and (one := found.get(item.key))
                else item
                for item in items
            ]
            if found
            else items
        )

    def versions_of(self, key: str | None) -> Sequence[Block]:
        """That a row has several versions, and how one is chosen."""
        found = by_row(self.view.several, self.ROWS_OF).get(key or "")
        return [Pair("Versions", f"{found.words}: enter chooses one", Mark.BLOCKS)] if found else []

    async def on_record_table_chooses(self, event: RecordTable.Chooses) -> None:
        """``enter`` on a row that has several versions, on any screen: they are shown beside each other."""
        await self._choose_version(event.id)

    async def _choose_version(self, id: str) -> None:
        from workbench.tui.screens.choosing import open_choice

        await open_choice(self, id)

    def come_back(self) -> None:
        """Stand where this person stood the last time that the app was open."""
        place = self.work.places.pop(self.MODE, None)
        if place is None:
            return
        for table in self.query(RecordTable):
            if place.filter:
                table.set_filter(place.filter)
            if place.sorted_by in {column.key for column in table.columns}:
                table.sort_by(place.sorted_by, descending=place.descending)
            if place.row and not table.move_to(place.row):
                self.wait_for(place.row)
            return

    def wait_for(self, row: str) -> None:
        """Stand on a row as soon as it has been read; screens that read for their rows override this."""

    # --- acting --------------------------------------------------------------------------

    async def act(
        self,
        done: str,
        job: Callable[Concatenate[Context, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> bool:
        """Run a use case that changes something; say ``done``, or what went wrong."""
        try:
            await self.work.change(job, *args, **kwargs)
        except WorkbenchError as error:
            self.work.tell(error)
            return False
        if done:
            self.say(done)
        return True

    async def submit(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for a form: errors rise, so that the form shows them and loses nothing.

        The form leaves once what is below it is up to date: nobody sees the old state once more.
        """
        done = await self.work.change(job, *args, **kwargs)
        await self.up_to_date()
        return done

    async def up_to_date(self) -> None:
        """Wait until the present view is shown; screens that read for it override this."""

    def say(self, text: str) -> None:
        """Say in the status line what was done, or why it was not."""
        self.notify(text)

    def require(self) -> Evaluation:
        """The release in hand; an error where there is none."""
        if self.evaluation is None:
            raise UsageError(NO_RELEASE)
        return self.evaluation

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot be done now."""
        if action in self.OWN and self.evaluation is None and self.needs_release(action.id):
            return NO_RELEASE
        return self.obstacle(action.id)

    def needs_release(self, id: str) -> bool:
        """Whether an action of this screen can only be done to a release; screens override it."""
        return True

    def obstacle(self, id: str) -> str | None:
        """What is in the way of an action now, in a few words; screens override it."""
        return None

    def on_record_table_selected(self, event: RecordTable.Selected) -> None:
        """Another row, other possibilities."""
        with self.telling():
            self.row_changed(event.key)
        self.refresh_hints()

    def on_record_table_said(self, event: RecordTable.Said) -> None:
        """What a key found in a table, or why it did nothing."""
        self.say(event.text)

    def row_changed(self, key: str | None) -> None:
        """The cursor came to another row; screens show its detail."""

    async def on_piece_lines_chosen(self, event: PieceLines.Chosen) -> None:
        """A click on a mode or on a hint."""
        event.stop()
        if event.target in BY_ID:
            await self.do_mode(event.target)
        elif event.target in self.ACTIONS:
            await self.action_do(event.target)
        else:
            self.chosen(event.target)

    def chosen(self, target: str) -> None:
        """A click on something of the screen's own."""

    def do_filter_lines(self) -> None:
        """Type what the lines on show have to hold."""
        table = self.query_one(RecordTable)
        table.focus()
        table.action_filter()

    def do_match(self, which: str) -> None:
        """To the next or the previous row with what was filtered for."""
        for table in self.query(RecordTable):
            table.next_match(1 if which == "next" else -1)
            return
        self.say("there is no table here to search")

    # --- what every screen can do ---------------------------------------------------------

    async def do_undo(self) -> None:
        """Take back one's own last act."""
        from workbench.tui.undoing import undo

        await undo(self)

    async def do_redo(self) -> None:
        """Put back what one's own last undo took back."""
        from workbench.tui.undoing import redo

        await redo(self)

    def do_person(self) -> None:
        """Let somebody else of the project sit here."""
        from workbench.tui.screens.people import choose_person

        choose_person(self)

    def do_help(self) -> None:
        """What the keys do here."""
        from workbench.tui.widgets.help_panel import HelpPanel

        page = page_about(mode_of(self.MODE))

        async def chosen(read: bool | None) -> None:
            if read and page is not None:
                from workbench.tui.screens.guide import open_about

                await open_about(self, page.name)

        title = page.title if page else ""
        self.app.push_screen(
            HelpPanel(f"Keys in {title_of(self.MODE)}", self.key_lines(), page=title), chosen
        )

    def do_command(self) -> None:
        """Type a command of the command line."""
        self.open_command_line()

    def open_command_line(self, line: str = "") -> None:
        """A line for commands; one that only looks may have been run already when it opens."""
        from workbench.tui.screens.commanding import CommandPanel

        self.app.push_screen(CommandPanel(self, self.work.typed, self.work.complete, line))

    async def do_so_far(self) -> None:
        """What was done in this sitting, as commands and as minutes."""
        from workbench.tui.screens.sitting import open_sitting

        await open_sitting(self)

    async def do_trust(self) -> None:
        """What the project's files would use, and whether one agrees to it."""
        from workbench.tui.screens.trusting import open_trust

        await open_trust(self)

    def do_switch_colours(self) -> None:
        """Dark, light, and the terminal's own sixteen colours."""
        names = [theme.name for theme in THEMES]
        here = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(here + 1) % len(names)]

    def do_more(self) -> None:
        """What has no key of its own."""
        from workbench.tui.screens.more import MorePanel

        async def chosen(id: str | None) -> None:
            if id is not None:
                await self.action_do(id)

        self.app.push_screen(MorePanel(self), chosen)

    def do_messages(self) -> None:
        """What was said since the app was opened."""
        from workbench.tui.screens.more import messages_panel

        self.app.push_screen(messages_panel(self.work.messages.newest_first(), self.zone()))

    def unsaved_edits(self) -> list[str]:
        """What was edited here and not saved, a line for each row; screens with tables override it."""
        return []

    async def do_quit(self) -> None:
        """Leave; what is not in the record yet is asked about."""
        await self.app.action_quit()

    async def do_reload(self) -> None:
        """Read files and record again."""
        try:
            trouble = await self.work.reread()
        except WorkbenchError as error:
            trouble = error
        if trouble is None:
            self.say("the files and the record were read again")
        else:
            self.work.tell(trouble)

    async def do_fetch(self) -> None:
        """Measure everything again."""
        from workbench.tui.fetching import fetch

        await fetch(self)

    def place(self) -> Place | None:
        """Where the thing under the cursor is defined; screens override it."""
        return None

    async def do_edit_file(self) -> None:
        """Open the definition under the cursor, or a file's first mistake, in the editor; read it afterwards."""
        from workbench.tui.editing import edit

        broken = self.work.broken
        place = Place(broken.file, max(broken.line, 1), max(broken.column, 1)) if broken else self.place()
        await edit(self, place or Place(self.view.definitions.files[0], 1, 1))

    async def do_mode(self, id: str) -> None:
        """Go to a mode; where one is in it already, back to its own screen from what lies over it."""
        if self.app.current_mode == id:
            while len(self.app.screen_stack) > 1 and isinstance(self.app.screen, WorkScreen):
                self.app.pop_screen()
            return
        await self.work.switch_mode(id)

    def do_below(self, id: str) -> None:
        """A screen that lies below a mode, over this one: ``esc`` comes back to here."""
        if id != self.MODE:
            self.app.push_screen(open_screen(BELOW[id].screen))

    async def go(self, mode: str, row: str | None, searching: str = "") -> None:
        """Go to another screen and stand on the row that clears something there, or that ``searching`` found.

        What was left open on it is closed first: it would take the row, and the keys, for its own.
        """
        await self.work.switch_mode(mode)
        while len(self.app.screen_stack) > 1 and isinstance(self.app.screen, WorkScreen):
            await self.app.pop_screen()
        screen = self.app.screen
        if isinstance(screen, WorkScreen):
            came_from = mode_of(self.MODE)
            screen.came_from = came_from if came_from != screen.MODE else None
            if searching:
                screen.call_after_refresh(screen.land_on_found, row, searching)
            elif row is not None:
                screen.call_after_refresh(screen.land_on, row)

    async def come_to(self, aim: Aim) -> None:
        """Go to where a line of the release is cleared, or to another screen and a row there."""
        await self.go(aim.mode or "readiness", aim.row)
        if aim.part and isinstance(screen := self.app.screen, WorkScreen):
            screen.call_after_refresh(screen.come_for, aim.part)

    async def come_for(self, part: str) -> None:
        """Come from elsewhere to clear a line of the release; Readiness knows where that is done."""

    came_from: str | None = None
    last_action: str = ""
    """What was done last here: how a form was opened that is open now."""

    async def action_do(self, id: str) -> None:
        """Do the action, or say why not."""
        self.last_action = id
        if id in self.ACTIONS and self.ACTIONS[id].key == "enter" and (thing := self.contested_row()):
            await self._choose_version(thing)
            return
        await super().action_do(id)

    def land_on_found(self, row: str, text: str) -> None:
        """Come to a row that ``text`` was found in; a screen that does not hold all rows searches for it."""
        self.stand_on(row)

    def land_on(self, row: str) -> None:
        """Come from another screen to clear something: where a row has a page of its own, that is opened."""
        self.stand_on(row)

    def stand_on(self, row: str) -> None:
        """Put the cursor on a row, even on one that a filter hides."""
        for table in self.query(RecordTable):
            if table.filter_text and row not in table.keys:
                table.set_filter("")
            if table.move_to(row):
                table.focus()
                return

    def on_key(self, event: Key) -> None:
        """A key that does nothing here says so; where ``esc`` led to another screen, it is not pressed there again."""
        if event.key == "escape":
            if "escape" not in self._bindings.key_to_bindings:
                event.stop()
        elif (event.is_printable or event.key == "delete") and event.key not in self.active_bindings:
            self.say(self.keyboard.does_nothing(event.key))

    async def key_escape(self) -> None:
        """One level back; nothing is lost."""
        await self.leave()

    async def leave(self) -> None:
        """Back to where one came from."""
        if self.came_from:
            mode, self.came_from = self.came_from, None
            await self.work.switch_mode(mode)
        elif self.MODE != "readiness":
            await self.work.switch_mode("readiness")
        elif self.work.visit is not None and (back := self.work.visit.back) is not None:
            self.work.open_other(back, "Fleet")
