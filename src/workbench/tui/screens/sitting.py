"""What was done since the app was opened, as a script and as minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.binding import BindingType

from workbench.model.errors import WorkbenchError
from workbench.tui.binding import bind
from workbench.tui.screens.reading import ReadingPanel
from workbench.tui.theme import Role
from workbench.tui.widgets.footer import Hint
from workbench.tui.widgets.prose import Block, Paragraph, Verbatim
from workbench.usecases.context import Context
from workbench.usecases.scripting.reading import Since
from workbench.usecases.scripting.records import minutes_of, script_of

if TYPE_CHECKING:
    from workbench.tui.working import Working

SCRIPT, MINUTES = "script", "minutes"


class SoFar(msgspec.Struct, frozen=True):
    """What was done, in both forms; ``files`` is how many files the script names."""

    script: str
    minutes: str
    acts: int
    files: int


def so_far(context: Context, since: Since) -> SoFar:
    """What was done since then."""
    written = script_of(context, since)
    return SoFar(written.text, minutes_of(context, since), len(written.told), len(written.files))


async def open_sitting(screen: Working) -> None:
    """Show this sitting as a script."""
    since = Since(entry=screen.work.sitting_from + 1)
    try:
        found = await screen.work.desk.call(so_far, since)
    except WorkbenchError as error:
        screen.work.tell(error)
        return
    screen.app.push_screen(SittingPanel(found, since.entry))


class SittingPanel(ReadingPanel):
    """A script and minutes of this sitting; ``tab`` shows the other one, ``ctrl+c`` copies what is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tab", "other", "the other form: a script, or minutes", priority=True)
    ]

    def __init__(self, found: SoFar, entry: int, form: str = SCRIPT) -> None:
        self._found, self._entry, self._form = found, entry, form
        text = found.script if form == SCRIPT else found.minutes
        title = "Commands of this sitting" if form == SCRIPT else "Minutes of this sitting"
        super().__init__(title, _blocks(found, text, form, entry), copies=text if found.acts else "")

    def hints(self) -> list[Hint]:
        """The other form is one key away."""
        other = MINUTES if self._form == SCRIPT else SCRIPT
        return [Hint("other", "tab", other), *super().hints()]

    def action_other(self) -> None:
        """Show the same in the other form."""
        form = MINUTES if self._form == SCRIPT else SCRIPT
        self.app.switch_screen(SittingPanel(self._found, self._entry, form))


def _blocks(found: SoFar, text: str, form: str, entry: int) -> list[Block]:
    if not found.acts:
        return [Paragraph("Nothing has been done yet in this sitting.", Role.MUTED)]
    files = f", with the {found.files} files that it names" if found.files and form == SCRIPT else ""
    hint = f"workbench {form} --from {entry} --output FILE writes this to a file{files}."
    return [Verbatim(text.removesuffix("\n")), Paragraph(hint, Role.MUTED)]
