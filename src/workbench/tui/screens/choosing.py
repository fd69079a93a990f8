"""Choosing one of several versions that desks made of a thing without knowing of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.model.errors import WorkbenchError
from workbench.model.text import capitalised, safe_text
from workbench.model.times import moment_text
from workbench.record import Version
from workbench.tui.binding import bind
from workbench.tui.theme import Role
from workbench.tui.widgets.beside import Column, Compared, beside, column_width
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.line import Line, PieceLines
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Gap, Page, Pair, Paragraph, Scroller, Title, prose_lines
from workbench.tui.working import Working
from workbench.usecases.settling import Choice, find_contested, settle
from workbench.usecases.views.people import named

Who = Callable[[str], str]
NARROWEST = 15  # cells of a column; with less, versions stand below each other
INTRODUCTION = (
    "Two desks changed this independently. Nothing that depends on it can pass until you choose a version."
)


class Versions(PieceLines):
    """The versions of a thing beside each other; below each other where there is no room for that."""

    def __init__(self, choice: Choice, zone: tzinfo, who: Who) -> None:
        super().__init__()
        self._choice, self._zone, self._who = choice, zone, who
        self.marked: int | None = None

    def mark(self, place: int) -> None:
        """Mark this one."""
        self.marked = place
        self.changed()

    def lay_out(self, width: int) -> Sequence[Line]:
        columns, rows = compared(self._choice, self._zone, self._who)
        if column_width(rows, len(columns), width)[1] >= NARROWEST:
            return beside(columns, rows, width, self.marked)
        return prose_lines(blocks(self._choice, self._zone, self._who, self.marked), width)


class ChoosePanel(Panel[str | None]):
    """The versions of a thing: the arrows mark one, ``enter`` takes it and gives its digest."""

    DEFAULT_CSS = """
    ChoosePanel > .panel--box { width: 100; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "mark(-1)", "mark the version at the left", also=False, priority=True),
        bind("right", "mark(1)", "mark the version at the right", also=False, priority=True),
        bind("up", "mark(-1)", "mark the previous version", also=False, priority=True),
        bind("down", "mark(1)", "mark the next version", also=False, priority=True),
        bind("enter", "take", "take the marked version", own_label="take it"),
    ]

    def __init__(self, choice: Choice, zone: tzinfo, who: Who = str) -> None:
        super().__init__()
        self._choice = choice
        self._versions = Versions(choice, zone, who)

    def compose(self) -> ComposeResult:
        title = safe_text(f"{self._choice.words.capitalize()} of {self._choice.name}", 200)
        with PanelBox(title):
            with Scroller(classes="panel--scroll"):
                yield Page([Paragraph(INTRODUCTION), Gap()])
                yield self._versions
            yield FooterLine(self._hints())

    def _hints(self) -> list[Hint]:
        marked = self._versions.marked
        off = "choose a version first" if marked is None else None
        take = "use it" if marked is None else f"use version {marked + 1}"
        return [
            Hint("take", "enter", take, off, priority=3, filled=True),
            Hint("mark(1)", "← →", "choose", priority=2),
            Hint("back", "esc", "go back", priority=2),
        ]

    def action_mark(self, by: int) -> None:
        """Mark the version beside the marked one; at first the left or the right one of two."""
        last = len(self._choice.thing.versions) - 1
        at = self._versions.marked
        if at is None:
            at = (1 if by > 0 and last == 1 else 0) - by
        self.action_choose(min(max(at + by, 0), last))

    def action_choose(self, place: int) -> None:
        """Mark this version: it was clicked."""
        self._versions.mark(place)
        self.query_one(FooterLine).show(self._hints())

    def action_take(self) -> None:
        """Settle for the marked version; none is taken that nobody marked."""
        if (marked := self._versions.marked) is not None:
            self.dismiss(self._choice.thing.versions[marked].digest)


def compared(choice: Choice, zone: tzinfo, who: Who = str) -> tuple[list[Column], list[Compared]]:
    """A column for each version: who made it, where and when; and a row for each field in which they differ."""
    versions = choice.thing.versions
    columns = [
        Column(
            f"{number}  {capitalised(who(each.actor))}",
            f"choose({number - 1})",
            (where_made(choice, each), moment_text(each.recorded_at, zone)),
        )
        for number, each in enumerate(versions, 1)
    ]
    gone = any(each.value is None for each in versions)
    rows = [Compared("", tuple(choice.said(each, "") if each.value is None else "kept" for each in versions))]
    fields = [field for field in choice.fields if not field.startswith("decided_on")]
    rows = (rows if gone else []) + [
        Compared(
            _label(field),
            tuple("" if each.value is None else choice.said(each, field) for each in versions),
        )
        for field in fields
    ]
    return columns, rows


def where_made(choice: Choice, version: Version) -> str:
    """At which desk a version was made."""
    return "at this desk" if version.desk == choice.mine else "at another desk"


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()


def blocks(choice: Choice, zone: tzinfo, who: Who = str, marked: int | None = None) -> list[Block]:
    """The same below each other; ``marked`` has a sign before it."""
    columns, rows = compared(choice, zone, who)
    found: list[Block] = []
    for place, column in enumerate(columns):
        here = place == marked
        words = f"{'▸' if here else ' '} {column.title}, {', '.join(column.about)}"
        found.append(Title(words, Role.ACCENT if here else Role.STRONG))
        found += [
            Pair(row.label, row.texts[place] or "–")
            if row.label
            else Paragraph(row.texts[place], Role.WARNING)
            for row in rows
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

    def who(key: str) -> str:
        return named(screen.view.definitions, key, screen.view.person)

    screen.app.push_screen(ChoosePanel(choice, screen.zone(), who), answered)
