"""History: every entry of the ledger, newest first, with what it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import moment_text, relative_text
from workbench.model.width import fit, wrap
from workbench.record import EntryView
from workbench.tui.actions import Action
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.screens.table_keys import TABLE
from workbench.tui.screens.table_screen import About, TableScreen
from workbench.tui.theme import Role
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.prose import Block, Gap, Pair
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.table import CellTable, RecordTable
from workbench.usecases.kept_documents import keeps
from workbench.usecases.views.history import (
    FieldChange,
    Names,
    Page,
    Undone,
    field_changes,
    joined,
    read_page,
    readable,
    sentence,
)
from workbench.usecases.views.kept import show_entry

PAGE = 200
MOST = 5_000
PAUSE = 0.15  # seconds without a key before the ledger is searched
EMPTY = "Nothing here. Every change appears in this list; esc shows all again after a search."


class LedgerTable(CellTable):
    """A table whose ``/`` searches the ledger and not only the rows that are loaded."""

    class Search(Message):
        """Somebody wants to search."""

    def action_filter(self) -> None:
        """Leave the search to the screen."""
        self.post_message(self.Search())


class HistoryScreen(TableScreen):
    """What happened."""

    MODE: ClassVar[str] = "history"
    OWN = (
        Action("show_entry", "enter", "the entry in full, with before and after", 9, own_label="show"),
        Action(
            "show_kept",
            "i",
            "what was on screen when somebody signed, asked, let past or shipped",
            7,
        ),
        Action("search_history", "slash", "find words anywhere in the ledger", 8),
        *TABLE,
    )
    DEFAULT_CSS = """
    HistoryScreen #search { display: none; margin: 0 1; }
    HistoryScreen.-searching #search { display: block; }
    """

    COLUMNS = (
        Column("when", "When", most=12),
        Column("who", "Who", most=14),
        Column("what", "What", flex=3, least=24, most=120),
        Column("why", "Why", flex=2, least=14, most=120, drop=1),
    )
    EMPTY = EMPTY
    _entries: tuple[EntryView, ...] = ()
    _names: Names | None = None
    _undone: Mapping[str, Undone] = {}
    _more = False
    _text = ""

    def body(self) -> Iterable[Widget]:
        yield TextInput(placeholder="words to find anywhere in an entry", id="search")
        yield from super().body()

    def make_table(self) -> CellTable:
        return LedgerTable(self.COLUMNS, empty="", marks=False)

    # --- loading -----------------------------------------------------------------------------

    async def read(self) -> list[Row]:
        """The newest entries again, as many as were on show."""
        limit = min(MOST, max(PAGE, len(self._entries)))
        page = await self.work.desk.call(read_page, text=self._text, limit=limit)
        self._entries, self._undone = (), {}
        return self._take(page)

    def _take(self, page: Page) -> list[Row]:
        self._entries = (*self._entries, *page.entries)
        self._names, self._more = joined(self._names, page.names), page.more
        self._undone = {**self._undone, **page.undone}
        return [self._row(entry, self._names) for entry in self._entries]

    @work(group="rows", exclusive=True)
    async def _read_on(self, before: int) -> None:
        """One page more."""
        try:
            page = await self.work.desk.call(read_page, text=self._text, limit=PAGE, before_seq=before)
        except WorkbenchError as error:
            self.work.tell(error)
            return
        self.set_rows(self._take(page))
        self.follow()

    @work(group="rows", exclusive=True)
    async def _search(self) -> None:
        """What was typed, once no key has come for a moment."""
        await asyncio.sleep(PAUSE)
        await self.reread()

    def _row(self, entry: EntryView, names: Names) -> Row:
        when = entry.claimed_at or entry.recorded_at
        now = self.evaluation.now if self.evaluation else entry.recorded_at
        who = "you" if entry.actor == self.view.person else entry.actor
        return Row(
            entry.digest,
            (
                Cell(relative_text(when, now), Role.MUTED),
                Cell(who),
                self._what(entry, names),
                Cell(entry.reason or "", Role.MUTED),
            ),
        )

    def _what(self, entry: EntryView, names: Names) -> Cell:
        """What was done; dim, and said first, where it was undone."""
        if entry.change_id in self._undone:
            return Cell(f"undone: {sentence(entry, names)}", Role.MUTED)
        return Cell(sentence(entry, names))

    def row_changed(self, key: str | None) -> None:
        super().row_changed(key)
        if self._more and self._entries and key == self._entries[-1].digest and len(self._entries) < MOST:
            self._read_on(self._entries[-1].seq)

    # --- searching ---------------------------------------------------------------------------

    def on_ledger_table_search(self, event: LedgerTable.Search) -> None:
        """``/`` in the table."""
        event.stop()
        self.do_search_history()

    def do_search_history(self) -> None:
        """Type what to look for."""
        self.add_class("-searching")
        self.query_one("#search", TextInput).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search a moment after the last key."""
        event.stop()
        if event.value.strip() != self._text:
            self._text, self._entries = event.value.strip(), ()
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

    def entry(self) -> EntryView | None:
        """The entry under the cursor."""
        return self._entry_of(self.table.cursor_key) if self.is_mounted else None

    def _entry_of(self, digest: str | None) -> EntryView | None:
        return next((entry for entry in self._entries if entry.digest == digest), None)

    def needs_release(self, id: str) -> bool:
        """What happened can be looked at without one."""
        return False

    def obstacle(self, id: str) -> str | None:
        entry = self.entry()
        if id in ("show_entry", "show_kept") and entry is None:
            return "choose an entry"
        if id == "show_kept" and entry is not None and not keeps(entry):
            return "no document was kept with this entry"
        return None

    def about(self, key: str) -> About | None:
        entry, names = self._entry_of(key), self._names
        if entry is None or names is None:
            return None
        blocks: list[Block] = [Pair("Why", entry.reason)] if entry.reason else []
        changed = (field for field in field_changes(entry) if field.changed)
        blocks += [Pair(_label(field), self._became(field, names)) for field in changed]
        return About(sentence(entry, names), f"entry {entry.seq}", [*self._circumstances(entry), *blocks])

    def _became(self, field: FieldChange, names: Names) -> str:
        before, after = (readable(text, names, self.zone()) for text in (field.before, field.after))
        return f"{before} → {after or 'nothing'}" if before else after

    def _circumstances(self, entry: EntryView) -> list[Block]:
        """Who, how we know, and when."""
        blocks: list[Block] = [Pair("Who", f"{entry.actor}, {entry.identity}")]
        if entry.claimed_at is not None:
            blocks.append(Pair("Happened", moment_text(entry.claimed_at, self.zone())))
        blocks.append(Pair("Recorded", moment_text(entry.recorded_at, self.zone())))
        if (undone := self._undone.get(entry.change_id)) is not None:
            words = f"{moment_text(undone.at, self.zone())} by {undone.actor}"
            blocks.append(Pair("Undone", f"{words}, act …{undone.change_id[-12:]}"))
        return blocks

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter``: the entry in full."""
        self.do_show_entry()

    async def do_show_kept(self) -> None:
        """What was kept with the entry, as it was."""
        from workbench.tui.screens.kept_panel import open_kept

        if (entry := self.entry()) is not None:
            await open_kept(self, lambda what: self.work.desk.call(show_entry, entry, what))

    def do_show_entry(self) -> None:
        """The entry in full, before and after beside each other."""
        entry = self.entry()
        if entry is None or self._names is None:
            return
        proof = {
            "Part": f"{entry.part} of {entry.parts} of one act" if entry.parts > 1 else "",
            "Undoes the act": entry.undoes or "",
            "Act": entry.change_id,
            "Entity": f"{entry.entity} {entry.id}",
            "Digest": entry.digest,
            "Evidence": " ".join(digest[:12] for digest in entry.blobs),
        }
        blocks: list[Block] = [*self._circumstances(entry)]
        blocks += [Pair("Why", entry.reason)] if entry.reason else []
        blocks += [Pair(name, text, role=Role.MUTED) for name, text in proof.items() if text]
        sides = BeforeAfter(field_changes(entry), new=entry.before is None, gone=entry.value is None)
        title = f"Entry {entry.seq}: {sentence(entry, self._names)}"
        self.app.push_screen(ReadingPanel(title, [*blocks, Gap()], more=[sides], copies=entry.digest))


def _label(field: FieldChange) -> str:
    return field.name.replace("_", " ")


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
