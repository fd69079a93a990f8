"""What was dropped from the quarantine: who dropped it and why stays in the ledger, its bytes as evidence."""

from __future__ import annotations

import sqlite3

import msgspec

from workbench.record.shapes import EntityKind, Titles, Value

DROPPED = "dropped_entry"
MEDIA = "application/json"
# Those that this desk dropped itself: what another one dropped there may be taken here.
_OWN = (
    "SELECT 1 FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE l.entity = 'dropped_entry' AND l.id = ? AND r.seq IS NULL LIMIT 1"
)


class Dropped(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry that is not wanted; its digest is the thing's id.

    ``why`` is why it was quarantined, or what it waited for; ``line`` the digest of its bytes, which are kept as
    evidence.
    """

    desk: str
    desk_seq: int
    why: str
    line: str
    about: str = ""


def _title(id: str, value: Value, titles: Titles) -> str:
    about = value.get("about", "")
    return str(about) if about else id[:12]


KIND = EntityKind(
    DROPPED, shape=Dropped, thing="the quarantined", many="quarantined entries", title=_title,
    stays=lambda value: True, documents=("line",),
)  # fmt: skip
ENTITIES = (KIND,)


def was_dropped(connection: sqlite3.Connection, digest: str) -> bool:
    """Whether this desk has dropped an entry: then it is not kept aside again."""
    return connection.execute(_OWN, (digest,)).fetchone() is not None
