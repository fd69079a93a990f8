"""How a release was judged, gate by gate, as values: what a gate's report and Readiness show.

All of it is kept with a shipped release (:mod:`workbench.usecases.reporting.report`): a field
that is added has a default, and none is renamed or taken away.  The states and lines of a gate
(:class:`~workbench.gates.model.RequirementState`, ``Part``, ``Step``) are part of that document.
Numbers of a verdict are in its ``unit``; moments are aware.  Text is kept as it came: whoever
shows it makes it safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import msgspec

from workbench.checklists.model import ItemState
from workbench.criteria import Verdict
from workbench.definitions.shapes import Dimension, Mode, Severity
from workbench.flows.coverage import Uncovered
from workbench.gates.approvals import Able
from workbench.gates.bound import Bound
from workbench.gates.chance import Chance
from workbench.gates.fixed_questions import Answers
from workbench.gates.model import (
    GateState,
    Origin,
    Part,
    RequirementState,
    State,
    Weight,
    choose_gate,
    count_open,
    open_parts,
)
from workbench.gates.overrides import Seen
from workbench.gates.score import TierRollUp
from workbench.parity.claims import Topic
from workbench.parity.decisions import Decision as Fate
from workbench.parity.model import Category
from workbench.parity.touching import Touching
from workbench.releases.model import Outcome, ReleaseState
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision, Way
from workbench.usecases.reporting.statistics import Statistics


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """The candidate that was judged: ``rc2`` and its commit."""

    name: str
    commit: str


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the release, once somebody has said so; ``by`` is a person's key."""

    outcome: Outcome
    at: datetime
    by: str | None = None
    run: str | None = None


class SignatureReport(msgspec.Struct, frozen=True, kw_only=True):
    """One person's word on a gate, and whether it held."""

    id: str
    person: str
    for_person: str = ""
    """Whose seat it is, where they signed by a delegation."""
    role: str
    decision: Decision
    at: datetime
    currency: Currency
    counts: bool
    stops: bool = False
    why: str
    changes: tuple[str, ...] = ()
    identity: str = ""
    key: str | None = None
    """The fingerprint of the key whose signature holds, "" where none signed; ``None`` in reports of before there were keys."""
    meaning: str = ""
    comment: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    condition_kept: str = ""
    """Who says that they were kept, and how."""
    needed: str = ""
    needed_from: str = ""
    way: Way = Way.HERE
    entered_by: str | None = None
    shown: str = ""
    basis: str = ""
    statement: str = ""
    signature: str = ""

    @property
    def who(self) -> str:
        """Who gave it, and for whom."""
        return f"{self.person} for {self.for_person}" if self.for_person else self.person


class AwayReport(msgspec.Struct, frozen=True, kw_only=True):
    """Until when somebody who can sign is away."""

    person: str
    until: datetime


class RoleReport(msgspec.Struct, frozen=True, kw_only=True):
    """How many signatures of a role were asked and given, and who could give one."""

    role: str
    asked: int
    given: int
    can: tuple[str, ...] = ()
    away: tuple[AwayReport, ...] = ()
    short: str = ""
    """Why those who are listed cannot sign this any more, in words."""

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.given)


