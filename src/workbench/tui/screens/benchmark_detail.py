"""One benchmark: how it stands and since when, what to do next, its course, its builds, its definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.containers import Container, Vertical
from textual.events import Resize
from textual.widget import Widget

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.screens import benchmark_page as page
from workbench.tui.screens.benchmark_page import (
    BUILD,
    COMPARED,
    DEFINED,
    EVIDENCE,
    FACT,
    HAPPENED,
    MEASURED,
    SAMPLED,
    TOUCHES,
    VARIANT,
)
from workbench.tui.screens.benchmark_pictures import TALL, WIDE, Pictured
from workbench.tui.screens.benchmark_verdict import VerdictLines
from workbench.tui.screens.measuring import BENCHMARK_ACTIONS, PAGE_ACTIONS, TESTS
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.widgets.chart import ChartLines
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.next_line import NextLine
from workbench.tui.widgets.prose import Gap, Page, Paragraph, Title, pairs
from workbench.tui.widgets.rows import Item
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.fetching import Wanted
from workbench.usecases.views import benchmark as words
from workbench.usecases.views.baselines import facts_of
from workbench.usecases.views.builds import builds
from workbench.usecases.views.explaining import Explained, explain
from workbench.usecases.views.figures import figure_facts
from workbench.usecases.views.material import Material, read_material, read_samples
from workbench.usecases.views.pictures import read_over_time
from workbench.usecases.views.standing import (
    allowed_words,
    in_doubt_words,
    looks_words,
    notes_on,
    since_when,
    value_words,
)
from workbench.usecases.views.variants import variants_of
from workbench.usecases.views.why import Why, read_why

_BESIDE, _BESIDE_MOST = 38, 90  # the part of a wide window that stands beside, in per cent, and its cells
_BESIDE_TAKEN = 29  # by labels, line numbers and gaps


_COLUMNS = (
    Column("label", most=16),
    Column("value", most=14, align="right"),
    Column("said", flex=1, least=20, most=200),
    Column("where", most=24, align="right"),
)


class BenchmarkDetail(Pictured):
    """A benchmark, or a test source, on a screen of its own."""

    MODE: ClassVar[str] = "benchmark"
    OWN = (
        Action(
            "show_row",
            "enter",
            "show the line in full; for evidence, the source's answer",
            9,
            own_label="show",
        ),
        Action("fetch", "f", "fetch this benchmark again", 7),
        Action("copy_line", "ctrl+c", "copy the line"),
        Action("next_picture", "v", "another picture: the course, the builds, the samples", 4),
        *BENCHMARK_ACTIONS,
        *PAGE_ACTIONS,
    )
    DEFAULT_CSS = """
    BenchmarkDetail #page { height: 1fr; layout: horizontal; }
    BenchmarkDetail #left { height: 1fr; width: 1fr; }
    BenchmarkDetail #right { display: none; }
    BenchmarkDetail.-wide #right {
        display: block; height: 1fr; width: 38%; max-width: 90; padding: 0 1;
        border-left: solid $border-blurred;
    }
    BenchmarkDetail.-tall NextLine { margin: 1 0; }
    BenchmarkDetail.-tall NextLine.-silent { margin: 0 0 1 0; }
    BenchmarkDetail.-tall ChartLines { margin-bottom: 1; }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._material: Material | None = None
        self._why: Why | None = None

    def body(self) -> Iterable[Widget]:
        yield Container(
            Vertical(
                VerdictLines(),
                NextLine(),
                Ruled(),
                ChartLines(),
                RecordTable(_COLUMNS, titles=False, empty="Reading what was measured …"),
                id="left",
            ),
            Vertical(
                Ruled(), ChartLines(), Page(), RecordTable(_COLUMNS, titles=False, empty=""), id="right"
            ),
            id="page",
        )

    def fill(self) -> None:
        self._show()
        self._read()

    @work(group="material", exclusive=True)
    async def _read(self) -> None:
        """The history and its evidence, from the desk; what takes longer comes when it is there."""
        call, key = self.work.desk.call, self._key
        try:
            self._material = await call(read_material, key)
            self._show_if_here()
            if self.judged() is not None:
                self._over = await call(read_over_time, self.require(), key)
                self._show_if_here()
                self._why = await call(read_why, self.require(), key)
        except WorkbenchError as error:
            self.query_one(RecordTable).set_empty("")
            self.work.tell(error)
            return
        self._show_if_here()

    def _show_if_here(self) -> None:
        if self.is_mounted:
            self._show()

    def on_resize(self, event: Resize) -> None:
        """The chart gets what there is to give."""
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        found, judged = self.evaluation, self.judged()
        if found is None:
            return
        wide, tall = self.size.width >= WIDE, self.size.height >= TALL
        self.set_class(wide, "-wide")
        self.set_class(tall, "-tall")
        self._show_verdict(found, judged)
        self._show_next()
        if self._material is not None:
            main, beside = self._items(found, judged, self._material, wide)
            about = judged.resolved.benchmark.about if judged and wide else ""
            self.query_one(Page).show([Title("About"), Paragraph(about), Gap()] if about else ())
            self._show_pictures(judged, self._material, len(main))
            table, right = self.query(RecordTable)
            table.set_rows(main if wide else [*main, *beside])
            right.set_rows(beside if wide else ())
        self.refresh_hints()

    # --- how it stands -----------------------------------------------------------------------

    def _show_verdict(self, found: Evaluation, judged: Judged | None) -> None:
        lines = self.query_one(VerdictLines)
        if judged is None:
            part = next((part for part in words.test_parts(found) if part.key == self._key), None)
            if part is None:
                lines.show(self._key, (), None, "This is not in the project's files any more.")
            else:
                lines.show(part.title, (self._key,), words.test_mark(part), part.why)
            return
        override = words.override_of(found, judged.key)
        flow = found.flows.get(judged.resolved.benchmark.flow or "")
        tier = judged.resolved.tier.value.replace("_", " ")
        about = [f"{flow.name}, {tier}" if flow else tier, judged.resolved.mode.value]
        about += [looks_words(judged), in_doubt_words(found.cannot_tell(judged).count)]
        points = self._material.staging if self._material else ()
        since = since_when(judged, points, found.now, self.zone())
        told = " · ".join(part for part in (since, *judged.remarks) if part)
        notes = [told, *notes_on(judged, override, self.zone())]
        mark = words.mark_of(judged, override)
        lines.show(judged.title, about, mark, value_words(judged), allowed_words(judged), notes)

    def _show_next(self) -> None:
        first, others, note = self.next_hints()
        roomy = self.size.height >= TALL or not (first or others)
        line = self.query_one(NextLine)
        line.show(first, others, note if roomy else "")
        line.set_class(not (first or others or (note and roomy)), "-silent")

    # --- the tables ----------------------------------------------------------------------------

    def _items(
        self, found: Evaluation, judged: Judged | None, kept: Material, wide: bool
    ) -> tuple[list[Item], list[Item]]:
        """The rows below the chart, and those that stand beside it in a wide window."""
        measured = page.measured_rows(kept, judged, found.now)
        if judged is None:
            reading = found.tests.get(self._key.removeprefix(TESTS))
            facts = page.fact_rows(reading.facts if reading else {})
            return measured, [*facts, *page.evidence_rows(kept)]
        override = words.override_of(found, judged.key)
        of_builds = builds(judged, kept.history, found.held, kept.candidates, override, found.now)
        about, place = judged.resolved.benchmark.about, super().place()
        room = min(_BESIDE_MOST, self.size.width * _BESIDE // 100) - _BESIDE_TAKEN if wide else 0
        touching = page.touching_rows(found.cannot_tell(judged), self.zone())
        over = self._over
        why = page.why_rows(self._why, found.now) if self._why else []
        compared = page.compared_rows(over.compared, over.phases, self.zone()) if over else []
        variants = page.variant_rows(variants_of(found, judged.key), judged.key)
        return [*page.build_rows(of_builds), *variants, *compared, *why, *touching, *measured], [
            *(page.about_rows(about, self.size.width - 8) if about and not wide else ()),
            *page.figure_rows(figure_facts(judged), room),
            *page.definition_rows(self._definition(judged), place, room),
            *page.evidence_rows(kept),
        ]

    def _definition(self, judged: Judged) -> list[Explained]:
        return explain(self.view.definitions, judged.resolved)

    # --- acting ----------------------------------------------------------------------------------

    def subject(self) -> str | None:
        return self._key

    def wanted(self) -> Wanted:
        return Wanted(subjects=(self._key,))

    def cursor_key(self) -> str | None:
        """The row under the cursor of the table that one is in."""
        if not self.is_mounted:
            return None
        tables = list(self.query(RecordTable))
        table = next((each for each in tables if each.has_focus), tables[0])
        return table.cursor_key

    def stand_on(self, row: str) -> None:
        """Another benchmark is asked for while this one is open."""
        if row != self._key and (self.judged_by_key(row) or row.startswith(TESTS)):
            self._key, self._material, self._over, self._why, self._pictures = row, None, None, None, {}
            self.fill()

    def measurement(self) -> Measurement | None:
        """The one under the cursor, else the one that is judged."""
        key = self.cursor_key()
        if key and key.startswith(MEASURED) and self._material is not None:
            for item, gone in self._material.history:
                if item.ref == key.removeprefix(MEASURED):
                    return item if gone is None else None
        return super().measurement()

    def chosen_measurement(self) -> str:
        key = self.cursor_key() or ""
        return key.removeprefix(MEASURED) if key.startswith(MEASURED) else ""

    def place(self) -> Place | None:
        """Of a line of the definition the place of that field, else the benchmark's."""
        key, judged = self.cursor_key(), self.judged()
        if key and key.startswith(DEFINED) and judged is not None:
            name = key.removeprefix(DEFINED).split()[0]
            field = next((each for each in self._definition(judged) if each.name == name), None)
            if field is not None and field.place is not None:
                return field.place
        return super().place()

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the row in full; of evidence, what was answered."""
        await self._show_row(event.key)

    async def do_show_row(self) -> None:
        """The row in full."""
        key = self.cursor_key()
        if key is not None:
            await self._show_row(key)

    def do_copy_line(self) -> None:
        """The texts of the row under the cursor, for a message to somebody."""
        key = self.cursor_key()
        rows = [table.row(key) for table in self.query(RecordTable)] if key else []
        row = next(filter(None, rows), None)
        if row is None:
            self.say("nothing to copy")
            return
        text = " ".join(cell.text for cell in row.cells if cell.text)
        self.app.copy_to_clipboard(text)
        self.say(f"copied “{text}”")

    async def _show_row(self, key: str) -> None:
        judged = self.judged()
        if key.startswith(EVIDENCE):
            await self._show_evidence(key.rpartition(" ")[2])
        elif key.startswith(MEASURED):
            self._show_measurement(key.removeprefix(MEASURED))
        elif key.startswith(BUILD):
            self._show_first_measurement(key.removeprefix(BUILD))
        elif key.startswith(TOUCHES):
            self._show_difference(key.removeprefix(TOUCHES))
        elif key.startswith(COMPARED) and self._over is not None:
            one = self._over.compared[int(key.removeprefix(COMPARED))]
            self.app.push_screen(ReadingPanel(f"{one.title}: {one.kind}", pairs(facts_of(one, self.zone()))))
        elif key.startswith(VARIANT):
            place, number = map(int, key.removeprefix(VARIANT).split())
            variant = variants_of(self.require(), self._key)[place].rows[number]
            self.app.push_screen(ReadingPanel(variant.label, page.variant_blocks(variant)))
        elif key.startswith(SAMPLED):
            await self._show_samples(key.removeprefix(SAMPLED))
        elif key.startswith(HAPPENED) and self._why is not None:
            happened = self._why.between[int(key.removeprefix(HAPPENED))]
            self.app.push_screen(ReadingPanel("What happened", page.happening_blocks(happened, self.zone())))
        elif judged is not None and key.startswith(DEFINED):
            self.do_explain()
        elif judged is not None and key.startswith(f"{FACT}about"):
            about = judged.resolved.benchmark.about or ""
            self.app.push_screen(ReadingPanel(judged.title, [Paragraph(about)]))
        else:
            row = self.query_one(RecordTable).row(key)
            if row is not None:
                self.app.push_screen(ReadingPanel(row.cells[0].text, [Paragraph(row.cells[2].text)]))

    def _show_difference(self, ident: str) -> None:
        from workbench.tui.screens.difference_page import DifferenceScreen

        self.app.push_screen(DifferenceScreen(ident))

    async def _show_evidence(self, digest: str) -> None:
        from workbench.tui.evidence import show_evidence

        await show_evidence(self, "Raw answer", digest)

    async def _show_samples(self, role: str) -> None:
        """The numbers behind the latest measurement of a role."""
        item = page.newest_of(self._material).get(role) if self._material else None
        if item is None:
            return
        try:
            facts = await self.work.desk.call(read_samples, item)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        blocks = pairs(facts) or [Paragraph("These samples were purged; only their digest is left.")]
        text = next((fact.text for fact in facts if fact.label == "As measured"), "")
        self.app.push_screen(ReadingPanel(f"Samples of {item.environment or role}", blocks, copies=text))

    def _show_measurement(self, ref: str) -> None:
        kept = self._material
        for item, gone in kept.history if kept else ():
            if item.ref == ref:
                blocks = page.measurement_blocks(item, gone, self.zone())
                self.app.push_screen(ReadingPanel("Measurement", blocks))

    def _show_first_measurement(self, name: str) -> None:
        """Of a build its value's latest measurement; of what it is compared with, the latest of that."""
        kept = self._material
        for item, gone in kept.history if kept else ():
            whose = kept.candidates.get(item.candidate or "") if kept else None
            of_build = item.role == "value" and whose == name
            if gone is None and (of_build or (item.role == "baseline" and item.environment == name)):
                self._show_measurement(item.ref)
                return
        self.say(f"{name} was not measured")

    async def key_escape(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)
