"""``workbench.bundle.1``: what a bundle says of itself in ``index.json``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from workbench.record import Checkpoint
from workbench.record.packs import Log
from workbench.releases.model import Artifact

SCHEMA = "workbench.bundle.1"
NAMESPACE = "workbench.bundle"
STATEMENT_NAMESPACE = "workbench.statement"

INDEX = "index.json"
SIGNATURE = "index.json.sig"
SUMS = "SHA256SUMS"
README = "README.md"
PACK = "record/entries.jsonl"
CHECKPOINT = "record/checkpoint.txt"
DEFINITIONS = "definitions/resolved.json"
# What the index does not list: itself, its signature, and the sums of everything.
BESIDE = frozenset({INDEX, SIGNATURE, SUMS})


class What(StrEnum):
    """What a file of a bundle is."""

    README = "how to check this bundle"
    GATE = "report of a gate"
    NOTES = "release notes"
    REPRESENTATIVE = "how representative is staging"
    DEFINITIONS = "definitions, resolved"
    DEFINITION_FILE = "definitions, as written"
    MAP = "parity map and flows"
    CHECKLISTS = "answers to checklists"
    ENTRIES = "entries of the record"
    STATEMENT = "statement"
    SIGNATURE = "signature of a statement"
    DOCUMENT = "what was shown, or what a statement rests on"
    EVIDENCE = "evidence"
    PROOF = "proof that an entry is in the record"
    CHECKPOINT = "the record's end, as others hold it"
    ATTESTATION = "attestation"


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """The build that was judged."""

    name: str
    commit: str
    artifacts: tuple[Artifact, ...] = ()


class GateLine(msgspec.Struct, frozen=True, kw_only=True):
    """How a gate stood when the bundle was made."""

    key: str
    title: str
    state: str
    through: bool


class SignOffLine(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to a gate, and where its statement stands; ``signature`` is empty where it is not signed with a key.

    ``entry`` is the digest of the record's entry that names the statement.
    """

    gate: str
    person: str
    role: str
    decision: str
    counts: bool
    entry: str
    statement: str
    signature: str = ""


class MadeBy(msgspec.Struct, frozen=True, kw_only=True):
    """Who made the bundle, how that is known, and with which version of the workbench."""

    person: str
    identity: str
    workbench: str


class FileLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file: ``size`` in bytes, ``title`` what it is about, ``written`` the path that a definition had in the project."""

    path: str
    sha256: str
    size: int
    media: str
    what: What
    title: str = ""
    written: str = ""


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that an entry names and that is not in the bundle, and why."""

    digest: str
    why: str


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a bundle holds.

    ``log`` is the end of the ledger that it was made from, ``judged_at`` the moment for which the gates were
    judged, ``definitions`` the digest of the resolved definitions.
    """

    schema: str = SCHEMA
    record: str
    project: str
    release: str
    candidate: Candidate | None = None
    judged_at: datetime
    demonstration: bool = False
    made_by: MadeBy
    definitions: str
    log: Log
    checkpoint: Checkpoint | None = None
    gates: tuple[GateLine, ...] = ()
    signoffs: tuple[SignOffLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    absent: tuple[Absent, ...] = ()
