"""The environment diary: two environments, or two moments of one, side by side."""

from __future__ import annotations

from datetime import tzinfo

from workbench.model.times import moment_text
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Page, Paragraph
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import RecordTable
from workbench.tui.working import Working
from workbench.usecases.diary import Diff
from workbench.usecases.views.diary import alone_words, builds_words, moved_words
from workbench.usecases.views.drift_page import diff_head, read_diff

HINT = "an environment; with @ and a moment as it was then: staging@2 weeks ago, staging@2026-11-01"


class DiaryPanel(ReadingPanel):
    """What differs between two points, in a table below what is compared."""

    DEFAULT_CSS = """
    DiaryPanel RecordTable { height: auto; max-height: 24; margin: 1 0; }
    """

    def __init__(self, found: Diff, zone: tzinfo) -> None:
        self._rows = [
            Row(
                f"{number}", (Cell(moved.path), *map(Cell, moved_words(moved)), Cell(moved.probe, Role.MUTED))
            )
            for number, moved in enumerate(found.moved)
        ]
        columns = (
            Column("path", "What differs", flex=2, least=20, most=60),
            Column("one", _short(found.one.words), flex=1, least=10, most=40),
            Column("other", _short(found.other.words), flex=1, least=10, most=40),
            Column("probe", "Probe", most=20, drop=1),
        )
        head, count = diff_head(found)
        said: list[Block] = [Paragraph(head, Role.STRONG), Paragraph(count)]
        said += [Paragraph(words, Role.MUTED) for words in builds_words(found)]
        alone = alone_words(found, lambda moment: moment_text(moment, zone))
        rest = Page([Paragraph(words, Role.MUTED) for words in alone])
        table = RecordTable(columns, marks=False, titles=bool(self._rows), empty="")
        copied = "\n".join("\t".join((moved.path, *moved_words(moved))) for moved in found.moved)
        super().__init__("Compared", said, more=[table, rest], copies=copied)

    def on_mount(self) -> None:
        """Show what differs."""
        self.query_one(RecordTable).set_rows(self._rows)


def open_diary(screen: Working, since: str = "") -> None:
    """Ask which two points, and show what differs between them; ``since`` is the moment that is offered first."""
    found: list[Diff] = []
    staging = screen.view.definitions.staging
    name = staging.key if staging else "staging"

    async def submit(values: Values) -> None:
        found.append(await screen.work.desk.call(read_diff, values["one"], values["other"]))

    def show(values: Values | None) -> None:
        if values is not None and found:
            screen.app.push_screen(DiaryPanel(found[-1], screen.zone()))

    fields = (
        Field("one", "From", value=f"{name}@{since}" if since else name, hint=HINT, required=True),
        Field("other", "To", value=name, hint="the same, or another environment", required=True),
    )
    form = FormScreen("Compare two points of the diary", fields, submit=submit, save_label="compare")
    screen.app.push_screen(form, show)


def _short(words: str) -> str:
    return words.split(" (")[0]
