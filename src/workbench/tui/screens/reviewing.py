"""Reviewing the parity map: what changed since the last review, and what nobody has decided, before one says so."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from workbench.model.errors import WorkbenchError
from workbench.model.text import number_of, safe_text
from workbench.releases.model import Held
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Paragraph, Scroller, Title
from workbench.tui.working import Working
from workbench.usecases import mapping
from workbench.usecases.context import Context
from workbench.usecases.reviewing import ReviewSheet, read_review

SHOWN = 12  # so many differences are named in a section


class ReviewPanel(Panel[str | None]):
    """What there is to review; ``enter`` says that one has, ``esc`` says nothing.  The result is the note."""

    DEFAULT_CSS = """
    ReviewPanel > .panel--box { width: 90; }
    ReviewPanel .review--note { height: auto; margin-top: 1; padding-left: 1; color: $foreground-muted; }
    ReviewPanel TextInput { margin-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "reviewed", "mark the map reviewed", own_label="reviewed"),
        bind("tab", "app.focus_next", "to the note, and back"),
    ]

    def __init__(self, sheet: ReviewSheet) -> None:
        super().__init__()
        self._sheet = sheet

    def compose(self) -> ComposeResult:
        version = safe_text(self._sheet.version, 40)
        with PanelBox(f"Review the parity map for {version}"):
            with Scroller(classes="panel--scroll"):
                yield Page(sheet_blocks(self._sheet))
            yield Static(Content("Note, for whoever reads the history (optional)"), classes="review--note")
            yield TextInput()
            yield FooterLine(
                [
                    Hint("reviewed", "enter", f"I reviewed the map for {version}", filled=True),
                    Hint("app.focus_next", "tab", "note"),
                    Hint("back", "esc", "not yet"),
                ]
            )

    def on_mount(self) -> None:
        """What there is to read comes first."""
        self.query_one(Scroller).focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` in the note."""
        event.stop()
        self.action_reviewed()

    def action_reviewed(self) -> None:
        """Say so."""
        self.dismiss(self.query_one(TextInput).value)


def sheet_blocks(sheet: ReviewSheet) -> list[Block]:
    """How old the last review is, what nobody has decided, and what is not as it was."""
    count = number_of(sheet.differences, "difference")
    blocks: list[Block] = [Paragraph(f"{count}, {sheet.last_words}", Role.MUTED)]
    for title, lines in sheet.sections():
        blocks += [Title(title), *(Paragraph(f"  {line}") for line in lines[:SHOWN])]
        if len(lines) > SHOWN:
            blocks.append(Paragraph(f"  and {len(lines) - SHOWN:,} more", Role.MUTED))
    if sheet.last is not None and not sheet.news:
        blocks += [Gap(), Paragraph("Nothing changed since then.")]
    return blocks


async def open_review(screen: Working, held: Held) -> None:
    """Show what there is to review, and keep that it was reviewed once somebody says so."""
    try:
        sheet = await screen.work.desk.call(read_review, held)
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    async def answered(note: Any) -> None:
        if note is not None:
            done = f"the map is reviewed for {held.release.version} · u undo"
            await screen.act(done, _reviewed, held, note.strip(), sheet)

    screen.app.push_screen(ReviewPanel(sheet), answered)


def _reviewed(context: Context, held: Held, note: str, sheet: ReviewSheet) -> None:
    """What was on screen is what was reviewed: nothing that came in meanwhile."""
    mapping.mark_reviewed(context, held, note, known=sheet.known)
