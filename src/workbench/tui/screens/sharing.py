"""Sharing: how this desk stands to the server and to the other desks, what waits for whom, and what is next."""

from __future__ import annotations

from typing import ClassVar

from workbench.model.times import clock_text
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.views.marks import Mark, Phrase
from workbench.usecases.views.sharing.needs import SharingLine
from workbench.usecases.views.sharing.page import SharingPage, read_sharing
from workbench.usecases.views.sharing.word import going_words


class SharingScreen(TableScreen):
    """What needs a person first; then what is to be sent, what waits, what came last, and the desks."""

    MODE: ClassVar[str] = "sharing"
    OWN = (
        Action(
            "open_line", "enter", "do what comes next with the line under the cursor", 9, own_label="open"
        ),
        Action("sync_now", "Y", "send and receive now", 8),
        Action("write_pack", "w", "write a pack for another desk into a file", 7),
        Action("import_pack", "I", "import a pack that another desk wrote", 6),
        Action(
            "purge_server",
            "",
            "blank at the server what was purged here, at a keeper's desk",
            own_label="purge at the server",
        ),
        FIND,
        *TABLE,
    )
    COLUMNS = (
        Column("what", "What", flex=3, least=24, most=80, frozen=True),
        Column("who", "Who", flex=1, least=10, most=44, drop=2),
        Column("when", "When", most=18, least=8, drop=1),
        Column("next", "Next", flex=2, least=14, most=70),
    )
    SUMMED_UP = True
    _page: SharingPage | None = None

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        # Beside the desk: it reads the whole ledger, and no key press waits for that.
        self._page = page = await self.work.desk.beside(read_sharing, self.work.standing)
        now = await self.work.desk.call(lambda context: context.clock.now())
        items: list[Item] = []
        for group in page.groups:
            items.append(Heading(group.title, group.words))
            items += [
                self._row(line, clock_text(line.at, now, self.zone()) if line.at else "")
                for line in group.lines
            ]
        return items

    def _row(self, line: SharingLine, when: str) -> Row:
        cells = (
            Cell(line.what),
            Cell(line.who, Role.MUTED),
            Cell(when, Role.MUTED, order=line.at.timestamp() if line.at else 0.0),
            Cell(line.step, Role.TEXT if line.mark is not None else Role.MUTED),
        )
        return Row(line.key, cells, line.mark)

    def summary(self) -> list[Piece]:
        if self._page is None:
            return []
        going = going_words(self.work.standing)
        return pieces((*([Phrase(going, Mark.UNDER_WAY)] if going else []), *self._page.summary))

    def about(self, key: str) -> About | None:
        line = self._page.line(key) if self._page is not None else None
        if line is None:
            return None
        blocks: list[Block] = [*pairs(line.facts)]
        blocks += [Pair("Next", line.step)] if line.step and line.mark is not None else []
        blocks += [Pair("Command", line.command, role=Role.MUTED)] if line.command else []
        return About(line.what, line.who, blocks)

    def standing_changed(self) -> None:
        """What stands here is read again where the server told something."""
        super().standing_changed()
        if self.app.screen is not self:
            return
        if going_words(self.work.standing):
            self.sum_up()  # it comes once a second, and what is below has not changed yet
        else:
            self.read_again()

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Desks exchange what they have, with or without a release."""
        return False

    def line(self) -> SharingLine | None:
        """The line under the cursor."""
        key = self.table.cursor_key if self.is_mounted else None
        return self._page.line(key) if self._page is not None and key is not None else None

    def obstacle(self, id: str) -> str | None:
        if id == "open_line" and self.line() is None:
            return "there is no line under the cursor"
        if id == "purge_server" and (self._page is None or not self._page.is_shared):
            return "this record is not shared"
        if id == "sync_now" and not self.work.sharing.is_on:
            return self._not_on()
        return super().obstacle(id)

    def _not_on(self) -> str:
        if self._page is not None and self._page.is_shared:
            return "the app does not send or receive while it looks from another moment"
        return "this record is not shared: workbench share URL puts it on a server"

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: what comes next with the line."""
        await self.action_do("open_line")

    async def do_open_line(self) -> None:
        """Choose a version, type the command that helps, go to the change, or write a pack for the desk."""
        line = self.line()
        if line is None:
            return
        sort, _, rest = line.key.partition("/")
        if line.chooses:
            from workbench.tui.screens.choosing import open_choice

            await open_choice(self, line.chooses)
        elif line.command:
            self.open_command_line(line.command.removeprefix("workbench "))
        elif sort in ("send", "received"):
            await self.go("history", rest)
        elif sort == "desk":
            await self._write_pack(rest)
        elif sort == "server":
            await self.action_do("sync_now")
        else:
            self.say(line.step)

    def do_sync_now(self) -> None:
        """Do not wait for the next attempt."""
        self.work.sharing.asked()
        self.say("asking the server …")

    async def do_purge_server(self) -> None:
        """What was purged here goes from the server, too."""
        from workbench.tui.purging import purge_at_server

        await purge_at_server(self)

    async def do_write_pack(self) -> None:
        """For a desk that has no server, or for a server-less day."""
        line = self.line()
        sort, _, desk = line.key.partition("/") if line is not None else ("", "", "")
        await self._write_pack(desk if sort == "desk" else "")

    async def _write_pack(self, desk: str) -> None:
        from workbench.tui.screens.exchanging import open_write_pack

        await open_write_pack(self, desk)

    def do_import_pack(self) -> None:
        """What another desk wrote."""
        from workbench.tui.screens.exchanging import open_import_pack

        open_import_pack(self)
