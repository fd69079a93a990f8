"""From a whole report to the notes of the release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from decimal import Decimal
from typing import Any

import msgspec

from workbench.checklists.model import ItemState
from workbench.criteria import Verdict
from workbench.definitions.shapes import Mode
from workbench.flows.coverage import by_gap
from workbench.gates.model import GateState
from workbench.model.text import safe_lines
from workbench.model.times import zone_of
from workbench.notes.model import (
    Build,
    ChangeFreeze,
    ChangeKind,
    ChecklistLine,
    Cited,
    Count,
    Ending,
    EscalationLine,
    FreezeLine,
    Gap,
    GateLine,
    HiddenLine,
    IncidentLine,
    ItemLine,
    NotesDocument,
    OpenLine,
    OverrideLine,
    OwnLine,
    Parity,
    PollLine,
    PredictionLine,
    Proof,
    RequirementLine,
    SentenceLine,
    SignatureLine,
    UncoveredLine,
    UnprovenLine,
    VerdictLine,
    VoteLine,
    Who,
)
from workbench.notes.moments import Moments
from workbench.notes.statement import statement
from workbench.releases.change_lines import Changes
from workbench.releases.model import ReleaseState
from workbench.usecases.reporting.as_json import rounded
from workbench.usecases.reporting.charts import drawn_again
from workbench.usecases.reporting.judgement import (
    ChecklistReport,
    DifferenceReport,
    ExceptionReport,
    GateReport,
    ItemReport,
    OverrideReport,
    SignatureReport,
    StatementReport,
    VerdictReport,
)
from workbench.usecases.reporting.report import PollReport, Report
from workbench.usecases.reporting.words import MARK
from workbench.usecases.views.clearing import command
from workbench.usecases.views.gates import gate_mark, gate_words, requirement_mark

People = Callable[[str], Who]

_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.NO_BASELINE,
    Verdict.INCONCLUSIVE,
    Verdict.WARN,
    Verdict.LEARNING,
    Verdict.PASS,
)


def notes_of(report: Report) -> NotesDocument:
    """The notes of a release; the same report gives the same notes."""
    who = _people(report)
    frozen = [
        FreezeLine(reason=item.reason, by=who(item.by), at=item.at)
        for item in (report.freeze, *report.further_freezes)
        if item is not None
    ]
    return NotesDocument(
        project=report.project_key,
        project_title=report.project,
        version=report.version,
        kind=report.kind,
        state=report.state,
        through=bool(report.gates) and all(item.through for item in report.gates),
        demonstration=report.demonstration,
        made_at=report.made_at,
        judged_at=report.judged_at,
        kept=report.kept,
        since=report.since,
        timezone=report.timezone,
        summary=report.summary,
        own_words=_paragraphs(report.words),
        changes=tuple(ChangeKind(key=item.key, title=item.title) for item in report.changes),
        told=_told(report),
        own=tuple(
            OwnLine(
                section=item.section,
                text=_paragraphs(item.text),
                by=who(item.by),
                at=item.at,
                contested=item.contested,
            )
            for item in report.own
        ),
        hidden=tuple(
            HiddenLine(line=item.line, reason=item.reason, by=who(item.by), at=item.at)
            for item in report.hidden
            if report.told is not None and any(line.key == item.line for line in report.told.lines)
        ),
        layout=report.layout,
        owner=who(report.owner) if report.owner else None,
        previous=report.previous,
        planned_at=report.planned_at,
        ending=_ending(report, who),
        candidate=_build(report, who),
        open=tuple(_open(report, who)),
        gates=tuple(_gate(item, as_then=report.state is ReleaseState.IN_GATES) for item in report.gates),
        benchmarks=_verdicts(report),
        charts=tuple(map(drawn_again, report.charts)),
        not_covered=tuple(
            UncoveredLine(what=what, flows=tuple(flows)) for what, flows in by_gap(report.not_covered).items()
        ),
        parity=_parity(report, who),
        overrides=_overrides(report, who),
        quarantines=tuple(_override(item, who) for item in report.quarantines),
        checklists=tuple(_checklist(item, who) for item in report.checklists),
        signatures=tuple(_signature(word, item, who) for item in report.gates for word in item.signatures),
        polls=tuple(_poll(item, who) for item in report.polls),
        freeze=frozen[0] if frozen else None,
        further_freezes=tuple(frozen[1:]),
        change_freezes=tuple(
            ChangeFreeze(first=item.first, last=item.last, reason=item.reason) for item in report.freeze_dates
        ),
        incidents=tuple(
            IncidentLine(
                title=item.title,
                environment=item.environment,
                severity=item.severity,
                state=item.state,
                began=item.began,
                mitigated_at=item.mitigated_at,
                closed_at=item.closed_at,
                leads=who(item.commander) if item.commander else None,
                flows=item.flows,
                frozen=item.frozen,
                ended_why=item.ended_why,
            )
            for item in report.incidents
        ),
        unproven=tuple(UnprovenLine(title=item.title, why=item.why) for item in report.unproven),
        watch=report.watch,
        watched=tuple(item.title for item in report.watched),
        predictions=tuple(
            PredictionLine(
                id=item.id,
                title=item.title,
                states=item.states,
                until=item.until,
                by=who(item.by),
                part=item.part,
            )
            for item in report.predictions
        ),
        escalations=tuple(
            EscalationLine(gate=item.gate, after=item.after, to=item.to) for item in report.escalations
        ),
        rollback_target=report.rollback_target,
        rollback_plan=report.rollback_plan,
        cannot_be_undone=report.cannot_be_undone,
        rollback_triggers=report.rollback_triggers,
        evidence=tuple(
            Cited(about=item.about, kind=item.kind, name=item.name, digest=item.digest)
            for item in report.cited
        ),
        proof=Proof(
            record=report.record, entries=report.entries, head=report.head, definitions=report.definitions
        ),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of own words: one a line."""
    return tuple(line for line in safe_lines(text) if line.strip())


