"""Taking in a team's table: which file, which column is which (asked once), what would change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.cells import word_of
from workbench.model.errors import UsageError, WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.fields import Option
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.form import Field, FormScreen, Values
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page, Pair, Paragraph, Scroller, Title
from workbench.tui.working import Working
from workbench.usecases import columns, comparing, importing
from workbench.usecases.columns import Guess
from workbench.usecases.context import Context
from workbench.usecases.plans import Conflict, Plan, Step
from workbench.usecases.table_rows import Table
from workbench.usecases.team_tables import TABLES

SHOWN = 40
LEAVE_OUT = ""


class _Read(msgspec.Struct, frozen=True):
    table: Table
    guess: Guess


def open_import(screen: Working, kind: str) -> None:
    """Ask for the file, then go on from what is in it."""
    read: list[_Read] = []

    async def submit(values: Values) -> None:
        read[:] = [await screen.work.desk.call(_read, values["path"].strip(), kind)]

    async def answered(values: Values | None) -> None:
        if values is not None and read:
            await _columns(screen, kind, read[0])

    screen.app.push_screen(
        FormScreen(
            f"{kind.capitalize()} from a table",
            (
                Field(
                    "path",
                    "File",
                    required=True,
                    hint="CSV or YAML; from the project's folder, or a full path",
                ),
            ),
            submit=submit,
            save_label="read it",
        ),
        answered,
    )


def _read(context: Context, text: str, kind: str) -> _Read:
    path = Path(text).expanduser()
    table = columns.read(context.root / path, kind, text)  # a full path stays what it is
    return _Read(table, columns.columns_of(context, table, kind))


async def _columns(screen: Working, kind: str, read: _Read) -> None:
    """Ask about the columns that nobody has explained yet; else go on at once."""
    guess = read.guess
    if not guess.missing and (guess.remembered or not guess.unclear):
        await _numbers(screen, kind, read, guess.mapping)
        return
    fields = _column_fields(kind, guess)

    def check(values: Values) -> dict[str, str]:
        return _check_columns(kind, guess, values)

    async def answered(values: Values | None) -> None:
        if values is not None:
            said = {field: guess.unclear[int(name)] for name, field in values.items() if field}
            await _numbers(screen, kind, read, {**guess.mapping, **said})

    screen.app.push_screen(
        FormScreen(
            "Which column is which?",
            fields,
            intro=[*_mapping_blocks(kind, guess.mapping), Paragraph("Not clear yet:", Role.MUTED)],
            check=check,
            save_label="continue",
        ),
        answered,
    )


def _column_fields(kind: str, guess: Guess) -> tuple[Field, ...]:
    free = [(name, title) for name, title in columns.fields_of(kind) if name not in guess.mapping]
    options = (Option(LEAVE_OUT, "skip"), *(Option(name, title) for name, title in free))
    return tuple(
        Field(str(number), column, "choice", LEAVE_OUT, options=options)
        for number, column in enumerate(guess.unclear)
    )


def _check_columns(kind: str, guess: Guess, values: Values) -> dict[str, str]:
    errors: dict[str, str] = {}
    taken: dict[str, str] = {}
    for number, field in values.items():
        if field and field in taken:
            errors[number] = f"“{guess.unclear[int(taken[field])]}” is already used for this"
        elif field:
            taken[field] = number
    needed = TABLES[kind].needed
    if not errors and not any(name in guess.mapping or name in taken for name in needed):
        titles = [title for name, title in columns.fields_of(kind) if name in needed]
        first = next(iter(values), None)
        if first is not None:
            errors[first] = f"one column has to be “{' or '.join(titles)}”"
    return errors


async def _numbers(screen: Working, kind: str, read: _Read, mapping: Mapping[str, str]) -> None:
    """Ask what numbers in columns of words mean; else go on at once."""
    unclear = columns.unclear_numbers(read.table, kind, mapping, read.guess.words)
    asked = [(item, cell) for item in unclear for cell in item.cells]
    if not asked:
        await _summary(screen, kind, read, mapping)
        return

    async def answered(values: Values | None) -> None:
        if values is None:
            return
        words = {field: dict(known) for field, known in read.guess.words.items()}
        for number, (item, cell) in enumerate(asked):
            words.setdefault(item.field, {})[word_of(cell)] = values[str(number)]
        guess = msgspec.structs.replace(read.guess, words=words)
        await _summary(screen, kind, msgspec.structs.replace(read, guess=guess), mapping)

    fields = tuple(
        Field(
            str(number),
            f"{item.column} {cell}",
            "choice",
            "",
            options=tuple(Option(value, value.replace("_", " ")) for value in item.choices),
            required=True,
        )
        for number, (item, cell) in enumerate(asked[:SHOWN])
    )
    intro = [Paragraph(f"Which {unclear[0].title.lower()} is meant?", Role.MUTED)]
    screen.app.push_screen(
        FormScreen("What do the numbers mean?", fields, intro=intro, save_label="continue"), answered
    )


def _mapping_blocks(kind: str, mapping: Mapping[str, str]) -> list[Block]:
    titles = dict(columns.fields_of(kind))
    same = [titles[name] for name, column in mapping.items() if titles[name].casefold() == column.casefold()]
    other = [f"“{column}” is {titles[name]}" for name, column in mapping.items() if titles[name] not in same]
    text = "; ".join([*other, *([f"{', '.join(same)} as named"] if same else [])])
    return [Pair("Columns", text)] if text else []


async def _summary(screen: Working, kind: str, read: _Read, mapping: Mapping[str, str]) -> None:
    try:
        planned = await screen.work.desk.call(
            comparing.plan, read.table, kind, mapping, None, read.guess.words
        )
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    async def answered(answer: Any) -> None:
        if answer is not None:
            await _take_in(screen, kind, read, mapping, None if answer == "yes" else answer)

    meanings = columns.meanings(read.table, kind, mapping, read.guess.words)
    words = [Pair(title, said) for title, said in meanings]
    blocks = [*_mapping_blocks(kind, mapping), *words, *plan_blocks(planned, read.table.notes)]
    screen.app.push_screen(ImportPanel(f"From {Path(planned.file).name}", blocks, planned), answered)


async def _take_in(screen: Working, kind: str, read: _Read, mapping: Mapping[str, str], take: Any) -> None:
    counts: list[Plan] = []

    def job(context: Context) -> None:
        # Planned again, because somebody may have changed the record while the summary was read.
        planned = comparing.plan(context, read.table, kind, mapping, take, read.guess.words)
        if planned.conflicts:
            raise UsageError("the record has changed meanwhile", hint="import the table again")
        if read.guess.words or read.guess.unclear:
            columns.remember_columns(context, read.table, kind, mapping, read.guess.words)
        importing.apply(context, planned)
        counts.append(planned)

    if await screen.act("", job):
        done = counts[0]
        screen.say(f"imported {len(done.new)} new, {len(done.changed)} changed · u undo")


# --- what would change, in words ---------------------------------------------------------


def plan_blocks(planned: Plan, notes: tuple[str, ...] = ()) -> list[Block]:
    """Counts first, then conflicts and problems, then what is new and changed."""
    counts = [
        (len(planned.new), "new"),
        (len(planned.changed), "changed"),
        (planned.same, "unchanged"),
        (len(planned.conflicts), "in conflict"),
        (len(planned.problems), "left out"),
        (len(planned.remarks), "to check"),
        (planned.no_difference, "the same in staging and production, so no difference"),
    ]
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "no rows"
    blocks: list[Block] = [Pair("Rows", said)]
    blocks += [Pair("Reading", note, Mark.WARNS) for note in notes]
    if planned.conflicts:
        blocks += [Title("Changed in the file and here"), *_some(planned.conflicts, _conflict)]
    if planned.problems:
        blocks.append(Title("Left out"))
        blocks += _some(planned.problems, lambda problem: Paragraph(_problem_text(problem)))
    if planned.remarks:
        blocks.append(Title("To check"))
        blocks += _some(planned.remarks, lambda problem: Paragraph(_problem_text(problem)))
    if planned.notes:
        blocks.append(Title("Unknown names"))
        blocks += _some(planned.notes, lambda problem: Paragraph(_problem_text(problem)))
    if planned.changed:
        blocks += [Title("Changed"), *_some(planned.changed, _step)]
    if planned.new:
        blocks += [Title("New"), *_some(planned.new, _step)]
    return blocks


def _problem_text(problem: Any) -> str:
    return f"{Mark.WARNS.symbol} line {problem.line}: {problem.what}" + (
        f"; {problem.hint}" if problem.hint else ""
    )


def _some(items: Any, block: Any) -> list[Block]:
    blocks: list[Block] = [block(item) for item in items[:SHOWN]]
    if len(items) > SHOWN:
        blocks.append(Paragraph(f"… and {len(items) - SHOWN} more", Role.MUTED))
    return blocks


def _step(step: Step) -> Block:
    changes = "; ".join(
        f"{title} {_or_nothing(before)} → {_or_nothing(after)}" for title, before, after in step.fields
    )
    return Paragraph(safe_text(step.title, 80) + (f": {changes}" if changes else ""))


def _conflict(conflict: Conflict) -> Block:
    changes = "; ".join(
        f"{title} {_or_nothing(file)} in the file, {_or_nothing(record)} here"
        for title, _, file, record in conflict.fields
    )
    return Paragraph(f"{safe_text(conflict.title, 80)}: {changes}")


def _or_nothing(text: str) -> str:
    return f"“{safe_text(text, 60)}”" if text else "nothing"


class ImportPanel(Panel[str | None]):
    """What a table would change.  The result is ``yes``, a side (``file``, ``record``) or ``None``."""

    DEFAULT_CSS = """
    ImportPanel > .panel--box { width: 96; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind(
            "enter",
            "take_in",
            "import, with the side you chose where file and record both changed",
            own_label="import",
        ),
        bind("left", "choose('record')", "on conflict, keep the record's value", priority=True, also=False),
        bind("right", "choose('file')", "on conflict, use the file's value", priority=True, also=False),
    ]

    def __init__(self, title: str, blocks: list[Block], planned: Plan) -> None:
        super().__init__()
        self._title, self._blocks, self._planned = safe_text(title, 200), blocks, planned
        self._side = ""

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield Page(self._blocks)
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        planned, back = self._planned, Hint("back", "esc", "go back")
        if planned.conflicts:
            words = _SIDES.get(self._side, "choose a side")
            return [
                Hint("take_in", "enter", words, None if self._side else "choose one first", filled=True),
                Hint("choose('file')" if self._side == "record" else "choose('record')", "← →", "choose"),
                back,
            ]
        if not planned.new and not planned.changed:
            return [msgspec.structs.replace(back, label="nothing to import")]
        return [Hint("take_in", "enter", "import", filled=True), back]

    def action_choose(self, side: str) -> None:
        """Whose word counts where both changed; ``enter`` takes it."""
        if self._planned.conflicts:
            self._side = side
            self.query_one(FooterLine).show(self._hints())

    def action_take_in(self) -> None:
        """Import; in conflict once a side was chosen."""
        planned = self._planned
        if planned.conflicts:
            if self._side:
                self.dismiss(self._side)
        else:
            self.dismiss("yes" if planned.new or planned.changed else None)


_SIDES = {"record": "import, keep the record's values", "file": "import, use the file's values"}
