"""One probe on a page of its own: how it stands, and each difference with what the map says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.events import Resize
from textual.widget import Widget

from workbench.definitions.shapes import Mark as Place
from workbench.tui.actions import Action
from workbench.tui.screens.changes import CHANGES, ChangesScreen, row_of
from workbench.tui.screens.detail import BESIDE, Split
from workbench.tui.widgets.prose import Page, pairs
from workbench.tui.widgets.rows import Row
from workbench.tui.widgets.ruled import Ruled
from workbench.usecases.views.probe_list import bearing
from workbench.usecases.views.probe_page import (
    ProbePage,
    about,
    facts,
    more_facts,
    nothing_words,
    read_page,
)

TALL = 34


class ProbeScreen(ChangesScreen):
    """What a probe found; what it proposes is taken into the map from here."""

    MODE: ClassVar[str] = "probe"
    OWN = (
        *CHANGES,
        Action("probe", "p", "run this probe", 7),
        Action("prove", "t", "plant differences for this probe to find", 6),
    )
    DEFAULT_CSS = """
    ProbeScreen > Page { height: auto; max-height: 40%; margin-bottom: 1; }
    """
    _page: ProbePage | None = None

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield Page(columns=True)
        yield Split(self.make_table())

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        page = await self.work.desk.call(read_page, self.key, bearing(self.evaluation))
        self._page = page
        if page is None:
            self.dismiss()
            return []
        self.hold(page.changes)
        self._show_facts()
        return [row_of(change) for change in page.changes]

    def on_resize(self, event: Resize) -> None:
        """More of it where there is room."""
        self._show_facts()

    def _show_facts(self) -> None:
        page = self._page
        if page is None or not self.is_mounted:
            return
        roomy = self.size.height >= TALL or self.size.width >= BESIDE
        said = [*facts(page), *(more_facts(page) if roomy else [])]
        self.query_one(Ruled).show(page.line.title, about(page))
        self.query(Page).first().show(pairs(said))

    def empty_words(self) -> str:
        return nothing_words(self._page) if self._page is not None else self.EMPTY

    def place(self) -> Place | None:
        """Where the probe is defined."""
        return self._page.place if self._page else None

    def stand_on(self, row: str) -> None:
        """Another probe is asked for while this page is open."""
        if row != self.key and self.view.definitions.probe(row) is not None:
            self.key, self._asked, self._held = row, None, None
            self.fill()
        else:
            super().stand_on(row)

    # --- acting --------------------------------------------------------------------------

    async def do_probe(self) -> None:
        """Look again."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self.key])

    async def do_prove(self) -> None:
        """Plant differences."""
        from workbench.tui.probing import run_probes

        await run_probes(self, [self.key], prove=True)
