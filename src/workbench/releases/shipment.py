"""RE-1: a shipment, and what was known when it went out.

It keeps the report that was shown, what that rests on, and the definitions, by digest: a
shipped release is shown from these for ever, whatever changes afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Known, Record, Stored, Titles
from workbench.releases.model import Artifact, Held, Outcome


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """A release that went out.

    ``at`` is when it went out, ``entered_at`` when somebody said so, and when it was judged.
    ``reason`` says why it went out although a gate was not through.  ``frontier`` is what the
    record held then.  ``report``, ``basis``, ``definitions`` and ``statement`` are digests of
    documents that are kept.  ``afterwards`` says that they were kept only later: the release was
    shipped before shipments were recorded.
    """

    release: str
    version: str
    candidate: str = ""
    commit: str = ""
    artifacts: tuple[Artifact, ...] = ()
    by: str
    at: datetime
    entered_at: datetime
    run: str | None = None
    through: bool
    reason: str = ""
    environment: str = ""
    workbench: str
    frontier: tuple[Known, ...] = ()
    report: str
    basis: str
    definitions: str
    statement: str = ""
    afterwards: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has said that it did not go out after all."""
        return self.withdrawn_at is None


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"of {value.get('version', '')}"


ENTITIES = (
    EntityKind(
        "shipment",
        Shipment,
        columns=(Column("release"),),
        thing="the shipment",
        title=_title,
        verbs={"recorded": "recorded", "withdrawn": "withdrew", "kept": "kept the report"},
        judged=True,
        excerpt=True,
        # Two desks that ship at once have two shipments, of which nothing is mixed.
        together=(Shipment.__struct_fields__,),
    ),
)


def find_shipment(record: Record, release: str) -> tuple[Stored, Shipment] | None:
    """The shipment of a release by the release's id, taken back or not."""
    stored = record.get("shipment", release)
    return (stored, stored.decode(Shipment)) if stored else None


def went_out_at(record: Record, held: Held) -> datetime | None:
    """When a release went out, also of one that was rolled back since; ``None`` where it did not.

    A release keeps only when its last outcome came about.
    """
    if held.release.outcome not in (Outcome.SHIPPED, Outcome.ROLLED_BACK):
        return None
    found = find_shipment(record, held.id)
    return found[1].at if found and found[1].stands else held.release.outcome_at


def live_at(record: Record, moment: datetime) -> Shipment | None:
    """What had gone out last at a moment, taken-back shipments left out; ``None`` where nothing had."""
    found = [value for row in record.all("shipment") if (value := row.decode(Shipment)).stands]
    return max((one for one in found if one.at <= moment), key=lambda one: one.at, default=None)


def record_shipment(existing: Stored | None, value: Shipment) -> Change:
    """The change that records a shipment: it goes by its release, so two at once are seen as two."""
    verb = "kept" if value.afterwards else "recorded"
    base = existing.base if existing else None
    return Change("shipment", value.release, verb, plain(value), base, value.reason or None)


def withdraw(stored: Stored, value: Shipment, *, by: str, at: datetime, why: str) -> Change:
    """The change that says that it was not shipped after all; what was kept of it stays."""
    words = readable_reason(why, "marking it as not shipped")
    new = msgspec.structs.replace(value, withdrawn_at=at, withdrawn_by=by, withdrawn_why=words)
    return Change("shipment", stored.id, "withdrawn", plain(new), stored.base, words)


def without_shipment(record: Record) -> list[str]:
    """The versions of releases that were shipped before shipments were recorded."""
    rows = record.query(
        "SELECT version FROM e_release WHERE outcome IN ('shipped', 'rolled_back') "
        "AND id NOT IN (SELECT release FROM e_shipment) ORDER BY outcome_at"
    )
    return [str(version) for (version,) in rows]


def build_of(held: Held) -> dict[str, Any]:
    """What a shipment says about its build."""
    candidate = held.candidate
    if candidate is None:
        return {}
    return {
        "candidate": held.candidate_id or "",
        "commit": candidate.commit,
        "artifacts": candidate.artifacts,
        "run": candidate.run,
    }
