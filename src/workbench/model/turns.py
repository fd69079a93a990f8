"""Several processes of one person that change the same file do it one after the other, so that no change is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workbench.model.files import make_private_folder

_TURN = 20.0  # seconds


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Meanwhile no other process changes ``path``; ``OSError`` where that cannot be, or where another does not end.

    It is SQLite's lock on a file beside it, which no crash leaves behind.
    """
    make_private_folder(path.parent)
    try:
        turn = sqlite3.connect(path.with_suffix(".lock"), timeout=_TURN, isolation_level=None)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    with closing(turn):
        try:
            turn.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise OSError(str(error)) from error
        yield
