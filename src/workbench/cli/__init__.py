"""The command line: thin commands that parse, call a use case and print."""

from __future__ import annotations

import gc
from collections.abc import Sequence

# A command is over before there is garbage worth looking for; the app lives longer.
_BRIEF = 50_000
_NORMAL = gc.get_threshold()


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing escapes as a traceback."""
    gc.set_threshold(_BRIEF, *_NORMAL[1:])
    try:
        from workbench.cli.running import run

        return run(argv)
    finally:
        settle()


def settle() -> None:
    """Collect garbage as usual from here on."""
    gc.set_threshold(*_NORMAL)
