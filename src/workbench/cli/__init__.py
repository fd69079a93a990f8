"""The command line: thin commands that parse, call a use case and print."""

from __future__ import annotations

from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing escapes as a traceback."""
    from workbench.cli.running import run

    return run(argv)
