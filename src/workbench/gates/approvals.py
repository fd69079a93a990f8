"""Four eyes are two acts: what one person proposes waits until another one has acted on it.

An approval names the digest of the ledger entry that it is about, so that it counts for
exactly that proposal: one that was edited waits again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from workbench.definitions.shapes import Person
from workbench.gates.bound import Bound
from workbench.gates.fixed_questions import Answers
from workbench.gates.turn import CANNOT_TELL, Move, Turn, of_people
from workbench.model.canonical import plain
from workbench.model.reasons import readable_reason
from workbench.model.text import joined_words
from workbench.record import Change, Column, EntityKind, Record, Stored, Titles, strictest

NAMED = 3  # so many people are named where several may act
_AT_ONCE = 400  # digests that one question to the record names


class What(StrEnum):
    """What needs a second person."""

    OVERRIDE = "override"
    DIFFERENCE = "difference"
    ITEM = "item"
    PURGE = "purge"
    QUARANTINE = "quarantine"
    PHASE = "phase"
    BASELINE = "baseline"
    BREAK_GLASS = "break_glass"  # of which the second person's word is its review


class Ruling(StrEnum):
    """What the second person says."""

    APPROVE = "approve"
    REJECT = "reject"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word on a proposal.

    ``subject`` is the digest of the proposal's entry, ``ref`` the id of the thing, ``identity``
    how we know who acted, ``statement`` the digest of what they said as a document.  Of a
    difference ``decided`` is the digest of what was decided about it: better words for what it
    is about leave the approval alone.
    """

    subject: str
    decided: str = ""
    what: What
    ref: str
    title: str
    person: str
    role: str = ""
    decision: Ruling
    words: str = ""
    at: datetime
    identity: str = ""
    statement: str = ""


_OF = {
    What.OVERRIDE: "the override of {}",
    What.DIFFERENCE: "the decision on {}",
    What.ITEM: "the answer to {}",
    What.PURGE: "the purge of {}",
    What.QUARANTINE: "the quarantine of {}",
    What.PHASE: "the new phase of {}",
    What.BASELINE: "the baseline of {}",
    What.BREAK_GLASS: "the {}",
}


def _title(id: str, value: Mapping[str, Any], titles: Titles) -> str:
    what = str(value.get("what", ""))
    words = _OF[What(what)] if what in list(What) else "{}"
    return words.format(value.get("title", ""))


def _severity(value: Mapping[str, Any] | None) -> int:
    """Of one person's words at several desks a no counts before one that was taken back, that before a yes."""
    if value is None:
        return 1
    return 2 if value.get("decision") == Ruling.REJECT else 0


ENTITIES = (
    EntityKind(
        "approval",
        Approval,
        speaks=True,
        columns=(Column("subject"), Column("decided"), Column("what"), Column("ref"), Column("person")),
        indexes=("subject", "decided"),
        title=_title,
        judged=True,
        excerpt=True,
        stricter=strictest(_severity),
    ),
)


class Able(msgspec.Struct, frozen=True):
    """Who may act on a proposal: ``keys``, or where a project names nobody, anybody ``but`` one.

    ``role`` is the one that they have to have.
    """

    keys: tuple[str, ...]
    but: str
    anybody: bool = False
    role: str = ""

    def includes(self, person: str) -> bool:
        """Whether somebody may act."""
        return person != self.but and (self.anybody or person in self.keys)

    @property
    def turn(self) -> Turn:
        """Whose move it is to act on the proposal; nobody can tell where nobody may."""
        if self.anybody:
            return Turn(Move.ANOTHER, but=self.but)
        return of_people(self.keys) if self.keys else CANNOT_TELL

    @property
    def words(self) -> str:
        """Who it waits for: ``kim or mika``."""
        if self.anybody:
            return f"anyone but {self.but}"
        if not self.keys and self.role:
            return f"someone with the role {self.role}, which no one else in this project has"
        if not self.keys:
            return "nobody: no one else in this project may approve it"
        if len(self.keys) > NAMED:
            return f"someone with the role {self.role}" if self.role else "a second person"
        return joined_words(self.keys, "or")


