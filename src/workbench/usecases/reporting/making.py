"""From an evaluation to the judgement that is shown: everything is worked out here, and only here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from workbench.benchmarks.judge import Judged, in_unit
from workbench.checklists.model import ItemState, ItemView
from workbench.criteria import Verdict
from workbench.criteria.words import headline, sentence_of, shown
from workbench.flows.coverage import Uncovered, uncovered
from workbench.gates.bound_of import lets_past
from workbench.gates.chance import rate_of
from workbench.gates.needs import FLOWS, LEFT_BY_ONE, QUARANTINED
from workbench.gates.overrides import ApprovedOverride
from workbench.gates.probed import PROVEN
from workbench.gates.reach import REACH, UNMEASURED
from workbench.investigations.model import fell
from workbench.model.canonical import decimal_text
from workbench.parity.model import Difference, expired, falls_short, overtaken, undecided
from workbench.parity.touching import Doubt
from workbench.releases.model import Outcome
from workbench.signoff.conclude import Concluded
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.holding import SignOffView
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.exceptions import read_exceptions
from workbench.usecases.parity_statement import read_statement
from workbench.usecases.reporting import statistics
from workbench.usecases.reporting.judgement import (
    Arithmetic,
    AwayReport,
    BuildReport,
    ChecklistReport,
    DifferenceReport,
    Ending,
    ExceptionReport,
    GateReport,
    InvestigationReport,
    ItemReport,
    Judgement,
    OverrideReport,
    ProbeReport,
    PromiseReport,
    ProposalReport,
    RoleReport,
    SentenceReport,
    SignatureReport,
    StatementReport,
    TouchedReport,
    UnrecordedReport,
    VerdictReport,
)
from workbench.usecases.reporting.remarks import (
    NO_FIGURES,
    GateFigures,
    benchmarks_of,
    figures_of,
    place_words,
)
from workbench.usecases.views.probes import proof_words

Fields = dict[str, Any]


def judgement_of_gate(evaluation: Evaluation, key: str | None) -> Judgement:
    """What the report of one gate shows; :meth:`Evaluation.gate` says which it is."""
    chosen = evaluation.gate(key)
    benchmarks = benchmarks_of(evaluation, chosen)
    listed = frozenset(benchmarks)
    return Judgement(
        **header(evaluation),
        gates=tuple(
            gate_report(
                item,
                figures_of(evaluation, item) if item is chosen else NO_FIGURES,
                into_of(evaluation, item),
            )
            for item in evaluation.gates
        ),
        verdicts=tuple(verdict_report(item, evaluation) for item in evaluation.judged if item.key in listed),
        differences=differences(evaluation),
        not_covered=not_covered(evaluation),
        probes=probes(evaluation),
        statement=statement(evaluation),
        overrides=overrides(evaluation),
        quarantines=quarantines(evaluation),
    )


def judgement_of_lines(evaluation: Evaluation) -> Judgement:
    """What Readiness shows: the numbers of what is open or advisory, and of nothing else."""
    open_ = {part.key for _, part in evaluation.open_parts()}
    return Judgement(
        **header(evaluation),
        gates=tuple(gate_report(item, into=into_of(evaluation, item)) for item in evaluation.gates),
        verdicts=tuple(_line_verdict(item, open_) for item in evaluation.judged),
        overrides=overrides(evaluation),
        quarantines=quarantines(evaluation),
        proposals=proposals(evaluation),
        promises=promises(evaluation),
        checklists=checklists(evaluation),
        investigations=investigations(evaluation),
        unrecorded=unrecorded(evaluation),
        touched=touched(evaluation),
    )


def header(evaluation: Evaluation) -> Fields:
    """Which release was judged, when, and what became of it."""
    held = evaluation.held
    candidate = held.candidate
    return {
        "project": evaluation.project,
        "project_key": evaluation.project_key,
        "version": held.release.version,
        "title": held.title,
        "candidate": BuildReport(name=candidate.name, commit=candidate.commit) if candidate else None,
        "state": evaluation.state,
        "ending": ending(evaluation),
        "planned_at": held.release.planned_at,
        "made_at": evaluation.now,
        "judged_at": evaluation.facts.now,
        "timezone": evaluation.facts.project.timezone,
        "demonstration": evaluation.demonstration,
        "head": evaluation.head.chain,
    }


def ending(evaluation: Evaluation) -> Ending | None:
    """What became of the release."""
    release = evaluation.held.release
    if release.outcome is Outcome.OPEN or release.outcome_at is None:
        return None
    return Ending(outcome=release.outcome, at=release.outcome_at, by=release.outcome_by, run=release.run)


# --- gates ---------------------------------------------------------------------------------


def into_of(evaluation: Evaluation, concluded: Concluded) -> str:
    """What the environment is called that a gate leads into; "" for one that leads into none."""
    return place_words(evaluation, concluded.gate.into) if concluded.gate.into else ""


def gate_report(concluded: Concluded, figures: GateFigures = NO_FIGURES, into: str = "") -> GateReport:
    """A gate with its requirements, signatures and roles; ``into`` is what the environment is called that it leads into."""
    return GateReport(
        key=concluded.gate.key,
        title=concluded.gate.title,
        state=concluded.state,
        through=concluded.through,
        set_up=concluded.result.set_up,
        requirements=concluded.requirements,
        signatures=tuple(
            signature_report(view, concluded.conditions_kept.get(view.stored.id))
            for view in concluded.signoffs
        ),
        roles=tuple(
            RoleReport(
                role=item.role,
                asked=item.asked,
                given=len(item.given),
                can=item.can,
                away=tuple(AwayReport(person=key, until=until) for key, until in item.away.items()),
                short=item.short,
            )
            for item in concluded.roles
        ),
        into=concluded.gate.into or "",
        into_title=into,
        benchmarks=figures.benchmarks,
        remarks=figures.remarks,
        tiers=figures.tiers,
        chance=figures.chance,
    )


def signature_report(view: SignOffView, kept: ConditionKept | None = None) -> SignatureReport:
    """One person's word, and whether it holds."""
    value = view.signoff
    return SignatureReport(
        id=view.stored.id,
        person=value.person,
        for_person=value.for_person,
        role=value.role,
        decision=value.decision,
        at=value.at,
        currency=view.currency,
        counts=view.counts,
        stops=view.stops,
        why=view.why,
        changes=tuple(change.words for change in view.changes),
        identity=view.identity,
        key=view.checked.fingerprint if view.checked is not None and view.checked.holds else "",
        meaning=value.meaning,
        comment=value.comment,
        conditions=value.conditions,
        conditions_due=value.conditions_due,
        condition_kept=f"{kept.words}, says {kept.by}" if kept else "",
        needed=value.needed,
        needed_from=value.needed_from,
        way=value.way,
        entered_by=value.entered_by,
        shown=value.shown,
        basis=value.basis,
        statement=value.statement,
        signature=value.signature,
    )


