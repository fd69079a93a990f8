"""Statements that a key has signed: how the signature is recorded, and whether an answer's one holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.definitions.shapes import Person
from workbench.model.canonical import plain
from workbench.model.keys import new_id
from workbench.model.ssh_keys import KeyProblem
from workbench.record import Blob, Change, Column, EntityKind, Record, Stored, Titles
from workbench.signoff.model import Dismissal, SignOff
from workbench.signoff.ssh_signatures import MEDIA, Checked, Namespace, Refusal, Signer, check, signers_of
from workbench.signoff.statement import Act, Statement, read_statement

# Clocks of two machines may be so far apart.
APART = timedelta(minutes=2)


class KeySignature(msgspec.Struct, frozen=True, kw_only=True):
    """A key's signature over a statement: of what is no sign-off, or one that was added to it later.

    ``statement`` and ``signature`` are digests of what is kept, ``key`` is the fingerprint, and ``act`` what
    the statement does.
    """

    statement: str
    signature: str
    key: str
    person: str
    act: Act
    at: datetime


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    return f"the statement {str(value.get('statement', ''))[:12]} of {value.get('person', '')}"


ENTITIES = (
    EntityKind(
        "signature",
        KeySignature,
        speaks=True,
        columns=(Column("statement"), Column("person")),
        indexes=("statement",),
        thing="of",
        title=_title,
        judged=True,
        excerpt=True,
        documents=("signature",),
        goes_along=True,
    ),
)


def signature_blob(armored: bytes) -> Blob:
    """A signature as evidence."""
    return Blob.of(armored, MEDIA)


def keyed(value: KeySignature) -> Change:
    """The change that records a key's signature."""
    return Change("signature", new_id(value.at), "signed with a key", plain(value), None)


def added_signatures(record: Record, statement: str) -> list[tuple[Stored, KeySignature]]:
    """The signatures over a statement that stand beside it, the earliest first."""
    rows = record.all("signature", "statement = ?", (statement,)) if statement else []
    found = [(row, row.decode(KeySignature)) for row in rows]
    return sorted(found, key=lambda pair: pair[0].made)


