"""GT-10: a flaky check is quarantined: it never blocks, is listed and counted, and its quarantine ends.

A quarantine is an exception of the record, not of one release: it has a reason and an end, and counts
once a second person has approved it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.approvals import Proposal, What, able, said, standing
from workbench.gates.model import part_title
from workbench.gates.overrides import ApprovedOverride, Asked, Seen, awaited, checked_reason
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, strictest


class Quarantine(Asked, frozen=True, kw_only=True):
    """A check that somebody calls flaky.

    ``owner`` is who mends it; ``seen`` is how the check stood when it was proposed; ``statement`` the digest of
    what was said as a document.
    """

    owner: str = ""
    seen: Seen | None = None
    statement: str = ""
    lifted: bool = False


class ApprovedQuarantine(ApprovedOverride, frozen=True, kw_only=True):
    """A quarantine that counts: who wanted it, who approved it, and who mends the check."""

    done: ClassVar[str] = "quarantined"
    owner: str = ""


class Quarantines(msgspec.Struct, frozen=True, kw_only=True):
    """The quarantines that nobody has lifted: those that count, ended ones too, and those that wait."""

    approved: tuple[ApprovedQuarantine, ...] = ()
    waiting: tuple[Proposal, ...] = ()


ENTITIES = (
    EntityKind(
        "quarantine",
        Quarantine,
        columns=(Column("part"), Column("until")),
        thing="quarantine of",
        title=part_title,
        verbs={"proposed": "proposed the", "lifted": "lifted the"},
        judged=True,
        excerpt=True,
        stricter=strictest(lambda value: int(value is None or bool(value.get("lifted")))),
    ),
)


def quarantines(record: Record) -> list[tuple[Stored, Quarantine]]:
    """The quarantines that nobody has lifted, the oldest first."""
    found = [(row, row.decode(Quarantine)) for row in record.all("quarantine")]
    return sorted((pair for pair in found if not pair[1].lifted), key=lambda pair: (pair[1].at, pair[0].made))


def judged(record: Record, people: Sequence[Person], until: datetime) -> Quarantines:
    """Which quarantines count, of those proposed up to a moment."""
    found = [pair for pair in quarantines(record) if pair[1].at <= until]
    heard = said(record, (row.base for row, _ in found))
    approved, waiting = [], []
    for row, value in found:
        may = able(people, value.author, asked=value.asked)
        stands = standing(row.base, may, heard)
        if stands.approved is not None:
            approved.append(_approved(value, stands.approved.person))
        else:
            waiting.append(awaited(What.QUARANTINE, row, value, may, stands))
    return Quarantines(approved=tuple(approved), waiting=tuple(waiting))


def _approved(value: Quarantine, approver: str) -> ApprovedQuarantine:
    return ApprovedQuarantine(
        part=value.part,
        title=value.title,
        reason=value.reason,
        author=value.author,
        approver=approver,
        at=value.at,
        until=value.until,
        owner=value.owner,
    )


def proposed(value: Quarantine) -> Change:
    """The change that proposes to quarantine a check; ``NotAllowed`` or ``UsageError`` says why not."""
    words = checked_reason(value, "a quarantine")
    value = msgspec.structs.replace(value, reason=words)
    return Change("quarantine", new_id(value.at), "proposed", plain(value), None, words)


def lift_quarantine(stored: Stored, reason: str) -> Change:
    """The change that ends a quarantine early: the check is mended, or was never flaky."""
    words = readable_reason(reason, "lifting a quarantine")
    value = msgspec.structs.replace(stored.decode(Quarantine), lifted=True)
    return Change("quarantine", stored.id, "lifted", plain(value), stored.base, words)