# --- verdicts ------------------------------------------------------------------------------


def verdict_report(item: Judged, evaluation: Evaluation | None = None) -> VerdictReport:
    """One verdict with its arithmetic; the evaluation says what its flow is called, and what was let past."""
    facts = evaluation.facts if evaluation else None
    flow = facts(FLOWS).get(item.resolved.benchmark.flow or "") if facts else None
    let_past = lets_past(facts, item) if facts else None
    found = _verdict(item, arithmetic(item), flow.name if flow else "", let_past.until if let_past else None)
    if facts and (aside := facts(QUARANTINED).get(f"benchmark/{item.key}")):
        found = msgspec.structs.replace(found, quarantined_until=aside.until)
    return _with_differences(found, evaluation.cannot_tell(item)) if evaluation else found


def _with_differences(found: VerdictReport, doubt: Doubt) -> VerdictReport:
    """The same with what staging cannot tell about its flow."""
    if not doubt.count:
        return found
    return msgspec.structs.replace(found, cannot_tell=doubt.items, cannot_tell_more=doubt.more)


def _line_verdict(item: Judged, open_: Collection[str]) -> VerdictReport:
    """A verdict for Readiness: words cost more than all the rest, and most would never be read."""
    worded = item.verdict is not Verdict.PASS or not item.blocking or f"benchmark/{item.key}" in open_
    return _verdict(item, arithmetic(item) if worded else None)


