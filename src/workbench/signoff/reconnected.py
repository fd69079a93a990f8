"""What a server did to the packs that it holds, as a person accepted it: the noun that keeps it in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles

RECONNECTION = "reconnection"
WORDS = 300  # characters of one fault
MOST = 50  # faults of one reconnection


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of the server that somebody accepted: the ``id`` under which desks note it, and what it was in ``words``.

    ``first`` is the first pack that was not there any more; what was sent again has a number from there on.  0 for others.
    """

    id: str
    words: str
    first: int = 0


class Reconnection(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody accepted that a server was restored or changed: ``faults`` of its ``mailbox``, and why.

    ``number`` and ``chain`` are where the mailbox stood at that desk then.
    """

    mailbox: str
    faults: tuple[Accepted, ...]
    number: int
    chain: str
    reason: str
    by: str
    at: datetime


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"at pack {value.get('number', '')}"


ENTITIES = (
    EntityKind(
        RECONNECTION,
        Reconnection,
        columns=(Column("mailbox"),),
        thing="the reconnection",
        title=_title,
        verbs={"accepted": "accepted"},
        speaks=True,
    ),
)


def reconnections(record: Record) -> list[tuple[Stored, Reconnection]]:
    """Every reconnection, the earliest first."""
    found = [(row, row.decode(Reconnection)) for row in record.all(RECONNECTION)]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].id))


def accepted_faults(found: Iterable[tuple[Stored, Reconnection]]) -> dict[str, Reconnection]:
    """By which reconnection each fault was accepted, the first one for each."""
    accepted: dict[str, Reconnection] = {}
    for _, value in found:
        for fault in value.faults:
            accepted.setdefault(fault.id, value)
    return accepted


def reconnected(id: str, value: Reconnection) -> Change:
    """The change that keeps one."""
    return Change(RECONNECTION, id, "accepted", plain(value), None, value.reason)