def _told(report: Report) -> Changes | None:
    """The changes without those that a person left out, of which only that is told."""
    if report.told is None:
        return None
    hidden = {item.line for item in report.hidden}
    lines = tuple(line for line in report.told.lines if line.key not in hidden)
    return msgspec.structs.replace(report.told, lines=lines)


def _people(report: Report) -> People:
    names = {person.key: person.title for person in report.people}
    return lambda key: Who(key=key, name=names.get(key, ""))


def _ending(report: Report, who: People) -> Ending | None:
    found = report.ending
    if found is None:
        return None
    return Ending(outcome=found.outcome, at=found.at, by=who(found.by) if found.by else None, run=found.run)


def _build(report: Report, who: People) -> Build | None:
    candidate, making = report.candidate, report.making
    if candidate is None or making is None:
        return None
    return Build(
        name=candidate.name,
        commit=candidate.commit,
        artifacts=making.artifacts,
        run=making.run,
        author=who(making.author) if making.author else None,
        why=making.why,
        built_at=making.built_at,
    )


def _open(report: Report, who: People) -> Iterator[OpenLine]:
    promises = {item.part: item for item in report.promises}
    for gate, part in report.open_parts():
        if part.folded:
            continue  # what it stands behind tells it
        promise = promises.get(part.key)
        yield OpenLine(
            gate=gate.title,
            title=part.title,
            why=part.why,
            weight=part.weight,
            fix=command(part.step),
            owner=who(promise.owner) if promise else None,
            promised_by=promise.by if promise else None,
            note=promise.note if promise else "",
        )


def _gate(gate: GateReport, *, as_then: bool) -> GateLine:
    mark, words = _as_then(gate) if as_then else (gate_mark(gate).symbol, gate_words(gate))
    return GateLine(
        key=gate.key,
        title=gate.title,
        set_up=gate.set_up,
        state=gate.state,
        through=gate.through,
        mark=mark,
        words=words,
        requirements=tuple(
            RequirementLine(
                title=item.title,
                state=item.state,
                why=item.why,
                mark=MARK[item.state] if as_then else requirement_mark(item).symbol,
            )
            for item in gate.requirements
        ),
    )


