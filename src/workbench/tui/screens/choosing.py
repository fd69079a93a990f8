"""Choosing one of several versions that desks made of a thing without knowing of each other."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page, Pair, Paragraph, Scroller, Title
from workbench.tui.working import Working
from workbench.usecases.settling import Choice, find_contested, settle


class ChoosePanel(Panel[str | None]):
    """The versions of a thing below each other: ``↑`` and ``↓`` mark one, ``enter`` takes it and gives its digest."""

    DEFAULT_CSS = """
    ChoosePanel > .panel--box { width: 96; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("down", "mark(1)", "mark the next version", also=False, priority=True),
        bind("up", "mark(-1)", "mark the previous version", also=False, priority=True),
        bind("enter", "take", "take the marked version", own_label="take it"),
    ]

    def __init__(self, choice: Choice, zone: tzinfo) -> None:
        super().__init__()
        self._choice, self._zone = choice, zone
        self._marked: int | None = None

    def compose(self) -> ComposeResult:
        title = safe_text(f"{self._choice.words.capitalize()} of {self._choice.name}", 200)
        with PanelBox(title):
            with Scroller(classes="panel--scroll"):
                yield Page(blocks(self._choice, self._zone))
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        off = "choose a version first" if self._marked is None else None
        take = "use it" if self._marked is None else f"use version {self._marked + 1}"
        return [
            Hint("take", "enter", take, off, priority=3, filled=True),
            Hint("mark(1)", "↑ ↓", "mark", priority=2),
            Hint("back", "esc", "go back", priority=2),
        ]

    def action_mark(self, by: int) -> None:
        """Mark the next version, or the one before."""
        count = len(self._choice.thing.versions)
        first = 0 if by > 0 else count - 1
        self._marked = first if self._marked is None else (self._marked + by) % count
        self.query_one(Page).show(blocks(self._choice, self._zone, self._marked))
        self.query_one(FooterLine).show(self._hints())

    def action_take(self) -> None:
        """Settle for the marked version; none is taken that nobody marked."""
        if self._marked is not None:
            self.dismiss(self._choice.thing.versions[self._marked].digest)


def blocks(choice: Choice, zone: tzinfo, marked: int | None = None) -> list[Block]:
    """What each version says where they differ, and who made it when; ``marked`` has a sign before it."""
    found: list[Block] = [
        Paragraph(
            "Two desks changed this independently. Nothing that depends on it can pass until you choose a version."
        )
    ]
    for number, version in enumerate(choice.thing.versions, 1):
        whose = "yours" if version.desk == choice.mine else "from another desk"
        at = moment_text(version.recorded_at, zone)
        here = marked == number - 1
        words = f"{'▸' if here else ' '} {number}  {version.actor}, {at}, {whose}"
        found.append(Title(words, Role.ACCENT if here else Role.STRONG))
        if version.value is None:
            found.append(Paragraph(choice.said(version, ""), Role.WARNING))
            continue
        found += [
            Pair(field.replace("_", " ").capitalize(), choice.said(version, field) or "nothing")
            for field in choice.fields
            if not field.startswith("decided_on")
        ]
    return found


async def open_choice(screen: Working, ref: str) -> None:
    """The versions of the thing with that id; what went wrong is told."""
    try:
        choice = await screen.work.desk.call(find_contested, ref)
    except WorkbenchError as error:
        screen.work.tell(error)
        return

    async def answered(digest: str | None) -> None:
        if digest is None:
            return
        try:
            await screen.submit(settle, choice, digest)
        except WorkbenchError as error:
            screen.work.tell(error)
            return
        screen.say(f"chosen: {safe_text(choice.name, 60)}")

    screen.app.push_screen(ChoosePanel(choice, screen.zone()), answered)
