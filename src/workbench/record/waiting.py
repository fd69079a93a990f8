"""The entries that wait for another one, while a pack is taken in: which of them can follow now.

An entry follows its desk's one before, so of each desk only the first that waits can be taken: the others are not even
read until it is.  What a pack costs does not grow with how many wait.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping

from workbench.record import aside
from workbench.record.aside import Key, Row
from workbench.record.order import WAITING
from workbench.record.shapes import Known

_Place = tuple[int, str]  # the number of an entry at its desk, and its digest


class Queues:
    """The rows that wait, desk by desk in the order of their numbers; a row is read when it is asked for."""

    def __init__(self, connection: sqlite3.Connection, keys: Iterable[Key]) -> None:
        self._connection = connection
        self._desks: dict[str, list[_Place]] = {}
        self._purges: list[str] = []
        self._desk_of: dict[str, _Place] = {}
        self.read: dict[str, Row] = {}
        """The rows that were read, by digest."""
        for key in keys:
            if key.state == WAITING:
                insort(self._desks.setdefault(key.desk, []), (key.desk_seq, key.digest))
                self._desk_of[key.digest] = (key.desk_seq, key.desk)
                if key.purges:
                    self._purges.append(key.digest)

    def purges(self) -> Iterator[Row]:
        """Those that may be purges; they stay in their queues."""
        for digest in self._purges:
            if (row := aside.find(self._connection, digest)) is not None:
                yield row

    def first(self, frontier: Mapping[str, Known]) -> Iterator[Row]:
        """Of each desk those that can follow what is here of it."""
        for desk in list(self._desks):
            yield from self._take(desk, bisect_right(self._desks[desk], (_next(frontier, desk), "~")))

    def following(self, desk: str, frontier: Mapping[str, Known]) -> Iterator[Row]:
        """Those of a desk that can follow what is here of it now, one after the other without a gap."""
        queue, upto = self._desks.get(desk, []), _next(frontier, desk)
        count = 0
        while count < len(queue) and queue[count][0] <= upto:
            upto = max(upto, queue[count][0] + 1)
            count += 1
        yield from self._take(desk, count)

    def rest(self, desk: str) -> Iterator[Row]:
        """All that is left of a desk."""
        yield from self._take(desk, len(self._desks.get(desk, [])))

    def one(self, digest: str) -> Iterator[Row]:
        """The row of one entry, if it waits and was not read yet."""
        place = self._desk_of.get(digest)
        if place is not None and digest not in self.read:
            self._desks[place[1]].remove((place[0], digest))
            yield from self._read(digest)

    def _take(self, desk: str, count: int) -> Iterator[Row]:
        queue = self._desks.get(desk, [])
        taken, queue[:count] = queue[:count], []
        for _, digest in taken:
            yield from self._read(digest)

    def _read(self, digest: str) -> Iterator[Row]:
        row = aside.find(self._connection, digest)
        if row is not None:
            self.read[digest] = row
            yield row


def _next(frontier: Mapping[str, Known], desk: str) -> int:
    """The number that follows what is here of a desk."""
    known = frontier.get(desk)
    return known.desk_seq + 1 if known is not None else 1
