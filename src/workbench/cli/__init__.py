"""The command line: thin commands that parse, call a use case and print."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.cli import garbage


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing escapes as a traceback."""
    garbage.put_off()
    try:
        from workbench.cli.running import run

        return run(argv)
    finally:
        garbage.settle()
