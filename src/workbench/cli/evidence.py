"""The options of commands that attach evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_EVIDENCE = (
    click.option("--link", default="", metavar="URL", help="Evidence: a link."),
    click.option(
        "--file", type=click.Path(path_type=Path), metavar="FILE", help="Evidence: a copy of this file."
    ),
    click.option("--note", default="", metavar="TEXT", help="Evidence: a note."),
    click.option("--title", default="", metavar="TEXT", help="What the evidence is called."),
)


def evidence_options(function: F) -> F:
    """``--link``, ``--file``, ``--note`` and ``--title``."""
    for option in reversed(_EVIDENCE):
        function = option(function)
    return function
