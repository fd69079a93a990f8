"""The app: modes, the view that they share, and how it is kept true."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Concatenate, ParamSpec, TypeVar

import msgspec
from rich.console import RenderableType
from rich.text import Text
from textual import work
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, MouseDown, Resize
from textual.notifications import SeverityLevel
from textual.screen import Screen

from workbench.model.errors import DefinitionError, NotTrusted, OurMistake, Problem, WorkbenchError
from workbench.model.text import number_of, safe_text
from workbench.tui import registry, terminal, theme
from workbench.tui.command_line import Complete, Typed
from workbench.tui.desk import Desk, View, data_version, look, remarks
from workbench.tui.keyboard import STANDARD, Keyboard
from workbench.tui.screens.base import WorkScreen
from workbench.tui.sharing import Sharing
from workbench.tui.spacing import Spacing
from workbench.tui.turning import Turning
from workbench.tui.widgets.status import Message, Messages, StatusLine
from workbench.usecases.context import Context
from workbench.usecases.soundness import check_record

if TYPE_CHECKING:
    from workbench.tui.visiting import Visit
    from workbench.usecases.finding import Things
    from workbench.usecases.sharing.keeping_up import Standing
    from workbench.usecases.sitting import Place, Sitting

P = ParamSpec("P")
T = TypeVar("T")
POLL = 1.0
SAID_FOR: dict[str, float] = {"information": 8, "warning": 12, "error": 30}  # seconds


class WorkbenchApp(App[None]):
    """The workbench in a terminal."""

    TITLE = "workbench"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    # A screen is imported when it is first shown.
    MODES: ClassVar = {mode.id: partial(registry.open_screen, mode.screen) for mode in registry.MODES}
    DEFAULT_MODE = registry.MODES[0].id

    def __init__(
        self,
        desk: Desk,
        first: View,
        look_: terminal.Terminal,
        keyboard: Keyboard = STANDARD,
        remarks: Sequence[str] = (),
        complete: Complete | None = None,
        visit: Visit | None = None,
    ) -> None:
        """``remarks`` are said once the first picture is shown; ``complete`` finishes words of commands.

        ``visit`` is why this project was opened, where another one was open before.
        """
        super().__init__(ansi_color=bool(look_.ansi))
        # The colours are known before any style is read, so that none has to be read twice.
        theme.register(self, look_.theme)
        self.stylesheet.set_variables(self.get_css_variables())
        self._is_shown = False
        self.desk = desk
        self.view = first
        self.turning = Turning(self, lambda seconds, then: self.set_timer(seconds, then))
        self.messages = Messages()
        self.keyboard = keyboard
        self.broken: Problem | None = None  # the first mistake of files that cannot be read now
        self.typed, self.complete = Typed(), complete
        self._remarks = tuple(remarks)
        self.sitting_from = first.seq
        self.things: Things | None = None
        self.answers: dict[str, dict[str, str]] = {}
        self.places: dict[str, Place] = {}
        self.touched = False
        self.left: Sitting | None = None
        self.visit = visit
        self.opens: Visit | None = None
        self._polling = self._poll_again = self._planned = False
        self._spacing = Spacing()
        self._known_trouble = ""
        self.sharing = Sharing(self._from_sharing)
        self.standing: Standing | None = None  # to the server, as it was last told
        self._news_from = first.seq

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice; where it is the usual one, ours in its place."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from workbench.tui.driver import TerminalDriver

        return TerminalDriver

    def on_mount(self) -> None:
        """Signals, and the watch for other processes."""
        self.set_keymap(self.keyboard.changed)
        terminal.install_signals(self, self.leave)
        # Whoever was stopped (ctrl+z in a shell, SIGTSTP) comes back to an empty screen.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.set_interval(POLL, self.poll)

    def on_ready(self) -> None:
        """The first picture is shown: what was made for it is left out when garbage is looked for,
        which would hold the app for a tenth of a second on a large record."""
        self._is_shown = True
        self.call_later(self.turning.follow, self.view)
        self.run_worker(self._bring_back())
        self._follow_sharing()
        self.tell_remarks(self._remarks)
        if self.visit is not None and self.visit.said:
            self.notify(self.visit.said, severity="warning" if self.visit.failed else "information")
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def refresh_css(self, animate: bool = True) -> None:
        """Read all styles again: after a change of colours, and not while the first picture is made."""
        if self._is_shown:
            super().refresh_css(animate)

    def on_resize(self, event: Resize) -> None:
        """Say so when the window is too small for any screen."""
        if terminal.too_small(event.size.width, event.size.height):
            from workbench.tui.widgets.small import guard_size

            guard_size(self, event.size.width, event.size.height)

    def action_command_palette(self) -> None:
        """``ctrl+p``: find anything, from the screen that one is on."""
        if isinstance(screen := self.screen, WorkScreen):
            from workbench.tui.screens.finding import open_find

            open_find(screen)
        else:
            self.notify("ctrl+p works on a screen: press esc first")

    async def _bring_back(self) -> None:
        from workbench.tui.sitting import bring_back

        await bring_back(self, self, self.visit.aim if self.visit is not None else None)

    async def on_event(self, event: Event) -> None:
        """Notice that somebody has pressed a key: from then on nothing moves by itself."""
        self.touched = self.touched or isinstance(event, (Key, MouseDown))
        await super().on_event(event)

    def open_other(self, visit: Visit, name: str) -> None:
        """Leave, and let whoever opened this app open another project; edits that were not saved are asked about."""
        from workbench.tui.widgets.dialog import Confirm

        def answered(yes: bool | None) -> None:
            if yes:
                self.opens = visit
                self.exit()

        edits = self.unsaved_edits()
        if not edits:
            answered(True)
        else:
            title = f"Go to {name} without saving your edits?"
            self.push_screen(Confirm(title, "\n".join(edits[:8]), yes="go", no="stay"), answered)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, and remember where one was."""
        self._remember()
        self.sharing.close()
        super().exit(result, return_code, message)

    def _remember(self) -> None:
        from workbench.tui.sitting import as_left

        # A courtesy: nothing that goes wrong with it stops anybody from leaving.
        with suppress(Exception):
            self.left = as_left(self)

    async def action_quit(self) -> None:
        """``ctrl+q``, from anywhere; a form in which something was filled in asks first."""
        from workbench.tui.widgets.form import FormScreen
        from workbench.tui.widgets.small import TooSmall

        forms = [each for each in self.screen_stack if isinstance(each, FormScreen) and each.filled_in]
        if not forms or self._comes_back():
            self._leave_tables()
        elif self.screen is forms[-1]:
            forms[-1].action_back()
        elif isinstance(self.screen, TooSmall):
            self.notify("a form holds unsaved text: make the window larger first", timeout=4)

    def _leave_tables(self) -> None:
        """Leave; where cells were edited and not saved, ask first."""
        from workbench.tui.widgets.dialog import Confirm

        edits = self.unsaved_edits()
        if not edits:
            self.exit()
        elif not isinstance(self.screen, Confirm):
            panel = Confirm("Leave without saving your edits?", "\n".join(edits[:8]), yes="leave", no="stay")
            self.push_screen(panel, lambda yes: self.exit() if yes else None)

    def unsaved_edits(self) -> list[str]:
        """What was edited in tables and not saved, a line each."""
        return [line for screen in self._work_screens() for line in screen.unsaved_edits()]

    def _work_screens(self) -> list[WorkScreen]:
        """The screens of all modes that were opened."""
        stacks = self._screen_stacks.values()
        return [screen for stack in stacks for screen in stack if isinstance(screen, WorkScreen)]

    def _comes_back(self) -> bool:
        """Whether what was typed into the open form is there again the next time."""
        from workbench.tui.sitting import draft_of

        draft = draft_of(self)
        return draft is not None and draft.action != ""

    def leave(self, code: int) -> None:
        """End because somebody outside said so; what was typed and not saved is printed when the app is gone."""
        lost = self._unsaved()
        words = Text("\n".join(["workbench: ended from outside", *lost]))
        self.exit(return_code=code, message=words if lost else None)

    def _unsaved(self) -> list[str]:
        """What stands in open forms, in lines to print; none where nothing was typed."""
        from workbench.tui.widgets.form import FormScreen

        lost = [line for each in self.screen_stack if isinstance(each, FormScreen) for line in each.unsaved()]
        lost += self.unsaved_edits()
        return ["typed but not saved:", *lost] if lost else []

    def _fatal_error(self) -> None:
        """Something that nobody foresaw ends the app: said as on the command line, not with a page of code."""
        if os.environ.get("WORKBENCH_DEBUG"):
            super()._fatal_error()
            return
        told = OurMistake.of(self._exception or Exception())
        self._remember()
        self._return_code = told.exit_code
        if not self._exit_renderables:
            lines = [f"workbench: {told.what}", f"  {told.hint}", "  WORKBENCH_DEBUG=1 shows the details"]
            self._exit_renderables.append(Text("\n".join([*lines, *self._unsaved()])))
        self._close_messages_no_wait()

    def action_help_quit(self) -> None:
        """``ctrl+c`` leaves nothing and loses nothing."""
        self.notify("q to quit; in a form, esc first", timeout=4)

    async def poll(self) -> None:
        """Look whether a second process has changed the record, and show it; else, whether it is to be trusted."""
        self._tell_silence()
        if self._polling:
            self._poll_again = True
            return
        self._polling = True
        try:
            await self._look_around()
            while self._poll_again:
                await self._look_around()
        finally:
            self._polling = False

    async def _look_around(self) -> None:
        self._poll_again = False
        try:
            self.tell_remarks(await self.desk.call(remarks))
            if await self.desk.call(data_version) != self.view.version:
                await self._show_others()
            else:
                await self.desk.call(check_record)
            if await self.desk.files_changed():
                await self.reread()
            self._known_trouble = ""
        except WorkbenchError as error:
            self._tell_once(error)

    async def _show_others(self) -> None:
        """Show what others wrote; while very much comes to a large record, only once in a while."""
        wait = self._spacing.wait() if self.sharing.is_on else 0.0
        if wait > 0:
            if not self._planned:
                self._planned = True
                self.set_timer(wait, self._poll_as_planned)
            return
        begun = self._spacing.seconds()
        await self.reload()
        self._spacing.took(begun)

    async def _poll_as_planned(self) -> None:
        self._planned = False
        await self.poll()

    # --- the server --------------------------------------------------------------------------

    def _follow_sharing(self) -> None:
        """Send and receive for as long as the record is shared."""
        if self.sharing.follow(self.desk.options, is_shared=self.view.shared):
            self.standing = None

    def _from_sharing(self, standing: Standing) -> None:
        """Called in the other thread: told to the app in its own."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self.call_later, self.server_told, standing)

    async def server_told(self, standing: Standing) -> None:
        """How this desk stands to its server now: the header says it, and what came is shown."""
        if not self.sharing.is_on:
            return
        before, self.standing = self.standing, standing
        self._show_standing()
        came = standing.received_at
        if came is not None and (before is None or came != before.received_at):
            await self.poll()
            await self._tell_news()

    def _tell_silence(self) -> None:
        """What the other thread did, it tells; whether it waits for the server, it is asked."""
        silent, standing = self.sharing.is_silent, self.standing
        if silent == (standing is not None and standing.silent):
            return
        if standing is None:
            from workbench.usecases.sharing.keeping_up import Standing

            standing = Standing()
        self.standing = msgspec.structs.replace(standing, silent=silent)
        self._show_standing()

    def _show_standing(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, WorkScreen):
                screen.standing_changed()

    async def _tell_news(self) -> None:
        """Say who changed what; it is a courtesy, and never in the way."""
        from workbench.usecases.views.sharing.news import read_news

        since, self._news_from = self._news_from, self.view.seq
        with suppress(WorkbenchError):
            if words := await self.desk.call(read_news, since):
                self.notify(words)

    async def reread(self) -> DefinitionError | None:
        """Read the files again; mistakes in them stand in the header until they are mended."""
        try:
            view = await self.desk.reopen()
        except DefinitionError as error:
            self.broken = error.problems[0]
            self.show(self.view)
            return error
        self.broken = None
        self.show(view)
        return None

    def _tell_once(self, error: WorkbenchError) -> None:
        """Nobody asked for it: said once, until it is over or something else is wrong."""
        if error.what != self._known_trouble:
            self._known_trouble = error.what
            self.tell(error)

    async def reload(self) -> None:
        """Judge again, and let every open screen show it."""
        self.show(await self.desk.call(look))

    def show(self, view: View) -> None:
        """Show this from now on, on the screens that are open."""
        wrote = view.seq != self.view.seq
        self.view = view
        if self._is_shown:
            self._follow_sharing()
        if wrote:
            self.sharing.written()
        self.call_later(self.turning.follow, view)
        for screen in self.screen_stack:
            if isinstance(screen, WorkScreen):
                screen.refresh_view()
            elif (tell := getattr(screen, "view_changed", None)) is not None:
                tell()  # a sheet that somebody reads says what changed meanwhile

    @work(group="judging", exclusive=True)
    async def judge(self) -> None:
        """Judge again while people go on, and show it; what goes wrong is told."""
        try:
            await self.reload()
        except WorkbenchError as error:
            self.tell(error)

    async def save(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes something; the release is not judged yet."""
        done, remarks = await self.desk.change(job, *args, **kwargs)
        self.sharing.written()
        self.tell_remarks(remarks)
        return done

    async def change(self, job: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes something, then show what it made of the release."""
        done = await self.save(job, *args, **kwargs)
        await self.reload()
        return done

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in the status line of the screen one is on; it can be read again later."""
        said = Message(safe_text(message, 300), datetime.now(UTC), severity)
        self.messages.add(said)
        for screen in reversed(self.screen_stack):
            for line in screen.query(StatusLine):
                line.say(said, timeout or SAID_FOR[severity])
                return

    def tell_remarks(self, texts: Iterable[str]) -> None:
        """Say what went wrong after something was saved."""
        for text in texts:
            self.notify(text, severity="warning")

    def tell(self, error: WorkbenchError) -> None:
        """Say what went wrong, in place."""
        from workbench.tui.widgets.dialog import MessagePanel

        if isinstance(error, DefinitionError):
            self.push_screen(_mistakes(error))
        elif isinstance(error, NotTrusted) and isinstance(self.screen, WorkScreen):
            self.call_later(self.screen.do_trust)
        else:
            self.push_screen(MessagePanel(error))


def _mistakes(error: DefinitionError) -> Screen[str | None]:
    from workbench.tui.mistakes import mistake_blocks
    from workbench.tui.screens.reading import ReadingPanel
    from workbench.tui.theme import Role
    from workbench.tui.widgets.prose import Paragraph

    said = Paragraph("Showing the last good version until this is fixed.", Role.MUTED)
    return ReadingPanel(
        f"{number_of(len(error.problems), 'mistake')} in the project's files",
        [said, *mistake_blocks(error.problems)],
    )
