"""History: what was done, act by act, newest first, with what it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from textual import work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.model.width import fit, wrap
from workbench.record import EntryView
from workbench.tui.actions import Action
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, Title
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.kept_documents import keeps
from workbench.usecases.scripting.records import commands_of
from workbench.usecases.views.history import (
    FieldChange,
    Names,
    field_changes,
    goes_along,
    joined,
    readable,
    sentence,
)
from workbench.usecases.views.history_lines import (
    HistoryLine,
    Lines,
    read_lines,
    sentences,
    what_and_why,
    when_words,
)
from workbench.usecases.views.kept import show_entry

PAGE = 200
MOST = 5_000
MOST_COMMANDS, MOST_OF_A_COMMAND = 3, 400
MOST_DONE = 12  # entries of one act that are told one by one
SAME_TIME = timedelta(minutes=2)
PAUSE = 0.15  # seconds without a key before the ledger is searched
EMPTY = "Nothing here. Every change is listed here; after a search, esc shows all again."


class LedgerTable(CellTable):
    """A table whose ``/`` searches the ledger and not only the rows that are loaded."""

    class Search(Message):
        """Somebody wants to search."""

    _found = False  # whether what is on show is what was found

    def action_filter(self) -> None:
        """Leave the search to the screen."""
        self.post_message(self.Search())

    def look_for(self, text: str) -> None:
        """What ``n`` and ``N`` go to from now on; without words, to what was looked for before."""
        self._found = bool(text)
        if text:
            self._searched = text

    def next_match(self, direction: int) -> None:
        """Among what was found, the line below or above; later, the next line with the words."""
        if self._found:
            self.action_move(direction)
        else:
            super().next_match(direction)


class HistoryScreen(TableScreen):
    """What happened."""

    MODE: ClassVar[str] = "history"
    OWN = (
        Action("show_entry", "enter", "show the entry in full, with before and after", 9, own_label="show"),
        Action(
            "show_kept",
            "i",
            "show what was on screen when somebody signed, asked, overrode or shipped",
            7,
        ),
        Action("search_history", "slash", "find words anywhere in the ledger", 8),
        *TABLE,
    )
    DEFAULT_CSS = """
    HistoryScreen #search { display: none; padding: 0 1; }
    HistoryScreen.-searching #search { display: block; }
    """

    COLUMNS = (
        Column("when", "When", most=12),
        Column("who", "Who", most=14),
        Column("what", "What", flex=3, least=24, most=120),
        Column("why", "Why", flex=2, least=14, most=120, drop=1),
    )
    EMPTY = EMPTY
    _lines: tuple[HistoryLine, ...] = ()
    _by_key: Mapping[str, HistoryLine] = {}
    _names: Names | None = None
    _before: int | None = None
    _text = ""

    def body(self) -> Iterable[Widget]:
        yield TextInput(placeholder="words to find anywhere in an entry", id="search")
        yield from super().body()

    def __init__(self) -> None:
        super().__init__()
        self._commands: dict[str, tuple[str, ...]] = {}  # what does the same as a line, once it was looked at

    def make_table(self) -> CellTable:
        return LedgerTable(self.COLUMNS, empty="")

    @property
    def ledger(self) -> LedgerTable:
        """The table."""
        return self.query_one(LedgerTable)

    # --- loading -----------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        """The newest lines again, as many entries as were on show."""
        limit = min(MOST, max(PAGE, sum(len(line.entries) for line in self._lines)))
        found = await self.work.desk.call(read_lines, text=self._text, limit=limit)
        self._lines = ()
        return self._take(found)

    def _take(self, found: Lines) -> list[Row]:
        self._lines = (*self._lines, *found.lines)
        self._by_key = {line.key: line for line in self._lines}
        self._names, self._before = joined(self._names, found.names), found.before
        now = self.evaluation.now if self.evaluation else None
        shown = self.evaluation is not None and self.evaluation.demonstration is not None
        when = (
            when_words(self._lines, now, demonstration=shown)
            if now
            else [moment_text(line.at, self.zone()) for line in self._lines]
        )
        return [self._row(line, words) for line, words in zip(self._lines, when, strict=True)]

    @work(group="rows", exclusive=True)
    async def _read_on(self, before: int) -> None:
        """One page more."""
        try:
            found = await self.work.desk.call(read_lines, text=self._text, limit=PAGE, before_seq=before)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.set_rows(self._take(found))
        self.follow()

    @work(group="rows", exclusive=True)
    async def _search(self) -> None:
        """What was typed, once no key has come for a moment."""
        await asyncio.sleep(PAUSE)
        await self.reread()

    def _row(self, line: HistoryLine, when: str) -> Row:
        what, why = what_and_why(line, self.who)
        return Row(
            line.key,
            (
                Cell(when, Role.MUTED, order=-line.at.timestamp()),
                Cell(self.who(line.who)),
                Cell(what, Role.MUTED if line.undone else Role.TEXT),
                Cell(why, Role.MUTED),
            ),
            Mark.NOT_APPLICABLE if line.undone else None,
            dim=line.undone is not None,
        )

    def row_changed(self, key: str | None) -> None:
        super().row_changed(key)
        if key is not None and key in self._by_key and key not in self._commands:
            self._find_commands(key)
        if (
            self._before is not None
            and self._lines
            and key == self._lines[-1].key
            and len(self._lines) < MOST
        ):
            self._read_on(self._before)

    # --- searching ---------------------------------------------------------------------------

    def on_ledger_table_search(self, event: LedgerTable.Search) -> None:
        """``/`` in the table."""
        event.stop()
        self.do_search_history()

    def do_search_history(self) -> None:
        """Type what to look for."""
        self.add_class("-searching")
        self.query_one("#search", TextInput).focus()

    def land_on_found(self, row: str, text: str) -> None:
        """Search for the text, and stand on that entry once it is found."""
        self.add_class("-searching")
        self._wanted = row
        box = self.query_one("#search", TextInput)
        if box.value == text:
            self.stand_on(row)
        box.value = text
        self.table.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search a moment after the last key."""
        event.stop()
        if event.value.strip() != self._text:
            self._text, self._lines = event.value.strip(), ()
            self.ledger.look_for(self._text)
            self._search()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter``: into what was found."""
        event.stop()
        self.table.focus()

    async def key_escape(self) -> None:
        """First out of a search, then back."""
        if self.has_class("-searching"):
            self.remove_class("-searching")
            self.query_one("#search", TextInput).value = ""
            self.table.focus()
        else:
            await super().key_escape()

    # --- the entry under the cursor ------------------------------------------------------------

    def line(self) -> HistoryLine | None:
        """The line under the cursor."""
        return self._by_key.get(self.table.cursor_key or "") if self.is_mounted else None

    def kept_entry(self) -> EntryView | None:
        """The entry of that line with which a document was kept."""
        line = self.line()
        return next((entry for entry in line.entries if keeps(entry)), None) if line else None

    def needs_release(self, id: str) -> bool:
        """What happened can be looked at without one."""
        return False

    def obstacle(self, id: str) -> str | None:
        line = self.line()
        if id in ("show_entry", "show_kept") and line is None:
            return "choose a line"
        if id == "show_kept" and line is not None and self.kept_entry() is None:
            return "no document was kept with it"
        return None

    @work(group="commands", exclusive=True)
    async def _find_commands(self, key: str) -> None:
        """The commands that do the same, for the line under the cursor."""
        try:
            found = await self.work.desk.call(commands_of, self._by_key[key].main)
        except WorkbenchError:  # the line is told without
            found = ()
        self._commands[key] = found
        if self.table.cursor_key == key:
            self.show_detail(key)

    def about(self, key: str) -> About | None:
        line, names = self._by_key.get(key), self._names
        if line is None or names is None:
            return None
        blocks = self._circumstances(line)
        done = list(sentences(line, names))
        if len(done) > 1:
            blocks += [
                Pair("Did" if not number else "", text) for number, text in enumerate(done[:MOST_DONE])
            ]
            more = line.count - MOST_DONE if len(done) > MOST_DONE else 0
            blocks += [Pair("", f"and {more:,} more", role=Role.MUTED)] if more > 0 else []
        else:
            changed = (field for field in field_changes(line.main) if field.changed)
            blocks += [Pair(_label(field), self._became(field, names)) for field in changed]
        return About(line.what, entry_words(line), blocks)

    def _became(self, field: FieldChange, names: Names) -> str:
        before, after = (readable(text, names, self.zone()) for text in (field.before, field.after))
        return f"{before} → {after or 'nothing'}" if before else after

    def _circumstances(self, line: HistoryLine) -> list[Block]:
        """Who, how we know, when, and why."""
        entry = line.main
        blocks: list[Block] = [Pair("Who", f"{self.who(entry.actor)}, {entry.identity}")]
        blocks.append(Pair("When", moment_text(line.at, self.zone())))
        if entry.claimed_at is not None and abs(entry.recorded_at - entry.claimed_at) > SAME_TIME:
            blocks.append(Pair("Recorded", moment_text(entry.recorded_at, self.zone())))
        if line.why:
            blocks.append(Pair("Why", line.why))
        if line.undone is not None:
            at = moment_text(line.undone.at, self.zone())
            words = f"by {self.who(line.undone.actor)}, {at}, act …{line.undone.change_id[-12:]}"
            blocks.append(Pair("Undone", words, Mark.NOT_APPLICABLE))
        commands = self._commands.get(line.key, ())
        shown = [safe_text(command, MOST_OF_A_COMMAND) for command in commands[:MOST_COMMANDS]]
        blocks += [Pair("Command" if not number else "", text) for number, text in enumerate(shown)]
        if len(commands) > MOST_COMMANDS:
            blocks.append(Pair("", f"and {len(commands) - MOST_COMMANDS} more", role=Role.MUTED))
        return blocks

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the entry in full."""
        self.do_show_entry()

    async def do_show_kept(self) -> None:
        """What was kept with the line, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (entry := self.kept_entry()) is not None:
            await open_kept(self, lambda what: self.work.desk.call(show_entry, entry, what))

    def do_show_entry(self) -> None:
        """The line in full: of each entry before and after beside each other."""
        line, names = self.line(), self._names
        if line is None or names is None:
            return
        told = [entry for entry in line.entries if not goes_along(entry.entity)] or [line.main]
        blocks: list[Block] = [*self._circumstances(line), *proof_of(line, told)]
        more: list[Widget] = [Page([Gap()])]
        for entry in told[:MOST_DONE]:
            more += [Page([Gap(), Title(sentence(entry, names))])] if len(told) > 1 else []
            more.append(BeforeAfter(field_changes(entry), new=entry.before is None, gone=entry.value is None))
        if len(told) > MOST_DONE:
            more.append(Page([Gap(), *(Paragraph(sentence(entry, names)) for entry in told[MOST_DONE:])]))
        title = f"{entry_words(line).capitalize()}: {line.what}"
        self.app.push_screen(ReadingPanel(title, blocks, more=more, copies=line.main.digest))


def entry_words(line: HistoryLine) -> str:
    """Which entries of the ledger a line is: ``entry 57``, ``entries 2 to 39``."""
    return f"entry {line.seq}" if line.count == 1 else f"entries {line.seq} to {line.seq + line.count - 1}"


def proof_of(line: HistoryLine, told: Sequence[EntryView]) -> list[Block]:
    """What it is proved by: the act, the entity, the digest, the evidence."""
    entry = line.main
    evidence = dict.fromkeys(digest[:12] for each in told for digest in each.blobs)
    proof = {
        "Part": f"{entry.part} of {entry.parts} of one act" if entry.parts > 1 and line.count == 1 else "",
        "Undoes the act": entry.undoes or "",
        "Act": entry.change_id,
        "Entity": f"{entry.entity} {entry.id}" if len(told) == 1 else "",
        "Digest": entry.digest,
        "Evidence": " ".join(evidence),
    }
    return [Pair(name, text, role=Role.MUTED) for name, text in proof.items() if text]


def _label(field: FieldChange) -> str:
    return field.name.replace("_", " ").capitalize()


class BeforeAfter(PieceLines):
    """Fields with what they were and what they became."""

    def __init__(self, fields: Sequence[FieldChange], *, new: bool, gone: bool) -> None:
        super().__init__()
        self._fields, self._new, self._gone = tuple(fields), new, gone

    def lay_out(self, width: int) -> Sequence[Line]:
        label = min(18, max((len(_label(field)) for field in self._fields), default=6))
        if self._new or self._gone:
            room = max(8, width - label - 5)
            head = "" if self._new else "it was removed; it had been"
            lines: list[Line] = [(Piece(" " + head, Role.MUTED),)] if head else []
            for field in self._fields:
                lines += _beside(_label(field), label, [(field.after or field.before, Role.TEXT)], room)
            return [crop_line(line, width) for line in lines]
        room = max(8, (width - label - 7) // 2)
        lines = [
            (
                Piece(" " * (label + 3)),
                Piece(fit("Before", room + 2), Role.STRONG),
                Piece("After", Role.STRONG),
            )
        ]
        for field in self._fields:
            role = Role.TEXT if field.changed else Role.MUTED
            lines += _beside(_label(field), label, [(field.before, Role.MUTED), (field.after, role)], room)
        return [crop_line(line, width) for line in lines]


def _beside(label: str, label_width: int, sides: Sequence[tuple[str, Role]], room: int) -> list[Line]:
    wrapped = [wrap(safe_text(text, 4000) or "–", room) for text, _ in sides]
    lines: list[Line] = []
    for number in range(max(len(side) for side in wrapped)):
        pieces = [Piece(" " + fit(label if not number else "", label_width) + "  ", Role.MUTED)]
        for side, (_, role) in zip(wrapped, sides, strict=True):
            pieces.append(Piece(fit(side[number] if number < len(side) else "", room) + "  ", role))
        lines.append(tuple(pieces))
    return lines
