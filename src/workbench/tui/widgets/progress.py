"""How far a fetch is: one line for each source, filling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from workbench.model.text import safe_text
from workbench.model.width import cells, fit
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Scroller

State = Literal["waiting", "asking", "done", "warned", "failed", "cancelled"]


class Asked(msgspec.Struct, frozen=True):
    """How far one source is: ``done`` of ``total`` questions; ``note`` in words."""

    key: str
    title: str
    state: State = "waiting"
    done: int = 0
    total: int = 0
    note: str = ""


_STATE_MARKS: dict[State, Mark] = {
    "waiting": Mark.OPEN,
    "asking": Mark.UNDER_WAY,
    "done": Mark.DONE,
    "warned": Mark.WARNS,
    "failed": Mark.BLOCKS,
    "cancelled": Mark.NOT_APPLICABLE,
}


def step_line(asked: Asked, width: int, title_width: int) -> Line:
    """Mark, title and state of what is one step only."""
    mark = _STATE_MARKS[asked.state]
    title = fit(safe_text(asked.title, 60), min(title_width, width - 28))
    note = safe_text(asked.note, 200)
    pieces = (Piece(f" {mark.symbol} ", role_of(mark)), Piece(title + "  "), Piece(note, Role.MUTED))
    return crop_line(pieces, width)


def progress_line(asked: Asked, width: int, title_width: int = 22) -> Line:
    """Mark, title, a bar that fills, and how far it is."""
    mark = _STATE_MARKS[asked.state]
    title = fit(safe_text(asked.title, 60), min(title_width, width // 3))
    room = max(6, min(24, width - 60))
    share = asked.done / asked.total if asked.total else float(asked.state == "done")
    filled = min(room, int(share * room))
    count = f"{asked.done} of {asked.total}" if asked.total else ""
    note = safe_text(asked.note, 200)
    return crop_line(
        (
            Piece(f" {mark.symbol} ", role_of(mark)),
            Piece(title + "  "),
            Piece("━" * filled, Role.ERROR if asked.state == "failed" else Role.ACCENT),
            Piece("─" * (room - filled) + "  ", Role.MUTED),
            Piece(fit(count, 9, "right") + "  "),
            Piece(note, Role.MUTED),
        ),
        width,
    )


class _Progress(PieceLines):
    def __init__(self, sources: Sequence[Asked]) -> None:
        super().__init__()
        self.sources = {asked.key: asked for asked in sources}

    def lay_out(self, width: int) -> Sequence[Line]:
        asked = self.sources.values()
        longest = max((cells(safe_text(each.title, 60)) for each in asked), default=0)
        if not any(each.total for each in asked):
            return [step_line(each, width, longest) for each in asked]
        return [progress_line(each, width, min(longest, 22)) for each in asked]


class ProgressPanel(Panel[bool]):
    """One line per source that fills; ``esc`` cancels the rest and keeps what came.

    Once finished, ``enter`` or ``esc`` closes it: the result is false when it was cancelled.
    """

    DEFAULT_CSS = """
    ProgressPanel > .panel--box { width: 90; }
    ProgressPanel .progress--said { height: auto; margin-top: 1; padding-left: 1; color: $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "close", "close it, once all have answered", own_label="close")
    ]

    def __init__(
        self, title: str, sources: Sequence[Asked], *, cancel: Callable[[], None] | None = None
    ) -> None:
        """``cancel`` is called once, when the person wants no more."""
        super().__init__()
        self._title = safe_text(title, 200)
        self._lines = _Progress(sources)
        self._cancel = cancel
        self._cancelled = False
        self._finished = False

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield self._lines
            yield Static(classes="progress--said")
            yield FooterLine([Hint("back", "esc", "stop, keep what arrived")])

    def set_line(self, asked: Asked) -> None:
        """Show how far one source is; a new key adds a line, and the last line stays in sight."""
        new = asked.key not in self._lines.sources
        self._lines.sources[asked.key] = asked
        self._lines.changed()
        if new and self.is_mounted:
            self.query_one(Scroller).scroll_end(animate=False)

    def say(self, text: str) -> None:
        """Say below the lines how far all of it is."""
        if self.is_mounted and not (self._finished or self._cancelled):
            self.query_one(".progress--said", Static).update(Content(safe_text(text, 400)))

    def finish(self, text: str) -> None:
        """Say how it ended; the lines stay readable until the person closes the panel."""
        self._finished = True
        self.query_one(".progress--said", Static).update(Content(safe_text(text, 400)))
        self.query_one(FooterLine).show([Hint("close", "enter", "close")])

    def action_back(self) -> None:
        """Cancel; when finished, close."""
        if self._finished:
            self.action_close()
        elif not self._cancelled:
            self._cancelled = True
            said = "Stopping. What has arrived is kept."
            self.query_one(".progress--said", Static).update(Content(said))
            if self._cancel is not None:
                self._cancel()

    def action_close(self) -> None:
        """Close, once finished."""
        if self._finished:
            self.dismiss(not self._cancelled)
