"""Drift: how far each environment is from production, which parameters differ, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.parity.drift import Drift
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.detail import pieces
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.prose import Pair, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views import drift_page as words
from workbench.usecases.views.drift import DriftView, read_drift, unnoticed_words, unrecorded_words

NOTHING = (
    "No drift is known yet",
    "Probes find what differs between staging and production, and since when. p runs them.",
)
COLUMNS = (
    Column("title", "Parameter", flex=3, least=26, most=80, frozen=True),
    Column("staging", "Staging", flex=1, least=7, most=40),
    Column("production", "Production", flex=1, least=10, most=40),
    Column("map", "On the map", least=10, most=20),
    Column("since", "Appeared", most=20, drop=1),
    Column("unnoticed", "Unnoticed", most=16, drop=2),
    Column("category", "Category", most=16, drop=3),
)
BLIND = "probe "  # begins the rows of probes that could not look


class DriftScreen(TableScreen):
    """What differs now, environment by environment; what is meant to differ stands apart."""

    MODE: ClassVar[str] = "drift"
    OWN = (
        Action("open_drift", "enter", "go to its row on the map, or to its probe", 9, own_label="open"),
        Action("probe", "p", "run all probes", 8),
        Action("diary", "i", "compare two environments, or two moments of one", 7),
        FIND,
        *TABLE,
    )
    COLUMNS = COLUMNS
    NOTHING = NOTHING
    FILLING = ("probe",)
    SUMMED_UP = True
    _view: DriftView | None = None
    _now: datetime

    # --- showing -------------------------------------------------------------------------

    async def read(self) -> list[Item]:
        view, self._now = await self.work.desk.call(_read)
        self._view = view
        return list(self._items(view))

    def _items(self, view: DriftView) -> Iterable[Item]:
        """The drifts of each environment, then those that are meant to be, and what nobody knows."""
        for place in view.places:
            here = [
                each
                for each in view.drifts
                if (each.what.environment, each.what.region) == (place.environment, place.region)
            ]
            title, note = words.place_title(place, self._now)
            yield Heading(title, note, keep=True)
            yield from map(self._row, words.in_order(here))
        if view.intended:
            yield Heading("Intended, and not counted", f"{len(view.intended):,}")
            yield from (self._row(each) for each in view.intended)
        if view.unrecorded:
            yield Heading("Deployed, and not on record", f"{len(view.unrecorded):,}")
            for number, one in enumerate(view.unrecorded):
                said = unrecorded_words(one, self._now, self.zone())
                yield Row(f"build {number}", _wide(said), Mark.WARNS)
        if view.blind:
            yield Heading("Not looked at", f"{len(view.blind):,}")
            for each in view.blind:
                yield Row(f"{BLIND}{each.probe}", _wide(each.title, each.why), Mark.WARNS)

    def _row(self, drift: Drift) -> Row:
        what, mark = drift.what, words.drift_mark(drift)
        staging, production = words.values(drift)
        tone = Role.TEXT if mark is Mark.WARNS else Role.MUTED
        cells = (
            Cell(what.change.title or what.change.path),
            Cell(staging),
            Cell(production),
            Cell(words.row_words(drift), tone),
            Cell(words.appeared_words(drift, self._now), Role.MUTED, None, -drift.appeared.seen.timestamp()),
            Cell(unnoticed_words(drift), Role.MUTED),
            Cell(what.category.value, Role.MUTED),
        )
        return Row(_key(drift), cells, mark)

    def summary(self) -> list[Piece]:
        return pieces(words.summary(self._view, self._now, self.zone())) if self._view else []

    def drift(self, key: str | None) -> Drift | None:
        """The drift of a row."""
        every = (*self._view.drifts, *self._view.intended) if self._view else ()
        return next((each for each in every if _key(each) == key), None)

    def about(self, key: str) -> About | None:
        drift = self.drift(key)
        if drift is None:
            return self._about_the_rest(key)
        what = drift.what
        defined = self.view.definitions.probe(what.probe)
        title = (defined.title if defined else "") or what.probe
        where = " · ".join(filter(None, (what.environment, what.region, what.category.value)))
        said = pairs(words.facts(drift, title, self._now, self.zone()))
        return About(what.change.title or what.change.path, where, said)

    def _about_the_rest(self, key: str) -> About | None:
        for each in self._view.blind if self._view else ():
            if key == f"{BLIND}{each.probe}":
                return About(each.title, each.probe, [Pair("Why", each.why, Mark.WARNS)])
        for number, one in enumerate(self._view.unrecorded if self._view else ()):
            if key == f"build {number}":
                said = unrecorded_words(one, self._now, self.zone())
                return About(one.build[:12], one.environment, [Pair("Seen", said, Mark.WARNS)])
        return None

    def place(self) -> Place | None:
        """Where the probe is defined that found it."""
        key = self._probe()
        return self.view.definitions.mark("probe", key) if key else None

    def _probe(self) -> str:
        """The probe of the row under the cursor."""
        key = (self.table.cursor_key or "") if self.is_mounted else ""
        drift = self.drift(key)
        return drift.what.probe if drift else key.removeprefix(BLIND) if key.startswith(BLIND) else ""

    # --- acting --------------------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        """Drift is known without any."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "open_drift" and not self._probe():
            return "there is nothing to open"
        if id == "probe" and not self.view.definitions.project.probes:
            return "there is no probe: list some under probes: in workbench.yaml"
        return None

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: where one does something about it."""
        await self.action_do("open_drift")

    async def do_open_drift(self) -> None:
        """Its row on the map; where it has none, the page of its probe."""
        drift = self.drift(self.table.cursor_key)
        if drift is not None and drift.what.row:
            await self.go("parity", drift.what.row)
        else:
            await self.go("probes", self._probe())

    async def do_probe(self) -> None:
        """Look again."""
        from workbench.tui.probing import run_probes

        await run_probes(self)

    def do_diary(self) -> None:
        """Compare two points of the diary."""
        from workbench.tui.screens.diary import open_diary

        open_diary(self, words.earlier(self._view.course, self._now) if self._view else "")


def _read(context: Context) -> tuple[DriftView, datetime]:
    return read_drift(context), context.now


def _key(drift: Drift) -> str:
    what = drift.what
    return f"{what.probe}:{what.change.path}"


def _wide(title: str, why: str = "") -> tuple[Cell, ...]:
    """A row that is no parameter."""
    return Cell(title), Cell(why, Role.MUTED)
