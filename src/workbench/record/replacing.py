"""Putting a record in the place of another one, which is kept beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.files import make_private_folder, new_file
from workbench.record.connection import has_log, index_of, log_of


class Place:
    """Where a record is built, and the name under which the one before it is kept once it takes its place."""

    def __init__(self, part: Path, path: Path) -> None:
        self.part = part
        self.kept: Path | None = None
        self._path = path

    def make_room(self, word: str) -> Path | None:
        """Moves what is at the place to a name beside it that says ``word``; where to, ``None`` where nothing was."""
        if not any(os.path.lexists(each) for each in (self._path, log_of(self._path))):
            return None
        number = 1
        while os.path.lexists(
            old := self._path.with_name(f"{self._path.stem}.{word}-{number}{self._path.suffix}")
        ):
            number += 1
        for of in (lambda path: path, log_of, index_of):
            if os.path.lexists(of(self._path)):
                of(self._path).rename(of(old))
        self.kept = old
        return old


class Dropped(Exception):
    """What was built is not wanted after all."""


@contextmanager
def building(path: Path) -> Iterator[Place]:
    """An empty file beside ``path`` to build a record in; at the end it is at ``path``.

    Whoever wants what is there replaced calls :meth:`Place.make_room` last.  After an error, and after
    ``Dropped``, which ends here, everything is as it was.
    """
    try:
        make_private_folder(path.parent)
        with _new_file(path) as place:
            yield place
            if has_log(place.part):
                raise RecordError("the new record could not be closed; nothing was changed", where=str(path))
    except Dropped:
        return
    except FileExistsError:
        raise RecordUnavailable(
            "there is a record already; nothing was changed", where=str(path), hint="open it instead"
        ) from None
    except OSError as error:
        raise RecordUnavailable(
            f"the record cannot be put in its place ({error.strerror})",
            where=str(path),
            hint="check its folder and the room on its disk",
        ) from error


@contextmanager
def _new_file(path: Path) -> Iterator[Place]:
    with new_file(path) as part:
        yield Place(part, path)
