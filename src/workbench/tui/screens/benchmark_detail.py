"""One benchmark in full: the verdict's arithmetic, its course, its measurements and their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Invalidation, Measurement
from workbench.criteria import Verdict
from workbench.model.dates import end_text
from workbench.model.errors import WorkbenchError
from workbench.model.quantity import COUNT, Unit, with_unit
from workbench.model.text import safe_text
from workbench.model.times import day_text, in_zone, moment_text, relative_text
from workbench.model.width import wrap
from workbench.tui.actions import Action
from workbench.tui.screens.measuring import BENCHMARK_ACTIONS, TESTS, Measuring
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.chart import Bullet, History, HistoryChart, Point, Scale, Series
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Verbatim
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views import benchmark as words
from workbench.usecases.views.material import Material, Points, read_evidence, read_material

TALL = 34
MEASURED, EVIDENCE, FACT = "measured ", "evidence ", "fact "


class VerdictLines(PieceLines):
    """Title and circumstances on one line, the verdict in words below."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._about, self._said = "", "", ""
        self._mark: Mark | None = None

    def show(self, title: str, about: Sequence[str], said: str, mark: Mark | None) -> None:
        """Say this from now on."""
        self._title, self._said = safe_text(title, 300), safe_text(said)
        self._about = safe_text(" · ".join(part for part in about if part), 200)
        self._mark = mark
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        head = [Piece(" "), Piece(self._title, Role.STRONG)]
        head += [Piece("   " + self._about, Role.MUTED)] if self._about else []
        sign = f"{self._mark.symbol} " if self._mark else ""
        role = role_of(self._mark) if self._mark in (Mark.BLOCKS, Mark.WARNS) and self._mark else Role.TEXT
        lead = [Piece(" "), Piece(sign, role_of(self._mark) if self._mark else Role.TEXT)]
        lines: list[Line] = [crop_line(head, width)]
        for text in wrap(self._said, width - 2 - len(sign)):
            lines.append((*lead, Piece(text, role)))
            lead = [Piece(" " * (1 + len(sign)))]
        return lines


