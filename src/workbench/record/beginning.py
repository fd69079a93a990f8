"""Where a record begins: everything of it appears at once, or nothing does.

It is laid under another name beside its place, closed, and then given its name, never in the place
of another file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.files import make_private_folder, new_file, spare_name
from workbench.record.connection import has_log, index_of, is_none, log_of


@contextmanager
def in_its_place(path: Path) -> Iterator[Path]:
    """An empty file to lay a new record in; at the end it is at ``path``.

    It has to be closed by then.  Raises ``RecordUnavailable`` where there is a file already, also
    one that came meanwhile, or the folder cannot be written; after an error nothing is left.
    """
    ours = True  # what goes wrong before and after the record is laid
    try:
        make_private_folder(path.parent)
        _refuse_if_taken(path)
        with new_file(path) as part:
            ours = False
            yield part
            ours = True
            if has_log(part):
                raise RecordError("the new record could not be closed; nothing was made", where=str(path))
            _move_empty_away(path)
    except OSError as error:
        if not ours:
            raise
        if isinstance(error, FileExistsError):
            raise _taken(path) from error
        raise RecordUnavailable(
            f"the record cannot be made ({error.strerror})",
            where=str(path),
            hint="make its folder writable, or name another place with --record",
        ) from error


def _refuse_if_taken(path: Path) -> None:
    if not is_none(path):
        raise _taken(path)
    if not path.exists() and has_log(path):
        raise RecordUnavailable(
            "there is a write-ahead log of a record that is gone; nothing was changed",
            where=str(log_of(path)),
            hint="put the record back beside it, or move the log aside to begin a new record",
        )


def _taken(path: Path) -> RecordUnavailable:
    return RecordUnavailable(
        "there is a file already; nothing was changed", where=str(path), hint="open it instead"
    )


def _move_empty_away(path: Path) -> None:
    """Takes away what an interrupted beginning left at ``path``; another record that came meanwhile stays."""
    aside = spare_name(path)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    try:
        if not is_none(aside):
            os.link(aside, path)
            raise _taken(path)
    finally:
        for left in (aside, log_of(aside), index_of(aside)):
            left.unlink(missing_ok=True)
    for left in (log_of(path), index_of(path)):
        left.unlink(missing_ok=True)
