"""Parity statement: every sentence as it is printed, with what no longer fits; kept and edited here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec
from textual import work
from textual.events import Resize
from textual.widget import Widget

from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of
from workbench.model.width import wrap
from workbench.parity.claims import Topic
from workbench.releases.model import Outcome
from workbench.tui.actions import Action
from workbench.tui.screens.base import NO_RELEASE, WorkScreen
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Title
from workbench.tui.widgets.rows import Cell, Heading, Item, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases import parity_statement
from workbench.usecases.parity_statement import Sentence, Statement
from workbench.usecases.views.statement import headline, misfit_lines

MEASURE = 96  # cells; a longer line is hard to read
_TAKEN = 8  # cells of a line that are not for its words
FRESH = "fresh "
EMPTY = f"There is no statement: {NO_RELEASE}."


class StatementScreen(WorkScreen):
    """The parity statement of the release in hand."""

    MODE: ClassVar[str] = "statement"
    OWN = (
        Action("show_sentence", "enter", "the rows and figures that the sentence rests on", 8, own_label="figures"),
        Action("keep_statement", "r", "keep the draft with the release; of a marked sentence, say it is still right", 9),
        Action("edit_sentence", "e", "put the sentence in other words", 7),
        Action("add_sentence", "a", "add a sentence of your own", 5),
        Action("remove_sentence", "delete", "take the sentence out of the statement", 3),
        Action(
            "redraft",
            "",
            "draft again what no longer fits and no one has edited, and add what is new",
            own_label="draft the statement again",
        ),
    )  # fmt: skip
    DEFAULT_CSS = """
    StatementScreen RecordTable { height: 1fr; }
    """
    _statement: Statement | None = None

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield RecordTable((Column("text", flex=1, least=30, most=MEASURE),), titles=False, empty=EMPTY)

    def fill(self) -> None:
        if self.evaluation is None:
            self.query_one(Ruled).show("Parity statement", "")
            self.query_one(RecordTable).set_rows(())
            return
        self._read()

    @work(group="statement", exclusive=True)
    async def _read(self) -> None:
        try:
            self._statement = await self.work.desk.call(parity_statement.read_here)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        if self.is_mounted:
            self._show()

    async def up_to_date(self) -> None:
        """Wait until the sentences are those of now."""
        await self.workers.wait_for_complete([each for each in self.workers if each.group == "statement"])

    def on_resize(self, event: Resize) -> None:
        """Sentences are folded at the width there is."""
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        found = self._statement
        if found is None:
            return
        self.query_one(Ruled).show(f"Parity statement of {found.version}", headline(found))
        self.query_one(RecordTable).set_rows(self._items(found, min(MEASURE, self.size.width) - _TAKEN))
        self.refresh_hints()

    def _items(self, found: Statement, width: int) -> list[Item]:
        items: list[Item] = []
        for topic in Topic:
            if sentences := found.of(topic):
                items.append(Heading(topic.words))
                items += [row for item in sentences for row in _rows(item, width)]
        if found.fresh:
            items.append(Heading("Not in it yet", number_of(len(found.fresh), "sentence")))
            for claim in found.fresh:
                items += _folded(f"{FRESH}{claim.key}", claim.text, width, Mark.OPEN, Role.MUTED)
        return items

    # --- acting ------------------------------------------------------------------------------

    def _key(self) -> str | None:
        """The key of the sentence under the cursor, also of one that is not in the statement yet."""
        row = self.query_one(RecordTable).cursor_key if self.is_mounted else None
        return row.removeprefix(FRESH).rpartition(" ")[0] if row else None

    def sentence(self) -> Sentence | None:
        """The sentence under the cursor."""
        key, found = self._key(), self._statement
        return next((item for item in found.sentences if item.claim.key == key), None) if found else None

    def obstacle(self, id: str) -> str | None:
        evaluation, found = self.evaluation, self._statement
        ended = evaluation is not None and evaluation.held.release.outcome is not Outcome.OPEN
        if id != "show_sentence" and evaluation is not None and ended:
            return f"{evaluation.held.release.version} is frozen"
        if id in ("show_sentence", "edit_sentence", "remove_sentence") and self.sentence() is None:
            return "the cursor is on no sentence of the statement"
        if id == "keep_statement" and found is not None and not self._to_keep(found):
            return "every sentence is kept, and this one fits"
        if id == "redraft" and found is not None and not (found.fresh or found.misfitting):
            return "every sentence is as the record suggests it"
        return None

    def _to_keep(self, found: Statement) -> bool:
        sentence = self.sentence()
        return not found.kept or bool(found.fresh) or (sentence is not None and bool(sentence.misfits))

    async def do_keep_statement(self) -> None:
        """The draft is kept; a sentence that no longer fits is said to be right all the same."""
        sentence = self.sentence()
        if sentence is not None and sentence.misfits:
            await self.act(
                "that sentence is still right · u undo", parity_statement.keep, (sentence.claim.key,)
            )
        else:
            await self.act("the statement is kept with the release · u undo", parity_statement.keep)

    async def do_redraft(self) -> None:
        """What nobody has edited is drafted again."""
        await self.act("drafted again from the record · u undo", parity_statement.redraft)

    async def do_remove_sentence(self) -> None:
        """The sentence is left out."""
        sentence = self.sentence()
        if sentence is not None:
            await self.act("the sentence is out · u undo", parity_statement.leave_out, sentence.claim.key)

    def do_edit_sentence(self) -> None:
        """Other words for it, with its figures in sight."""
        sentence = self.sentence()
        if sentence is None:
            return
        key = sentence.claim.key

        async def submit(values: Values) -> None:
            await self.submit(parity_statement.edit, key, values["text"])
            self.say("the sentence is in the statement")

        field = Field("text", "Sentence", "lines", sentence.claim.text, required=True)
        self.app.push_screen(
            FormScreen("Edit the sentence", (field,), intro=_figure_pairs(sentence), submit=submit)
        )

    def do_add_sentence(self) -> None:
        """A sentence of one's own, and what it rests on."""
        here = self.sentence()

        async def submit(values: Values) -> None:
            on = [name.strip() for name in values["on"].split(",") if name.strip()]
            await self.submit(parity_statement.add, Topic(values["topic"]), values["text"], on)
            self.say("the sentence is in the statement")

        topics = tuple(Option(topic.value, topic.words.casefold()) for topic in Topic)
        topic = here.claim.topic if here else Topic.TEST_RELIABILITY
        self.app.push_screen(
            FormScreen(
                "Add a sentence",
                (
                    Field("topic", "Topic", "choice", topic.value, options=topics, required=True),
                    Field("text", "Sentence", "lines", required=True),
                    Field("on", "Rests on", hint="differences, probes, benchmarks, separated by commas; optional"),
                ),
                submit=submit,
            )
        )  # fmt: skip

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: what the sentence rests on."""
        self.do_show_sentence()

    def do_show_sentence(self) -> None:
        """The rows and figures, as they were and as they are."""
        sentence = self.sentence()
        if sentence is not None:
            self.app.push_screen(ReadingPanel("What the sentence rests on", _blocks(sentence)))

    def stand_on(self, row: str) -> None:
        """A sentence has as many rows as lines: stand on its first."""
        super().stand_on(row if row.rpartition(" ")[2].isdigit() else f"{row} 0")


def _rows(item: Sentence, width: int) -> Sequence[Row]:
    """A sentence, folded; below it why it no longer fits."""
    mark = Mark.WARNS if item.misfits else None if item.kept else Mark.OPEN
    text = f"{item.claim.text} (edited)" if item.kept and item.claim.edited else item.claim.text
    rows = _folded(item.claim.key, text, width, mark, Role.STRONG if item.claim.place == 0 else Role.TEXT)
    lines = [line for misfit in misfit_lines(item) for line in wrap(misfit, width)]
    begin = len(rows)
    return [*rows, *(_line(item.claim.key, begin + n, text, Role.WARNING) for n, text in enumerate(lines))]


def _folded(key: str, text: str, width: int, mark: Mark | None, role: Role) -> list[Row]:
    first, *others = wrap(text, max(20, width)) or [""]
    head = msgspec.structs.replace(_line(key, 0, first, role), mark=mark)
    return [head, *(_line(key, number, line, role) for number, line in enumerate(others, 1))]


def _line(key: str, number: int, text: str, role: Role) -> Row:
    return Row(f"{key} {number}", (Cell(text, role),))


def _figure_pairs(item: Sentence) -> list[Block]:
    """Each figure with its row; of one that changed, both values."""
    pairs: list[Block] = []
    for figure, now in zip(item.claim.figures, item.present, strict=True):
        changed = item.kept and figure.value != now
        text = f"{figure.value}, now {now or 'gone'}" if changed else figure.value
        pairs.append(Pair(figure.name, text, Mark.WARNS if changed else None))
    return pairs


def _blocks(item: Sentence) -> list[Block]:
    blocks: list[Block] = [Paragraph(item.claim.text), Gap()]
    titles = dict.fromkeys((figure.row, figure.title) for figure in item.claim.figures)
    for row, title in titles:
        kind = row.partition("/")[0]
        blocks.append(Title(title if kind in ("topic", "releases") else f"{title} ({kind})"))
        pairs = zip(item.claim.figures, _figure_pairs(item), strict=True)
        blocks += [pair for figure, pair in pairs if figure.row == row]
    if not titles:
        blocks.append(Paragraph("It rests on no figure, so nothing can mark it.", Role.MUTED))
    if item.claim.drafted and item.claim.edited:
        blocks += [Gap(), Title("As it was drafted"), Paragraph(item.claim.drafted, Role.MUTED)]
    return blocks
