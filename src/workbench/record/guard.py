"""Is the open file still the one that was opened, and written by nobody but the workbench?

While a record is open SQLite appends to the log beside it, and the file itself changes only when
the log is folded in.  So whoever folds in notes how the file looks afterwards; where it looks
otherwise, another workbench did that, or somebody copied over it or cut it, which only a look at
all of it can tell.

Several connections of one process know of each other: what one of them folded into a file that looked
as another one knows it is no stranger's writing.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import RLock

from workbench.model.errors import RecordUnavailable

# So many bytes of the log, and it is folded into the file.  They are reckoned: what an act brings along,
# and the pages that it changes besides.  Asking for the log's size takes longer than writing to it.
LONG, EACH_ACT = 2_400_000, 24_000

Looks = tuple[int, int, int, int, int]
# How a file looked before and after this process folded a log into it, of many the last ones; and while that is under
# way, nobody asks how it looks.
_FOLDS: dict[Looks, Looks] = {}
_MOST = 10_000
_FOLDING = RLock()


class Guard:
    """How the file looked when it was last known to be sound; ``ours`` is its device and number."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        # SQLite would fold in within any commit, and nobody could tell that from a stranger's writing.
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._path = path
        self._known = _looks(path)
        self._written = 0

    def changed(self) -> bool:
        """Whether somebody else has written into the file; ``RecordUnavailable`` where it is another or gone."""
        now = _looks(self._path)
        if now[:2] != self._known[:2]:
            raise RecordUnavailable(
                "another file stands where the record was; nothing was changed",
                where=str(self._path),
                hint="open the project again",
            )
        if now == self._known:
            return False
        with _FOLDING:
            now = _looks(self._path)
            while self._known != now and self._known in _FOLDS:
                self._known = _FOLDS[self._known]
            return now != self._known

    def note(self) -> None:
        """After a look at all of the file: as it looks now it is sound."""
        self._known = _looks(self._path)

    def written(self, connection: sqlite3.Connection, size: int) -> None:
        """After an act of ``size`` bytes was written to the log, which must not grow for ever.

        SQLite writes over a log that was folded in: it keeps its size, which is faster than to grow again.
        """
        self._written += EACH_ACT + size
        if self._written >= LONG:
            self.fold_in(connection, "PASSIVE")
            self._written = 0

    def fold_in(self, connection: sqlite3.Connection, how: str) -> None:
        """Brings what stands in the log into the file, if that is as we know it."""
        if how != "PASSIVE":  # it waits for whoever writes, who may be asking how the file looks
            self._fold_in(connection, how)
            return
        with _FOLDING:
            self._fold_in(connection, how)

    def _fold_in(self, connection: sqlite3.Connection, how: str) -> None:
        if self.changed():
            return
        before = self._known
        connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        self.note()
        with _FOLDING:
            if before != self._known:
                _FOLDS[before] = self._known
                while len(_FOLDS) > _MOST:
                    del _FOLDS[next(iter(_FOLDS))]


def _looks(path: Path) -> Looks:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise RecordUnavailable(
            "the record's file is gone; nothing was changed",
            where=str(path),
            hint="put it back, or a copy (docs/record.md), and open the project again",
        ) from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
