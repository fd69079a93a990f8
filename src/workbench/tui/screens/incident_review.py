"""The review of an incident, or of failed tests: one question at a time, each kept as it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import ClassVar, Concatenate, ParamSpec

from textual import work
from textual.widget import Widget
from textual.worker import WorkerCancelled

from workbench.incidents.reviews import Form
from workbench.model.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.registry import FIND
from workbench.tui.screens.base import WorkScreen
from workbench.tui.screens.table_keys import MARKING
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.asked import Asked, AskedLine, AskedLines, WordsLine
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.ruled import Ruled
from workbench.tui.widgets.table import RecordTable
from workbench.usecases.context import Context
from workbench.usecases.views.review_walk import (
    ACTIONS,
    ANOTHER,
    DIFFERENCES,
    WHAT_NOW,
    Walk,
    answer,
    choices,
    next_field,
    place_of,
    propose,
    read_walk,
    words_field,
    words_given,
)

P = ParamSpec("P")
NO_ACTION = "Nothing yet: a to add an action, with its owner and its day; esc ends the review."
NEW_TITLE = "what differs"


class ReviewScreen(WorkScreen):
    """Question by question; what was answered stays, whoever goes on with it."""

    MODE: ClassVar[str] = "review"
    OWN = (
        Action(
            "choose_answer",
            "enter",
            "choose this answer, and go on to the next open question",
            9,
            own_label="answer",
        ),
        Action("next_question", "tab", "go to the next question", 7),
        Action("previous_question", "shift+tab", "go to the question before"),
        Action("answer_words", "c", "say it in words, too", 5),
        Action("add_action", "a", "add what is to be done, with its owner and its day", 8),
        MARKING[0],
        Action("switch_form", "v", "ask in the full form, or in the fast one", 4),
        Action("draft_addition", "i", "the benchmark or probe that is to be added, drafted to paste", 6),
        FIND,
    )
    DEFAULT_CSS = """
    ReviewScreen AskedLines { margin-bottom: 1; }
    """

    def __init__(self, subject: str, field: str = "") -> None:
        super().__init__()
        self.subject, self._field = subject, field
        self._walk: Walk | None = None
        self._proposing = False

    def body(self) -> Iterable[Widget]:
        yield Ruled()
        yield AskedLines()
        yield AskedLine()
        columns = (Column("answer", flex=1, least=30, most=100), Column("aside", flex=1, most=100, drop=1))
        yield RecordTable(columns, empty="", titles=False)
        yield WordsLine()

    # --- what is shown -------------------------------------------------------------------

    def fill(self) -> None:
        self._read_again()

    @work(group="review", exclusive=True)
    async def _read_again(self) -> None:
        try:
            walk = await self.work.desk.call(read_walk, self.subject)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.take(walk)

    def take(self, walk: Walk) -> None:
        """Show the review as it stands, at the question in hand or the first that is open."""
        if not self.is_mounted:
            return
        self._walk = walk
        if self._field not in walk.fields:
            self._field = next_field(walk)
        if self.query_one(WordsLine).is_open:
            self._show_asked(walk)  # whoever types keeps what stands in the line
        else:
            self._show()

    def _show_asked(self, walk: Walk) -> None:
        """Every question with its answer."""
        review, field = walk.review, self._field
        asked = [Asked(one.question.field, one.mark, one.question.ask, one.text) for one in review.answers]
        if ACTIONS in walk.fields:
            count = f"{len(walk.actions)} added" if walk.actions else "none yet"
            asked.append(Asked(ACTIONS, Mark.DONE if walk.actions else Mark.OPEN, WHAT_NOW, count))
        self.query_one(Ruled).show(review.title, f"review · {review.state}")
        self.query_one(AskedLines).show(asked, field, max(3, self.size.height - 17))

    def _show(self) -> None:
        walk, field = self._walk, self._field
        if walk is None:
            return
        self._show_asked(walk)
        question = walk.question(field)
        self.query_one(AskedLine).show(question.ask if question else WHAT_NOW, place_of(walk, field))
        table = self.query_one(RecordTable)
        table.set_empty(NO_ACTION if field == ACTIONS else "")
        table.set_rows(_rows(walk, field))
        if question is not None and not question.choices and field != DIFFERENCES:
            self._type_words()
        else:
            self.call_after_refresh(self._stand)
        self.refresh_hints()

    def _stand(self) -> None:
        """The cursor on the answer that was given; keys go to the answers unless one types."""
        walk, table = self._walk, self.query_one(RecordTable)
        given = next((one.key for one in choices(walk, self._field) if one.chosen), None) if walk else None
        table.move_to(given) if given else table.action_first()
        if not self.query_one(WordsLine).is_open:
            table.focus()

    def refresh_hints(self) -> None:
        if self.query(WordsLine) and self.query_one(WordsLine).is_open:
            hints = [
                Hint("keep_words", "enter", "keep", filled=True),
                Hint("close", "esc", "back to the answers"),
            ]
            self.query_one(FooterLine).show(hints)
            return
        super().refresh_hints()

    # --- what is in the way --------------------------------------------------------------

    def needs_release(self, id: str) -> bool:
        return False

    def obstacle(self, id: str) -> str | None:
        walk, field = self._walk, self._field
        if walk is None:
            return "the review is being read" if any(id == one.id for one in self.OWN) else None
        if id == "choose_answer" and not choices(walk, field):
            return "there is nothing to choose here"
        if id == "mark_row" and field != DIFFERENCES:
            return "one answer is enough here"
        if id == "answer_words" and not words_field(walk, field):
            return "this question is answered without words"
        if id == "add_action" and ACTIONS not in walk.fields:
            return "what failed tests leave to do belongs to an incident or a ticket"
        if id == "switch_form" and ACTIONS not in walk.fields:
            return "of failed tests only one question is asked"
        if id == "draft_addition" and walk.review.value.add_kind.value not in ("benchmark", "probe"):
            return "no benchmark and no probe is to be added"
        return None

    # --- answering -----------------------------------------------------------------------

    async def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter`` on an answer."""
        await self.action_do("choose_answer")

    async def do_choose_answer(self) -> None:
        """Keep the answer under the cursor, or the marked ones."""
        table, walk, field = self.query_one(RecordTable), self._walk, self._field
        key = table.cursor_key
        if walk is None or key is None:
            return
        if field == DIFFERENCES and key == ANOTHER:
            self._proposing = True
            self.query_one(WordsLine).open(NEW_TITLE, "")
            self.refresh_hints()
        elif field == DIFFERENCES:
            chosen = dict.fromkeys((*walk.review.value.differences, *(table.marked or (key,))))
            await self._keep({field: tuple(one for one in chosen if one != ANOTHER)})
        else:
            await self._keep({field: key})

    async def _keep(self, given: dict[str, object]) -> bool:
        return await self._save(answer, self.subject, given) and self._go_on()

    async def _save(
        self, job: Callable[Concatenate[Context, P], Walk], *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """Keep something; what goes wrong is told."""
        try:
            self._walk = await self.work.save(job, *args, **kwargs)
        except WorkbenchError as error:
            self.work.tell(error)
            return False
        self.query_one(RecordTable).clear_marks()
        self.work.judge()
        return True

    def _go_on(self) -> bool:
        """To the words that an answer asks for, else to the next open question."""
        walk = self._walk
        if walk is None:
            return False
        question = walk.question(self._field)
        if question is not None and question.words and not question.answered:
            self._show()
            self._type_words()
        else:
            self._field = next_field(walk, self._field)
            self._show()
        return True

    def do_answer_words(self) -> None:
        """Type what an answer does not say."""
        self._type_words()

    def _type_words(self) -> None:
        walk = self._walk
        if walk is None or not (field := words_field(walk, self._field)):
            return
        self._proposing = False
        label = "in words" if field != self._field else ""
        self.query_one(WordsLine).open(label, words_given(walk.review.value, field))
        self.refresh_hints()

    async def on_words_line_typed(self, event: WordsLine.Typed) -> None:
        """Keep the words; what cannot be kept stays in the line."""
        walk, line = self._walk, self.query_one(WordsLine)
        if walk is None:
            return
        if self._proposing:
            kept = await self._propose(event.text)
        else:
            line.close()
            kept = await self._keep({words_field(walk, self._field): event.text})
        if not kept:
            line.open("", event.text)

    async def _propose(self, title: str) -> bool:
        self.query_one(WordsLine).close()
        done = await self._save(propose, self.subject, title)
        if done:
            self._proposing = False
            self._go_on()
            self.say(f"added to the map, undecided: {title}")
        return done

    def on_words_line_left(self, event: WordsLine.Left) -> None:
        """Back to the answers, or on, where there are none."""
        self._proposing = False
        self.query_one(RecordTable).focus()
        self.refresh_hints()

    def do_next_question(self) -> None:
        """The next one, answered or not."""
        self._turn(1)

    def do_previous_question(self) -> None:
        """The one before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        walk = self._walk
        if walk is not None and walk.fields:
            at = walk.fields.index(self._field) if self._field in walk.fields else 0
            self._field = walk.fields[(at + by) % len(walk.fields)]
            self.query_one(WordsLine).close()
            self._show()

    async def do_switch_form(self) -> None:
        """Fast asks what makes staging better, full also for the runbook, the cause and the cost."""
        if self._walk is not None:
            full = self._walk.review.value.form is Form.FAST
            form = Form.FULL.value if full else Form.FAST.value
            if await self._save(answer, self.subject, {"form": form}):
                if self._field == ACTIONS:
                    self._field = next_field(self._walk)
                self.take(self._walk)
                self.say("the full form: what is open is asked next" if full else "the fast form")

    def do_mark_row(self) -> None:
        """Mark a difference, to link several at once."""
        self.query_one(RecordTable).action_mark()

    def do_add_action(self) -> None:
        """What is to be done."""
        from workbench.tui.screens.action_forms import open_add

        self._field = ACTIONS
        open_add(self, self.subject)

    async def do_draft_addition(self) -> None:
        """The YAML of what is to be added."""
        from workbench.tui.screens.reading import ReadingPanel
        from workbench.tui.widgets.prose import Block, Gap, Paragraph, Verbatim
        from workbench.usecases.review_drafts import draft

        try:
            found = await self.work.desk.call(draft, self.subject)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        said = Paragraph("Put it into a file of the project, and finish it there:", Role.MUTED)
        blocks: list[Block] = [said, Gap(), Verbatim(found.text)]
        self.app.push_screen(ReadingPanel(f"A {found.kind} to add: {found.key}", blocks, copies=found.text))

    async def up_to_date(self) -> None:
        """A form leaves once the review shows what it changed."""
        with suppress(WorkerCancelled):  # something newer is being read
            await self._read_again().wait()

    def unsaved_edits(self) -> list[str]:
        """What stands in the line and was not kept."""
        line = next(iter(self.query(WordsLine)), None)
        return [f"review: {line.typed}"] if line is not None and line.changed_by_hand else []

    def clear_marks(self) -> None:
        """Take the marks off the answers."""
        self.query_one(RecordTable).clear_marks()

    async def key_escape(self) -> None:
        """From the line back to the answers; then back to where one came from."""
        line = self.query_one(WordsLine)
        if line.is_open:
            line.action_leave()
        else:
            await super().key_escape()

    async def leave(self) -> None:
        """Back to the incident, or to the line that one came from."""
        self.dismiss()


def _rows(walk: Walk, field: str) -> Sequence[Row]:
    if field == ACTIONS:
        return [
            Row(line.id, (Cell(line.title), Cell(f"{line.owner} · {line.due}", Role.MUTED)), line.mark)
            for line in walk.actions
        ]
    return [
        Row(one.key, (Cell(one.text), Cell(one.aside, Role.MUTED)), Mark.DONE if one.chosen else None)
        for one in choices(walk, field)
    ]
