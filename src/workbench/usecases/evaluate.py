"""Everything that is derived for one release at one instant, from one state of the record."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.resolve import Resolved
from workbench.checklists.model import Checklists
from workbench.definitions.release_gates import for_release
from workbench.definitions.shapes import EnvironmentKind, FreezeWindow, Gate
from workbench.flows.model import Flow
from workbench.gates import evaluate as gate_room
from workbench.gates import judging, rolling
from workbench.gates import model as gates
from workbench.gates.approvals import Proposal
from workbench.gates.automatic import ANSWERED_BY_OTHERS, CHECKLISTS
from workbench.gates.break_glass import BREAK_GLASS, TO_REVIEW, Reviewed
from workbench.gates.changes import ASKED as MEASURES
from workbench.gates.deployed import RUNNING, UNRECORDED, Unrecorded
from workbench.gates.facts import Facts, Need
from workbench.gates.judging import JUDGED
from workbench.gates.model import Freeze, GateState, Part, Promise, Weight
from workbench.gates.needs import (
    ASKED_FOR,
    CHANGED_SINCE_REVIEW,
    DIFFERENCE_COUNT,
    DOUBTS,
    FLOWS,
    FREEZES,
    IN_FORCE,
    INVESTIGATIONS,
    LEFT_BY_ONE,
    OVERRIDES,
    PURGES,
    QUARANTINED,
    QUARANTINES,
    READINGS,
    REVIEW,
    TO_AGREE,
    TO_QUARANTINE,
    UNDECIDED_COUNT,
    widest,
)
from workbench.gates.overrides import ApprovedOverride
from workbench.gates.probed import PROVEN
from workbench.gates.quarantine import ApprovedQuarantine
from workbench.gates.reach import REACH, UNMEASURED
from workbench.gates.variants import VARIANTS
from workbench.investigations.model import Investigation
from workbench.model.errors import UsageError
from workbench.model.keys import of_release
from workbench.parity.model import Difference
from workbench.parity.reviews import Review
from workbench.parity.touching import NO_DOUBT, Doubt
from workbench.record import Head, Record
from workbench.releases import model as releases
from workbench.releases import shipment
from workbench.releases.model import Held, Outcome, ReleaseState, Standing
from workbench.signoff import model as signing
from workbench.signoff.basis import Bases, Basis
from workbench.signoff.conclude import Concluded, conclude
from workbench.signoff.conditions import kept_conditions
from workbench.signoff.delegations import delegations
from workbench.signoff.hand_backs import hand_backs
from workbench.signoff.keyed import Keyring
from workbench.signoff.model import Opening
from workbench.sources.reading import Role
from workbench.usecases.context import Context
from workbench.usecases.soundness import check_end, check_record

ATTEMPTS = 5
# What is waiting for a second person.
PROPOSALS = (ASKED_FOR, TO_QUARANTINE, TO_AGREE, LEFT_BY_ONE, ANSWERED_BY_OTHERS, PURGES, TO_REVIEW)
# What front ends show of a release beside its gates; read with everything else, from the same state.
SHOWN: tuple[Need[Any], ...] = (
    JUDGED, READINGS, CHECKLISTS, FLOWS, REVIEW, CHANGED_SINCE_REVIEW, DIFFERENCE_COUNT, UNDECIDED_COUNT,
    FREEZES, OVERRIDES, IN_FORCE, QUARANTINES, QUARANTINED, INVESTIGATIONS, DOUBTS, UNRECORDED, RUNNING, PROVEN, REACH, UNMEASURED, BREAK_GLASS, MEASURES, VARIANTS, *PROPOSALS,
)  # fmt: skip


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """A release, judged: what every screen and every report shows."""

    project: str
    project_key: str
    now: datetime
    demonstration: datetime | None
    held: Held
    state: ReleaseState
    facts: Facts
    gates: tuple[Concluded, ...]
    bases: Bases
    head: Head
    promises: Mapping[str, Promise]

    def gate(self, key: str | None) -> Concluded:
        """The gate with that key; without one, the first that has not passed, else the last."""
        return gates.choose_gate(self.gates, key)

    @property
    def through(self) -> bool:
        """Whether every gate is passed, and at least one asks for anything."""
        return any(item.result.set_up for item in self.gates) and all(item.through for item in self.gates)

    def open_parts(self) -> list[tuple[Concluded, Part]]:
        """Every unmet part of every gate in order, each once."""
        return gates.open_parts(self.gates)

    def counts(self) -> dict[Weight, int]:
        """How much blocks, is to do, is to sign."""
        return gates.count_open(self.gates)

    @property
    def basis(self) -> Basis | None:
        """What all gates together rest on: the last one's, of which the earlier ones' are part."""
        return self.bases.of(self.gates[-1].gate.key) if self.gates else None

    # --- what was judged, for those who show it --------------------------------------------

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The verdict of every benchmark."""
        return self.facts(JUDGED)

    @property
    def tests(self) -> dict[str, Measurement]:
        """The latest test run of each source that a gate asks for."""
        found = {
            source: self.facts(READINGS).get((f"tests/{source}", "tests"))
            for source in tests_sources(self.facts.project.gates)
        }
        return {source: reading for source, reading in found.items() if reading is not None}

    @property
    def subject(self) -> str:
        """What its checklists are walked for."""
        return of_release(self.held.id)

    @property
    def build(self) -> str | None:
        """The build that answers are given for."""
        return self.held.candidate_id

    def require_open(self) -> None:
        """``NotAllowed`` where the release has ended, and nothing of it is answered any more."""
        releases.require_open(self.held)

    @property
    def checklists(self) -> Checklists:
        """Every checklist's items by its key, in their present state."""
        return self.facts(CHECKLISTS)

    def checklist_title(self, key: str) -> str:
        """What a checklist is called."""
        found = self.facts.definitions.checklist(key)
        return found.title if found else key

    @property
    def flows(self) -> Mapping[str, Flow]:
        """The flow inventory by key."""
        return self.facts(FLOWS)

    @property
    def differences(self) -> Sequence[tuple[str, Difference]]:
        """The high differences, and those of a lower severity that a gate asks about, by id."""
        return self.facts(widest(gate_room.needs(self.facts.project.gates)))

    def cannot_tell(self, judged: Judged) -> Doubt:
        """What staging cannot tell about a benchmark; what is measured in production is in no doubt."""
        resolved = judged.resolved
        place = self.facts.definitions.environment(resolved.environment)
        if place is not None and place.kind is EnvironmentKind.PRODUCTION:
            return NO_DOUBT
        benchmark = resolved.benchmark
        return self.facts(DOUBTS).of(benchmark.flow or "", benchmark.key, resolved.environment or "")

    @property
    def difference_count(self) -> int:
        """How many differences are on the map."""
        return self.facts(DIFFERENCE_COUNT)

    @property
    def undecided_count(self) -> int:
        """How many of them nobody has decided; ended decisions are not counted."""
        return self.facts(UNDECIDED_COUNT)

    @property
    def review(self) -> Review | None:
        """The last review of the map for this release."""
        return self.facts(REVIEW)

    @property
    def changed_since_review(self) -> int:
        """How many differences changed since that review."""
        return self.facts(CHANGED_SINCE_REVIEW)

    @property
    def freezes(self) -> Sequence[Freeze]:
        """The freezes in force, the earliest first."""
        return tuple(self.facts(FREEZES).values())

    @property
    def investigations(self) -> Mapping[str, Investigation]:
        """What is being investigated, by id."""
        return self.facts(INVESTIGATIONS)

    @property
    def break_glass(self) -> Sequence[Reviewed]:
        """Every release that one person let out past its gates, with its review, the newest first."""
        return self.facts(BREAK_GLASS)

    @property
    def unrecorded(self) -> Sequence[Unrecorded]:
        """The builds that run somewhere and that nobody put on record."""
        return self.facts(UNRECORDED)

    @property
    def change_freezes(self) -> Sequence[FreezeWindow]:
        """The project's change-freeze dates."""
        return self.facts.project.change_freezes

    @property
    def overrides(self) -> tuple[ApprovedOverride, ...]:
        """Every override of this release that a second person approved and nobody has lifted, ended ones too."""
        return self.facts(OVERRIDES)

    @property
    def quarantines(self) -> tuple[ApprovedQuarantine, ...]:
        """Every quarantine that a second person approved and nobody has lifted, ended ones too."""
        return self.facts(QUARANTINES)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What is waiting for a second person, or was rejected by one."""
        found = (self.facts(need) for need in PROPOSALS)
        return tuple(item for each in found for item in each.values())


def evaluate(
    context: Context,
    release: str | None = None,
    *,
    unchecked: bool = False,
    at: datetime | None = None,
    candidate: int | None = None,
) -> Evaluation:
    """Judge a release, against one state of the record: if it moved meanwhile, again.

    ``at`` is the moment that counts; where it is left out, now, and for a release that has ended,
    when it was judged last.  ``candidate`` judges an earlier build, by its number, as if it were the
    last one.  Raises ``RecordError`` where a quick look shows that the record
    cannot be trusted; ``unchecked`` looks only at the ledger's end, and its caller at the rows, soon.
    """
    (check_end if unchecked else check_record)(context)
    with _keeping_everything():
        for _ in range(ATTEMPTS):
            head = context.record.head
            found = _evaluate(context, release or context.release, head, at, candidate)
            if context.record.head == head:
                break
    return found


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """No garbage is looked for: almost all that is made here stays, tens of thousands of objects."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _evaluate(
    context: Context, version: str | None, head: Head, at: datetime | None, candidate: int | None
) -> Evaluation:
    record = context.record
    held = releases.find(record, version)
    if candidate is not None:
        builds = tuple(each for each in held.candidates if each[1].number <= candidate)
        held = msgspec.structs.replace(held, candidates=builds)
    signoffs = signing.signoffs(record, held.id)
    definitions = for_release(
        context.definitions, held.release.kind.value, {value.gate for _, value in signoffs}
    )
    project = definitions.project
    now = at or _moment(record, held, context.now)
    openings = {key: value for key, (_, value) in signing.openings(record, held.id).items()}
    facts = Facts(
        record,
        definitions,
        held,
        now=now,
        demonstration=context.demonstration is not None,
        pinned=_pinned(openings, held, now),
    )
    results = gate_room.evaluate(project.gates, facts)
    bases = Bases(project.project, results, facts)
    concluded = conclude(
        results,
        facts,
        bases=bases,
        signoffs=signoffs,
        dismissals=signing.dismissals(record, held.id),
        openings=openings,
        people=project.people,
        delegations=delegations(record),
        hand_backs=hand_backs(record, held.id),
        conditions_kept=kept_conditions(record, held.id),
        document=lambda digest: document(context, digest),
        keyring=Keyring(
            record,
            project.people,
            held.release.version,
            answers=signoffs,
            demonstration=context.demonstration is not None,
        ),
    )
    concluded = _with_turns(concluded)
    for need in (*SHOWN, widest(gate_room.needs(project.gates))):
        facts(need)
    facts.seal()
    return Evaluation(
        project=project.title or project.project,
        project_key=project.project,
        now=context.now,
        demonstration=context.demonstration,
        held=held,
        state=releases.state(
            held.release,
            has_candidate=held.candidate is not None,
            gates=standing(concluded),
            now=context.now,
        ),
        facts=facts,
        gates=concluded,
        bases=bases,
        head=head,
        promises={key: value for key, (_, value) in gates.promises(record, held.id).items()},
    )


