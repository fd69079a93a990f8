"""An audit as values: what happened in a period, release by release, and control by control."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Sort(StrEnum):
    """What an auditor asks for; the order is that of a report."""

    RELEASE = "release"
    APPROVAL = "approval"
    REJECTION = "rejection"
    EXCEPTION = "exception"
    FREEZE = "freeze"
    BREAK_GLASS = "break-glass"
    ASKING = "asking in CI"
    DEPLOYMENT = "unrecorded deployment"
    DEFINITIONS = "definitions"
    PURGE = "purge"
    INCIDENT = "incident"
    HEAD = "head"
    RECONNECTION = "reconnection"


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened.

    ``at`` is when it was recorded, ``claimed_at`` when it is said to have happened, where that differs.  ``what`` says what
    was done in a word or two (``approved``, ``override lifted``) and ``subject`` to what; ``known`` how it is known
    who did it.  ``entry`` is the digest of the ledger's entry and ``seq`` its place, ``evidence`` digests of kept documents.  ``flag`` says what an
    auditor has to look at, "" for nothing.
    """

    at: datetime
    claimed_at: datetime | None = None
    sort: Sort
    what: str
    subject: str = ""
    release: str = ""
    gate: str = ""
    environment: str = ""
    artifact: str = ""
    who: str = ""
    known: str = ""
    why: str = ""
    entry: str = ""
    seq: int = 0
    evidence: tuple[str, ...] = ()
    flag: str = ""


class GateOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a gate stood when a release went out: who signed it, and what was let past in it."""

    gate: str
    title: str
    through: bool
    signed_by: tuple[str, ...] = ()
    excepted: int = 0
    statements: tuple[str, ...] = ()
    requirements: tuple[tuple[str, str], ...] = ()
    """Each requirement's key and state."""


class Shipped(msgspec.Struct, frozen=True, kw_only=True):
    """A release that went out in the period, with its gates as its report has kept them.

    ``report`` is that report's digest, "" where none is kept.
    """

    version: str
    kind: str
    at: datetime
    by: str
    commit: str = ""
    through: bool
    reason: str = ""
    report: str = ""
    break_glass: bool = False
    gates: tuple[GateOutcome, ...] = ()


class ControlLine(msgspec.Struct, frozen=True, kw_only=True):
    """One release's evidence for one control: a gate, or one requirement of it; ``gaps`` are empty where it holds whole."""

    release: str
    gate: str
    requirement: str = ""
    signed_by: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A control with what serves it; ``served_by`` are gates and ``gate/requirement``s, ``gaps`` those of the control itself."""

    key: str
    served_by: tuple[str, ...]
    lines: tuple[ControlLine, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.gaps and not any(line.gaps for line in self.lines)


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """A period of one record; the same record and period give the same audit.

    ``head`` is the chain of the ledger's last entry, ``demonstration`` says that its clock is set.
    """

    project: str
    project_key: str
    record: str
    timezone: str
    begins: datetime
    ends: datetime
    head: str
    entries: int
    demonstration: bool = False
    happenings: tuple[Happening, ...] = ()
    shipped: tuple[Shipped, ...] = ()
    controls: tuple[Control, ...] = ()

    def of(self, *sorts: Sort) -> list[Happening]:
        """What happened of some sorts, in order."""
        return [one for one in self.happenings if one.sort in sorts]

    @property
    def flagged(self) -> list[Happening]:
        return [one for one in self.happenings if one.flag]
