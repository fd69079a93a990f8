"""Dialogs: a question, an error, two versions of one thing, help, and progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.width import cells, fit, wrap
from workbench.tui.actions import KeyLine
from workbench.tui.binding import bind
from workbench.tui.theme import Mark, Role, role_of
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, Piece, PieceLines, crop_line, width_of
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, Scroller, Title, Verbatim


class Confirm(Panel[bool | None]):
    """A question: ``enter`` says yes, ``esc`` no; with ``word``, that must be typed first."""

    DEFAULT_CSS = """
    Confirm > .panel--box { width: 64; }
    Confirm .confirm--ask { height: auto; margin-top: 1; padding-left: 1; color: $foreground-muted; }
    Confirm TextInput { margin-left: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "yes", "say yes", own_label="yes"),
    ]

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        verbatim: str = "",
        word: str = "",
        ask: str = "",
        yes: str = "yes",
        no: str = "go back",
    ) -> None:
        """``verbatim`` is shown above ``text`` as it is; ``ask`` introduces the word: "Type the version to sign"."""
        super().__init__()
        self._title, self._text, self._verbatim = safe_text(title, 120), text, verbatim
        self._word, self._ask = word, safe_text(ask or "Type it to go on", 50)
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            if self._text or self._verbatim:
                shown: list[Verbatim | Gap] = [Verbatim(self._verbatim), Gap()] if self._verbatim else []
                with VerticalScroll(classes="panel--scroll", can_focus=bool(self._verbatim)):
                    yield Page([*shown, Paragraph(self._text)])
            if self._word:
                asked = f"{self._ask}: {safe_text(self._word, 40)}"
                yield Static(Content(asked), classes="confirm--ask")
                yield TextInput()
                yield Static(classes="panel--error")
            yield FooterLine([Hint("yes", "enter", self._yes, filled=True), Hint("back", "esc", self._no)])

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` after the word."""
        event.stop()
        self.action_yes()

    def action_yes(self) -> None:
        """Yes, if the word is right."""
        if self._word:
            typed = self.query_one(TextInput).value.strip()
            if typed != self._word:
                word = safe_text(self._word, 40)
                self._complain(f"✗ That is not {word}" if typed else f"✗ Type {word} first")
                return
        self.dismiss(True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being put right."""
        event.stop()
        self._complain("")

    def _complain(self, text: str) -> None:
        self.query_one(".panel--error", Static).update(Content(text))


class MessagePanel(Panel[None]):
    """What happened, where, and what to do."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("enter", "back", "close it", own_label="close")]

    def __init__(self, error: WorkbenchError, *, title: str = "That couldn't be done") -> None:
        super().__init__()
        self._error = error
        self._title = safe_text(title, 200)

    def compose(self) -> ComposeResult:
        error = self._error
        blocks = [Pair("What", error.what, Mark.BLOCKS)]
        if error.where:
            blocks.append(Pair("Where", error.where))
        if error.hint:
            blocks.append(Pair("What to do", error.hint))
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield Page(blocks)
            yield FooterLine([Hint("back", "enter", "close", filled=True)])


Side = Literal["mine", "theirs"]
_SIDES: dict[Side, str] = {"mine": "Yours", "theirs": "Theirs"}


class Difference(msgspec.Struct, frozen=True):
    """One field of which two people made different things."""

    label: str
    mine: str
    theirs: str


def side_by_side(differences: Sequence[Difference], width: int, chosen: Side | None = None) -> list[Line]:
    """Labels, then my version and theirs beside each other, the ``chosen`` one marked."""
    label_width = min(18, max([6, *(len(safe_text(each.label, 40)) for each in differences)]))
    column = max(8, (width - label_width - 6) // 2)
    heads: list[Piece] = [Piece(" " * (label_width + 1))]
    for side, title in _SIDES.items():
        on = side == chosen
        words = fit(f"▸ {title}" if on else f"  {title}", column + 2)
        heads.append(Piece(words, Role.ACCENT if on else Role.STRONG, f"choose('{side}')", bold=on))
    lines: list[Line] = [tuple(heads)]
    for each in differences:
        mine, theirs = wrap(safe_text(each.mine) or "–", column), wrap(safe_text(each.theirs) or "–", column)
        label = [safe_text(each.label, 40)]
        for row in range(max(len(mine), len(theirs))):
            cells = [column_[row] if row < len(column_) else "" for column_ in (label, mine, theirs)]
            lines.append(
                (
                    Piece(" " + fit(cells[0], label_width) + "  ", Role.MUTED),
                    Piece(fit(cells[1], column) + "  ", _tone("mine", chosen), "choose('mine')"),
                    Piece(cells[2], _tone("theirs", chosen), "choose('theirs')"),
                )
            )
    return [crop_line(line, width) for line in lines]


def _tone(side: Side, chosen: Side | None) -> Role:
    return Role.TEXT if chosen in (None, side) else Role.MUTED


class _Sides(PieceLines):
    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__()
        self._differences = tuple(differences)
        self.chosen: Side | None = None

    def lay_out(self, width: int) -> Sequence[Line]:
        return side_by_side(self._differences, width, self.chosen)


class Conflict(Panel[Side | None]):
    """Two versions of the same fields: ``←`` and ``→`` choose one, ``enter`` keeps it."""

    DEFAULT_CSS = """
    Conflict > .panel--box { width: 96; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "choose('mine')", "choose your version", also=False, priority=True),
        bind("right", "choose('theirs')", "choose the other version", also=False, priority=True),
        bind("enter", "keep", "keep the chosen version", own_label="keep"),
    ]

    def __init__(self, title: str, text: str, differences: Sequence[Difference]) -> None:
        super().__init__()
        self._title, self._text = safe_text(title, 200), text
        self._sides = _Sides(differences)

    def compose(self) -> ComposeResult:
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                yield Page([Paragraph(self._text), Gap()])
                yield self._sides
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        side = self._sides.chosen
        keep = f"keep {_SIDES[side].casefold()}" if side else "keep it"
        return [
            Hint("keep", "enter", keep, None if side else "choose one first", filled=True),
            Hint(f"choose('{'theirs' if side == 'mine' else 'mine'}')", "← →", "choose"),
            Hint("back", "esc", "go back"),
        ]

    def action_choose(self, side: Side) -> None:
        """Mark a side; ``enter`` keeps it."""
        self._sides.chosen = side
        self._sides.changed()
        self.query_one(FooterLine).show(self._hints())

    def action_keep(self) -> None:
        """Settle for the chosen side; nothing is kept that nobody chose."""
        if self._sides.chosen is not None:
            self.dismiss(self._sides.chosen)


_MOVING = (
    KeyLine("esc", "one level back", short="back"),
    KeyLine("ctrl+p", "every command and every record by name", short="find"),
)


_BETWEEN = Piece("  ")
ROOM_FOR_MARKS = 40  # lines of a window in which the help also says what the marks mean


class _Everywhere(PieceLines):
    """Keys that are the same on every screen, side by side."""

    def __init__(self, keys: Sequence[KeyLine]) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def lay_out(self, width: int) -> Sequence[Line]:
        lines: list[list[Piece]] = [[Piece(" ")]]
        for line in self._keys:
            key, label = Piece(safe_text(line.key, 12), Role.ACCENT), Piece(f" {safe_text(line.short, 24)}")
            if len(lines[-1]) > 1 and width_of([*lines[-1], _BETWEEN, key, label]) > width:
                lines.append([Piece(" ")])
            lines[-1] += [_BETWEEN, key, label] if len(lines[-1]) > 1 else [key, label]
        return [crop_line(line, width) for line in lines]


class HelpPanel(Panel[None]):
    """The keys of one screen, then those of all; what cannot be used now says why.

    ``:`` shows the commands of the command line in their place.
    """

    DEFAULT_CSS = """
    HelpPanel > .panel--box { padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("question_mark", "back", "close the help"),
        bind("q", "back", "leave the help; the app stays open", also=False),
        bind("colon", "commands", "the command of each key, and back"),
    ]

    def __init__(self, title: str, keys: Sequence[KeyLine], *, text: str = "") -> None:
        super().__init__()
        self._title, self._text, self._keys = safe_text(title, 200), text, tuple(keys)
        self._own = [line for line in self._keys if not line.short or line.reason is not None]
        self._as_commands = False

    def compose(self) -> ComposeResult:
        marks: list[Block] = [Title("Marks"), *(Pair("", mark.word, mark) for mark in Mark)]
        with PanelBox(self._title):
            with Scroller(classes="panel--scroll"):
                if self._text:
                    yield Page([Paragraph(self._text, Role.MUTED)])
                    yield Static()
                yield Page(self._blocks(), id="keys")
                yield _Everywhere([line for line in (*self._keys, *_MOVING) if line not in self._own])
                if self.app.size.height >= ROOM_FOR_MARKS:
                    yield Page(marks)
            commands = [Hint("commands", self.key("colon"), "command")] if self._commands() else []
            yield FooterLine([*commands, Hint("back", "esc", "close")])

    def action_commands(self) -> None:
        """The command of each key in place of what it does, and back."""
        self._as_commands = not self._as_commands
        keys = self.query_one("#keys", Page)
        keys.show(self._commands() if self._as_commands else self._blocks())
        for other in self.query_one(".panel--scroll").children:
            other.display = other is keys or not self._as_commands
        self.limit_height()

    def _blocks(self) -> list[Block]:
        return [*map(_help, self._own), Title("Everywhere")]

    def _commands(self) -> list[Block]:
        """What one types in a shell, or behind ``:``."""
        return [Pair(line.key, line.command) for line in self._keys if line.command]


def _help(line: KeyLine) -> Pair:
    if line.reason is None:
        return Pair(line.key, line.text)
    return Pair(line.key, f"{line.text}. Not now: {line.reason}", role=Role.MUTED)


State = Literal["waiting", "asking", "done", "failed", "cancelled"]


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
    "failed": Mark.BLOCKS,
    "cancelled": Mark.NOT_APPLICABLE,
}


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
        longest = max((cells(safe_text(asked.title, 60)) for asked in self.sources.values()), default=0)
        return [progress_line(asked, width, min(longest, 22)) for asked in self.sources.values()]


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
            yield FooterLine([Hint("back", "esc", "stop, keep what came")])

    def set_line(self, asked: Asked) -> None:
        """Show how far one source is; a new key adds a line."""
        self._lines.sources[asked.key] = asked
        self._lines.changed()

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
