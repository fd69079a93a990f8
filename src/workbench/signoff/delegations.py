"""A delegation: somebody lends their seat in one role to another person, until an end, with a reason.

Only the person themselves lends it, only what the project's files give them, and never to who wrote the
build where its author may not approve.  It is an act of its own in the record, and ends visibly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, strictest


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """``to`` signs as ``role`` for ``person`` from ``begins`` until ``until``, in one ``gate`` or in all."""

    person: str
    role: str
    to: str
    gate: str = ""
    begins: datetime
    until: datetime
    reason: str
    at: datetime
    identity: str = ""
    ended_at: datetime | None = None
    ended_why: str = ""

    def in_force(self, at: datetime) -> bool:
        """Whether it lets somebody sign at a moment: never before it was made."""
        return max(self.begins, self.at) <= at < self.until and (self.ended_at is None or at < self.ended_at)

    def covers(self, gate: str, role: str) -> bool:
        """Whether it is about a role in a gate."""
        return self.role == role and self.gate in ("", gate)


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    role = str(value.get("role", "")).replace("-", " ")
    gate = str(value.get("gate", ""))
    where = f" in {titles('gate', gate) or gate}" if gate else ""
    return f"{value.get('person', '')} as {role} to {value.get('to', '')}{where}"


ENTITIES = (
    EntityKind(
        "delegation",
        Delegation,
        speaks=True,
        columns=(Column("person"), Column("to"), Column("until")),
        thing="delegation of",
        title=_title,
        verbs={"delegated": "made the", "ended": "ended the"},
        judged=True,
        excerpt=True,
        stricter=strictest(lambda value: int(value is None or bool(value.get("ended_at")))),
    ),
)


def delegations(record: Record) -> list[tuple[Stored, Delegation]]:
    """Every delegation that was ever made, the oldest first."""
    found = [(row, row.decode(Delegation)) for row in record.all("delegation")]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].made))


def lent_by(
    all_: Sequence[Delegation], person: str, to: str, role: str, gate: str, at: datetime
) -> Delegation | None:
    """What lets ``to`` sign for ``person`` at a moment, if anything does."""
    return next(
        (
            each
            for each in all_
            if (each.person, each.to) == (person, to) and each.covers(gate, role) and each.in_force(at)
        ),
        None,
    )


def delegated(value: Delegation) -> Change:
    """The change that makes a delegation."""
    words = readable_reason(value.reason, "a delegation")
    if value.to == value.person:
        raise UsageError("you cannot delegate to yourself", hint="name another person with --to")
    if value.begins < value.at:
        raise UsageError("a delegation does not begin in the past", hint="leave --from out: it begins now")
    if value.until <= max(value.begins, value.at):
        raise UsageError("a delegation ends in the future, after it begins", hint="--until 2026-12-12")
    value = msgspec.structs.replace(value, reason=words)
    return Change("delegation", new_id(value.at), "delegated", plain(value), None, words)


def ended(stored: Stored, *, at: datetime, why: str) -> Change:
    """The change that ends a delegation early: what was signed before stays signed."""
    words = readable_reason(why, "ending a delegation")
    value = stored.decode(Delegation)
    if value.ended_at is not None:
        raise UsageError("this delegation has already been ended")
    new = msgspec.structs.replace(value, ended_at=at, ended_why=words)
    return Change("delegation", stored.id, "ended", plain(new), stored.base, words)