def _as_then(gate: GateReport) -> tuple[str, str]:
    """Mark and words of a gate in a report of the first format: the notes say of it what they said then."""
    if not gate.set_up:
        return "–", "not set up"
    if gate.state is GateState.BLOCKED:
        return "✗", "blocked"
    if not gate.through:
        return "▲", "ready, not signed"
    return "✓", "signed" if gate.state is GateState.SIGNED else "through"


def _poll(item: PollReport, who: People) -> PollLine:
    return PollLine(
        gate=item.gate,
        candidate=item.candidate,
        begun_at=item.begun_at,
        by=who(item.by),
        result=item.result,
        ended_at=item.ended_at,
        words=item.words,
        votes=tuple(
            VoteLine(
                person=who(vote.person),
                role=vote.role,
                vote=vote.vote,
                words=vote.words,
                entered_by=who(vote.entered_by) if vote.entered_by not in ("", vote.person) else None,
            )
            for vote in item.votes
        ),
    )


def _signature(word: SignatureReport, gate: GateReport, who: People) -> SignatureLine:
    return SignatureLine(
        gate=gate.title,
        person=who(word.person),
        for_person=who(word.for_person) if word.for_person else None,
        role=word.role,
        decision=word.decision,
        at=word.at,
        identity=word.identity,
        meaning=word.meaning,
        comment=word.comment,
        conditions=word.conditions,
        conditions_due=word.conditions_due,
        condition_kept=word.condition_kept,
        needed=word.needed,
        needed_from=who(word.needed_from) if word.needed_from else None,
        currency=word.currency,
        counts=word.counts,
        stops=word.stops,
        why=word.why,
        changes=word.changes,
        way=word.way,
        entered_by=who(word.entered_by) if word.entered_by else None,
        shown=word.shown,
        id=word.id,
        key=word.key or "",
    )


def _verdicts(report: Report) -> tuple[VerdictLine, ...]:
    """Every benchmark: blocking ones first, among them what stops, then worst first."""
    zone = zone_of(report.timezone)
    lines = [_verdict(item, zone) for item in sorted(report.verdicts, key=_rank)]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.mode is not Mode.BLOCKING,
                line.through or bool(line.overridden_until or line.quarantined_until),
            ),
        )
    )


def _rank(item: VerdictReport) -> tuple[int, Decimal, str, str]:
    percent = item.worked_out.margin_percent
    margin = percent if percent is not None else Decimal("Infinity")
    return _WORST_FIRST.index(item.verdict), margin, item.title, item.key


def _verdict(item: VerdictReport, zone: tzinfo) -> VerdictLine:
    numbers = item.worked_out
    return VerdictLine(
        benchmark=item.key,
        title=item.title,
        flow=item.flow_name or item.flow or "",
        dimension=item.dimension,
        mode=item.mode,
        verdict=item.verdict,
        through=item.through,
        unit=numbers.unit,
        value=numbers.value,
        baseline=numbers.baseline,
        limit=numbers.limit,
        accepts_from=numbers.accepts_from,
        accepts_to=numbers.accepts_to,
        margin=numbers.margin,
        margin_percent=rounded(numbers.margin_percent),
        value_text=numbers.value_text,
        baseline_text=numbers.baseline_text,
        limit_text=numbers.limit_text,
        margin_text=numbers.headline + (f"; {numbers.note}" if numbers.note else ""),
        rule=item.rule,
        samples=item.samples if item.usable else None,
        window=item.window if item.usable else None,
        measured_at=item.measured_at if item.usable else None,
        remarks=item.remarks,
        overridden_until=item.overridden_until,
        quarantined_until=item.quarantined_until,
        cannot_tell=(
            *(each.words(zone) for each in item.cannot_tell),
            *((f"and {item.cannot_tell_more} more",) if item.cannot_tell_more else ()),
        ),
    )