def _with_turns(gates: tuple[Concluded, ...]) -> tuple[Concluded, ...]:
    """The gates, each open part with whose move it is."""
    return tuple(
        msgspec.structs.replace(item, requirements=requirements)
        for item, requirements in zip(gates, rolling.rolled_up(gates), strict=True)
    )


def standing(gates: Sequence[Concluded]) -> Standing:
    """How all gates stand together; where none asks for anything, nothing says that a release is ready."""
    asking = [item for item in gates if item.result.set_up]
    if not asking or any(item.state is GateState.BLOCKED for item in asking):
        return Standing.BLOCKED
    signed = any(item.state is GateState.SIGNED for item in asking)
    return Standing.SIGNED if signed and all(item.through for item in asking) else Standing.READY


def _moment(record: Record, held: Held, now: datetime) -> datetime:
    """A release that has ended is judged at the moment of that; one that went out, of going out."""
    if held.release.outcome is Outcome.OPEN:
        return now
    found = shipment.find_shipment(record, held.id)
    ended = found[1].entered_at if found and found[1].stands else held.release.outcome_at
    return min(now, ended) if ended else now


def document(context: Context, digest: str) -> Mapping[str, Any] | None:
    """A kept document by its digest."""
    blob = context.record.blob(digest)
    if blob is None:
        return None
    found: Mapping[str, Any] = msgspec.json.decode(blob.data)
    return found


