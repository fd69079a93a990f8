"""The command line: thin commands that parse, call a use case and print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.cli import garbage
from workbench.cli.streams import closed, open_closed_ones

if TYPE_CHECKING:
    from workbench.usecases.project import Options


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing escapes as a traceback."""
    garbage.put_off()
    try:
        nowhere = open_closed_ones()
        if not argv:
            return _open_app()
        from workbench.cli.running import refuse, run

        return refuse(closed()) if nowhere else run(argv)
    finally:
        garbage.settle()


def _open_app() -> int:
    """``workbench`` alone: there is nothing to parse, so the app does not wait for the parser."""
    try:
        from workbench import tui
        from workbench.tui import terminal
        from workbench.usecases.project import Options

        terminal.check()
        garbage.settle()
        return tui.run(Options(), _complete)
    except (Exception, KeyboardInterrupt) as error:
        from workbench.cli.options import Settings
        from workbench.cli.running import code_of

        return code_of(error, Settings())


def _complete(options: Options, text: str) -> list[str]:
    """Finish a word of a command that is typed in the app; only then is the parser needed."""
    from workbench.cli.completing import complete
    from workbench.cli.running import root

    return complete(root, options, text)


def answer_shell(asked: str) -> int:
    """What a shell is told that asks how a word can go on."""
    from workbench.cli.completing import answer
    from workbench.cli.running import root

    return answer(root, asked)
