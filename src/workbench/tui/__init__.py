"""The Textual app.  :func:`run` is what the command line calls."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.usecases.project import Options

if TYPE_CHECKING:
    from workbench.definitions import NoProject
    from workbench.model.errors import DefinitionError
    from workbench.tui.command_line import Complete
    from workbench.tui.keyboard import Keyboard
    from workbench.tui.terminal import Terminal
    from workbench.tui.visiting import Visit


def run(options: Options, complete: Complete | None = None) -> int:
    """Open the app on the project of ``options``; returns the exit code.

    ``complete`` finishes words of commands that are typed in the app.  Where there is no project, or
    its files have mistakes, a person is asked what to do.
    """
    from workbench.definitions import NoProject
    from workbench.model.errors import DefinitionError, WorkbenchError
    from workbench.tui import terminal
    from workbench.tui.visiting import Visit

    look, here = terminal.check(), Visit(options=options)
    before = here
    while True:
        try:
            left = _open(here, look, complete)
            if isinstance(left, int):
                return left
            before, here = here, left
        except WorkbenchError as error:
            if here is not before:  # it was to be opened from another project: there one comes back to
                said = f"{here.name} could not be opened: {error.what}"
                before = here = replace(here.back or before, said=said, failed=True)
            elif isinstance(error, NoProject):
                begun = _begin(here.options, look, error)
                if begun is None:
                    return 0
                before = here = Visit(options=begun[0], said=begun[1])
            elif isinstance(error, DefinitionError):
                _mend(here.options, look, error)
            else:
                raise


def _open(visit: Visit, look: Terminal, complete: Complete | None) -> int | Visit:
    """Open the app on a project; gives its exit code, or which project it was left for.

    The record is opened and judged before Textual is imported, so that errors are told in the plain terminal and the
    first paint shows the gates.
    """
    # Much is made at the start that stays, nothing that is worth collecting: the app turns it on again.
    gc.disable()
    from workbench.tui.desk import Desk

    desk = Desk(visit.options)
    try:
        # Not while Textual is imported: both want the interpreter, and taking turns costs 10 ms.
        first = desk.start().result()
        from workbench.tui.app import WorkbenchApp

        keyboard, remarks = _keyboard()
        app = WorkbenchApp(desk, first, look, keyboard, remarks, complete, visit)
        app.run()
        if (left := app.left) is not None:
            from workbench.usecases.sitting import keep_sitting

            desk.at_end(lambda context: keep_sitting(context, left))
        return app.opens or app.return_code or 0
    finally:
        desk.close()


def _begin(options: Options, look: Terminal, error: NoProject) -> tuple[Options, str] | None:
    """No project: set one up here, or make the sample one; what to open, and what to say of it.

    ``None`` for a person who leaves.
    """
    if options.project is not None:
        raise error  # whoever named a folder meant a project
    from workbench.model.errors import WorkbenchError
    from workbench.tui.first import NoProjectScreen, Wanted, ask

    trouble: WorkbenchError | None = None
    while True:
        wanted = ask(NoProjectScreen(Path.cwd(), trouble), look, _keyboard()[0])
        if wanted is None:
            return None
        try:
            folder, said = _set_up() if wanted is Wanted.SET_UP else _sample()
        except WorkbenchError as found:
            trouble = found
            continue
        return replace(options, project=folder), said


def _set_up() -> tuple[Path, str]:
    from workbench.usecases import starting

    begun = starting.init(Path.cwd())
    return begun.root, f"created {begun.file.name} and the release record · E to edit the file"


def _sample() -> tuple[Path, str]:
    from workbench.usecases import demonstration

    folder = demonstration.prepare_here()
    return folder, f"this sample project is in {folder.name}"


def _mend(options: Options, look: Terminal, error: DefinitionError) -> None:
    """Files with mistakes: come back to read them again, or tell the mistakes on the way out."""
    from workbench.tui.first import BrokenScreen, ask
    from workbench.usecases.project import project_folder

    if ask(BrokenScreen(error, project_folder(options)), look, _keyboard()[0]) is None:
        raise error


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
        f"{each}; using the standard keys (`workbench keys` lists all mistakes)" for each in said
    ]