def _verdict(
    item: Judged, numbers: Arithmetic | None, flow_name: str = "", overridden_until: datetime | None = None
) -> VerdictReport:
    resolved, outcome, value = item.resolved, item.outcome, item.value
    benchmark = resolved.benchmark
    usable = value is not None and value.state == "ok"
    return VerdictReport(
        key=benchmark.key,
        title=benchmark.title,
        flow=benchmark.flow,
        flow_name=flow_name,
        dimension=benchmark.dimension,
        mode=resolved.mode,
        verdict=outcome.verdict,
        through=item.through,
        rule=outcome.rule,
        measured_at=value.measured_at if value else None,
        usable=usable,
        samples=value.samples if value else None,
        window=value.window if value and usable else benchmark.measure.window,
        remarks=item.remarks,
        overridden_until=overridden_until,
        arithmetic=numbers,
        looks=item.looks.count,
        chance=rate_of(item),
        failed_looks=len(item.looks.failed),
    )


def arithmetic(item: Judged) -> Arithmetic:
    """The numbers of a verdict, and the words for them."""
    outcome, value, baseline = item.outcome, item.value, item.baseline
    numbers, words, (low, high) = shown(outcome), headline(outcome), outcome.accepts()
    asks = item.resolved.pass_
    return Arithmetic(
        unit=item.resolved.unit.symbol,
        measured=_number(in_unit(item.resolved, value)) if value and value.state == "ok" else None,
        value=_number(outcome.inputs.value),
        baseline=_number(item.baseline_value),
        limit=_number(outcome.limit),
        accepts_from=_number(low),
        accepts_to=_number(high),
        margin=_number(outcome.margin),
        margin_percent=_number(outcome.margin_percent),
        why=sentence_of(outcome, words, numbers),
        headline=words,
        note=outcome.note,
        value_text=numbers.value,
        baseline_text=numbers.baseline,
        limit_text=numbers.limit,
        asks=str(asks) if asks and not outcome.rule else "",
        evidence=(*(value.evidence if value else ()), *(baseline.evidence if baseline else ())),
        figures=statistics.kept(outcome.figures),
    )


def _number(value: Decimal | None) -> Decimal | None:
    """A number as it is written: no exponent, no trailing zeros; none where there is nothing to write."""
    return Decimal(decimal_text(value)) if value is not None and value.is_finite() else None


# --- what stands beside the gates ------------------------------------------------------------


def differences(evaluation: Evaluation) -> tuple[DifferenceReport, ...]:
    """The high differences, and those of a lower severity that a gate asks about."""
    return tuple(difference_report(ident, value, evaluation) for ident, value in evaluation.differences)


def not_covered(evaluation: Evaluation) -> tuple[Uncovered, ...]:
    """FI-5: the flows of which something is not covered."""
    return uncovered(evaluation.flows.values(), evaluation.facts.project.benchmarks)


def statement(evaluation: Evaluation) -> StatementReport:
    """The parity statement as it stands, each sentence held against the record."""
    found = read_statement(evaluation)
    return StatementReport(
        kept=found.kept,
        by=found.by,
        at=found.at,
        sentences=tuple(
            SentenceReport(
                key=item.claim.key,
                topic=item.claim.topic,
                text=item.claim.text,
                edited=item.claim.edited,
                misfits=tuple(misfit.words for misfit in item.misfits),
            )
            for item in found.sentences
        ),
        fresh=len(found.fresh),
    )


def difference_report(
    ident: str, value: Difference, evaluation: Evaluation, changes: str = ""
) -> DifferenceReport:
    """A difference as it stands at the moment that is judged."""
    facts = evaluation.facts
    known = facts(FLOWS)
    waits = facts(LEFT_BY_ONE).get(ident)
    lacks = waits.lacks if waits is not None else falls_short(value)
    return DifferenceReport(
        id=ident,
        title=value.title,
        severity=value.severity,
        category=value.category,
        decision=value.decision,
        undecided=undecided(value, facts.now) or waits is not None,
        ended=expired(value, facts.now),
        overtaken=overtaken(value),
        changes=changes,
        lacks=lacks,
        staging=value.staging,
        production=value.production,
        region=value.region,
        impact=value.impact,
        flows=tuple(known[key].name if key in known else key for key in value.flows),
        reason=value.reason,
        mitigation=value.mitigation,
        owner=value.owner,
        until=value.until,
        up_to=value.up_to,
    )