class GateReport(msgspec.Struct, frozen=True, kw_only=True):
    """A gate with its requirements and signatures.

    ``benchmarks`` are the keys of the verdicts that its report lists, ``remarks`` what its figures are
    worth, in sentences (:mod:`workbench.usecases.reporting.remarks`); only the report of that gate, and a
    whole one, hold them.
    """

    key: str
    title: str
    state: GateState
    through: bool
    set_up: bool
    requirements: tuple[RequirementState, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()
    roles: tuple[RoleReport, ...] = ()
    into: str = ""
    """The key of the environment that it leads into."""
    into_title: str = ""
    benchmarks: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    tiers: tuple[TierRollUp, ...] = ()
    chance: Chance = Chance()

    @property
    def parts(self) -> Iterator[Part]:
        """Every line, requirement by requirement."""
        return (part for requirement in self.requirements for part in requirement.parts)

    @property
    def ready(self) -> bool:
        """Everything but the signatures is met."""
        return not any(
            item.state is State.NOT_MET and item.origin is not Origin.SIGNATURES for item in self.requirements
        )


class Arithmetic(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The numbers of a verdict, and the same in words.

    ``measured`` is what was measured, ``value`` what was judged: nothing where the measurement
    was of no use.  ``accepts_from`` and ``accepts_to`` bound the values that the limit accepts.
    ``why`` is the verdict in one sentence, ``headline`` its margin, ``note`` what to mind.  ``figures``
    are those of a chart or of samples that were compared.
    """

    unit: str = ""
    measured: Decimal | None = None
    value: Decimal | None = None
    baseline: Decimal | None = None
    limit: Decimal | None = None
    accepts_from: Decimal | None = None
    accepts_to: Decimal | None = None
    margin: Decimal | None = None
    margin_percent: Decimal | None = None
    why: str
    headline: str
    note: str = ""
    value_text: str = ""
    baseline_text: str = ""
    limit_text: str = ""
    asks: str = ""
    evidence: tuple[str, ...] = ()
    figures: Statistics | None = None


class VerdictReport(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A benchmark with its verdict.

    ``chance`` is how often it fails by chance alone, a share.
    ``rule`` is the rule that decided, ``window`` what was measured over, or what is asked to be.
    ``usable`` says whether a source gave a value at ``measured_at``.  ``arithmetic`` is left out
    where Readiness needs none: of what blocks nothing and is met.
    ``cannot_tell`` are the differences that staging cannot see past, the most severe of them, and
    ``cannot_tell_more`` how many others there are.  ``looks`` is how often the build was measured, and
    ``failed_looks`` how many of those values failed.
    """

    key: str
    title: str
    flow: str | None = None
    flow_name: str = ""
    dimension: Dimension | None = None
    mode: Mode
    verdict: Verdict
    through: bool
    rule: str = ""
    measured_at: datetime | None = None
    usable: bool = False
    samples: int | None = None
    window: str | None = None
    remarks: tuple[str, ...] = ()
    overridden_until: datetime | None = None
    quarantined_until: datetime | None = None
    chance: Decimal | None = None
    arithmetic: Arithmetic | None = None
    cannot_tell: tuple[Touching, ...] = ()
    cannot_tell_more: int = 0
    looks: int = 0
    failed_looks: int = 0

    @property
    def blocking(self) -> bool:
        return self.mode is Mode.BLOCKING

    @property
    def worked_out(self) -> Arithmetic:
        """Its numbers; ``LookupError`` where this judgement was made without them."""
        if self.arithmetic is None:
            raise LookupError(f"the numbers of {self.key} are not part of this judgement")
        return self.arithmetic


class DifferenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """A difference between staging and production as it was decided.

    ``undecided`` says that somebody must still decide, ``ended`` that a decision came to its end,
    ``overtaken`` that it was made on other values; only a whole report says which, in ``changes``.
    ``lacks`` is what a decision needs before it counts: ``a reason and an end``, ``an approval by kim``.
    """

    id: str
    title: str
    severity: Severity
    category: Category
    decision: Fate
    undecided: bool
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
    owner: str | None = None
    until: datetime | None = None
    up_to: str = ""


class SentenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the parity statement; ``misfits`` says which of its figures are others since it was kept."""

    key: str
    topic: Topic
    text: str
    edited: bool = False
    misfits: tuple[str, ...] = ()


class StatementReport(msgspec.Struct, frozen=True, kw_only=True):
    """PM-4: the parity statement; where nobody has ``kept`` it, the draft.

    ``fresh`` counts the sentences that the record would add to it; ``by`` is a person's key.
    """

    kept: bool = False
    by: str = ""
    at: datetime | None = None
    sentences: tuple[SentenceReport, ...] = ()
    fresh: int = 0


class ExceptionReport(msgspec.Struct, frozen=True, kw_only=True):
    """An exception that counts; of a flaky check (GT-10) its quarantine, which has not ended."""

    part: str
    title: str
    reason: str
    author: str
    approver: str
    at: datetime
    until: datetime


class OverrideReport(ExceptionReport, frozen=True, kw_only=True):
    """GT-5: an override that nobody has lifted; ``ended`` when its part is open again.

    ``bound`` is up to what it holds, ``seen`` what was seen when it was proposed, ``answers`` what its author
    answered to the fixed questions; those of before have none of these.  ``needed`` is false where its line is met
    without it, ``covers`` where the line is worse than the bound; ``standing`` says that, and what else there is to
    mind about it, in a sentence.
    """

    ended: bool = False
    bound: Bound | None = None
    seen: Seen | None = None
    answers: Answers | None = None
    needed: bool = True
    covers: bool = True
    standing: str = ""


class ProposalReport(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody proposed about a line and nobody has approved.

    ``ref`` is what :attr:`~workbench.gates.model.Part.proposal` names, ``name`` what it is in a
    few words, ``able`` who may act on it, ``rejected`` what was said against it.
    """

    ref: str
    name: str
    why: str
    able: Able
    rejected: str | None = None

    def short(self, reader: str) -> str:
        """Where it stands, where there is little room, for one reader: ``override waiting for you``."""
        name = self.name.rstrip(",")
        if self.rejected is not None:
            return f"{name} rejected: {self.rejected}"
        return f"{name} waiting for {'you' if self.able.includes(reader) else self.able.words}"


class PromiseReport(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes care of an open part, and by when."""

    part: str
    owner: str
    by: datetime | None = None
    note: str = ""


class InvestigationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is being investigated: a score that fell, or what a person opened.

    ``fell`` says what the score was and under what it fell; ``finding`` what was found so far.
    """

    id: str
    title: str
    fell: str = ""
    owner: str | None = None
    finding: str = ""
    opened_at: datetime | None = None


class UnrecordedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A build that a probe saw running and that the record does not say was put there.

    ``candidate`` names the one that it is, where it runs in production and no shipment is recorded.
    """

    environment: str
    build: str
    candidate: str = ""
    seen_at: datetime
    probe: str


class TouchedReport(msgspec.Struct, frozen=True, kw_only=True):
    """FI-6: a flow that the candidate touches: by how many files, the first of them, and whether it was measured on it."""

    flow: str
    title: str
    files: int
    first: str
    measured: bool


class ItemReport(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a checklist that was not simply done; ``by_itself`` says that the record answers it."""

    key: str
    title: str
    state: ItemState
    why: str
    by: str | None = None
    by_itself: bool = False


class ChecklistReport(msgspec.Struct, frozen=True, kw_only=True):
    """A checklist that a gate asks for, or that somebody answered.

    ``done`` counts items, ``by_itself`` those among them that the record answered; ``items`` are
    the others.
    """

    key: str
    title: str
    total: int
    done: int
    by_itself: int = 0
    items: tuple[ItemReport, ...] = ()


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A probe, and whether it is known to be able to fail, with how that is known."""

    key: str
    title: str
    proven: bool
    words: str


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it was judged at ``judged_at`` and looked at at ``made_at``.

    ``title`` is the version with the candidate's name, ``head`` the chain of the ledger's last
    entry; ``unsealed`` says that it was judged from an excerpt, which nobody has signed, and ``sealed`` who
    signed the excerpt.  ``state`` and ``ending`` follow the release; ``kept`` says in a line that this was
    kept and when, and ``since`` what changed afterwards: they alone are not of that moment.
    """

    project: str
    project_key: str
    version: str
    title: str
    candidate: BuildReport | None = None
    state: ReleaseState
    ending: Ending | None = None
    planned_at: datetime | None = None
    made_at: datetime
    judged_at: datetime
    timezone: str = "UTC"
    demonstration: datetime | None = None
    head: str
    gates: tuple[GateReport, ...] = ()
    verdicts: tuple[VerdictReport, ...] = ()
    differences: tuple[DifferenceReport, ...] = ()
    not_covered: tuple[Uncovered, ...] = ()
    probes: tuple[ProbeReport, ...] = ()
    statement: StatementReport | None = None
    overrides: tuple[OverrideReport, ...] = ()
    quarantines: tuple[ExceptionReport, ...] = ()
    proposals: tuple[ProposalReport, ...] = ()
    promises: tuple[PromiseReport, ...] = ()
    checklists: tuple[ChecklistReport, ...] = ()
    investigations: tuple[InvestigationReport, ...] = ()
    unrecorded: tuple[UnrecordedReport, ...] = ()
    touched: tuple[TouchedReport, ...] = ()
    unsealed: bool = False
    sealed: str = ""
    kept: str = ""
    since: tuple[str, ...] = ()

    def gate(self, key: str | None) -> GateReport:
        """The gate with that key; without one, the first that has not passed, else the last."""
        return choose_gate(self.gates, key)

    def before(self, gate: GateReport) -> tuple[GateReport, ...]:
        """The gates before this one."""
        return self.gates[: [item.key for item in self.gates].index(gate.key)]

    def open_parts(self) -> list[tuple[GateReport, Part]]:
        """Every unmet part of every gate in order, each once."""
        return open_parts(self.gates)

    def counts(self) -> dict[Weight, int]:
        """How much blocks, is to do, is to sign."""
        return count_open(self.gates)

    def verdicts_of(self, gate: GateReport) -> list[VerdictReport]:
        """The verdicts that the report of a gate lists."""
        keys = frozenset(gate.benchmarks)
        return [item for item in self.verdicts if item.key in keys]

    def exit_code_of_all(self) -> int:
        """The exit code of all gates together; 1 where none of them asks for anything."""
        codes = {self.exit_code(gate) for gate in self.gates}
        if not any(gate.set_up for gate in self.gates) or 1 in codes:
            return 1
        return max(codes)

    def exit_code(self, gate: GateReport) -> int:
        """CRITERIA 4: 1 before 3, and 3 only when nothing but errors blocks, in earlier gates too."""
        if gate.state is not GateState.BLOCKED:
            return 0
        unmet = [
            part
            for item in (*self.before(gate), gate)
            for requirement in item.requirements
            for part in requirement.parts
            if part.state is State.NOT_MET and requirement.origin is not Origin.EARLIER
            if part.weight is not Weight.TO_SIGN or item.key != gate.key
        ]
        return 3 if unmet and all(part.unasked for part in unmet) else 1
