"""``:``: a line for any command of the command line, and what it printed above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.command_line import Complete, Ran, Running, Typed, completed
from workbench.tui.theme import Role
from workbench.tui.widgets.fields import TextInput
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel
from workbench.tui.widgets.prose import Block, Gap, Page, Paragraph, Scroller, Verbatim

if TYPE_CHECKING:
    from workbench.tui.working import Working

MOST_NAMED = 30
_BESIDE = 7  # columns of the panel that hold no text
_INTRO = "Any workbench command, on this record: status, parity list, history …"


class CommandPanel(Panel[None]):
    """A command line; what commands print stays until it is closed."""

    DEFAULT_CSS = """
    CommandPanel { align: center bottom; }
    CommandPanel > .panel--box { width: 100%; max-width: 100%; padding: 0 1; }
    CommandPanel .command--line { height: 1; margin-top: 1; }
    CommandPanel .command--mark { width: 2; color: $accent; text-style: bold; }
    CommandPanel TextInput { width: 1fr; }
    CommandPanel FooterLine { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "earlier", "the previous command", also=False, priority=True, stays=True),
        bind("down", "later", "the next command", also=False, priority=True, stays=True),
        bind("tab", "complete", "complete the word, or list what it can be", priority=True),
        bind("ctrl+c", "copy", "copy the output, or the selection", priority=True, stays=True),
        bind("pageup", "scroll(-1)", "a window up in the output", priority=True),
        bind("pagedown", "scroll(1)", "a window down in the output", priority=True),
    ]

    def __init__(self, screen: Working, typed: Typed, complete: Complete | None, line: str = "") -> None:
        super().__init__()
        self._first = line
        self._screen, self._typed, self._complete = screen, typed, complete
        self._blocks: list[Block] = [Paragraph(_INTRO, Role.MUTED)]
        self._job: Running | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel--box"):
            with Scroller(classes="panel--scroll", can_focus=False):
                yield Page(self._blocks)
            yield Static(Content(""), id="candidates", classes="panel--title")
            yield TextInput(placeholder="command", id="command")
            yield FooterLine(
                [
                    Hint("send", "enter", "run"),
                    Hint("complete", "tab", "complete"),
                    Hint("earlier", "↑", "earlier"),
                    Hint("copy", "ctrl+c", "copy"),
                    Hint("back", "esc", "stop, or close"),
                ]
            )

    def on_mount(self) -> None:
        """Nothing is proposed before somebody types."""
        self.query_one("#candidates").display = False
        if self._first:
            self._line.value = self._first
            self.action_send()

    @property
    def _line(self) -> TextInput:
        return self.query_one("#command", TextInput)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """``enter`` runs what stands there."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Run the line."""
        line = self._line.value.strip()
        if not line or self._job is not None:
            return
        self._typed.add(line)
        self._add([Verbatim(f": {line}", Role.STRONG)])
        try:
            self._job = Running(line, self._screen.work.desk.options, self.size.width - _BESIDE)
        except WorkbenchError as error:
            self._add([Paragraph(f"{error.what}" + (f"; {error.hint}" if error.hint else ""), Role.ERROR)])
            return
        self._line.value = ""
        self._wait(self._job)

    @work(group="command", exclusive=True)
    async def _wait(self, running: Running) -> None:
        """Show what it printed once it has ended, and what became of the record."""
        try:
            ran = await running.run()
        except OSError as error:
            self._add([Paragraph(f"it could not be started: {error.strerror}", Role.ERROR)])
            return
        finally:
            self._job = None
        self._add(told(ran))
        try:
            await self._screen.work.reload()
        except WorkbenchError as error:
            self._add([Paragraph(error.what, Role.ERROR)])

    def _add(self, blocks: list[Block]) -> None:
        self._blocks += blocks
        self.query_one(Page).show(self._blocks)
        self._show_candidates([])
        self.limit_height()
        self.call_after_refresh(self.query_one(Scroller).scroll_end, animate=False)

    # --- the line -----------------------------------------------------------------------------

    def action_earlier(self) -> None:
        """The command before this one."""
        self._put(self._typed.earlier(self._line.value))

    def action_later(self) -> None:
        """The command after this one."""
        self._put(self._typed.later())

    def _put(self, text: str) -> None:
        self._line.value = text
        self._line.cursor_position = len(text)

    @work(group="complete", exclusive=True, thread=True)
    def action_complete(self) -> None:
        """Finish the last word, or say what it can become."""
        if self._complete is None:
            return
        line = self._line.value
        found = self._complete(self._screen.work.desk.options, line.removeprefix("workbench "))
        self.app.call_from_thread(self._finish, line, found)

    def _finish(self, line: str, found: list[str]) -> None:
        if self._line.value == line:
            self._put(completed(line, [one for one in found if one.isprintable()]))
            self._show_candidates(found if len(found) != 1 else [])

    def _show_candidates(self, found: list[str]) -> None:
        more = f"  and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        shown = self.query_one("#candidates", Static)
        shown.update(Content("  ".join(safe_text(one, 60) for one in found[:MOST_NAMED]) + more))
        shown.display = bool(found)
        self.limit_height()

    def action_copy(self) -> None:
        """What is selected in the line goes to the clipboard; where nothing is, all that was printed."""
        printed = "\n".join(each.text for each in self._blocks if isinstance(each, Verbatim))
        text = self._line.selected_text or printed
        if text:
            self.app.copy_to_clipboard(text)
        self.notify("copied" if text else "nothing has been printed yet", markup=False, timeout=3)

    def action_scroll(self, pages: int) -> None:
        """Through what was printed."""
        scroller = self.query_one(Scroller)
        if pages < 0:
            scroller.scroll_page_up(animate=False)
        else:
            scroller.scroll_page_down(animate=False)

    def action_back(self) -> None:
        """Close; what still runs is stopped first, and what it has done by then stays."""
        if self._job is not None:
            self._job.stop()
        else:
            self.dismiss(None)


def told(ran: Ran) -> list[Block]:
    """What a command printed, then what it said beside it; an exit code that is not 0 is named."""
    blocks: list[Block] = [Verbatim("\n".join(ran.printed))] if ran.printed else []
    role = Role.MUTED if ran.code == 0 else Role.ERROR
    blocks += [Verbatim("\n".join(ran.said), role)] if ran.said else []
    if ran.code:
        blocks.append(Paragraph(f"ended with {ran.code}", Role.MUTED))
    return [*blocks, Gap()]
