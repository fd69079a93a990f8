"""Hooks: what the project calls when something has happened, and what came of it the last time."""

from __future__ import annotations

from typing import ClassVar

from textual import work

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.model.times import moment_text
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.hooks import hook_test
from workbench.usecases.views.hooks import HookLine, Hooks, read_hooks


class HooksScreen(TableScreen):
    """The hooks in the order of the file; ``t`` tries one."""

    MODE: ClassVar[str] = "hooks"
    OWN = (Action("try_hook", "t", "call the hook with a test, which is not recorded", 9), FIND, *TABLE)
    COLUMNS = (
        Column("title", "Hook", flex=1, least=16, most=40, frozen=True),
        Column("on", "Called on", flex=2, least=20, most=60),
        Column("kind", "Kind", most=9, drop=2),
        Column("came", "What came of it", flex=1, least=14, most=50, drop=1),
    )
    NOTHING = ("The project calls nobody", "Hooks are listed under hooks: in workbench.yaml.")
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _found: Hooks | None = None

    async def read(self) -> list[Row]:
        self._found = await self.work.desk.call(read_hooks)
        return [_row(line) for line in self._found.lines]

    def summary(self) -> list[Piece]:
        if self._found is None or not self._found.lines:
            return []
        trusted = self._found.trusted
        words = (
            "called on this machine"
            if trusted
            else "none is called here before the project is trusted (0, then trust)"
        )
        return [Piece(words, Role.MUTED if trusted else Role.WARNING)]

    def line(self, key: str | None) -> HookLine | None:
        """The hook of a row."""
        return next((one for one in self._found.lines if one.key == key), None) if self._found else None

    def about(self, key: str) -> About | None:
        line = self.line(key)
        if line is None:
            return None
        blocks: list[Block] = [Pair("Called on", ", ".join(line.on)), Pair("Kind", line.kind)]
        if line.at is not None:
            blocks.append(Pair("Last", f"{moment_text(line.at, self.zone())}: {line.about}"))
        blocks.append(Pair("Came of it", line.came, line.mark))
        return About(line.title, line.key, blocks)

    def place(self) -> Place | None:
        """Where the hook is defined."""
        key = self.table.cursor_key if self.is_mounted else None
        return self.view.definitions.mark("hook", key) if key else None

    def needs_release(self, id: str) -> bool:
        """Hooks are called with or without a release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "try_hook" and self.line(self.table.cursor_key if self.is_mounted else None) is None:
            return "there is no hook under the cursor"
        return super().obstacle(id)

    def do_try_hook(self) -> None:
        """Call it, beside everything else: it may take as long as its timeout."""
        if key := self.table.cursor_key:
            self.say(f"calling {key} …")
            self._try(key)

    @work(group="hook", exclusive=True)
    async def _try(self, key: str) -> None:
        import asyncio

        try:
            call = await self.work.desk.call(hook_test, key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        told = await asyncio.to_thread(call)
        self.say(f"{told.hook}: {told.words}")


def _row(line: HookLine) -> Row:
    tone = Role.ERROR if line.mark is Mark.WARNS else Role.MUTED
    cells = (Cell(line.title), Cell(", ".join(line.on)), Cell(line.kind, Role.MUTED), Cell(line.came, tone))
    return Row(line.key, cells, line.mark)
