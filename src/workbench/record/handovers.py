"""A record that was handed over: its desk writes no more, until the handover is cancelled.

What counts is what this desk wrote itself.  Nobody else can close or open it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

import msgspec

from workbench.model.errors import NotAllowed
from workbench.model.text import safe_text
from workbench.model.times import moment_text
from workbench.record.ledger import NO_VALUE, read_body
from workbench.record.shapes import EntityKind, Titles, Value, first_that

HANDOVER = "handover"
HANDED_OVER, CANCELLED = "handed over", "cancelled the handover of"
_LAST_OWN = (
    "SELECT l.seq, l.body FROM ledger l LEFT JOIN received r ON r.seq = l.seq "
    "WHERE l.entity = 'handover' AND l.id = ? AND r.seq IS NULL ORDER BY l.seq DESC LIMIT 1"
)


class Handover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record was handed over ``to`` somebody, by the desk whose id is the thing's.

    ``page`` is the digest of the page that says what was open then.
    """

    to: str
    by: str
    at: datetime
    page: str = ""
    cancelled: bool = False


def _title(id: str, value: Value, titles: Titles) -> str:
    return f"to {value.get('to', '')}"


KIND = EntityKind(
    HANDOVER,
    shape=Handover,
    thing="the record",
    many="handovers",
    title=_title,
    stays=lambda value: True,
    stricter=first_that(lambda value: not value.get("cancelled")),
)
ENTITIES = (KIND,)


class HandedOver(NotAllowed):
    """Nothing is written at a desk whose record was handed over."""


def standing(connection: sqlite3.Connection, desk: str) -> Handover | None:
    """The handover that a desk made and did not cancel."""
    row = connection.execute(_LAST_OWN, (desk,)).fetchone()
    if row is None:
        return None
    body = read_body(*row)
    if body.value is NO_VALUE:
        return None
    value = msgspec.json.decode(body.value, type=Handover)
    return None if value.cancelled else value


def refuse(connection: sqlite3.Connection, desk: str) -> None:
    """Inside a write transaction: raises ``HandedOver`` where this desk has handed the record over."""
    found = standing(connection, desk)
    if found is not None:
        raise HandedOver(
            f"this record was handed over to {safe_text(found.to, 100)} on {moment_text(found.at)}: "
            "nothing is written here any more",
            hint="workbench handover says more; handover --cancel takes it up again here",
        )