def _pinned(openings: Mapping[str, Opening], held: Held, now: datetime) -> dict[str, tuple[str, ...]]:
    pinned: dict[str, tuple[str, ...]] = {}
    for opening in openings.values():
        if opening.until > now and opening.candidate == held.candidate_id:
            for key, refs in opening.measurements.items():
                pinned[key] = tuple(refs)
    return pinned


def resolve_all(context: Context, now: datetime) -> list[Resolved]:
    """Every benchmark of the project with nothing left out."""
    return judging.resolve_all(context.record, context.definitions, now)


def tests_sources(gates: Sequence[Gate]) -> list[str]:
    """The sources whose test runs gates ask for."""
    pairs = [gate_room.kind_of(requirement) for gate in gates for requirement in gate.requires]
    return list(dict.fromkeys(source for kind, asks in pairs for source in kind.tests(asks)))


def listing_sources(gates: Sequence[Gate]) -> list[tuple[Role, str]]:
    """The sources whose findings or issues gates count, each once with which of them."""
    pairs = [gate_room.kind_of(requirement) for gate in gates for requirement in gate.requires]
    return list(dict.fromkeys(each for kind, asks in pairs for each in kind.listed(asks)))


def verdict_of(evaluation: Evaluation, benchmark: str) -> Judged:
    """The verdict of one benchmark by key."""
    for item in evaluation.judged:
        if item.key == benchmark:
            return item
    known: Sequence[str] = [item.key for item in evaluation.judged]
    raise UsageError(f"there is no benchmark “{benchmark}”", hint=f"known: {', '.join(known[:8])}")
