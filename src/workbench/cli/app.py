"""Opening the app from a command."""

from __future__ import annotations

from functools import partial

import click

from workbench.cli import garbage
from workbench.cli.completing import complete
from workbench.cli.options import Settings
from workbench.cli.session import options_of


def open_app(settings: Settings) -> int:
    """Open the app and return its exit code once it is left."""
    from workbench import tui

    root = click.get_current_context().find_root().command
    garbage.settle()
    return int(tui.run(options_of(settings), partial(complete, root)) or 0)
