"""DB-5: the release notes as one document, before they are Markdown, text, HTML or JSON.

All numbers of a benchmark are in its ``unit``; all moments are aware, and shown in
``timezone``.  Text is kept as it came: :func:`workbench.notes.render` makes it safe.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.benchmarks.charted import ControlChart
from workbench.criteria import Verdict
from workbench.definitions.shapes import Dimension, Mode, Severity
from workbench.gates.model import GateState, State, Weight
from workbench.notes.layout import LaidOut
from workbench.parity.claims import Topic
from workbench.parity.decisions import Decision
from workbench.parity.model import Category
from workbench.releases.change_lines import Changes
from workbench.releases.model import Artifact, Outcome, ReleaseKind, ReleaseState
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision as Word
from workbench.signoff.model import Way
from workbench.signoff.polls import PollResult, Vote

SCHEMA = "workbench.notes.1"


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """A person: the key that the record uses, and the name that people know."""

    key: str
    name: str = ""

    def __str__(self) -> str:
        if not self.name or self.name.lower() == self.key.lower():
            return self.name or self.key
        return f"{self.name} ({self.key})"


class OwnLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wrote into a section, a paragraph a line; where it is ``contested``, another desk wrote at the same time."""

    section: str
    text: tuple[str, ...]
    by: Who
    at: datetime
    contested: bool = False


class HiddenLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change that a person left out, and why; its words are not told."""

    line: str
    reason: str
    by: Who
    at: datetime


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """Where a claim comes from: ``about`` is what it is of (``benchmark/checkout-p95``), ``kind`` what lies there.

    ``name`` is what people call it, ``digest`` its full digest: of an entry of the ledger, of a kept document, of a commit.
    """

    about: str
    kind: str
    name: str = ""
    digest: str = ""


class PredictionLine(msgspec.Struct, frozen=True, kw_only=True):
    """IN-7: what somebody said would hold in production, until when."""

    id: str
    title: str
    states: str
    until: datetime
    by: Who
    part: str = ""


class EscalationLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told when a blocker of a gate has been open for too long."""

    gate: str
    after: str
    to: str


class UnprovenLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something whose word is not known to be worth anything, and why."""

    title: str
    why: str


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """The candidate under judgement."""

    name: str
    commit: str
    artifacts: tuple[Artifact, ...] = ()
    run: str | None = None
    author: Who | None = None
    why: str = ""
    built_at: datetime | None = None


class ChangeKind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of change that the release carries (CH-1 to CH-12)."""

    key: str
    title: str


class OpenLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that keeps the release from being ready; ``fix`` is the command that helps."""

    gate: str
    title: str
    why: str
    weight: Weight
    fix: str = ""
    owner: Who | None = None
    promised_by: datetime | None = None
    note: str = ""


class RequirementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One requirement of a gate and its state, also as a mark."""

    title: str
    state: State
    why: str
    mark: str


class GateLine(msgspec.Struct, frozen=True, kw_only=True):
    """One gate; a gate that asks for nothing is not set up: neither passed nor blocking.

    ``words`` are its state and how much is open, as every screen says them.
    """

    key: str
    title: str
    set_up: bool
    state: GateState
    through: bool
    mark: str
    words: str
    requirements: tuple[RequirementLine, ...] = ()
    remarks: tuple[str, ...] = ()


