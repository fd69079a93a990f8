"""The Textual app.  :func:`run` is what the command line calls."""

from __future__ import annotations

import gc

from workbench.usecases.project import Options


def run(options: Options) -> int:
    """Open the app on the project of ``options``; returns the exit code.

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

        app = WorkbenchApp(desk, first, look)
        app.run()
        return app.return_code or 0
    finally:
        desk.close()
