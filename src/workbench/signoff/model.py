"""GT-6: a sign-off, its dismissal, the opening that pins what is signed, and how they are recorded."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.model.canonical import plain
from workbench.model.errors import UsageError
from workbench.model.keys import new_id
from workbench.model.reasons import readable_reason
from workbench.model.times import from_text
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles


class Decision(StrEnum):
    """What somebody says about a gate."""

    APPROVE = "approve"
    CONDITIONS = "approve_with_conditions"
    SEND_BACK = "send_back"
    REJECT = "reject"


class Way(StrEnum):
    """How an answer reached the record, and so how we know who gave it."""

    HERE = "here"
    REQUEST = "request"
    RECEIVED = "received"


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word on a gate.

    ``shown`` is the digest of the exact document on screen; ``basis`` of what decides
    whether the sign-off still holds; ``evidence`` of which measurements it was made from;
    ``statement`` of the whole of what was said.

    ``replaces`` are the ids of the answers of the same person on the same gate that stood when
    this one was given, as far as the person's record held them.  ``None`` is what format 1 had:
    whatever was given before it.  ``needed`` and ``needed_from`` belong to a gate that was sent
    back.  ``late`` says what had become of the release before the answer arrived.  ``for_person`` is
    who handed their role to this person.  ``signature`` is the digest of the signature of an SSH key over
    the statement, and ``key`` the fingerprint of that key; both are empty where nobody signed with a key.
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
    needed: str = ""
    needed_from: str = ""
    replaces: tuple[str, ...] | None = None
    statement: str = ""
    late: str = ""
    for_person: str = ""
    signature: str = ""
    key: str = ""
    revoked_at: datetime | None = None
    revoked_why: str = ""


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's no is set aside by another person of the same role, with a reason; it stays in the record."""

    release: str
    gate: str
    signoff: str
    person: str
    role: str
    by: str
    at: datetime
    reason: str
    statement: str = ""


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
    replaces: tuple[str, ...] | None = None
    statement: str = ""


def _gate_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    key = str(value.get("gate", ""))
    return titles("gate", key) or key


def _signed_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{_gate_title(id, value, titles)} as {str(value.get('role', '')).replace('-', ' ')}"


def _dismissed_title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"{value.get('person', '')}'s no to {_gate_title(id, value, titles)}"


def _stricter(values: Sequence[Mapping[str, Any] | None]) -> int:
    """Of one answer at several desks: a yes that was taken back at one is taken back, a no stays until it is at all."""

    def taken_back(value: Mapping[str, Any] | None) -> bool:
        return value is None or bool(value.get("revoked_at"))

    no = any(value is not None and value.get("decision") in ("reject", "send_back") for value in values)
    order = sorted(range(len(values)), key=lambda place: taken_back(values[place]) is no)
    return order[0]


def _as_it_was(version: int, value: dict[str, Any]) -> dict[str, Any]:
    """An older value says the same: what it lacks is what it did not know."""
    return value


def _first_opened(values: Sequence[Mapping[str, Any] | None]) -> int | None:
    """Of one gate opened at several desks from the same measurements, the opening that ends first.

    ``None`` where they count different ones, or one was taken back: then a person chooses.
    """
    counted = [value and [value.get(field) for field in _COUNTED] for value in values]
    if any(one is None or one != counted[0] for one in counted):
        return None
    return min(range(len(values)), key=lambda place: from_text((values[place] or {})["until"]))


_COUNTED = ("candidate", "gate", "measurements", "verdicts")

ENTITIES = (
    EntityKind(
        "signoff",
        SignOff,
        speaks=True,
        version=2,
        lift=_as_it_was,
        columns=(Column("release"), Column("gate"), Column("person")),
        thing="gate",
        title=_signed_title,
        judged=True,
        excerpt=True,
        documents=("basis", "shown", "statement", "signature"),
        together=(("revoked_at", "revoked_why"),),
        stricter=_stricter,
    ),
    EntityKind(
        "dismissal",
        Dismissal,
        columns=(Column("release"), Column("gate"), Column("signoff")),
        title=_dismissed_title,
        judged=True,
        excerpt=True,
        documents=("statement",),
    ),
    EntityKind(
        "opening",
        Opening,
        goes_along=True,
        columns=(Column("release"), Column("gate")),
        thing="of gate",
        title=_gate_title,
        judged=True,
        excerpt=True,
        stricter=_first_opened,
        merging=2,
    ),
    EntityKind(
        "request",
        Seen,
        version=2,
        lift=_as_it_was,
        columns=(Column("release"), Column("gate"), Column("code")),
        thing="for a signature on",
        title=_gate_title,
    ),
)


