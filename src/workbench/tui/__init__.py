"""The Textual app.  :func:`run` is what the command line calls."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from workbench.usecases.project import Options

if TYPE_CHECKING:
    from workbench.tui.command_line import Complete
    from workbench.tui.keyboard import Keyboard


def run(options: Options, complete: Complete | None = None) -> int:
    """Open the app on the project of ``options``; returns the exit code.

    ``complete`` finishes words of commands that are typed in the app.

    The record is opened and judged before Textual is imported, so that errors are told in
    the plain terminal and the first paint shows the gates.
    """
    # Much is made at the start that stays, nothing that is worth collecting: the app turns it on again.
    gc.disable()
    from workbench.tui import terminal
    from workbench.tui.desk import Desk

    look = terminal.check()
    desk = Desk(options)
    try:
        # Not while Textual is imported: both want the interpreter, and taking turns costs 10 ms.
        first = desk.start().result()
        from workbench.tui.app import WorkbenchApp

        app = WorkbenchApp(desk, first, look, *_keyboard(), complete)
        app.run()
        return app.return_code or 0
    finally:
        desk.close()


def _keyboard() -> tuple[Keyboard, list[str]]:
    """The person's own keys; the standard ones where their file has mistakes, which are told."""
    from workbench.model.errors import DefinitionError, WorkbenchError
    from workbench.tui.keyboard import STANDARD, keyboard_of
    from workbench.usecases.own_keys import keys_file, read_own_keys

    try:
        return keyboard_of(read_own_keys(keys_file())), []
    except DefinitionError as error:
        said = [f"{problem.where}: {problem.what}" for problem in error.problems[:1]]
    except WorkbenchError as error:
        said = [error.what]
    return STANDARD, [
        f"{each}; the standard keys are used (`workbench keys` shows all mistakes)" for each in said
    ]
