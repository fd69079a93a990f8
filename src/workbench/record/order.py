"""What each entry has to follow: its desk's entry before, and entries of the same thing.

One pass of ``verify`` goes through it beside the ledger; nothing but the latest entries is kept.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

from workbench.model.canonical import encode
from workbench.model.times import from_text
from workbench.record import desks, graph
from workbench.record.ledger import BY_DIGEST, DESK, RECORD, Body, parents, unhex
from workbench.record.projection import Table
from workbench.record.shapes import Desk, Info, Known

AHEAD = 120  # seconds that a clock elsewhere may be ahead of ours without being told
WAITING, QUARANTINED = "waiting", "quarantined"
_RECEIVED = "SELECT seq, desk, desk_seq, recorded_at, received_at, stored FROM received ORDER BY seq"
Received = tuple[int, str, int, str, str]


class Wrong(Exception):
    """The first thing that is wrong, in words."""


def seal_received(row: Received) -> bytes:
    """SHA-256 over a row of the table ``received``, so that no byte of it can change unseen."""
    return hashlib.sha256(b"wb.received.1\0" + encode(list(row))).digest()


class Seen(msgspec.Struct):
    """One desk so far."""

    last: int = 0
    digest: str | None = None
    recorded_at: str = ""
    entries: int = 0
    follows: Known | None = None


class Order:
    """The desks and the things of a ledger, entry by entry."""

    def __init__(self, connection: sqlite3.Connection, info: Info) -> None:
        self.desks: dict[str, Seen] = {}
        self.local = ""
        self.is_received = False
        self.ahead: dict[str, int] = {}
        self._connection = connection
        self._info = info
        self._heard = ""
        self._latest: dict[graph.Key, str] = {}
        self._several: dict[graph.Key, set[str]] = {}
        self._rows: Iterator[tuple[int, str, int, str, str, bytes]] = connection.execute(_RECEIVED)
        self._next = next(self._rows, None)

    def take(self, seq: int, body: Body, digest: str) -> str | None:
        """Takes in one entry; what is wrong with its place, if anything, in words that follow its name."""
        received = self._next
        self.is_received = received is not None and received[0] == seq
        if received is not None and self.is_received:
            self._next = next(self._rows, None)
            if (wrong := self._check_received(received, body)) is not None:
                return wrong
        desk = self.desks.get(body.desk)
        if desk is None or (not self.is_received and body.desk != self.local):
            if (wrong := self._begin(seq, body)) is not None:
                return wrong
            before = self.desks.get(self.local) if not self.is_received else None
            desk = self.desks.setdefault(body.desk, Seen(recorded_at=before.recorded_at if before else ""))
            desk.follows = desks.followed(body)
            if not self.is_received:
                self.local = body.desk
        if body.desk_seq - 1 != desk.last or body.desk_prev != desk.digest:
            return "does not follow its desk's entry before"
        if body.recorded_at < desk.recorded_at:
            return "is dated before the entry that it follows"
        desk.last, desk.digest, desk.recorded_at = body.desk_seq, digest, body.recorded_at
        desk.entries += 1
        if self._heard and not self.is_received and body.recorded_at <= self._heard:
            return "is dated before what was known from elsewhere"
        key = (body.entity, body.id)
        if body.base == self._latest.get(key) and body.also is None and key not in self._several:
            self._latest[key] = digest
            return None
        return self._branch(seq, key, body, digest)

    def _check_received(self, row: tuple[int, str, int, str, str, bytes], body: Body) -> str | None:
        seq, desk, desk_seq, recorded_at, received_at, stored = row
        if (desk, desk_seq, recorded_at) != (body.desk, body.desk_seq, body.recorded_at):
            return "is not what the table received says"
        if seal_received((seq, desk, desk_seq, recorded_at, received_at)) != stored:
            return "has a row in the table received that was changed"
        self._heard = max(self._heard, recorded_at)
        gap = (from_text(recorded_at) - from_text(received_at)).total_seconds()
        if gap > AHEAD:
            self.ahead[desk] = max(self.ahead.get(desk, 0), int(gap))
        return None

    def _begin(self, seq: int, body: Body) -> str | None:
        """A desk's first entry: the record's own first one, or one that says what it follows."""
        if seq == 1:
            return None
        follows = desks.followed(body)
        if follows is None or body.desk_seq != 1 or body.id != body.desk:
            return "does not follow its desk's entry before"
        known = self.desks.get(follows.desk)
        if known is None or known.last < follows.desk_seq:
            return "follows an entry that is not here"
        if not self.is_received:
            before = self.desks[self.local]
            if follows != Known(self.local, before.last, before.digest or ""):
                return "does not follow its desk's entry before"
        return None

    def _branch(self, seq: int, key: graph.Key, body: Body, digest: str) -> str | None:
        """An entry that several may go on from, or that goes on from several."""
        latest = self._several.setdefault(key, {self._latest[key]} if key in self._latest else set())
        made_from = set(parents(body))
        if not self.is_received and made_from != latest:
            return f"was not made from the entry before it on the same {body.entity}"
        for parent in made_from - latest:
            found = self._connection.execute(BY_DIGEST, (*key, unhex(parent))).fetchone()
            if found is None or found[0] >= seq:
                return f"was not made from an earlier entry of the same {body.entity}"
        latest.difference_update(made_from)
        latest.add(digest)
        self._latest[key] = digest
        return None

    def finish(self, tables: Mapping[str, Table], newer: frozenset[graph.Key]) -> None:
        """Nothing may be left of the table ``received``; ``versions`` and ``meta`` are what follows."""
        if self._next is not None:
            raise Wrong(f"the table received names entry {self._next[0]}, which is not there")
        found = {
            (digest, entity, id, contested)
            for digest, entity, id, contested in self._connection.execute(
                "SELECT digest, entity, id, contested FROM versions"
            )
        }
        wanted: set[tuple[str, str, str, int]] = set()
        for key in {key for key, latest in self._several.items() if len(latest) > 1} | newer:
            wanted.update(self._versions(tables, key))
        if found != wanted:
            one = min(found ^ wanted)
            raise Wrong(f"the table versions is not what the entries of the {one[1]} “{one[2]}” say")

    def _versions(self, tables: Mapping[str, Table], key: graph.Key) -> Iterator[tuple[str, str, str, int]]:
        entity, id = key
        table = tables.get(entity)
        stands = graph.standing(self._connection, table, id) if table is not None else None
        latest = self._several.get(key) or {self._latest[key]}
        contested = stands is None or stands.contested
        if len(latest) > 1 or contested:
            yield from ((digest, entity, id, int(contested)) for digest in latest)

    def told(self) -> tuple[Desk, ...]:
        """The desks in the order in which they began here."""
        return tuple(
            Desk(id, desk.entries, desk.last, id == self.local, desk.follows)
            for id, desk in self.desks.items()
        )

    def notes(self) -> Iterator[str]:
        """What is no damage, but worth telling."""
        for desk, seconds in self.ahead.items():
            yield f"entries of the desk {desk} were dated {seconds // 60} min ahead of this machine's clock"


def stands_where_it_may(body: Body, seq: int) -> bool:
    """Whether an entry of the record itself is where it may be: it begins a record, or a desk."""
    if body.entity == RECORD:
        return seq == 1
    return body.entity != DESK or body.desk_seq == 1
