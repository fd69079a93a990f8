"""The two plainest dialogs: a question, and what went wrong."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.theme import Mark
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Gap, Page, Pair, Paragraph, Scroller, Verbatim


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
        self._word, self._ask = word, safe_text(ask or "Type it to continue", 50)
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