def signoffs(record: Record, release: str) -> list[tuple[Stored, SignOff]]:
    """Every sign-off of a release in the order of the moments at which they were given."""
    found = [(row, row.decode(SignOff)) for row in record.all("signoff", "release = ?", (release,))]
    return sorted(found, key=_given)


def _given(answer: tuple[Stored, SignOff]) -> tuple[datetime, tuple[str, datetime, str]]:
    stored, value = answer
    return value.at, stored.made


def replaced(answers: Iterable[tuple[Stored, SignOff]], by: Container[str] | None = None) -> frozenset[str]:
    """The ids of those answers on a gate that another one of the same person replaces.

    An answer that somebody else gave for a person is replaced by one that they give themselves.
    Answers of format 1 were all given at one desk, each in the place of the ones before it.  ``by`` are the ids of
    those that can replace others, where not all can.
    """
    found: set[str] = set()
    before: dict[str, list[str]] = {}
    given = sorted(answers, key=_given)
    persons = {stored.id: (value.person, value.for_person) for stored, value in given}
    for stored, value in given:
        if by is not None and stored.id not in by:
            before.setdefault(value.person, []).append(stored.id)
        elif value.replaces is not None:
            found.update(i for i in value.replaces if i != stored.id and value.person in persons.get(i, ()))
        else:
            found.update(before.get(value.person, ()))
            before.setdefault(value.person, []).append(stored.id)
    return frozenset(found)


def dismissals(record: Record, release: str) -> dict[str, list[Dismissal]]:
    """What was dismissed in a release: the dismissals of each sign-off, by its id."""
    found: dict[str, list[Dismissal]] = {}
    for row in record.all("dismissal", "release = ?", (release,), "id"):
        value = row.decode(Dismissal)
        found.setdefault(value.signoff, []).append(value)
    return found


def openings(record: Record, release: str) -> dict[str, tuple[Stored, Opening]]:
    """The opening of each gate."""
    rows = record.all("opening", "release = ?", (release,))
    return {value.gate: (row, value) for row in rows for value in (row.decode(Opening),)}


def request(record: Record, code: str) -> tuple[Stored, Seen]:
    """The request that carries this code."""
    rows = record.all("request", "code = ?", (code.strip().upper(),))
    if not rows:
        raise UsageError(f"no sign-off request has the code {code}", hint="compare it with the sheet")
    return rows[0], rows[0].decode(Seen)


def lacks(
    decision: Decision, *, comment: str, conditions: str, due: datetime | None, needed: str = ""
) -> dict[str, str]:
    """What an answer still needs, by field: conditions say what they are and when they are due, a no what has to change."""
    missing = {}
    if decision is Decision.CONDITIONS and not conditions.strip():
        missing["conditions"] = "state the conditions"
    if decision is Decision.CONDITIONS and due is None:
        missing["due"] = "give a due date for the conditions: 2026-12-01 or 30d"
    if decision is Decision.SEND_BACK and not needed.strip():
        missing["needed"] = "say what you need before you can decide"
    if decision is Decision.REJECT and not comment.strip():
        missing["comment"] = "a rejection needs a comment: what has to change?"
    return missing


def require_words(
    decision: Decision, *, comment: str, conditions: str, due: datetime | None, needed: str = ""
) -> None:
    """``UsageError`` where an answer lacks something."""
    for words in lacks(decision, comment=comment, conditions=conditions, due=due, needed=needed).values():
        raise UsageError(words)


def signed(value: SignOff, ident: str = "") -> Change:
    """The change that records a sign-off, under a new id."""
    require_words(
        value.decision,
        comment=value.comment,
        conditions=value.conditions,
        due=value.conditions_due,
        needed=value.needed,
    )
    words = value.comment or value.needed or None
    return Change("signoff", ident or new_id(value.at), _VERBS[value.decision], plain(value), None, words)


_VERBS = {
    Decision.APPROVE: "approved",
    Decision.CONDITIONS: "approved with conditions",
    Decision.SEND_BACK: "sent back",
    Decision.REJECT: "rejected",
}


def dismissed(value: Dismissal) -> Change:
    """The change that sets somebody's no aside."""
    words = readable_reason(value.reason, "dismissing a no")
    if value.by == value.person:
        raise UsageError("you cannot dismiss your own answer", hint="sign again, or revoke it")
    value = msgspec.structs.replace(value, reason=words)
    return Change("dismissal", new_id(value.at), "dismissed", plain(value), None, words)


def revoked(stored: Stored, value: SignOff, *, at: datetime, why: str) -> Change:
    """The change that takes a sign-off back."""
    words = readable_reason(why, "revoking a sign-off")
    if value.revoked_at:
        raise UsageError("this sign-off has already been revoked")
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
