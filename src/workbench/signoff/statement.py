"""``workbench.statement.1``: what a person said, about what, and on what ground, in one document.

Whoever signs, asks, answers, approves, overrides or ships leaves one as evidence beside the
documents that it names by digest.  It can be read without the record, and a key can sign its
bytes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.model.canonical import encode, plain
from workbench.record import Blob, Checkpoint, Known

SCHEMA = "workbench.statement.1"
DOCUMENT = "application/json"


class Act(StrEnum):
    """What was done by saying so."""

    SIGN = "sign"
    ASK = "ask"
    ANSWER = "answer"
    DISMISS = "dismiss"
    OVERRIDE = "override"
    ACCEPT = "accept"
    APPROVE = "approve"
    PURGE = "purge"
    REVIEW = "review"
    SHIP = "ship"
    QUARANTINE = "quarantine"
    POLL = "poll"


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One person's statement.

    ``record`` is the id of the release record.  ``subject`` is the digest of the entry that the
    act is about: the candidate's, a proposal's, the release's.  ``shown``, ``basis``,
    ``evidence`` and ``definitions`` are digests: of the document that was on screen, of what
    decides whether the statement still holds, of the measurements behind it, and of the resolved
    definitions.  ``frontier`` is what the person's record held, ``checkpoint`` the end of its
    ledger: who signs the statement signs that, too.  ``replaces`` names, by id, the earlier
    answers of the same person that this one takes the place of.

    ``for_person`` is whose seat it is where the person signs by a delegation.  ``meaning`` is the sentence that is agreed to; ``needed`` and ``needed_from`` say what has to
    come first where a gate was sent back.  Somebody elsewhere is ``asked`` under a ``code``, and
    what they say ``answers`` the statement that asked, by its digest.
    """

    schema: str = SCHEMA
    act: Act
    record: str
    project: str
    subject: str
    release: str
    candidate: str = ""
    commit: str = ""
    gate: str = ""
    part: str = ""
    person: str
    for_person: str = ""
    role: str = ""
    decision: str = ""
    words: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    meaning: str = ""
    needed: str = ""
    needed_from: str = ""
    asked: str = ""
    code: str = ""
    answers: str = ""
    shown: str = ""
    basis: str = ""
    evidence: str = ""
    definitions: str = ""
    frontier: tuple[Known, ...] = ()
    checkpoint: Checkpoint | None = None
    replaces: tuple[str, ...] = ()
    said_at: datetime

    def blob(self) -> Blob:
        """The statement as evidence: its canonical bytes."""
        return Blob.of(encode(plain(self)), DOCUMENT)


def read_statement(data: bytes) -> Statement:
    """The statement in a document; raises ``ValueError`` where it is none of this schema."""
    found = msgspec.json.decode(data, type=Statement)
    if found.schema != SCHEMA:
        raise ValueError(f"no {SCHEMA}")
    return found
