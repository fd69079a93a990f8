"""Choosing one of several versions that desks made of a thing without knowing of each other."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from workbench.model.errors import WorkbenchError
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.panel import Panel, PanelBox
from workbench.tui.widgets.prose import Block, Page, Pair, Paragraph, Scroller, Title
from workbench.tui.working import Working
from workbench.usecases.settling import Choice, find_contested, settle

MOST = 9  # versions that have a key


class ChoosePanel(Panel[str | None]):
    """The versions of a thing below each other; a number chooses one and gives its digest."""

    DEFAULT_CSS = """
    ChoosePanel > .panel--box { width: 96; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"choose({number})", f"Choose {number}", show=False)
        for number in range(1, MOST + 1)
    ]

    def __init__(self, choice: Choice, zone: tzinfo) -> None:
        super().__init__()
        self._choice, self._zone = choice, zone

    def compose(self) -> ComposeResult:
        title = safe_text(f"{self._choice.words.capitalize()} of {self._choice.name}", 200)
        count = min(MOST, len(self._choice.thing.versions))
        numbers = [Hint(f"choose({n})", str(n), f"take {n}") for n in range(1, count + 1)]
        with PanelBox(title):
            with Scroller(classes="panel--scroll"):
                yield Page(blocks(self._choice, self._zone))
            yield FooterLine([*numbers, Hint("back", "esc", "go back")])

    def action_choose(self, number: int) -> None:
        """Settle for that version."""
        versions = self._choice.thing.versions
        if number <= len(versions):
            self.dismiss(versions[number - 1].digest)


def blocks(choice: Choice, zone: tzinfo) -> list[Block]:
    """What each version says where they differ, and who made it when."""
    found: list[Block] = [
        Paragraph(
            "Two desks changed it without knowing of each other. Nothing that rests on it is met until one is chosen."
        )
    ]
    for number, version in enumerate(choice.thing.versions, 1):
        whose = "yours" if version.desk == choice.mine else "from another desk"
        at = moment_text(version.recorded_at, zone)
        found.append(Title(f"{number}  {version.actor}, {at}, {whose}", Role.ACCENT))
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
