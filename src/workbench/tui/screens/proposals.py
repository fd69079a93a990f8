"""What the probes propose for the map, probe by probe, to be taken."""

from __future__ import annotations

from typing import ClassVar

from workbench.tui.screens.changes import CHANGES, ChangesScreen, row_of
from workbench.tui.theme import Role
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.rows import Heading, Item
from workbench.usecases.views.parity import standing
from workbench.usecases.views.probe_changes import read_proposed


class ProposalsScreen(ChangesScreen):
    """The open proposals of all probes."""

    MODE: ClassVar[str] = "proposals"
    OWN = CHANGES
    SUMMED_UP = True
    EMPTY = "Nothing is proposed: the map says all that the probes found."
    NO_PROBE = "No probe is there to propose anything: list some under probes: in workbench.yaml."

    async def read(self) -> list[Item]:
        found = await self.work.desk.call(read_proposed, standing(self.evaluation), self.taken)
        self.hold(change for each in found for change in each.changes)
        items: list[Item] = []
        for each in found:
            items.append(Heading(each.title, f"{len(each.changes):,}"))
            items += map(row_of, each.changes)
        return items

    def empty_words(self) -> str:
        return self.EMPTY if self.view.definitions.project.probes else self.NO_PROBE

    def summary(self) -> list[Piece]:
        if marked := self.table.marked:
            chosen = (self._changes.get(key) for key in marked)
            take = any(change is not None and change.proposed for change in chosen)
            then = "a to take them into the map" if take else "d to decide on them"
            return [Piece(f"{len(marked)} marked", Role.ACCENT, bold=True), Piece(then)]
        open = sum(change.proposed for change in self._changes.values())
        if not open:
            return [Piece("Nothing proposed", Role.STRONG)]
        return [
            Piece(f"{open:,} proposed", Role.STRONG),
            Piece("nothing enters the map until you take it", Role.MUTED),
        ]
