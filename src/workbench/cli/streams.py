"""Standard input, output and error as they are found: closed, full, or read by nobody."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from workbench.model.errors import UsageError

ELSEWHERE = "let it go to a file with room, a pipe, or /dev/null"


def open_closed_ones() -> bool:
    """Put the null device where a stream is closed, so that no file of ours gets its number.

    Returns whether standard output was closed: then there is nowhere to print to.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return False
    for number in range(3):
        _occupy(number)
    nowhere = sys.stdout is None
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    return nowhere


def _occupy(number: int) -> None:
    """A file that is opened gets the lowest number that is free: this one, if it is."""
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDWR)


def closed() -> UsageError:
    """Standard output is closed: nothing was done."""
    return UsageError(
        "standard output is closed, so nothing can be printed; nothing was done", hint=ELSEWHERE
    )


class OutputRefused(UsageError):
    """Standard output cannot be written."""


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Whatever standard output refuses is told as that, and is no fault of a record or of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputRefused(
            f"standard output cannot be written: {error.strerror or error}",
            hint=f"{ELSEWHERE}; what was saved before is saved (workbench history)",
        ) from None


def abandon_output() -> None:
    """Forget what is still to be printed: nobody reads it, and Python must not complain at the end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