def overrides(evaluation: Evaluation) -> tuple[OverrideReport, ...]:
    """Every override that was not lifted, with how it stands."""
    return tuple(
        OverrideReport(
            **_said_of(one.override),
            ended=one.ended,
            bound=one.override.bound,
            seen=one.override.seen,
            answers=one.override.answers,
            needed=one.needed,
            covers=one.covers,
            standing=one.words,
        )
        for one in read_exceptions(evaluation)
    )


def quarantines(evaluation: Evaluation) -> tuple[ExceptionReport, ...]:
    """The flaky checks that are set aside now, the first to end first."""
    found = evaluation.facts(QUARANTINED).values()
    ordered = sorted(found, key=lambda each: (each.until, each.part))
    return tuple(ExceptionReport(**_said_of(item)) for item in ordered)


def _said_of(item: ApprovedOverride) -> dict[str, Any]:
    """What a report says of any exception."""
    return {name: getattr(item, name) for name in ExceptionReport.__struct_fields__}


def proposals(evaluation: Evaluation) -> tuple[ProposalReport, ...]:
    """What is waiting for a second person, or was rejected by one."""
    return tuple(
        ProposalReport(
            ref=item.ref,
            name=item.name,
            why=item.why,
            able=item.able,
            rejected=item.rejected.words if item.rejected else None,
        )
        for item in evaluation.proposals
    )


def promises(evaluation: Evaluation) -> tuple[PromiseReport, ...]:
    """Who takes care of what."""
    return tuple(
        PromiseReport(part=key, owner=item.owner, by=item.by, note=item.note)
        for key, item in evaluation.promises.items()
    )


def investigations(evaluation: Evaluation) -> tuple[InvestigationReport, ...]:
    """What is being investigated."""
    return tuple(
        InvestigationReport(
            id=ident,
            title=item.title,
            fell=fell(item),
            owner=item.owner,
            finding=item.finding,
            opened_at=item.opened_at,
        )
        for ident, item in evaluation.investigations.items()
    )


def probes(evaluation: Evaluation) -> tuple[ProbeReport, ...]:
    """The probes, and whether each is proven."""
    titles = {probe.key: probe.title or probe.key for probe in evaluation.facts.project.probes}
    return tuple(
        ProbeReport(key=key, title=titles[key], proven=trust.proven, words=proof_words(trust))
        for key, trust in evaluation.facts(PROVEN).items()
    )


def unrecorded(evaluation: Evaluation) -> tuple[UnrecordedReport, ...]:
    """The builds that run somewhere and that nobody put on record."""
    return tuple(
        UnrecordedReport(
            environment=one.environment,
            build=one.build,
            candidate=one.named,
            seen_at=one.last,
            probe=one.probe,
        )
        for one in evaluation.unrecorded
    )


def touched(evaluation: Evaluation) -> tuple[TouchedReport, ...]:
    """The flows that the candidate touches, those that were not measured on it first."""
    facts = evaluation.facts
    unmeasured = facts(UNMEASURED)
    found = [
        TouchedReport(
            flow=key,
            title=evaluation.flows[key].name,
            files=one.files,
            first=one.first,
            measured=key not in unmeasured,
        )
        for key, one in facts(REACH).touched.items()
    ]
    return tuple(sorted(found, key=lambda item: item.measured))


def checklists(evaluation: Evaluation) -> tuple[ChecklistReport, ...]:
    """The checklists that a gate asks for, and those that somebody has answered."""
    asked = {part.about for item in evaluation.gates for part in item.parts}
    return tuple(
        _checklist(key, evaluation.checklist_title(key), views)
        for key, views in evaluation.checklists.items()
        if any(view.answer or f"item/{key}/{view.item.key}" in asked for view in views)
    )


def _checklist(key: str, title: str, views: Collection[ItemView]) -> ChecklistReport:
    done = [view for view in views if view.state is ItemState.DONE]
    return ChecklistReport(
        key=key,
        title=title,
        total=len(views),
        done=len(done),
        by_itself=sum(view.answer is None for view in done),
        items=tuple(_items(views)),
    )


def _items(views: Collection[ItemView]) -> Iterator[ItemReport]:
    for view in views:
        if view.state is ItemState.DONE:
            continue
        answered = view.answer if view.answer and view.state is view.answer.state else None
        yield ItemReport(
            key=view.item.key,
            title=view.item.title,
            state=view.state,
            why=view.why,
            by=answered.by if answered else None,
            by_itself=view.by_itself,
        )
