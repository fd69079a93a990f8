"""Sources: what the project asks for measurements, and what came of it the last time."""

from __future__ import annotations

from typing import ClassVar

from workbench.definitions.shapes import Mark as Place
from workbench.model.times import moment_text
from workbench.tui.actions import Action
from workbench.tui.jobs import Cancelled, Job, Progress, run_job
from workbench.tui.registry import FIND
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.line import Piece
from workbench.tui.widgets.progress import Asked
from workbench.tui.widgets.prose import Block, Pair, Title, Verbatim
from workbench.tui.widgets.rows import Cell, Row
from workbench.usecases.context import Context
from workbench.usecases.source_trying import Tried, try_source
from workbench.usecases.views.source_tried import lines, outcome
from workbench.usecases.views.sources import Sources, SourceState, read_sources


class SourcesScreen(TableScreen):
    """The sources in the order of the file; ``t`` asks one once and shows what went over the line."""

    MODE: ClassVar[str] = "sources"
    OWN = (
        Action(
            "try_source", "t", "ask the source once; show the request, the answer, what would be measured", 9
        ),
        FIND,
        *TABLE,
    )
    COLUMNS = (
        Column("title", "Source", flex=1, least=12, most=30, frozen=True),
        Column("kind", "Kind", flex=1, least=10, most=24, drop=2),
        Column("at", "Last answer", most=14, drop=1),
        Column("came", "What came of it", flex=2, least=16, most=60),
    )
    NOTHING = (
        "The project asks nobody",
        "Sources are listed under sources: in workbench.yaml; workbench source new drafts one.",
    )
    FILLING = ("edit_file",)
    SUMMED_UP = True
    _found: Sources | None = None

    def __init__(self) -> None:
        super().__init__()
        self._tried: dict[str, Tried] = {}

    async def read(self) -> list[Row]:
        self._found = await self.work.desk.call(read_sources)
        return [self._row(line) for line in self._found.lines]

    def summary(self) -> list[Piece]:
        if self._found is None or not self._found.lines:
            return []
        unproven = sum(bool(line.unproven) for line in self._found.lines)
        pieces = (
            []
            if self._found.trusted
            else [Piece("none is asked here before the project is trusted (0, then trust)", Role.WARNING)]
        )
        if unproven:
            pieces.append(Piece(f"{unproven} unproven", Role.WARNING))
        return pieces or [
            Piece("t tries the one under the cursor: asks it once and keeps nothing", Role.MUTED)
        ]

    def state(self, key: str | None) -> SourceState | None:
        """The source of a row."""
        return next((one for one in self._found.lines if one.key == key), None) if self._found else None

    def about(self, key: str) -> About | None:
        line = self.state(key)
        if line is None:
            return None
        blocks: list[Block] = []
        if line.unproven:
            blocks.append(Pair("Unproven", line.unproven, Mark.WARNS))
        blocks += [
            Pair("Kind", f"{line.kind_title}: workbench source show {line.page}"),
            Pair("Came of it", line.came, line.mark),
        ]
        if line.at is not None:
            blocks.append(Pair("Last answer", moment_text(line.at, self.zone())))
        tried = self._tried.get(key)
        if tried is not None:
            blocks += [Title("Tried just now"), Verbatim("\n".join(lines(tried)))]
        if line.asked:
            blocks.append(Title("What asks it"))
            blocks += [
                Pair(f"{one.subject}{', baseline' if one.role == 'baseline' else ''}", one.words, one.mark)
                for one in line.asked
            ]
        return About(line.title, line.key, blocks)

    def place(self) -> Place | None:
        """Where the source is defined."""
        key = self.table.cursor_key if self.is_mounted else None
        return self.view.definitions.mark("source", key) if key else None

    def needs_release(self, id: str) -> bool:
        """Sources are tried with or without a release."""
        return False

    def obstacle(self, id: str) -> str | None:
        if id == "try_source":
            line = self.state(self.table.cursor_key if self.is_mounted else None)
            if line is None:
                return "there is no source under the cursor"
            if not line.asks:
                return "people type what this source says; nobody is asked"
        return super().obstacle(id)

    async def do_try_source(self) -> None:
        """Ask it beside everything else; nothing of the answer is kept."""
        if key := self.table.cursor_key:
            await self._try(key)

    async def _try(self, key: str) -> None:
        def ask(context: Context, progress: Progress, cancelled: Cancelled) -> Tried:
            progress(key, 0, 1, "asking")
            tried = try_source(context, key)
            progress(key, 1, 1, outcome(tried))
            return tried

        def words(tried: Tried) -> str:
            self._tried[key] = tried
            return outcome(tried)

        def line(source: str, done: int, total: int, note: str) -> Asked:
            return Asked(source, source, "done" if done else "asking", done, total, note)

        await run_job(
            self,
            Job(
                title=f"Trying {key}",
                name="try-source",
                do=ask,
                line=line,
                words=words,
                stopped="trying the source stopped",
                again=lambda: self._try(key),
            ),
        )

    def _row(self, line: SourceState) -> Row:
        tone = {Mark.BLOCKS: Role.ERROR, Mark.WARNS: Role.WARNING}.get(line.mark, Role.MUTED)
        cells = (
            Cell(line.title),
            Cell(line.kind_title, Role.MUTED),
            Cell(line.age or "–", Role.MUTED),
            Cell(line.came, tone),
        )
        return Row(line.key, cells, line.mark)