class BenchmarkDetail(Measuring):
    """A benchmark, or a test source, on a screen of its own."""

    MODE: ClassVar[str] = "benchmark"
    OWN = (
        Action("show_row", "enter", "the line in full; of evidence, what was answered", 9, own_label="show"),
        *BENCHMARK_ACTIONS,
    )
    DEFAULT_CSS = """
    BenchmarkDetail.-tall VerdictLines { margin-bottom: 1; }
    BenchmarkDetail.-tall Bullet { margin-bottom: 1; }
    BenchmarkDetail.-tall HistoryChart { margin-bottom: 1; }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._material: Material | None = None

    def body(self) -> Iterable[Widget]:
        yield VerdictLines()
        yield Bullet()
        yield HistoryChart()
        yield RecordTable(
            (
                Column("label", width=15),
                Column("value", width=12, align="right"),
                Column("where", width=13),
                Column("rest", flex=1, least=20, most=200),
            ),
            titles=False,
            empty="Nothing is known about it yet. g measures it.",
        )

    def fill(self) -> None:
        self._show()
        self._read()

    @work(group="material", exclusive=True)
    async def _read(self) -> None:
        """The history and its evidence, from the desk."""
        try:
            self._material = await self.work.desk.call(read_material, self._key)
        except WorkbenchError as error:
            self.work.tell(error)
            return
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
        self.set_class(self.size.height >= TALL, "-tall")
        self._show_verdict(found, judged)
        bullet = self.query_one(Bullet)
        scale = _scale(judged) if judged else None
        bullet.show(scale)
        bullet.display = scale is not None
        self._show_chart()
        self.query_one(RecordTable).set_rows(self._items(found, judged))
        self.refresh_hints()

    # --- the verdict -----------------------------------------------------------------------------

    def _show_verdict(self, found: Evaluation, judged: Judged | None) -> None:
        lines = self.query_one(VerdictLines)
        if judged is None:
            part = next((part for part in words.test_parts(found) if part.key == self._key), None)
            if part is None:
                lines.show(self._key, (), "This is not in the project's files any more.", None)
            else:
                lines.show(part.title, (self._key,), part.why, words.test_mark(part))
            return
        override = words.override_of(found, judged.key)
        flow = found.flows.get(judged.resolved.benchmark.flow or "")
        about = [flow.name if flow else judged.resolved.benchmark.flow or "", judged.resolved.mode.value]
        if override is not None and not judged.through:
            about.append(f"overridden until {end_text(override.until, self.zone())}")
        lines.show(judged.title, about, words.verdict_sentence(judged), words.mark_of(judged, override))

    def _show_chart(self) -> None:
        chart = self.query_one(HistoryChart)
        history = self._history()
        chart.display = history is not None
        tall = self.size.height >= TALL
        chart.styles.height = max(8, min(18, self.size.height - 32)) if tall else 6
        chart.show(history)

    def _history(self) -> History | None:
        judged, kept = self.judged(), self._material
        if judged is None or kept is None or len(kept.staging) + len(kept.production) < 3:
            return None
        limit = judged.outcome.limit
        texts = words.numbers(judged)
        series = []
        if kept.staging:
            series.append(Series(judged.resolved.environment or "staging", kept.staging))
        if kept.production:
            name = (judged.baseline.environment if judged.baseline else None) or judged.resolved.baseline
            series.append(Series(name, kept.production))
        return History(
            tuple(series),
            Point(float(limit), f"limit {texts.limit}") if limit is not None else None,
            self._ticks(kept.staging or kept.production),
            judged.resolved.unit.symbol,
        )

    def _ticks(self, points: Points) -> tuple[tuple[float, str], ...]:
        first, last = points[0][0], points[-1][0]
        places = [first, (first + last) / 2, last] if last > first else [first]
        return tuple((at, self._clock(at, last - first)) for at in places)

    def _clock(self, at: float, span: float) -> str:
        local = in_zone(datetime.fromtimestamp(at, UTC), self.zone())
        day = day_text(local, self.zone())
        return f"{day} {local:%H:%M}" if span < 4 * 86400 else day

    # --- the table -------------------------------------------------------------------------------

    def _items(self, found: Evaluation, judged: Judged | None) -> list[Item]:
        items: list[Item] = []
        kept = self._material
        items.append(Heading("Rests on"))
        if judged is not None:
            items += [_fact(name, text) for name, text in words.rests_on(judged, found.now)]
            about = judged.resolved.benchmark.about
            items += [_fact("About", about)] if about else []
        else:
            reading = found.tests.get(self._key.removeprefix(TESTS))
            facts = reading.facts if reading else {}
            items += [_fact(name.replace("_", " "), str(fact)) for name, fact in facts.items()]
        place = self.place()
        items += [_fact("Defined", str(place), Role.MUTED)] if place else []
        if kept is not None:
            items += [Heading("Measured", str(len(kept.history)), keep=True)]
            items += [self._measured(item, gone, found) for item, gone in kept.history]
            items += self._evidence(kept, judged)
        return items

    def _measured(self, item: Measurement, gone: Invalidation | None, found: Evaluation) -> Row:
        value = item.state if item.value is None else self._number(item)
        candidate = self._material.candidates.get(item.candidate or "", "") if self._material else ""
        said = [
            f"does not count: {gone.reason} ({gone.by})" if gone else "",
            item.why if item.state != "ok" else "",
            f"{item.samples:,} samples" if item.samples is not None else "",
            candidate,
            item.mark,
            f"partial: {item.partial}" if item.partial else "",
        ]
        tone = Role.MUTED if gone else Role.TEXT
        return Row(
            MEASURED + item.ref,
            (
                Cell(relative_text(item.measured_at, found.now), tone),
                Cell(value, tone),
                Cell(item.environment or "", Role.MUTED),
                Cell(" · ".join(part for part in said if part), Role.MUTED),
            ),
            Mark.NOT_APPLICABLE if gone else None,
            dim=gone is not None,
        )

    def _number(self, item: Measurement) -> str:
        assert item.value is not None
        if item.role == "tests":
            return "green" if item.value == 1 else "not green"
        judged = self.judged()
        return words.quantity(item.value, judged) if judged else str(item.value)

    def _evidence(self, kept: Material, judged: Judged | None) -> list[Item]:
        """What the latest measurements of each kind were made from."""
        newest: dict[str, Measurement] = {}
        for item, gone in kept.history:
            if gone is None:
                newest.setdefault(item.role, item)
        rows: list[Item] = []
        for role, item in newest.items():
            whose = item.environment or ("test run" if role == "tests" else role)
            for number, digest in enumerate(item.evidence, 1):
                cells = (
                    Cell(f"{whose} {number}"),
                    Cell(""),
                    Cell(digest[:12], Role.MUTED),
                    Cell("raw answer", Role.MUTED),
                )
                rows.append(Row(f"{EVIDENCE}{role} {number} {digest}", cells))
        return [Heading("Evidence", "enter shows what was answered"), *rows] if rows else []

    # --- acting ----------------------------------------------------------------------------------

    def subject(self) -> str | None:
        return self._key

    def stand_on(self, row: str) -> None:
        """Another benchmark is asked for while this one is open."""
        if row != self._key and (self.judged_by_key(row) or row.startswith(TESTS)):
            self._key, self._material = row, None
            self.fill()

    def measurement(self) -> Measurement | None:
        """The one under the cursor, else the one that is judged."""
        key = self.query_one(RecordTable).cursor_key if self.is_mounted else None
        if key and key.startswith(MEASURED) and self._material is not None:
            for item, gone in self._material.history:
                if item.ref == key.removeprefix(MEASURED):
                    return item if gone is None else None
        return super().measurement()

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the row in full; of evidence, what was answered."""
        await self._show_row(event.key)

    async def do_show_row(self) -> None:
        """The row in full."""
        key = self.query_one(RecordTable).cursor_key
        if key is not None:
            await self._show_row(key)

    async def _show_row(self, key: str) -> None:
        if key.startswith(EVIDENCE):
            await self._show_evidence(key.rpartition(" ")[2])
        elif key.startswith(MEASURED):
            self._show_measurement(key.removeprefix(MEASURED))
        else:
            row = self.query_one(RecordTable).row(key)
            if row is not None:
                self.app.push_screen(ReadingPanel(row.cells[0].text, [Paragraph(self._fact_text(key))]))

    def _fact_text(self, key: str) -> str:
        """A fact uncut: a row of the table holds only its beginning."""
        judged, name = self.judged(), key.removeprefix(FACT)
        if judged is not None:
            facts = dict(words.rests_on(judged, self.require().now))
            facts["About"] = judged.resolved.benchmark.about or ""
            if name in facts:
                return facts[name]
        row = self.query_one(RecordTable).row(key)
        return row.cells[1].text if row else ""

    async def _show_evidence(self, digest: str) -> None:
        try:
            text, kind = await self.work.desk.call(read_evidence, digest)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        blocks: list[Block] = [Pair("What", kind), Pair("SHA-256", digest, role=Role.MUTED), Gap()]
        self.app.push_screen(
            ReadingPanel("Raw answer", [*blocks, Verbatim(text)], copies=text and safe_text(text, 20_000))
        )

    def _show_measurement(self, ref: str) -> None:
        kept = self._material
        for item, gone in kept.history if kept else ():
            if item.ref == ref:
                self.app.push_screen(ReadingPanel("Measurement", self._all_of(item, gone)))

    def _all_of(self, item: Measurement, gone: Invalidation | None) -> list[Block]:
        number = with_unit(format(item.value, "f"), self._unit()) if item.value is not None else "none"
        facts = {
            "Value": f"{number} ({item.state})",
            "Role": item.role,
            "Environment": item.environment or "",
            "At": moment_text(item.measured_at, self.zone()),
            "Window": item.window or "",
            "Samples": f"{item.samples:,}" if item.samples is not None else "",
            "Build": item.build or "not known",
            "Why": item.why,
            "Partial": item.partial or "",
            "Marked": item.mark,
            "Facts": ", ".join(f"{name}: {fact}" for name, fact in item.facts.items()),
            "Named": item.ref,
            "Evidence": " ".join(item.evidence),
        }
        blocks: list[Block] = [Pair(name, text) for name, text in facts.items() if text]
        if gone is not None:
            said = f"{gone.reason} ({gone.by}, {moment_text(gone.at, self.zone())})"
            blocks.insert(0, Pair("Does not count", said, Mark.NOT_APPLICABLE))
        return blocks

    def _unit(self) -> Unit:
        judged = self.judged()
        return judged.resolved.unit if judged else COUNT

    async def key_escape(self) -> None:
        """Back to the list; where one came from another screen, back there."""
        came_from = self.came_from
        self.dismiss()
        if came_from:
            await self.work.switch_mode(came_from)


def _fact(name: str, text: str, role: Role = Role.TEXT) -> Row:
    return Row(FACT + name, (Cell(name, Role.MUTED), Cell(text, role, "left"), Cell(""), Cell("")))


def _scale(judged: Judged) -> Scale | None:
    """Value, baseline and limits on one scale, unless there is nothing to draw."""
    outcome, texts = judged.outcome, words.numbers(judged)
    value, baseline, limit = outcome.inputs.value, outcome.inputs.baseline, outcome.limit
    low, high = outcome.accepts()
    if value is None or any(n is not None and abs(n.adjusted()) > 200 for n in (value, baseline, low, high)):
        return None

    def bound(number: Decimal | None) -> Point | None:
        if number is None:
            return None
        words_ = texts.limit if number == limit else words.quantity(number, judged)
        return Point(float(number), f"limit {words_}")

    role = Role.ERROR if outcome.verdict is Verdict.FAIL else Role.TEXT
    return Scale(
        Point(float(value), f"{texts.value}, {judged.headline}", role),
        Point(float(baseline), f"baseline {texts.baseline}", Role.MUTED) if baseline is not None else None,
        bound(high),
        bound(low if low != high else None),  # “== 0” has one limit
    )
