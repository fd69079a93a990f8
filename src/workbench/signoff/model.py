"""GT-6: a sign-off, the opening that pins what is signed, and how both are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class Decision(StrEnum):
    """What somebody says about a gate."""

    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    REJECT = "reject"


class Way(StrEnum):
    """How an answer reached the record, and so how we know who gave it."""

    HERE = "here"
    REQUEST = "request"
    RECEIVED = "received"


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word on a gate.

    ``shown`` is the digest of the exact document on screen; ``basis`` of what decides
    whether the sign-off still holds; ``evidence`` of which measurements it was made from.
    """

    release: str
    candidate: str
    commit: str
    gate: str
    person: str
    role: str
    decision: Decision
    meaning: str
    at: datetime
    shown: str
    basis: str
    evidence: str
    comment: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    way: Way = Way.HERE
    identity: str = ""
    entered_by: str | None = None
    original: str | None = None
    code: str | None = None
    revoked_at: datetime | None = None
    revoked_why: str = ""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Sign-off was opened: these measurements count, whatever their age, until a deadline."""

    release: str
    candidate: str
    gate: str
    at: datetime
    until: datetime
    by: str
    measurements: dict[str, list[str]]
    verdicts: dict[str, str]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of somebody elsewhere: kept so that their answer can be matched."""

    release: str
    candidate: str
    gate: str
    person: str
    role: str
    code: str
    shown: str
    basis: str
    evidence: str
    by: str
    at: datetime


def _gate_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("gate", ""))
    return titles("gate", key) or key


def _signed_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    decision = str(value.get("decision", "")).replace("_", " ")
    return f"{_gate_title(id, value, titles)}: {decision} as {value.get('role', '')}"


ENTITIES = (
    EntityKind(
        "signoff",
        SignOff,
        columns=(Column("release"), Column("gate"), Column("person")),
        thing="gate",
        title=_signed_title,
        judged=True,
        excerpt=True,
        documents=("basis", "shown"),
    ),
    EntityKind(
        "opening",
        Opening,
        columns=(Column("release"), Column("gate")),
        thing="of gate",
        title=_gate_title,
        judged=True,
        excerpt=True,
    ),
    EntityKind(
        "request",
        Seen,
        columns=(Column("release"), Column("gate"), Column("code")),
        thing="for a signature on",
        title=_gate_title,
    ),
)


def signoffs(record: Record, release: str) -> list[tuple[Stored, SignOff]]:
    """Every sign-off of a release in the order of the moments at which they were given."""
    found = [(row, row.decode(SignOff)) for row in record.all("signoff", "release = ?", (release,))]
    return sorted(found, key=lambda pair: (pair[1].at, pair[0].made))


def openings(record: Record, release: str) -> dict[str, tuple[Stored, Opening]]:
    """The opening of each gate."""
    rows = record.all("opening", "release = ?", (release,))
    return {value.gate: (row, value) for row in rows for value in (row.decode(Opening),)}


def request(record: Record, code: str) -> tuple[Stored, Seen]:
    """The request that carries this code."""
    rows = record.all("request", "code = ?", (code.strip().upper(),))
    if not rows:
        raise UsageError(f"no sign-off was asked for under the code {code}", hint="compare it with the sheet")
    return rows[0], rows[0].decode(Seen)


def lacks(decision: Decision, *, comment: str, conditions: str) -> dict[str, str]:
    """What an answer still needs, by field: conditions say what they are, a rejection what has to change."""
    missing = {}
    if decision is Decision.CONDITIONS and not conditions.strip():
        missing["conditions"] = "say what the conditions are"
    if decision is Decision.REJECT and not comment.strip():
        missing["comment"] = "say what has to change: a rejection needs a comment"
    return missing


def require_words(decision: Decision, *, comment: str, conditions: str) -> None:
    """``UsageError`` where an answer lacks something."""
    for words in lacks(decision, comment=comment, conditions=conditions).values():
        raise UsageError(words)


def signed(value: SignOff, ident: str = "") -> Change:
    """The change that records a sign-off, under a new id."""
    require_words(value.decision, comment=value.comment, conditions=value.conditions)
    verb = {"approve": "approved", "reject": "rejected"}.get(value.decision.value, "approved with conditions")
    return Change("signoff", ident or new_id(value.at), verb, plain(value), None, value.comment or None)


def revoked(stored: Stored, value: SignOff, *, at: datetime, why: str) -> Change:
    """The change that takes a sign-off back."""
    words = readable_reason(why, "revoking a sign-off")
    if value.revoked_at:
        raise UsageError("this sign-off is revoked already")
    new = msgspec.structs.replace(value, revoked_at=at, revoked_why=words)
    return Change("signoff", stored.id, "revoked", plain(new), stored.base, words)


def opened(existing: Stored | None, value: Opening) -> Change:
    """The change that opens sign-off of a gate and pins what is signed."""
    ident = f"{value.release}/{value.gate}"
    return Change("opening", ident, "opened sign-off", plain(value), existing.base if existing else None)


def asked(value: Seen) -> Change:
    """The change that remembers what somebody elsewhere was shown."""
    ident = new_id(value.at)
    return Change("request", ident, "asked", plain(value))