def able(people: Sequence[Person], by: str, *, asked: str = "", role: str = "") -> Able:
    """Who may act on what ``by`` proposed: another person of the project, the one ``asked``, of that ``role``."""
    if not people:
        return Able((asked,), by) if asked else Able((), by, anybody=True)
    found = (item for item in people if item.key != by and (not role or role in item.roles))
    return Able(tuple(item.key for item in found if asked in ("", item.key)), by, role=role)


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody proposed and nobody has approved.

    ``ref`` is the thing's id, ``subject`` the digest of the entry that an approval has to name,
    ``decided`` that of what was decided about a difference, ``part`` the key of the line of a gate that it concerns.
    ``no_matter`` says of a difference that it is said not to matter, not accepted.  Of an override ``bound`` is up to what
    it would hold, and ``answers`` what its author answered to the fixed questions.
    """

    what: What
    ref: str
    subject: str
    title: str
    by: str
    at: datetime
    words: str
    able: Able
    part: str = ""
    decided: str = ""
    until: datetime | None = None
    no_matter: bool = False
    rejected: Approval | None = None
    bound: Bound | None = None
    answers: Answers | None = None

    @property
    def name(self) -> str:
        """What it is: ``override``, ``accepted by kim,``."""
        return f"“irrelevant” by {self.by}," if self.no_matter else _NAMES[self.what].format(self.by)

    @property
    def why(self) -> str:
        """Where it stands: ``override waiting for approval by kim``."""
        name = self.name
        if self.rejected is not None:
            return f"{name.rstrip(',')}, rejected by {self.rejected.person}: {self.rejected.words}"
        return f"{name} waiting for approval by {self.able.words}"

    @property
    def lacks(self) -> str:
        """What it needs to count, as a noun: ``an approval by kim``."""
        if self.rejected is not None:
            return f"another answer: {self.rejected.person} rejected it"
        return f"an approval by {self.able.words}"

    def why_not(self, person: str) -> str:
        """Why somebody may not act on it, in a few words; "" if they may."""
        if self.able.includes(person):
            return ""
        waits = f"waiting for approval by {self.able.words}"
        return f"you proposed it; {waits}" if person == self.by else waits


_NAMES = {
    What.OVERRIDE: "override",
    What.DIFFERENCE: "accepted by {},",
    What.ITEM: "answered by {},",
    What.PURGE: "purge",
    What.QUARANTINE: "quarantine",
    What.PHASE: "new phase",
    What.BASELINE: "baseline",
    What.BREAK_GLASS: "break-glass by {},",
}


class Standing(msgspec.Struct, frozen=True):
    """What was said about a proposal: somebody's approval, or a rejection, which holds against it."""

    approved: Approval | None = None
    rejected: Approval | None = None


def standing(digest: str, able: Able, said: Mapping[str, Sequence[Approval]]) -> Standing:
    """Where the proposal with that digest stands, given what was said; who may not act is not heard."""
    heard = [item for item in said.get(digest, ()) if able.includes(item.person)]
    against = next((item for item in heard if item.decision is Ruling.REJECT), None)
    if against is not None:
        return Standing(rejected=against)
    return Standing(approved=next(iter(heard), None))


def said(record: Record, digests: Iterable[str], of: str = "subject") -> dict[str, list[Approval]]:
    """What was said about these proposals, by the digest that tells them: ``subject`` or ``decided``."""
    asked = sorted(set(digests))
    found: dict[str, list[Approval]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        some = tuple(asked[start : start + _AT_ONCE])
        for row in record.all("approval", f"{of} IN ({', '.join('?' * len(some))})", some, "id"):
            value = row.decode(Approval)
            found.setdefault(getattr(value, of), []).append(value)
    return found


def ruled(existing: Stored | None, value: Approval) -> Change:
    """The change that says what somebody thinks of a proposal; who says it again replaces their own word."""
    words = value.words.strip()
    if value.decision is Ruling.REJECT:
        words = readable_reason(words, "rejecting a proposal")
    value = msgspec.structs.replace(value, words=words)
    verb = "approved" if value.decision is Ruling.APPROVE else "rejected"
    base = existing.base if existing else None
    return Change(
        "approval",
        approval_id(value.decided or value.subject, value.person),
        verb,
        plain(value),
        base,
        words or None,
    )


def approval_id(digest: str, person: str) -> str:
    """One word per proposal, told by its digest, and person."""
    return f"{digest}/{person}"
