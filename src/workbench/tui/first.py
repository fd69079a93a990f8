"""Before there is a project to show: no project in this folder, or files with mistakes.

A small app of its own, because the one of the workbench needs a record; its result is what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.screen import Screen

from workbench.definitions.shapes import Mark as Place
from workbench.model.errors import DefinitionError, WorkbenchError
from workbench.model.text import number_of
from workbench.tui import terminal, theme
from workbench.tui.actions import Acting, Action, Actions
from workbench.tui.keyboard import Keyboard
from workbench.tui.mistakes import mistake_blocks
from workbench.tui.theme import Mark, Role
from workbench.tui.widgets.footer import FooterLine, Hint
from workbench.tui.widgets.header import HeaderLine, Situation
from workbench.tui.widgets.line import PieceLines
from workbench.tui.widgets.prose import Block, Gap, Pair, Paragraph, Prose, Title


class Wanted(Enum):
    """What a person wants where there is no project to show."""

    SET_UP = "set up"
    DEMO = "demo"
    AGAIN = "again"


class FirstScreen(Acting, Screen[None]):
    """A text to read, and what can be done: the first of its actions is the filled one."""

    OWN: ClassVar[tuple[Action, ...]] = ()
    AUTO_FOCUS = "Prose"
    DEFAULT_CSS = """
    FirstScreen { background: $background; color: $foreground; }
    FirstScreen Prose { padding: 1 1; }
    """

    def __init_subclass__(cls) -> None:
        cls.ACTIONS = Actions((*cls.OWN, Action("quit", "q", "quit; nothing was written", 1)))
        cls.BINDINGS = [*cls.ACTIONS.bindings()]
        super().__init_subclass__()

    def blocks(self) -> Iterable[Block]:
        """What there is to read."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield HeaderLine(Situation(project="workbench"))
        yield Prose(id="first")
        yield FooterLine(self._hints())

    def on_mount(self) -> None:
        """Show the text."""
        self.query_one(Prose).show(list(self.blocks()))

    def _hints(self) -> list[Hint]:
        first, *others = self.hints()
        return [Hint(first.id, first.key, first.label, priority=9, filled=True), *others]

    def on_piece_lines_chosen(self, event: PieceLines.Chosen) -> None:
        """A click on a hint."""
        event.stop()
        self.call_later(self.action_do, event.target)

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit()


class NoProjectScreen(FirstScreen):
    """There is no project here: one can be set up, or a sample one tried."""

    OWN = (
        Action(
            "set_up", "enter", "create a starter project in this folder", 9, own_label="set up this folder"
        ),
        Action("try_demo", "t", "try the workbench on a sample project", 8),
    )

    def __init__(self, folder: Path, trouble: WorkbenchError | None) -> None:
        super().__init__()
        self._folder, self._trouble = folder, trouble

    def blocks(self) -> Iterable[Block]:
        if self._trouble is not None:
            yield from _told(self._trouble)
        yield Title("There is no project in this folder yet")
        yield Paragraph(str(self._folder), Role.MUTED)
        yield Gap()
        yield Pair(
            "enter",
            "Sets this folder up: looks for git, CI files, test reports and how it is deployed, writes a short "
            "workbench.yaml with three gates, and creates the release record. Nothing is sent anywhere.",
        )
        yield Pair("t", "Opens a sample project in its own folder, where you can try everything.")
        yield Gap()
        yield Paragraph("To open a project somewhere else: workbench --project DIR", Role.MUTED)

    def do_set_up(self) -> None:
        """A starter project, here."""
        self.app.exit(Wanted.SET_UP)

    def do_try_demo(self) -> None:
        """The sample project."""
        self.app.exit(Wanted.DEMO)


class BrokenScreen(FirstScreen):
    """The project's files have mistakes: each with its place, and the editor one key away."""

    OWN = (
        Action("edit_file", "E", "open the first mistake in your editor, and read the files again", 9),
        Action("reload", "ctrl+r", "read the files again", 8),
    )

    def __init__(self, error: DefinitionError, root: Path) -> None:
        super().__init__()
        self._problems, self._root = tuple(error.problems), root

    def blocks(self) -> Iterable[Block]:
        yield Title(f"The project cannot be opened: {number_of(len(self._problems), 'mistake')} in its files")
        yield Paragraph("The release record is untouched.", Role.MUTED)
        yield from mistake_blocks(self._problems)

    async def do_edit_file(self) -> None:
        """The editor, at the first mistake."""
        from workbench.tui.editing import open_editor

        first = self._problems[0]
        place = Place(first.file, max(first.line, 1), max(first.column, 1))
        trouble = open_editor(self.app, self._root, place)
        if trouble is None:
            self.app.exit(Wanted.AGAIN)
        else:
            self.query_one(Prose).show([*_told(trouble), *self.blocks()])

    def do_reload(self) -> None:
        """Try again."""
        self.app.exit(Wanted.AGAIN)


def _told(error: WorkbenchError) -> Iterable[Block]:
    yield Paragraph(f"{Mark.BLOCKS.symbol} {error.what}", Role.ERROR)
    for more in (error.where, error.hint):
        if more:
            yield Paragraph(more, Role.MUTED)
    yield Gap()


class FirstApp(App[Wanted]):
    """Shows one screen; its result is what the person wants, or ``None`` to leave."""

    TITLE = "workbench"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, screen: FirstScreen, look: terminal.Terminal, keyboard: Keyboard) -> None:
        super().__init__(ansi_color=bool(look.ansi))
        theme.register(self, look.theme)
        self.keyboard, self._first = keyboard, screen

    def on_mount(self) -> None:
        """The one screen."""
        self.set_keymap(self.keyboard.changed)
        terminal.install_signals(self)
        self.push_screen(self._first)


def ask(screen: FirstScreen, look: terminal.Terminal, keyboard: Keyboard) -> Wanted | None:
    """Show a screen and wait for what the person wants."""
    return FirstApp(screen, look, keyboard).run()
