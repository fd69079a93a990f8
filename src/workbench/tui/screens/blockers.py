"""Blockers: what is open, whose it is, for how long, and when it is taken to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from workbench.model.times import age_text, moment_text
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Block, Pair
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.blockers import Blocker, blockers
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate


class BlockersScreen(TableScreen):
    """The open lines of the current release, those that have waited longest first."""

    MODE: ClassVar[str] = "blockers"
    OWN = (
        Action("go_to_line", "enter", "go to the line in Readiness", 9, own_label="open"),
        Action("promise", "A", "assign an owner and a due date", 8, shared=True),
        FIND,
        *TABLE,
    )
    COLUMNS = (
        Column("title", "Open", flex=2, least=24, most=60, frozen=True),
        Column("age", "For", most=10, least=6),
        Column("owner", "Whose", flex=1, least=10, most=30),
        Column("escalates", "Escalates", most=28, least=12, drop=1),
        Column("gate", "Gate", most=20, drop=2),
    )
    EMPTY = "Nothing is open."
    _lines: Sequence[Blocker] = ()
    _now: datetime | None = None

    async def read(self) -> list[Row]:
        self._lines, self._now = await self.work.desk.call(_read)
        return [self._row(one) for one in self._lines]

    def _row(self, one: Blocker) -> Row:
        now = self._now or one.since
        owner = one.owner or ", ".join(one.waits_for) or "unassigned"
        overdue = one.overdue(now)
        when = moment_text(one.escalates_at, self.zone()) if one.escalates_at else ""
        return Row(
            one.part,
            (
                Cell(one.title),
                Cell(age_text(one.age(now)), Role.ERROR if overdue else Role.MUTED),
                Cell(owner, Role.MUTED if owner == "unassigned" else Role.TEXT),
                Cell(when, Role.ERROR if one.escalated(now) else Role.MUTED),
                Cell(one.gate_title, Role.MUTED),
            ),
            Mark.BLOCKS if overdue else Mark.OPEN,
        )

    def line(self) -> Blocker | None:
        """The blocker under the cursor."""
        key = self.table.cursor_key if self.is_mounted else None
        return next((one for one in self._lines if one.part == key), None)

    def about(self, key: str) -> About | None:
        one = next((each for each in self._lines if each.part == key), None)
        if one is None:
            return None
        blocks: list[Block] = [
            Pair("Why", one.why),
            Pair("Open since", f"{moment_text(one.since, self.zone())} ({one.since_what})"),
        ]
        if one.promised is not None:
            blocks.append(Pair("Promised", f"{one.owner}, by {moment_text(one.promised, self.zone())}"))
        if one.escalates_at is not None:
            people = f": {', '.join(one.tell)}" if one.tell else ""
            blocks.append(
                Pair("Escalates", f"{moment_text(one.escalates_at, self.zone())} to {one.to}{people}")
            )
        return About(one.title, one.gate_title, blocks)

    def obstacle(self, id: str) -> str | None:
        if id in ("go_to_line", "promise") and self.line() is None:
            return "there is no open line under the cursor"
        return super().obstacle(id)

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the line in Readiness."""
        await self.action_do("go_to_line")

    async def do_go_to_line(self) -> None:
        """Where it is cleared."""
        if (one := self.line()) is not None:
            await self.go("readiness", one.part)

    def do_promise(self) -> None:
        """Who takes care of it."""
        from workbench.tui.screens.deciding import open_promise

        one = self.line()
        found = self.evaluation.open_parts() if self.evaluation is not None and one is not None else []
        part = next((part for _, part in found if one is not None and part.key == one.part), None)
        if part is not None:
            open_promise(self, part)


def _read(context: Context) -> tuple[list[Blocker], datetime]:
    if not context.record.count("release"):
        return [], context.now
    return blockers(context, evaluate(context)), context.now
