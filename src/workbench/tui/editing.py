"""``E``: the definition behind a line, in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from workbench.definitions.shapes import Mark
from workbench.model.errors import UsageError
from workbench.tui.working import Working


async def edit(screen: Working, place: Mark) -> None:
    """Open the editor at a line, wait for it, and read the files again."""
    trouble = open_editor(screen.app, screen.view.definitions.root, place)
    if trouble is not None:
        screen.work.tell(trouble)
    else:
        await screen.do_reload()


def open_editor(app: App[Any], root: Path, place: Mark) -> UsageError | None:
    """Open the editor at a line of a file of the project and wait for it; what was in the way."""
    if place.built_in:
        return UsageError(
            "this comes with the workbench and cannot be edited",
            where=place.file.partition(":")[2],
            hint="copy the list into your project and name its path under checklists: in workbench.yaml",
        )
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        return UsageError(
            "no editor is set",
            where=f"{place.file}:{place.line}",
            hint="set VISUAL or EDITOR in the shell that starts the workbench",
        )
    try:
        with app.suspend():
            subprocess.run([*shlex.split(command), f"+{place.line}", str(root / place.file)], check=False)
    except SuspendNotSupported:
        return UsageError(
            "the editor cannot use this terminal while the app is open",
            where=f"{place.file}:{place.line}",
            hint="edit the file in another window, then press ctrl+r here",
        )
    except (OSError, ValueError) as error:
        return UsageError(f"the editor could not be started: {error}", where=command)
    return None