class VerdictLine(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark with its arithmetic, as numbers and in words.

    ``accepts_from`` and ``accepts_to`` bound the values that its limit accepts; ``None``
    where that side is open, or nothing is known.  ``cannot_tell`` are the undecided or accepted
    differences that touch its flow, in words.
    """

    benchmark: str
    title: str
    flow: str = ""
    dimension: Dimension | None = None
    mode: Mode
    verdict: Verdict
    through: bool
    unit: str = ""
    value: Decimal | None = None
    baseline: Decimal | None = None
    limit: Decimal | None = None
    accepts_from: Decimal | None = None
    accepts_to: Decimal | None = None
    margin: Decimal | None = None
    margin_percent: Decimal | None = None
    value_text: str = ""
    baseline_text: str = ""
    limit_text: str = ""
    margin_text: str = ""
    rule: str = ""
    samples: int | None = None
    window: str | None = None
    measured_at: datetime | None = None
    remarks: tuple[str, ...] = ()
    overridden_until: datetime | None = None
    quarantined_until: datetime | None = None
    cannot_tell: tuple[str, ...] = ()


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One known difference that stays, and what is done about it.

    ``ended`` says that its decision has come to its end, ``overtaken`` that it was made on other
    values: either makes it undecided again.  ``changes`` tells which values, where that is known;
    ``lacks`` what a decision about a high difference needs before it counts.
    """

    id: str
    title: str
    severity: Severity
    category: Category
    decision: Decision
    ended: bool = False
    overtaken: bool = False
    changes: str = ""
    lacks: str = ""
    staging: str = ""
    production: str = ""
    region: str = ""
    impact: str = ""
    flows: tuple[str, ...] = ()
    reason: str = ""
    mitigation: str = ""
    owner: Who | None = None
    until: datetime | None = None
    up_to: str = ""


class UncoveredLine(msgspec.Struct, frozen=True, kw_only=True):
    """FI-5: something that is not covered, and the flows of which that is true."""

    what: str
    flows: tuple[str, ...]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many of something."""

    of: str
    number: int


class SentenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """PM-4: a sentence of the parity statement, and which of its figures are others since it was kept."""

    topic: Topic
    text: str
    edited: bool = False
    misfits: tuple[str, ...] = ()


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """The parity map: its figures, the statement, and the gaps that stay.

    ``statement`` says the figures in words; ``sentences`` are the parity statement, a draft where
    it was not ``kept``; ``fresh`` counts those that the record would add.
    ``total`` counts every difference, also those that do not matter; ``gaps_left_out``
    counts what is on the map but, being too many, not listed here.
    """

    total: int = 0
    by_severity: tuple[Count, ...] = ()
    by_category: tuple[Count, ...] = ()
    undecided: int = 0
    no_matter: int = 0
    reviewed_by: Who | None = None
    reviewed_at: datetime | None = None
    changed_since: int = 0
    statement: tuple[str, ...] = ()
    sentences: tuple[SentenceLine, ...] = ()
    kept: bool = False
    kept_by: Who | None = None
    kept_at: datetime | None = None
    fresh: int = 0
    gaps: tuple[Gap, ...] = ()
    gaps_left_out: int = 0


class OverrideLine(msgspec.Struct, frozen=True, kw_only=True):
    """GT-5, GT-10: what was let past or set aside; ``ended`` when it is open again.

    ``bound`` is up to what it holds, ``seen`` what was seen when it was proposed, ``answers`` are questions and answers, and
    ``standing`` says what there is to mind about it.
    """

    title: str
    reason: str
    author: Who
    approver: Who
    at: datetime
    until: datetime
    ended: bool = False
    part: str = ""
    bound: str = ""
    seen: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    standing: str = ""


class ItemLine(msgspec.Struct, frozen=True, kw_only=True):
    """A checklist item that was not simply done."""

    title: str
    why: str
    by: Who | None = None


class ChecklistLine(msgspec.Struct, frozen=True, kw_only=True):
    """A checklist: counts, and the items that need reading."""

    key: str
    title: str
    total: int
    done: int
    by_itself: int = 0
    failed: tuple[ItemLine, ...] = ()
    not_applicable: tuple[ItemLine, ...] = ()
    open: tuple[ItemLine, ...] = ()


class VoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said in a poll; ``role`` is "" for a concern of somebody without an asked one."""

    person: Who
    role: str
    vote: Vote
    words: str = ""
    entered_by: Who | None = None


class PollLine(msgspec.Struct, frozen=True, kw_only=True):
    """A go/no-go poll of a gate; its votes are no signatures."""

    gate: str
    candidate: str
    begun_at: datetime
    by: Who
    result: PollResult
    ended_at: datetime | None = None
    words: str = ""
    votes: tuple[VoteLine, ...] = ()


class SignatureLine(msgspec.Struct, frozen=True, kw_only=True):
    """GT-6: one person's word on a gate, and whether it still holds."""

    gate: str
    person: Who
    for_person: Who | None = None
    role: str
    decision: Word
    at: datetime
    identity: str
    meaning: str = ""
    comment: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    condition_kept: str = ""
    needed: str = ""
    needed_from: Who | None = None
    currency: Currency
    counts: bool
    stops: bool = False
    why: str
    changes: tuple[str, ...] = ()
    way: Way = Way.HERE
    entered_by: Who | None = None
    shown: str = ""
    id: str = ""
    key: str = ""


class FreezeLine(msgspec.Struct, frozen=True, kw_only=True):
    """GT-8: a freeze in force."""

    reason: str
    by: Who
    at: datetime


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of the release; ``began`` is the earliest moment that is known of it."""

    title: str
    environment: str
    severity: str
    state: str
    began: datetime
    mitigated_at: datetime | None = None
    closed_at: datetime | None = None
    leads: Who | None = None
    flows: tuple[str, ...] = ()
    frozen: bool = False
    ended_why: str = ""


class ChangeFreeze(msgspec.Struct, frozen=True, kw_only=True):
    """Dates on which nothing goes out; both days are included."""

    first: str
    last: str
    reason: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Where these notes come from, so that they can be held against the record."""

    record: str
    entries: int
    head: str
    definitions: str


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the release, once somebody has said so."""

    outcome: Outcome
    at: datetime
    by: Who | None = None
    run: str | None = None


class NotesDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the notes of one release say.

    Of a shipped release ``kept`` says in a line when all this was kept, and ``since`` what
    changed afterwards.  ``told`` are the changes that git and fragments tell, and how much of the range of
    commits they cover; notes of releases that went out before these were kept have none.  ``own`` are the words that people wrote
    into sections, ``hidden`` the changes that they left out, ``layout`` the sections in their order.  ``watched`` are the
    benchmarks that say to roll back, by title; ``evidence`` is where claims come from.
    """

    schema: str = SCHEMA
    project: str
    project_title: str
    version: str
    kind: ReleaseKind
    state: ReleaseState
    through: bool
    demonstration: datetime | None = None
    made_at: datetime
    judged_at: datetime
    kept: str = ""
    since: tuple[str, ...] = ()
    timezone: str = "UTC"
    summary: str = ""
    own_words: tuple[str, ...] = ()
    changes: tuple[ChangeKind, ...] = ()
    told: Changes | None = None
    own: tuple[OwnLine, ...] = ()
    hidden: tuple[HiddenLine, ...] = ()
    layout: tuple[LaidOut, ...] = ()
    owner: Who | None = None
    previous: str | None = None
    planned_at: datetime | None = None
    ending: Ending | None = None
    candidate: Build | None = None
    open: tuple[OpenLine, ...] = ()
    gates: tuple[GateLine, ...] = ()
    benchmarks: tuple[VerdictLine, ...] = ()
    charts: tuple[ControlChart, ...] = ()
    not_covered: tuple[UncoveredLine, ...] = ()
    parity: Parity = Parity()
    overrides: tuple[OverrideLine, ...] = ()
    quarantines: tuple[OverrideLine, ...] = ()
    checklists: tuple[ChecklistLine, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    polls: tuple[PollLine, ...] = ()
    freeze: FreezeLine | None = None
    further_freezes: tuple[FreezeLine, ...] = ()
    change_freezes: tuple[ChangeFreeze, ...] = ()
    incidents: tuple[IncidentLine, ...] = ()
    unproven: tuple[UnprovenLine, ...] = ()
    watch: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    predictions: tuple[PredictionLine, ...] = ()
    escalations: tuple[EscalationLine, ...] = ()
    rollback_target: str | None = None
    rollback_plan: tuple[str, ...] = ()
    cannot_be_undone: tuple[str, ...] = ()
    rollback_triggers: tuple[str, ...] = ()
    evidence: tuple[Cited, ...] = ()
    proof: Proof
