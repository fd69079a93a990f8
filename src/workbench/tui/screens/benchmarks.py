"""Benchmarks: every one by its flow with its margin, the five dimensions above, and what comes next below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import msgspec
from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.benchmarks.judge import Judged
from workbench.definitions.shapes import Dimension
from workbench.model.errors import WorkbenchError
from workbench.model.times import relative_text
from workbench.tui.actions import Action
from workbench.tui.screens.base import NO_RELEASE
from workbench.tui.screens.benchmark_matrix import Matrix
from workbench.tui.screens.detail import BESIDE, Detail, Split
from workbench.tui.screens.measuring import BENCHMARK_ACTIONS, TESTS, Measuring
from workbench.tui.screens.table_keys import MARKING, TABLE, TableKeys
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.next_line import NextLine
from workbench.tui.widgets.prose import Block, Pair, pairs
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.fetching import Wanted
from workbench.usecases.reporting.words import named
from workbench.usecases.views import benchmark as words
from workbench.usecases.views.matrix import (
    NO_FLOW,
    FlowLine,
    Square,
    dimension_squares,
    flow_lines,
    unmeasured,
)
from workbench.usecases.views.scores import bars
from workbench.usecases.views.standing import in_doubt_words, verdict_facts
from workbench.usecases.views.trends import Going, read_going

EMPTY = "No benchmarks yet. Add them under benchmarks: in workbench.yaml; E to edit it."
TALL = 34
_MOST_FLOWS = 8
_BARS = 8  # builds whose values stand in the list
_TREND = 4  # the column of how each went from build to build
_MOST_GOING = 1000  # benchmarks; of more the desk would read too long after each change
_FRAME = 10  # lines that are not for the list


class BenchmarksScreen(TableKeys, Measuring):
    """What was measured, against what was asked."""

    MODE: ClassVar[str] = "benchmarks"
    ROWS_OF = ("tightening", "benchmark_review", "phase", "baseline", "override", "quarantine")
    OWN = (
        Action("open_benchmark", "enter", "open the benchmark", 9, own_label="open"),
        Action("fetch", "f", "fetch the marked benchmarks again, or all of them", 7),
        Action("next_blocker", "right_square_bracket", "go to the next benchmark that blocks", 8),
        Action("previous_blocker", "left_square_bracket", "the previous benchmark that blocks", shared=True),
        Action("matrix", "X", "every flow by its dimensions", 3, does="below", about="matrix"),
        *BENCHMARK_ACTIONS,
        *MARKING,
        *TABLE,
    )
    DEFAULT_CSS = """
    BenchmarksScreen NextLine { height: 1; }
    """
    _lines: tuple[FlowLine, ...] = ()
    _marked: Sequence[tuple[Judged, Mark]] = ()
    _squares: Mapping[Dimension | None, Square] = {}
    _blocking: Sequence[str] = ()
    _going: Mapping[str, Going] = {}
    _listed: Sequence[Item] = ()
    _rows = 0

    def body(self) -> Iterable[Widget]:
        yield Matrix()
        table = CellTable(
            (
                Column("title", "Benchmark", flex=3, least=34, most=60, frozen=True),
                Column("value", "Value", most=12, align="right"),
                Column("limit", "Limit", most=12, align="right"),
                Column("margin", "Margin", flex=4, least=22, most=80),
                Column("trend", "By build", most=14, drop=1, hides=True),
                Column("mode", "Mode", most=10, drop=2),
                Column("when", "Measured", most=14, align="right", drop=3),
            ),
            empty=f"Nothing is measured: {NO_RELEASE}."
            if self.view.definitions.project.benchmarks
            else EMPTY,
        )
        yield Split(table)
        yield NextLine()

    def fill(self) -> None:
        found = self.evaluation
        marked = [(item, self._mark(item)) for item in found.judged] if found else []
        self._marked = marked
        self._lines = tuple(flow_lines(marked, found.flows, found.cannot_tell)) if found else ()
        self._squares = dimension_squares(marked)
        self._list(self._items(found, marked) if found else [])
        self._read_going()

    @work(group="going", exclusive=True)
    async def _read_going(self) -> None:
        """How each went from build to build, from the desk: shown beside the rest once it is known."""
        found = self.evaluation
        if found is None or len(found.judged) > _MOST_GOING:
            return
        try:
            going = await self.work.desk.call(read_going, found)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        shown = {key: each for key, each in going.items() if len(each.values) > 1}
        if self.is_mounted and found is self.evaluation and shown != self._going:
            self._going = shown
            self._list([self._with_trend(item) for item in self._listed])

    def _list(self, items: list[Item]) -> None:
        self._listed = items
        self._blocking = [item.key for item in items if isinstance(item, Row) and item.mark is Mark.BLOCKS]
        self._rows = len(items) + sum(isinstance(item, Heading) for item in items)
        self.table.set_rows(self.with_versions(items))
        self._follow()

    def on_resize(self, event: Resize) -> None:
        """More flows and the detail where there is room."""
        self.call_after_refresh(self._follow)

    def row_changed(self, key: str | None) -> None:
        self._follow()

    def _mark(self, judged: Judged) -> Mark:
        return words.mark_of(judged, words.override_of(self.require(), judged.key))

    # --- the table ---------------------------------------------------------------------------

    def _items(self, found: Evaluation, marked: list[tuple[Judged, Mark]]) -> list[Item]:
        items: list[Item] = []
        own: dict[str, list[Row]] = {}
        for item, mark in marked:
            key = item.resolved.benchmark.flow or NO_FLOW
            own.setdefault(key, []).append(self._row(item, mark, found))
        for line in self._lines:
            flow = found.flows.get(line.key)
            note = flow.tier.value.replace("_", " ") if flow else ("not in the inventory" if line.key else "")
            doubt = in_doubt_words(line.in_doubt)
            items.append(Heading(line.title, " · ".join(filter(None, (note, doubt, *line.gaps)))))
            items += own[line.key]
        if missing := [flow.name for flow in unmeasured(self._lines, found.flows)]:
            items.append(Heading("Flows without a benchmark", named(missing, _MOST_FLOWS), keep=True))
        tests = words.test_parts(found)
        if tests:
            items += [Heading("Tests"), *(self._test_row(part.key, found) for part in tests)]
        return items

    def _row(self, judged: Judged, mark: Mark, found: Evaluation) -> Row:
        texts = words.numbers(judged)
        margin = words.margin_words(judged, words.override_of(found, judged.key), self.zone())
        when = relative_text(judged.value.measured_at, found.now) if judged.value else ""
        tone = _tone_of(mark)
        figures = (
            Cell(texts.value, Role.TEXT if texts.usable else Role.MUTED),
            Cell(texts.limit, Role.MUTED),
            Cell(margin, tone),
        )
        if not texts.value and not texts.limit:  # the reason may take the place of the numbers
            figures = (Cell(margin, tone, "left"), Cell(), Cell())
        return Row(
            judged.key,
            (
                Cell(judged.title, Role.STRONG if mark is Mark.BLOCKS else Role.TEXT),
                *figures,
                self._trend(judged.key),
                Cell(judged.resolved.mode.value, Role.MUTED),
                Cell(when, Role.MUTED),
            ),
            mark,
        )

    def _trend(self, key: str) -> Cell:
        """``▁▂▄▇ rises``: how it went from build to build."""
        going = self._going.get(key)
        if going is None:
            return Cell()
        way = {"rising": "rises", "falling": "falls"}.get(going.way, "")
        return Cell(
            f"{bars(going.values[-_BARS:])} {way}".strip(), Role.WARNING if going.worse else Role.MUTED
        )

    def _with_trend(self, item: Item) -> Item:
        """The same row with how its benchmark went."""
        if not isinstance(item, Row) or item.key.startswith(TESTS):
            return item
        cells = (*item.cells[:_TREND], self._trend(item.key), *item.cells[_TREND + 1 :])
        return msgspec.structs.replace(item, cells=cells)

    def _test_row(self, key: str, found: Evaluation) -> Row:
        part = next(part for part in words.test_parts(found) if part.key == key)
        mark = words.test_mark(part)
        reading = found.tests.get(key.removeprefix(TESTS))
        when = relative_text(reading.measured_at, found.now) if reading else ""
        colour = "green" if mark is Mark.DONE else ""
        return Row(
            key,
            (
                Cell(self._source_title(key), Role.STRONG if mark is Mark.BLOCKS else Role.TEXT),
                Cell(colour),
                Cell(""),
                Cell(part.why, _tone_of(mark)),
                Cell(),
                Cell("blocking", Role.MUTED),
                Cell(when, Role.MUTED),
            ),
            mark,
        )

    def _source_title(self, key: str) -> str:
        source = self.view.definitions.source(key.removeprefix(TESTS))
        return (source.title or source.key) if source else key

    # --- matrix and detail follow the cursor -----------------------------------------------------

    def _follow(self) -> None:
        if not self.is_mounted:
            return
        subject, judged = self.subject(), self.judged()
        flow = (judged.resolved.benchmark.flow or NO_FLOW) if judged else None
        tall = self.size.height >= TALL
        # Where the whole list is on the screen, flow by flow would only repeat it.
        most = _MOST_FLOWS if tall and self._rows > self.size.height - _FRAME else 0
        self.query_one(Matrix).show(len(self._marked), self._squares, self._lines, flow, most)
        first, others, note = self.next_hints()
        self.query_one(NextLine).show(first, others, "" if first or others else note)
        detail = self.query_one(Detail)
        if subject is None or not (tall or self.size.width >= BESIDE):
            detail.clear()
        elif judged is not None:
            blocks = [
                *self.versions_of(subject),
                *pairs(verdict_facts(judged, self.require(), self.zone())),
            ]
            blocks.append(Pair("Defined", str(self.place() or ""), role=Role.MUTED))
            detail.show(judged.title, judged.key, blocks)
        else:
            detail.show(self._source_title(subject), subject, self._test_blocks(subject))

    def _test_blocks(self, key: str) -> list[Block]:
        found = self.require()
        blocks: list[Block] = []
        for part in words.test_parts(found):
            if part.key == key:
                blocks.append(Pair("Asked", part.title))
                blocks.append(Pair("State", part.why, words.test_mark(part)))
        reading = found.tests.get(key.removeprefix(TESTS))
        if reading is not None:
            blocks.append(Pair("Measured", words.measured_words(reading, found.now)))
            facts = [f"{name.replace('_', ' ')}: {fact}" for name, fact in reading.facts.items()]
            blocks += [Pair("Facts", ", ".join(facts))] if facts else []
        return [*blocks, Pair("Defined", str(self.place() or ""), role=Role.MUTED)]

    # --- acting ------------------------------------------------------------------------------------

    def subject(self) -> str | None:
        return self.table.cursor_key if self.is_mounted else None

    def wanted(self) -> Wanted | None:
        """The marked ones; none marked, all."""
        marked = self.table.marked if self.is_mounted else ()
        return Wanted(subjects=marked) if marked else None

    def obstacle(self, id: str) -> str | None:
        if id == "open_benchmark" and self.subject() is None:
            return "there is nothing to open"
        if id in ("next_blocker", "previous_blocker") and not self._blocking:
            return "no benchmark blocks"
        return super().obstacle(id)

    def do_next_blocker(self) -> None:
        """The next one that blocks, round and round."""
        self._step(1)

    def do_previous_blocker(self) -> None:
        """The one before that blocks."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = {key: number for number, key in enumerate(self.table.keys)}
        aims = [key for key in self._blocking if key in place]  # a filter may hide some
        here = place.get(self.subject() or "", -1)
        later = [key for key in aims if (place[key] - here) * by > 0] or aims
        if later:
            self.table.move_to(later[0] if by > 0 else later[-1])

    def chosen(self, target: str) -> None:
        """A click into the matrix: the worst benchmark of that square."""
        self.stand_on(target)

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the benchmark in full."""
        self._open(event.key)

    def do_open_benchmark(self) -> None:
        """The benchmark in full."""
        subject = self.subject()
        if subject is not None:
            self._open(subject)

    def land_on(self, row: str) -> None:
        """The page of a benchmark, from which ``esc`` leads back to where one came from."""
        self.stand_on(row)
        if self.judged_by_key(row) is not None:
            self._open(row, self.came_from)

    def _open(self, key: str, came_from: str | None = None) -> None:
        from workbench.tui.screens.benchmark_detail import BenchmarkDetail

        page = BenchmarkDetail(key)
        page.came_from = came_from
        self.app.push_screen(page)


def _tone_of(mark: Mark) -> Role:
    """The role of a margin: what blocks stands out, what is fine steps back."""
    if mark is Mark.BLOCKS:
        return Role.ERROR
    return Role.TEXT if mark in (Mark.WARNS, Mark.EXCEPTED) else Role.MUTED
