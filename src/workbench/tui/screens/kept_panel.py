"""What was kept when somebody acted, as it was: one document after the other, in a panel to read in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, Scroller, Verbatim
from workbench.tui.working import Working
from workbench.usecases.kept_documents import What
from workbench.usecases.views.kept import Shown

Read = Callable[[What], Awaitable[Shown]]


class KeptPanel(Panel[None]):
    """A kept document; ``v`` shows the next one of the same act, ``ctrl+c`` copies its digest."""

    DEFAULT_CSS = """
    KeptPanel > .panel--box { width: 110; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "back", "close the document", own_label="close"),
        bind("q", "back", "leave the document; the app stays open", also=False),
        bind("v", "next", "the next document of the same act"),
        bind("ctrl+c", "copy", "copy its digest"),
    ]

    def __init__(self, shown: Shown, read: Read) -> None:
        super().__init__()
        self._shown, self._read = shown, read

    def compose(self) -> ComposeResult:
        with PanelBox(safe_text(self._shown.act, 200)):
            with Scroller(classes="panel--scroll"):
                yield Page(blocks(self._shown))
            yield FooterLine(
                [
                    Hint("next", self.key("v"), "view next document"),
                    Hint("copy", self.key("ctrl+c"), "copy digest"),
                    Hint("back", "esc", "close"),
                ]
            )

    @work(group="kept", exclusive=True)
    async def action_next(self) -> None:
        """The next document of the act."""
        order = list(What)
        place = order.index(self._shown.kept.what)
        try:
            self._shown = await self._read(order[(place + 1) % len(order)])
        except WorkbenchError as error:
            self.notify(safe_text(error.what), markup=False)
            return
        self.query_one(Page).show(blocks(self._shown))
        self.query_one(Scroller).scroll_home(animate=False)
        self.limit_height()

    def action_copy(self) -> None:
        """Its digest to the clipboard."""
        self.copy(self._shown.kept.digest)


def blocks(shown: Shown) -> list[Block]:
    """The document to read, its headings standing out."""
    title = f"{shown.title} ({shown.schema})" if shown.schema else shown.title
    found: list[Block] = [Pair("Shows", title), Pair("Of", shown.at)]
    if shown.kept.digest:
        found.append(Pair("Digest", shown.kept.digest, role=Role.MUTED))
    if shown.remark:
        found += [Gap(), Paragraph(shown.remark, Role.WARNING)]
    if shown.lines:
        found.append(Gap())
    lines = [*shown.lines, ""]
    for line, below in pairwise(lines):
        heading = bool(line) and bool(below) and not below.strip("=-")
        found.append(Verbatim(line, Role.HEADING if heading else Role.TEXT))
    return found


async def open_kept(screen: Working, read: Read) -> None:
    """The first document of an act; what went wrong is told."""
    try:
        shown = await read(What.DOCUMENT)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    screen.app.push_screen(KeptPanel(shown, read))
