"""Fleet: every release of every project on this machine, who is needed first, and the way into each of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import work
from textual.worker import get_current_worker

from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import number_of
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.fleet_rows import COLUMNS, FOLDER, Stands
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.sitting import place_of
from workbench.tui.visiting import Aim, Visit
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import Item
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.fleet import folders
from workbench.usecases.fleet.finding import Wanted
from workbench.usecases.fleet.looking import Looking, in_processes
from workbench.usecases.fleet.shapes import Ask, Project
from workbench.usecases.views.fleet.whole import summary

if TYPE_CHECKING:
    from workbench.tui.widgets.form import Values


AGAIN = 60.0  # seconds after which all are looked at again when one comes back


class FleetScreen(TableScreen):
    """All projects; they are judged by processes of their own, and each line appears once its project was."""

    MODE: ClassVar[str] = "fleet"
    OWN = (
        Action("open_project", "enter", "open that project and its release", 9, own_label="open"),
        Action("add_folder", "a", "look at the projects in another folder, too, from now on", 7),
        Action("remove_folder", "delete", "look in this folder no longer; nothing in it is changed", 6),
        Action(
            "show_samples", "", "show sample projects, too, or leave them out", own_label="sample projects"
        ),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    SUMMED_UP = True
    BESIDE = True
    _looking: Looking | None = None
    _stands: Stands | None = None
    _samples = False

    _looked_at = 0.0

    def on_screen_resume(self) -> None:
        """Coming back after a while: the others went on, too."""
        super().on_screen_resume()
        if self._looking is not None and monotonic() - self._looked_at > AGAIN:
            self._look_again()

    # --- looking -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        """The lines as they stand; the project in hand is judged again, and all of them the first time."""
        if self._looking is None:
            visit = self.work.visit
            if (
                visit is not None and visit.fleet is not None
            ):  # what was known when one left for another project
                self._looking, self._samples = visit.fleet, visit.fleet.wanted.demonstrations
                self._stands = Stands(visit.fleet.fleet)
            await self.look_at_all()
        else:
            here = str(self.view.definitions.root)
            self._judge(tuple(ask for ask in self._looking.found.asks if ask.root == here))
        return self._stands.items if self._stands else []

    async def look_at_all(self) -> None:
        """Find the projects, beside the app, and judge each of them."""
        wanted, before, self._looked_at = self._asked_for(), self._looking, monotonic()
        looking = await asyncio.to_thread(lambda: before.again(wanted) if before else Looking(wanted))
        self._looking = looking
        if not looking.found.asks:
            self._told(looking, Stands(looking.fleet))
        self._judge(looking.found.asks)

    @work(group="finding", exclusive=True)
    async def _look_again(self) -> None:
        try:
            await self.look_at_all()
        except WorkbenchError as error:
            self.work.tell(error)

    def _asked_for(self) -> Wanted:
        options = self.work.desk.options
        return Wanted(
            here=self.view.definitions.root,
            record=options.record,
            as_person=None if options.in_app else options.as_person,
            now=options.now,
            demonstrations=self._samples,
        )

    def _judge(self, asks: tuple[Ask, ...]) -> None:
        """Judge these beside the app; each answer is shown when it comes."""
        looking, loop = self._looking, asyncio.get_running_loop()

        def work() -> None:
            worker, not_before = get_current_worker(), 0.0
            for project in in_processes(asks, lambda: worker.is_cancelled):
                if looking is None:
                    return
                fleet, began = looking.take(project), monotonic()
                if fleet.told < fleet.asked and began < not_before:
                    continue  # where very much is counted, not after each of them
                stands = Stands(fleet)
                not_before = monotonic() + 4 * (monotonic() - began)
                # The loop is closed when the app was left meanwhile: then nobody is to be told.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._told, looking, stands)

        self.run_worker(work, thread=True, group=f"fleet-{len(asks)}", exclusive=True)

    def _show_now(self) -> None:
        """What is known now, before anything is judged again."""
        if self._looking is not None:
            self._told(self._looking, Stands(self._looking.fleet))

    def _told(self, looking: Looking | None, stands: Stands) -> None:
        """An answer has come."""
        if looking is not self._looking or not self.is_mounted:
            return
        self._stands = stands
        # Until somebody moves it, the cursor stays on the first line, and not on what came first.
        at_first = self.table.cursor_key in (None, *self.table.keys[:1])
        with self.telling():
            self.set_rows(stands.items)
            if at_first:
                self.table.action_first()
            self.follow()

    # --- showing -------------------------------------------------------------------------

    def summary(self) -> list[Piece]:
        return pieces(summary(self._stands.fleet)) if self._stands else []

    def empty_words(self) -> str:
        fleet = self._stands.fleet if self._stands else None
        if fleet is None or fleet.told < fleet.asked:
            return "Judging the projects …"
        return "No project was opened on this machine yet."

    def about(self, key: str) -> About | None:
        return self._stands.about(key) if self._stands else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Other projects can be looked at without any release of one's own."""
        return False

    def hints(self) -> list[Hint]:
        """Removing is for a line about a folder."""
        return [each for each in super().hints() if each.id != "remove_folder" or each.reason is None]

    def obstacle(self, id: str) -> str | None:
        if id == "remove_folder":
            return None if self._folder() else "stand on one of the folders, which are below everything else"
        if id != "open_project":
            return super().obstacle(id)
        project = self._project()
        if project is None:
            return "this line is about no single project"
        if project.trouble is not None and project.trouble.kind in ("gone", "files", "time"):
            return f"it cannot be opened: {project.trouble.what}"
        return None

    def _folder(self) -> str:
        """The folder that the line under the cursor is about; "" where it is about none."""
        key = (self.table.cursor_key or "") if self.is_mounted else ""
        return key.removeprefix(FOLDER) if key.startswith(FOLDER) else ""

    def _project(self) -> Project | None:
        key = self.table.cursor_key if self.is_mounted else None
        return self._stands.projects.get(key) if self._stands and key else None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: into that project."""
        await self.action_do("open_project")

    async def do_open_project(self) -> None:
        """To what the line is about, in its own project: a release where its next step is done."""
        project, key = self._project(), self.table.cursor_key or ""
        if project is None or self._stands is None:
            return
        row, aim, options = self._stands.rows.get(key), self._stands.aim(key), self.work.desk.options
        version = row.release.version if row is not None and row.release is not None else None
        if Path(project.root) != self.view.definitions.root:
            self.work.open_other(self._visit(project, version, aim), project.name)
            return
        try:
            self.work.show(await self.work.desk.reopen(msgspec.structs.replace(options, release=version)))
        except WorkbenchError as error:
            self.work.tell(error)
            return
        await self.come_to(aim)

    def _visit(self, project: Project, version: str | None, aim: Aim) -> Visit:
        """That project, and the way back to this line."""
        options = self.work.desk.options
        there = msgspec.structs.replace(
            options,
            project=Path(project.root),
            record=None,
            release=version,
            as_person=None if options.in_app else options.as_person,
            in_app=False,
        )
        here = msgspec.structs.replace(options, project=self.view.definitions.root)
        before = self.work.visit.back if self.work.visit is not None else None
        place = Aim(mode=self.MODE, place=place_of(self))
        back = Visit(options=here, aim=place, back=before, fleet=self._looking)
        return Visit(
            options=there, aim=aim, said=f"this is {project.name}; esc leads back to Fleet", back=back
        )

    def do_add_folder(self) -> None:
        """The projects in another folder, too, from now on."""
        from workbench.tui.widgets.form import Field, FormScreen

        hint = "a project, or a folder that holds projects; from the root, or from ~"
        field = Field("folder", "Folder", required=True, hint=hint)

        async def submit(values: Values) -> None:
            words = values["folder"].strip()
            folder = Path(words).expanduser()
            if not folder.is_absolute():
                raise UsageError(f"{words} is no full path", hint="write it from the root, or from ~")
            path, found = await asyncio.to_thread(folders.add, folder)
            await self.look_at_all()
            self.say(f"Fleet looks in {Path(path).name or path}, too: {number_of(len(found), 'project')}")

        self.app.push_screen(FormScreen("Look in another folder, too", (field,), submit=submit))

    async def do_remove_folder(self) -> None:
        """The folder under the cursor no longer."""
        path = self._folder()
        try:
            folders.remove(Path(path))
            await self.look_at_all()
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self._show_now()
        key = self.keyboard.spoken("a")
        self.say(f"Fleet looks in {Path(path).name or path} no longer; {key} adds it again")

    async def do_show_samples(self) -> None:
        """Sample projects, or not."""
        self._samples = not self._samples
        await self.look_at_all()
        self.say("sample projects are shown" if self._samples else "sample projects are left out")

    async def do_reload(self) -> None:
        """Read all of them again."""
        await super().do_reload()
        self._look_again()