def _overrides(report: Report, who: People) -> tuple[OverrideLine, ...]:
    """GT-5: the ones in force first."""
    chosen = sorted(report.overrides, key=lambda item: (item.ended, item.until, item.title))
    return tuple(_override(item, who) for item in chosen)


def _override(item: ExceptionReport, who: People) -> OverrideLine:
    return OverrideLine(
        title=item.title,
        reason=item.reason,
        author=who(item.author),
        approver=who(item.approver),
        at=item.at,
        until=item.until,
        ended=isinstance(item, OverrideReport) and item.ended,
        part=item.part,
        **(_bound(item) if isinstance(item, OverrideReport) else {}),
    )


def _bound(item: OverrideReport) -> dict[str, Any]:
    """Up to what an override holds, what was seen, and what its author answered; those of before have none of it."""
    return {
        "bound": item.bound.words if item.bound else "",
        "seen": item.seen.why if item.seen and item.bound else "",
        "answers": tuple(item.answers.told) if item.answers else (),
        "standing": item.standing,
    }


def _checklist(found: ChecklistReport, who: People) -> ChecklistLine:
    def chosen(state: ItemState) -> tuple[ItemLine, ...]:
        return tuple(_item(item, who) for item in found.items if item.state is state)

    return ChecklistLine(
        key=found.key,
        title=found.title,
        total=found.total,
        done=found.done,
        by_itself=found.by_itself,
        failed=chosen(ItemState.FAILED),
        not_applicable=chosen(ItemState.NOT_APPLICABLE),
        open=chosen(ItemState.OPEN),
    )


def _item(item: ItemReport, who: People) -> ItemLine:
    return ItemLine(title=item.title, why=item.why, by=who(item.by) if item.by else None)


def _parity(report: Report, who: People) -> Parity:
    found = report.parity
    known = {item.id: item for item in (*report.differences, *found.others)}
    gaps = tuple(_gap(known[ident], who) for ident in found.listed)
    figures = Parity(
        total=found.total,
        by_severity=tuple(Count(of=item.of, number=item.number) for item in found.by_severity),
        by_category=tuple(Count(of=item.of, number=item.number) for item in found.by_category),
        undecided=found.undecided,
        no_matter=found.no_matter,
        reviewed_by=who(found.reviewed_by) if found.reviewed_by else None,
        reviewed_at=found.reviewed_at,
        changed_since=found.changed_since,
        gaps=gaps,
        gaps_left_out=found.total - found.no_matter - len(gaps),
    )
    words = statement(figures, gaps, Moments(report.timezone), judged=report.statement is not None)
    return _stated(msgspec.structs.replace(figures, statement=words), report.statement, who)


def _stated(figures: Parity, found: StatementReport | None, who: People) -> Parity:
    """The same with the parity statement; reports of before there was one have none."""
    if found is None:
        return figures
    return msgspec.structs.replace(
        figures,
        sentences=tuple(
            SentenceLine(topic=item.topic, text=item.text, edited=item.edited, misfits=item.misfits)
            for item in found.sentences
        ),
        kept=found.kept,
        kept_by=who(found.by) if found.by else None,
        kept_at=found.at,
        fresh=found.fresh,
    )


def _gap(item: DifferenceReport, who: People) -> Gap:
    return Gap(
        id=item.id,
        title=item.title,
        severity=item.severity,
        category=item.category,
        decision=item.decision,
        ended=item.ended,
        overtaken=item.overtaken,
        changes=item.changes,
        lacks=item.lacks,
        staging=item.staging,
        production=item.production,
        region=item.region,
        impact=item.impact,
        flows=item.flows,
        reason=item.reason,
        mitigation=item.mitigation,
        owner=who(item.owner) if item.owner else None,
        until=item.until,
        up_to=item.up_to,
    )
