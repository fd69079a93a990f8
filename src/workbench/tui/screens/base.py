"""What all screens share: header, modes, footer, keys, and how they act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, ParamSpec, TypeVar, cast

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.gates.model import Weight
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import day_text, moment_text, relative_text, zone_of
from workbench.tui.actions import Acting, Action
from workbench.tui.registry import ACTIONS, BELOW, MODES
from workbench.tui.theme import THEMES
from workbench.tui.widgets.footer import FooterLine
from workbench.tui.widgets.header import HeaderLine, ModeLine, Situation
from workbench.tui.widgets.line import PieceLines
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation

if TYPE_CHECKING:
    from workbench.tui.app import WorkbenchApp
    from workbench.tui.desk import View

P = ParamSpec("P")
T = TypeVar("T")
NO_RELEASE = "there is no release yet; plan one under 6 Releases"


class WorkScreen(Acting, Screen[None]):
    """A mode of the app.

    A screen yields its widgets from :meth:`body` and fills them in :meth:`fill`, which is
    called whenever the view has changed; it keeps nothing that the record should hold.
    """

    ACTIONS = ACTIONS
    MODE: ClassVar[str] = ""
    SHOWN_MODE: ClassVar[str] = ""  # the mode that the top line shows, where it is another
    AUTO_FOCUS = "RecordTable"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if cls.MODE:
            cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *ACTIONS.bindings(cls.MODE)]
        super().__init_subclass__(**kwargs)

    @property
    def work(self) -> WorkbenchApp:
        """The app, as what it is."""
        return cast("WorkbenchApp", self.app)

    @property
    def view(self) -> View:
        """What there is to show now."""
        return self.work.view

    @property
    def evaluation(self) -> Evaluation | None:
        """The release in hand, judged."""
        return self.view.evaluation

    def zone(self) -> tzinfo:
        """The project's time zone."""
        return zone_of(self.view.definitions.project.timezone)

    def body(self) -> Iterable[Widget]:
        """The widgets between header and footer."""
        raise NotImplementedError

    def fill(self) -> None:
        """Show the view; called when it has changed."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield HeaderLine(self.situation())
        yield ModeLine(MODES, self.SHOWN_MODE or self.MODE)
        yield from self.body()
        yield FooterLine()

    def on_mount(self) -> None:
        """Fill the screen for the first time."""
        self.refresh_view()

    def on_screen_resume(self) -> None:
        """Coming back: the view may have moved on."""
        self.refresh_view()

    def refresh_view(self) -> None:
        """Show the present view."""
        if not self.query(HeaderLine):  # not built yet, or being left
            return
        self.query_one(HeaderLine).show(self.situation())
        self.fill()
        self.refresh_hints()

    def refresh_hints(self) -> None:
        """The footer follows what can be done."""
        self.query_one(FooterLine).show(self.hints())

    def situation(self) -> Situation:
        """What the header says."""
        found = self.evaluation
        if found is None:
            return Situation(
                project=self.view.definitions.project.title or self.view.definitions.project.project
            )
        counts = found.counts()
        candidate, planned = found.held.candidate, found.held.release.planned_at
        return Situation(
            project=found.project,
            release=found.held.release.version,
            candidate=candidate.name if candidate else "",
            commit=candidate.commit if candidate else "",
            blocks=counts[Weight.BLOCKS],
            to_do=counts[Weight.TO_DO],
            to_sign=counts[Weight.TO_SIGN],
            due=self._due(planned, found.now) if planned else "",
            demonstration=moment_text(found.now, self.zone()) if found.demonstration else "",
        )

    def _due(self, planned: datetime, now: datetime) -> str:
        zone = self.zone()
        return f"{moment_text(planned, zone)[:3]} {day_text(planned, zone)}, {relative_text(planned, now)}"

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
            await self.work.act(job, *args, **kwargs)
        except WorkbenchError as error:
            self.work.tell(error)
            return False
        if done:
            self.say(done)
        return True

    async def submit(
        self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """The same for a form: errors rise, so that the form shows them and loses nothing."""
        await self.work.act(job, *args, **kwargs)

    def say(self, text: str) -> None:
        """A short word about what was done."""
        self.notify(safe_text(text, 300), markup=False, timeout=4)

    def require(self) -> Evaluation:
        """The release in hand; an error where there is none."""
        if self.evaluation is None:
            raise UsageError(NO_RELEASE)
        return self.evaluation

    def available(self, action: Action) -> str | None:
        """Why an action cannot be done now."""
        if action.modes and self.evaluation is None and action.id != "new_release":
            return NO_RELEASE
        return self.unavailable(action.id)

    def unavailable(self, id: str) -> str | None:
        """Why an action of this screen cannot be done now; screens override it."""
        return None

    def on_record_table_selected(self, event: RecordTable.Selected) -> None:
        """Another row, other possibilities."""
        self.row_changed(event.key)
        self.refresh_hints()

    def row_changed(self, key: str | None) -> None:
        """The cursor came to another row; screens show its detail."""

    async def on_piece_lines_chosen(self, event: PieceLines.Chosen) -> None:
        """A click on a mode or on a hint."""
        event.stop()
        modes = {mode.id for mode in MODES}
        if event.target in modes:
            await self.work.switch_mode(event.target)
        elif any(action.id == event.target for action in ACTIONS):
            await self.action_do(event.target)
        else:
            self.chosen(event.target)

    def chosen(self, target: str) -> None:
        """A click on something of the screen's own."""

    # --- what every screen can do ---------------------------------------------------------

    async def do_undo(self) -> None:
        """Take back one's own last change."""
        from workbench.usecases.safekeeping import undo

        await self.act("taken back", undo)

    def do_help(self) -> None:
        """What the keys do here."""
        from workbench.tui.widgets.dialog import HelpPanel

        titles = {mode.id: mode.title for mode in MODES} | BELOW
        self.app.push_screen(HelpPanel(f"Keys in {titles[self.MODE]}", self.key_lines()))

    def do_incidents(self) -> None:
        """Their place is kept."""
        self.say("incidents come with a later version; until then z on Readiness freezes promotion")

    def do_switch_colours(self) -> None:
        """Dark, light, and the terminal's own sixteen colours."""
        names = [theme.name for theme in THEMES]
        here = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(here + 1) % len(names)]

    def do_quit(self) -> None:
        """Leave; everything is in the record already."""
        self.app.exit()

    async def do_reload(self) -> None:
        """Read files and record again."""
        try:
            self.work.show(await self.work.desk.reopen())
            self.say("read again")
        except WorkbenchError as error:
            self.work.tell(error)

    async def do_fetch(self) -> None:
        """Measure everything again."""
        from workbench.tui.fetching import fetch

        await fetch(self)

    def place(self) -> Place | None:
        """Where the thing under the cursor is defined; screens override it."""
        return None

    async def do_edit_file(self) -> None:
        """Open the definition under the cursor in the editor, and read it afterwards."""
        from workbench.tui.editing import edit

        place = self.place()
        project = self.view.definitions
        await edit(self, place or Place(project.files[0], 1, 1))

    async def do_mode_readiness(self) -> None:
        await self.work.switch_mode("readiness")

    async def do_mode_parity(self) -> None:
        await self.work.switch_mode("parity")

    async def do_mode_benchmarks(self) -> None:
        await self.work.switch_mode("benchmarks")

    async def do_mode_checklists(self) -> None:
        await self.work.switch_mode("checklists")

    async def do_mode_releases(self) -> None:
        await self.work.switch_mode("releases")

    async def do_mode_flows(self) -> None:
        await self.work.switch_mode("flows")

    async def do_mode_history(self) -> None:
        await self.work.switch_mode("history")

    async def do_mode_notes(self) -> None:
        await self.work.switch_mode("notes")

    async def go(self, mode: str, row: str | None) -> None:
        """Go to another screen and stand on the row that clears something there."""
        await self.work.switch_mode(mode)
        screen = self.app.screen
        if isinstance(screen, WorkScreen) and row is not None:
            screen.came_from = self.MODE
            screen.call_after_refresh(screen.stand_on, row)

    came_from: str | None = None

    def stand_on(self, row: str) -> None:
        """Put the cursor on a row."""
        for table in self.query(RecordTable):
            if table.move_to(row):
                table.focus()
                return

    async def key_escape(self) -> None:
        """Back to where one came from; nothing is lost."""
        if self.came_from:
            mode, self.came_from = self.came_from, None
            await self.work.switch_mode(mode)
        elif self.MODE != "readiness":
            await self.work.switch_mode("readiness")


def people_words(keys: Sequence[str]) -> str:
    """Who, in words."""
    return ", ".join(keys) if keys else "nobody"
