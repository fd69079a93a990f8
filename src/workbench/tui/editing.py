"""``E``: the definition behind a line, in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess

from textual.app import SuspendNotSupported

from workbench.definitions.shapes import Mark
from workbench.model.errors import UsageError
from workbench.tui.working import Working


async def edit(screen: Working, place: Mark) -> None:
    """Open the editor at a line, wait for it, and read the files again."""
    if place.built_in:
        screen.work.tell(
            UsageError(
                "this comes with the workbench and is not edited",
                where=place.file.partition(":")[2],
                hint="copy the list into your project and name its path under checklists: in workbench.yaml",
            )
        )
        return
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    app = screen.work
    if not command:
        app.tell(
            UsageError(
                "no editor is set",
                where=f"{place.file}:{place.line}",
                hint="set VISUAL or EDITOR in the shell that starts the workbench",
            )
        )
        return
    path = screen.view.definitions.root / place.file
    try:
        with screen.app.suspend():
            subprocess.run([*shlex.split(command), f"+{place.line}", str(path)], check=False)
    except SuspendNotSupported:
        app.tell(
            UsageError(
                "the editor cannot have this terminal while the app is open",
                where=f"{place.file}:{place.line}",
                hint="edit the file in another window; ctrl+r here reads it again",
            )
        )
        return
    except (OSError, ValueError) as error:
        app.tell(UsageError(f"the editor could not be started: {error}", where=command))
        return
    await screen.do_reload()
