"""``0``: what has no key of its own, and messages since the app was opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual.app import ComposeResult

from workbench.model.text import capitalised
from workbench.tui.actions import Acting, Action
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Mark
from workbench.tui.widgets.columns import Column
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Pair, Paragraph
from workbench.tui.widgets.rows import Cell, Row
from workbench.tui.widgets.status import Message
from workbench.tui.widgets.table import RecordTable

_MARKS = {"information": Mark.DONE, "warning": Mark.WARNS, "error": Mark.BLOCKS}


class MorePanel(Panel[str | None]):
    """The actions without a key as a list; its result is the id of the one chosen."""

    DEFAULT_CSS = """
    MorePanel > .panel--box { width: 84; }
    MorePanel RecordTable { height: auto; max-height: 24; }
    """
    AUTO_FOCUS = "RecordTable"

    def __init__(self, screen: Acting) -> None:
        super().__init__()
        self._rows = [row_of(action, screen.why_not(action)) for action in keyless(screen)]

    def compose(self) -> ComposeResult:
        with PanelBox("More"):
            table = RecordTable((Column("what", most=22), Column("help", flex=1, most=200)), titles=False)
            table.add_class("panel--scroll")
            yield table
            yield FooterLine(
                [Hint("choose", "enter", "do it", priority=2, filled=True), Hint("back", "esc", "back")]
            )

    def on_mount(self) -> None:
        """Show the list."""
        self.query_one(RecordTable).set_rows(self._rows)

    def on_record_table_activated(self, event: RecordTable.Activated) -> None:
        """``enter`` on a line."""
        self.dismiss(event.key)

    def action_choose(self) -> None:
        """A click on the button."""
        self.query_one(RecordTable).action_activate()


def keyless(screen: Acting) -> list[Action]:
    """What the screen can do that has no key: its own first."""
    return [action for action in screen.ACTIONS if not action.key]


def row_of(action: Action, reason: str | None) -> Row:
    """An action as a line of the list; what cannot be done now says why."""
    said = f"{action.help} · not now: {reason}" if reason else action.help
    label = capitalised(action.label)
    return Row(action.id, (Cell(label), Cell(said)), dim=reason is not None)


def messages_panel(messages: Sequence[Message], zone: tzinfo) -> ReadingPanel:
    """What was said, the newest first."""
    blocks: list[Block] = [
        Pair(clock(message.at, zone), message.text, _MARKS[message.severity]) for message in messages
    ]
    copied = "\n".join(f"{clock(message.at, zone)} {message.text}" for message in messages)
    return ReadingPanel("Messages", blocks or [Paragraph("No messages yet.")], copies=copied)


def clock(at: datetime, zone: tzinfo) -> str:
    """The time of day at which something was said."""
    return at.astimezone(zone).strftime("%H:%M:%S")