class Keyring:
    """Judges the signatures of one release's answers by the people of the files that judge.

    Each is computed once.  A statement is one answer's: ``answers`` are all of the release.  ``demonstration``:
    what is said there has a time of its own, which the times of the ledger say nothing about.
    """

    def __init__(
        self,
        record: Record,
        people: Iterable[Person],
        version: str,
        *,
        answers: Iterable[tuple[Stored, SignOff]] = (),
        demonstration: bool = False,
    ) -> None:
        self._record = record
        self._people = tuple(people)
        self._version = version
        self._said_in: dict[str, str] = {}
        for stored, value in sorted(answers, key=lambda pair: pair[0].made):
            self._said_in.setdefault(value.statement, stored.id)
        self._demonstration = demonstration
        self._signers: tuple[Signer, ...] | None = None
        self._known: dict[str, Checked | None] = {}

    def of(self, stored: Stored, value: SignOff) -> Checked | None:
        """What came of the signature over an answer's statement; ``None`` where no key signed it.

        Of several the first that holds counts.
        """
        if stored.id not in self._known:
            self._known[stored.id] = self._of(stored, value)
        return self._known[stored.id]

    def dismissed(self, value: Dismissal) -> bool:
        """Whether a key of who dismissed a no signed that."""
        said = self._bytes(value.statement)
        if said is None:
            return False
        self._signers = signers_of(self._people) if self._signers is None else self._signers
        try:
            statement = read_statement(said)
        except (ValueError, msgspec.DecodeError):
            return False
        told = (statement.act, statement.record, statement.release, statement.gate, statement.person)
        no = self._record.get("signoff", value.signoff)
        if told != (Act.DISMISS, self._record.info.record_id, self._version, value.gate, value.by):
            return False
        if no is None or statement.subject not in {
            one.digest for one in self._record.history("signoff", no.id)
        }:
            return False
        return any(
            check(
                self._signers,
                said,
                armored,
                Namespace.STATEMENT,
                statement.said_at,
                held_at=None if self._demonstration else row.recorded_at,
                person=value.by,
            ).holds
            for row, item in added_signatures(self._record, value.statement)
            if (armored := self._bytes(item.signature)) is not None
        )

    def _of(self, stored: Stored, value: SignOff) -> Checked | None:
        given: list[tuple[str, datetime | None]] = [(value.signature, None)] if value.signature else []
        given += [
            (item.signature, row.recorded_at) for row, item in added_signatures(self._record, value.statement)
        ]
        found = None
        for digest, added_at in given:
            checked = self._checked(stored, value, digest, added_at)
            if checked.holds:
                return checked
            found = found or checked
        return found

    def _checked(self, stored: Stored, value: SignOff, signature: str, added_at: datetime | None) -> Checked:
        """One signature; ``added_at`` is when it was added to the answer later."""
        said, armored = self._bytes(value.statement), self._bytes(signature)
        if said is None or armored is None:
            return _refused(
                value.key, "the statement or its signature is not in this record", Refusal.UNREADABLE
            )
        try:
            statement = read_statement(said)
            self._signers = signers_of(self._people) if self._signers is None else self._signers
        except (ValueError, msgspec.DecodeError) as error:
            words = str(error) if isinstance(error, KeyProblem) else "the statement cannot be read"
            return _refused(value.key, words, Refusal.UNREADABLE)
        other = differing(statement, value, self._record.info.record_id, self._version)
        if other:
            words = f"the signed statement has another {other}: it was said of something else"
            return _refused(value.key, words, Refusal.CHANGED)
        if self._said_in.get(value.statement, stored.id) != stored.id:
            return _refused(value.key, "the signed statement is that of another answer", Refusal.CHANGED)
        held_at = self._first_recorded(stored)
        try:
            wrong = self._misdated(statement, held_at)
        except (ValueError, msgspec.DecodeError):
            wrong = "what the signed statement names as known to it cannot be read", Refusal.UNREADABLE
        if wrong is not None:
            return _refused(value.key, *wrong)
        return check(
            self._signers,
            said,
            armored,
            Namespace.STATEMENT,
            statement.said_at if added_at is None or self._demonstration else added_at,
            held_at=None if self._demonstration else added_at or held_at,
            person=value.person,
        )

    def _first_recorded(self, stored: Stored) -> datetime:
        """When an answer was recorded for the first time, whatever became of it since."""
        return self._record.history("signoff", stored.id)[-1].recorded_at

    def _bytes(self, digest: str) -> bytes | None:
        blob = self._record.blob(digest) if digest else None
        return blob.data if blob is not None and blob.data else None

    def _misdated(self, statement: Statement, held_at: datetime) -> tuple[str, Refusal] | None:
        """A statement cannot be older than what it knew of, nor younger than its entry."""
        if self._demonstration:
            return None
        said = statement.said_at
        if said > held_at + APART:
            return "it is dated after it was recorded", Refusal.BACK_DATED
        known = [moment for one in statement.frontier if (moment := self._recorded(one.digest)) is not None]
        if (asking := self._bytes(statement.answers)) is not None:
            known.append(read_statement(asking).said_at)
        if known and said + APART < max(known):
            return "it is dated before what it knew of was recorded: back-dated", Refusal.BACK_DATED
        return None

    def _recorded(self, digest: str) -> datetime | None:
        rows = self._record.query("SELECT body FROM ledger WHERE digest = ?", (bytes.fromhex(digest),))
        if not rows or not rows[0][0]:
            return None
        return datetime.fromisoformat(json.loads(rows[0][0])["recorded_at"])


def _refused(key: str, words: str, refusal: Refusal) -> Checked:
    return Checked(None, key, words, refusal)


def differing(statement: Statement, value: SignOff, record: str, version: str) -> str:
    """What a statement says otherwise than the answer that rests on it; "" where they agree."""
    pairs = {
        "record": (statement.record, record),
        "release": (statement.release, version),
        "build": (statement.commit, value.commit),
        "gate": (statement.gate, value.gate),
        "person": (statement.person, value.person),
        "person on whose behalf": (statement.for_person, value.for_person),
        "role": (statement.role, value.role),
        "decision": (statement.decision, value.decision.value),
        "comment": (statement.words, value.comment),
        "conditions": (statement.conditions, value.conditions),
        "due date": (statement.conditions_due, value.conditions_due),
        "need": (statement.needed, value.needed),
        "person who is needed": (statement.needed_from, value.needed_from),
        "meaning": (statement.meaning, value.meaning),
        "document": (statement.shown, value.shown),
        "basis": (statement.basis, value.basis),
        "evidence": (statement.evidence, value.evidence),
        "list of earlier answers": (statement.replaces, value.replaces or ()),
    }
    if statement.act not in (Act.SIGN, Act.ANSWER):
        return "purpose"
    return next((name for name, (one, other) in pairs.items() if one != other), "")
