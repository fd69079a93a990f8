"""Differences that probes found as a table: taken into the map, decided on, looked at in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of
from workbench.parity.proposals import Proposal, ProposalKind
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens import parity_deciding
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import MARKING, TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Verbatim, pairs
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.proposing import take
from workbench.usecases.views.parity import standing
from workbench.usecases.views.probe_changes import (
    NOISE,
    ChangeLine,
    change_facts,
    ignore_rule,
    next_words,
    read_seen,
)

COLUMNS = (
    Column("title", "What differs", flex=2, least=22, most=80, frozen=True),
    Column("staging", "Staging", flex=1, least=10, most=40),
    Column("production", "Production", flex=1, least=11, most=40),
    Column("map", "On the map", least=14, most=40),
)
CHANGES = (
    Action("take", "a", "take what is proposed into the map, of all marked ones or this one", 9),
    Action("decide", "d", "decide on it, or on all marked ones", 8),
    Action("open_row", "enter", "go to its row on the map, or show it in full", 4, own_label="open"),
    Action("inspect", "i", "the difference in full, since when, and the rule that ignores it", 5),
    FIND,
    *MARKING,
    *TABLE,
)


class ChangesScreen(TableScreen):
    """A table of differences by key; screens say which, and read them again when the view has changed."""

    COLUMNS = COLUMNS
    _changes: dict[str, ChangeLine]

    def __init__(self) -> None:
        super().__init__()
        self._changes = {}
        self.taken: set[str] = set()  # while this screen is open: one may decide on them next

    def hold(self, changes: Iterable[ChangeLine]) -> None:
        """These are the differences on show."""
        self._changes = {change.key: change for change in changes}

    @property
    def change(self) -> ChangeLine | None:
        """The difference under the cursor."""
        return self._changes.get(self.table.cursor_key or "") if self.is_mounted else None

    def picked(self) -> list[ChangeLine]:
        """The marked ones; none marked, the one under the cursor."""
        keys = self.table.marked or filter(None, [self.table.cursor_key])
        return [self._changes[key] for key in keys if key in self._changes]

    def about(self, key: str) -> About | None:
        change = self._changes.get(key)
        if change is None:
            return None
        said = pairs(change_facts(change))
        said += [Pair("Next", words)] if (words := next_words(change)) else []
        return About(change.title, change.path if change.title != change.path else "", said)

    def place(self) -> Place | None:
        """Where the probe is defined."""
        return self.view.definitions.mark("probe", self.change.probe) if self.change else None

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """The map can be kept before there is any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id in ("inspect", "open_row", "take", "decide") and self.change is None:
            return "there is no difference here"
        if id == "take" and not self._to_take():
            return "nothing is proposed here"
        if id == "decide" and not self._on_map():
            return "it is not on the map: a to add it first"
        return None

    def _to_take(self) -> list[Proposal]:
        return [each.proposal for each in self.picked() if each.proposal is not None and each.proposal.open]

    def _on_map(self) -> Sequence[str]:
        found = (
            each.row
            for each in self.picked()
            if each.proposal is not None and each.proposal.kind is not ProposalKind.ADD
        )
        return [row for row in found if row]

    async def do_take(self) -> None:
        """Take it in; the marks stay, so that one can decide on the same ones."""
        proposals = self._to_take()
        self.taken.update(proposal.key for proposal in proposals)
        try:
            taken = await self.submit(take, proposals)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.say(f"{taken_words([proposal for proposal, _ in taken.taken])}; d to decide, u to undo")

    async def do_decide(self) -> None:
        """One decision for the row, or for all marked ones."""
        await parity_deciding.decide_or_approve(self, self._on_map(), standing(self.evaluation))

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: its row on the map, or else the difference in full."""
        await self.do_open_row()

    async def do_open_row(self) -> None:
        """Its row on the map; in full where it has none."""
        change = self.change
        if change is not None and change.row is not None:
            self.dismiss()
            await self.go("parity", change.row)
        else:
            await self.do_inspect()

    async def do_inspect(self) -> None:
        """The difference in full."""
        change = self.change
        if change is None:
            return
        try:
            seen = await self.work.desk.call(read_seen, change.probe, change.path)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        noise = [each.path for each in self._changes.values() if each.kind == NOISE]
        rule = ignore_rule(noise if change.kind == NOISE else [change.path])
        blocks: list[Block] = [Pair("Path", change.path), *pairs(change_facts(change))]
        blocks += [Pair("Seen", seen)] if seen else []
        blocks += [
            Gap(),
            Paragraph(f"If this is noise, paste this into the probe ({self.place()}):"),
            Verbatim(rule, Role.MUTED),
        ]
        self.app.push_screen(ReadingPanel(change.title, blocks, copies=rule))

    async def leave(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


_DONE = {ProposalKind.ADD: "added to the map", ProposalKind.WIDENED: "updated", ProposalKind.CLOSE: "removed"}


def taken_words(taken: Sequence[Proposal]) -> str:
    """What became of proposals: ``3 differences added to the map, 1 difference removed``."""
    counts = {kind: sum(each.kind is kind for each in taken) for kind in _DONE}
    return ", ".join(f"{number_of(n, 'difference')} {_DONE[kind]}" for kind, n in counts.items() if n)


def row_of(change: ChangeLine) -> Row:
    """A difference as a row of the table."""
    role = Role.TEXT if change.mark in (Mark.WARNS, Mark.BLOCKS) else Role.MUTED
    cells = (Cell(change.title), Cell(change.staging), Cell(change.production), Cell(change.said, role))
    return Row(change.key, cells, change.mark, change.mark is Mark.NOT_APPLICABLE)
