"""Content that somebody wants out of the record: it goes once a second person has approved it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.approvals import Proposal, What, able, said, standing
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, title_from


class PurgeProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence, or a replaced entry, that should go; ``digest`` names it."""

    digest: str
    title: str
    reason: str
    by: str
    at: datetime
    statement: str = ""


ENTITIES = (
    EntityKind(
        "purge_proposal",
        PurgeProposal,
        columns=(Column("digest"),),
        thing="of",
        title=title_from("title"),
        verbs={"proposed": "proposed the purge"},
        judged=True,
    ),
)


def purged(record: Record, digest: str) -> bool:
    """Whether the content of that digest is gone already."""
    return bool(record.history("purge", digest, limit=1))


def waiting(record: Record, people: Sequence[Person]) -> dict[str, Proposal]:
    """What is proposed and not gone yet, by id."""
    found = {row.id: (row, row.decode(PurgeProposal)) for row in record.all("purge_proposal")}
    open_ = {ident: pair for ident, pair in found.items() if not purged(record, pair[1].digest)}
    heard = said(record, (row.base for row, _ in open_.values()))
    return {
        ident: Proposal(
            what=What.PURGE, ref=ident, subject=row.base, title=value.title, by=value.by, at=value.at,
            words=value.reason, able=able(people, value.by), part=f"purge/{value.digest}",
            rejected=standing(row.base, able(people, value.by), heard).rejected,
        )
        for ident, (row, value) in open_.items()
    }  # fmt: skip


def proposed(value: PurgeProposal) -> Change:
    """The change that proposes a purge."""
    words = readable_reason(value.reason, "a purge")
    value = msgspec.structs.replace(value, reason=words)
    return Change("purge_proposal", new_id(value.at), "proposed", plain(value), None, words)
