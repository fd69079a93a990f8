"""What the probes propose for the map, probe by probe, to be taken in."""

from __future__ import annotations

from typing import ClassVar

from workbench.tui.actions import Action
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.changes import CHANGES, ChangesScreen, row_of
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import Heading, Item
from workbench.usecases.views.parity import standing
from workbench.usecases.views.probe_changes import read_proposed

PROPOSALS = Action("proposals", "", "what probes propose for the map, to take it in", own_label="proposals")


def open_proposals(screen: WorkScreen) -> None:
    """The list, over the screen from which it is asked for."""
    screen.app.push_screen(ProposalsScreen())


class ProposalsScreen(ChangesScreen):
    """The open proposals of all probes."""

    MODE: ClassVar[str] = "proposals"
    OWN = CHANGES
    SUMMED_UP = True
    EMPTY = "Nothing is proposed: the map says all that the probes found."

    async def read(self) -> list[Item]:
        found = await self.work.desk.call(read_proposed, standing(self.evaluation), self.taken)
        self.hold(change for each in found for change in each.changes)
        items: list[Item] = []
        for each in found:
            items.append(Heading(each.title, f"{len(each.changes):,}"))
            items += map(row_of, each.changes)
        return items

    def summary(self) -> list[Piece]:
        if marked := len(self.table.marked):
            return [Piece(f"{marked} marked", Role.ACCENT, bold=True), Piece("a to take them into the map")]
        open = sum(change.proposed for change in self._changes.values())
        count = f"{open:,} proposed" if open else "Nothing proposed"
        return [Piece(count, Role.STRONG), Piece("nothing enters the map until you take it in", Role.MUTED)]
