"""Everything that is derived for one release at one instant, from one state of the record."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from workbench.benchmarks import measurements
from workbench.benchmarks.judge import Context as JudgeContext
from workbench.benchmarks.judge import Judged, judged
from workbench.benchmarks.measurements import Measurement
from workbench.benchmarks.past import Past
from workbench.benchmarks.resolve import Resolved, resolve
from workbench.checklists import model as checklists
from workbench.checklists.model import ItemView
from workbench.definitions.shapes import Severity, Tier
from workbench.evidence.model import attachments
from workbench.flows import model as flows
from workbench.gates import evaluate as gate_room
from workbench.gates import model as gates
from workbench.gates.kinds import DifferencesDecidedConfig, TestsGreenConfig
from workbench.gates.model import Override, Part, Promise, State, Weight
from workbench.gates.requirements import Facts
from workbench.model.errors import UsageError
from workbench.parity import model as parity
from workbench.parity.model import SEVERITY_RANK
from workbench.record import Head, Record
from workbench.releases import model as releases
from workbench.releases.model import Held, Outcome, ReleaseState
from workbench.signoff import model as signing
from workbench.signoff.basis import Bases
from workbench.signoff.conclude import Concluded, conclude
from workbench.signoff.model import Opening
from workbench.usecases.context import Context, staging_of
from workbench.usecases.soundness import check_end, check_record

ATTEMPTS = 5


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
        """The gate with that key; without one, the first that is not through, else the last."""
        if not self.gates:
            raise UsageError("this project has no gates", hint="add gates: to workbench.yaml")
        if key is None:
            return next((item for item in self.gates if not item.through), self.gates[-1])
        for item in self.gates:
            if item.gate.key == key:
                return item
        known = ", ".join(item.gate.key for item in self.gates)
        raise UsageError(f"there is no gate “{key}”", hint=f"known: {known}")

    def open_parts(self) -> list[tuple[Concluded, Part]]:
        """Every unmet part of every gate in order, each once."""
        seen: set[str] = set()
        found = []
        for item in self.gates:
            for requirement in item.requirements:
                if requirement.kind == "earlier_gates":
                    continue
                for part in requirement.parts:
                    if part.state is State.NOT_MET and part.key not in seen:
                        seen.add(part.key)
                        found.append((item, part))
        return found

    def counts(self) -> dict[Weight, int]:
        """How much blocks, is to do, is to sign."""
        result = dict.fromkeys(Weight, 0)
        for _, part in self.open_parts():
            result[part.weight] += 1
        return result


def evaluate(context: Context, release: str | None = None, *, unchecked: bool = False) -> Evaluation:
    """Judge a release, against one state of the record: if it moved meanwhile, again.

    Raises ``RecordError`` where a quick look shows that the record cannot be trusted;
    ``unchecked`` looks only at the ledger's end, and its caller at the rows, soon.
    """
    (check_end if unchecked else check_record)(context)
    with _keeping_everything():
        for _ in range(ATTEMPTS):
            head = context.record.head
            found = _evaluate(context, release or context.release, head)
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


def _evaluate(context: Context, version: str | None, head: Head) -> Evaluation:
    record, definitions = context.record, context.definitions
    held = releases.find(record, version)
    now = _moment(held, context.now)
    openings = {key: value for key, (_, value) in signing.openings(record, held.id).items()}
    readings = measurements.latest(record, held.candidate_id)
    pinned = _pinned(openings, held, now)
    judged_all = _judge_all(context, held, now, readings, pinned)
    facts = _facts(context, held, now, readings, judged_all, pinned)
    results = gate_room.evaluate(definitions.project.gates, facts)
    bases = Bases(definitions.project.project, results, facts)
    concluded = conclude(
        results,
        facts,
        bases=bases,
        signoffs=signing.signoffs(record, held.id),
        openings=openings,
        people=definitions.project.people,
        document=lambda digest: document(context, digest),
    )
    through = bool(concluded) and all(item.through for item in concluded)
    return Evaluation(
        project=definitions.project.title or definitions.project.project,
        project_key=definitions.project.project,
        now=context.now,
        demonstration=context.demonstration,
        held=held,
        state=releases.state(
            held.release, has_candidate=held.candidate is not None, through=through, now=context.now
        ),
        facts=facts,
        gates=concluded,
        bases=bases,
        head=head,
        promises={key: value for key, (_, value) in gates.promises(record, held.id).items()},
    )


def _moment(held: Held, now: datetime) -> datetime:
    """A shipped release is frozen: it is judged at the moment it was shipped."""
    ended = held.release.outcome_at
    return min(now, ended) if held.release.outcome is not Outcome.OPEN and ended else now


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
    tiers = flows.tiers(context.record)
    tightened = measurements.tightened(context.record)
    staging = staging_of(context.definitions)
    project = context.definitions.project
    return [
        resolve(
            benchmark,
            tier=tiers.get(benchmark.flow) if benchmark.flow else Tier.IMPORTANT,
            tightened=benchmark.key in tightened,
            staging=staging.key if staging else None,
            now=now,
            zone=project.timezone,
        )
        for benchmark in project.benchmarks
    ]


_Readings = Mapping[tuple[str, str], Measurement]


def _judge_all(
    context: Context,
    held: Held,
    now: datetime,
    readings: _Readings,
    pinned: Mapping[str, tuple[str, ...]],
) -> tuple[Judged, ...]:
    """The verdict of every benchmark."""
    judge_context = JudgeContext(
        now=now,
        candidate=held.candidate_id,
        commit=held.candidate.commit if held.candidate else None,
        demonstration=context.demonstration is not None,
        readings=readings,
        past=_past(context, held, now),
        pinned=pinned,
    )
    found = [judged(resolved, judge_context) for resolved in resolve_all(context, now)]
    return tuple(_as_pinned(context, item, judge_context) for item in found) if pinned else tuple(found)


def _as_pinned(context: Context, item: Judged, judge_context: JudgeContext) -> Judged:
    """While sign-off is open, newer evidence with the same outcome does not move the figures."""
    refs = judge_context.pinned.get(item.key)
    if not refs or {m.ref for m in (item.value, item.baseline) if m} <= set(refs):
        return item
    gone = measurements.invalidated(context.record)
    kept = [m for ref in refs if ref not in gone and (m := measurements.by_ref(context.record, ref))]
    if len(kept) < len(refs):
        return item
    # A baseline out of the record is another candidate's value, and found again without help.
    own = [
        m
        for m in reversed(kept)
        if m.role == "baseline" or m.candidate == judge_context.candidate or item.resolved.benchmark.carry
    ]
    then = judged(
        item.resolved,
        msgspec.structs.replace(judge_context, readings={(item.key, m.role): m for m in own}),
    )
    if then.verdict is not item.verdict:
        return item
    return msgspec.structs.replace(then, remarks=(*then.remarks, "measured again since, same outcome"))


def _past(context: Context, held: Held, now: datetime) -> Past:
    """What baselines and histories are taken from."""
    record = context.record

    def last_good() -> str | None:
        good = releases.last_good(releases.all_releases(record), now, held)
        return good.candidate_id if good is not None else None

    return Past(
        record,
        candidate=held.candidate_id,
        now=now,
        last_good=last_good,
        let_past=lambda benchmark: _let_past(record, benchmark),
    )


def _let_past(record: Record, benchmark: str) -> set[str]:
    """The candidates of releases for which a benchmark was overridden: nothing to compare with."""
    rows = record.all("override", "part = ?", (f"benchmark/{benchmark}",))
    overridden = [value for row in rows if not (value := row.decode(gates.Override)).lifted]
    return {
        row.id for value in overridden for row in record.all("candidate", "release = ?", (value.release,))
    }


def _facts(
    context: Context,
    held: Held,
    now: datetime,
    readings: _Readings,
    judged_all: tuple[Judged, ...],
    pinned: Mapping[str, tuple[str, ...]],
) -> Facts:
    record, definitions = context.record, context.definitions
    review = parity.last_review(record, held.id)
    facts = Facts(
        now=now,
        timezone=definitions.project.timezone,
        release_id=held.id,
        release=held.release,
        candidate_id=held.candidate_id,
        candidate=held.candidate,
        judged=judged_all,
        tests=_tests(context, readings),
        pinned=frozenset(pinned),
        checklists={},
        checklist_titles={item.checklist: item.title for item in definitions.checklists},
        flows={flow.key: flow for _, flow in flows.all_flows(record)},
        differences=_grave(context),
        difference_count=record.count("difference"),
        undecided_count=record.count("difference", "decision = 'undecided'"),
        review=review[1] if review else None,
        changed_since_review=parity.changed_since(record, review[0] if review else None),
        freeze=(frozen := gates.freeze(record)) and frozen[1],
        change_freezes=tuple(definitions.project.change_freezes),
        overrides=tuple(value for _, value in gates.overrides(record, held.id)),
        demonstration=context.demonstration is not None,
    )
    return msgspec.structs.replace(facts, checklists=_checklists(context, held, facts))


def _tests(context: Context, readings: _Readings) -> dict[str, Measurement]:
    found = {}
    for source in tests_sources(context):
        reading = readings.get((f"tests/{source}", "tests"))
        if reading is not None:
            found[source] = reading
    return found


def tests_sources(context: Context) -> list[str]:
    """The sources whose test runs a gate asks for."""
    return list(dict.fromkeys(config.source for config in _tests_asked(context)))


def _tests_asked(context: Context) -> list[TestsGreenConfig]:
    configs = [r.config for gate in context.definitions.project.gates for r in gate.requires]
    return [config for config in configs if isinstance(config, TestsGreenConfig)]


def _grave(context: Context) -> tuple[tuple[str, parity.Difference], ...]:
    levels = [
        requirement.config.at_least
        for gate in context.definitions.project.gates
        for requirement in gate.requires
        if isinstance(requirement.config, DifferencesDecidedConfig)
    ]
    lowest = min([*levels, Severity.HIGH], key=SEVERITY_RANK.__getitem__)
    return tuple((stored.id, value) for stored, value in parity.at_least(context.record, lowest))


def _checklists(context: Context, held: Held, facts: Facts) -> dict[str, tuple[ItemView, ...]]:
    given = checklists.answers(context.record, held.id)
    evidence = attachments(context.record, f"answer:{held.id}/")
    automatic = gate_room.automatic_facts(
        release=held.release,
        review=facts.review,
        grave=facts.differences,
        judged=facts.judged,
        facts=facts,
        tests=_tests_asked(context),
    )
    return {
        item.checklist: checklists.view(item, held.id, held.candidate_id, given, automatic, evidence)
        for item in context.definitions.checklists
    }


def verdict_of(evaluation: Evaluation, benchmark: str) -> Judged:
    """The verdict of one benchmark by key."""
    for item in evaluation.facts.judged:
        if item.key == benchmark:
            return item
    known: Sequence[str] = [item.key for item in evaluation.facts.judged]
    raise UsageError(f"there is no benchmark “{benchmark}”", hint=f"known: {', '.join(known[:8])}")


def override_of(evaluation: Evaluation, benchmark: str) -> Override | None:
    """The override in force for a benchmark, the latest if there are several."""
    return evaluation.facts.override_in_force(f"benchmark/{benchmark}")
