"""From an evaluation to the whole report, which the notes show and a shipment keeps."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.changes import change_title
from workbench.model.times import to_text
from workbench.parity.model import Difference, changed_since_decided
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.release_changes.listing import read_changes_told
from workbench.usecases.reporting.charts import charts_of
from workbench.usecases.reporting.citing import cited
from workbench.usecases.reporting.for_notes import for_notes
from workbench.usecases.reporting.incidents import incidents_of
from workbench.usecases.reporting.judgement import DifferenceReport
from workbench.usecases.reporting.making import (
    checklists,
    difference_report,
    gate_report,
    header,
    into_of,
    investigations,
    not_covered,
    overrides,
    promises,
    proposals,
    quarantines,
    statement,
    touched,
    unrecorded,
    verdict_report,
)
from workbench.usecases.reporting.polls import polls_of
from workbench.usecases.reporting.remarks import figures_of
from workbench.usecases.reporting.report import (
    Counted,
    FreezeDates,
    FreezeReport,
    Making,
    Named,
    ParityReport,
    Report,
    RestedOn,
)

MOST_LISTED = 200
_RANK = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
_ORDER = f"{_RANK}, decision <> 'undecided', title, id"


def report_of(context: Context, evaluation: Evaluation) -> Report:
    """An evaluated release, whole: the same record, clock and definitions give the same report."""
    facts, release = evaluation.facts, evaluation.held.release
    frozen = [FreezeReport(reason=item.reason, by=item.by, at=item.at) for item in evaluation.freezes]
    asked = tuple(_difference(context, ident, value, evaluation) for ident, value in evaluation.differences)
    parity = _parity(context, evaluation, asked)
    return Report(
        **header(evaluation),
        gates=tuple(
            gate_report(item, figures_of(evaluation, item), into_of(evaluation, item))
            for item in evaluation.gates
        ),
        verdicts=tuple(verdict_report(item, evaluation) for item in evaluation.judged),
        differences=asked,
        not_covered=not_covered(evaluation),
        statement=statement(evaluation),
        overrides=overrides(evaluation),
        quarantines=quarantines(evaluation),
        proposals=proposals(evaluation),
        promises=promises(evaluation),
        checklists=checklists(evaluation),
        investigations=investigations(evaluation),
        unrecorded=unrecorded(evaluation),
        touched=touched(evaluation),
        people=tuple(Named(key=item.key, title=item.name) for item in facts.project.people),
        kind=release.kind,
        summary=release.summary,
        words=release.notes,
        changes=tuple(Named(key=key, title=change_title(key)) for key in release.changes),
        told=read_changes_told(context, evaluation.held),
        **for_notes(context, evaluation),
        cited=cited(context, evaluation, parity.listed),
        owner=release.owner,
        previous=release.previous,
        making=_making(evaluation),
        charts=charts_of(context, evaluation),
        parity=parity,
        freeze=frozen[0] if frozen else None,
        further_freezes=tuple(frozen[1:]),
        freeze_dates=_freeze_dates(evaluation),
        incidents=incidents_of(context, evaluation.held.id),
        polls=polls_of(context, evaluation),
        watch=release.watch,
        rollback_target=release.rollback_target,
        rollback_plan=release.rollback_plan,
        cannot_be_undone=release.cannot_be_undone,
        rollback_triggers=release.rollback_triggers,
        rests_on=_rests_on(evaluation),
        record=context.record.info.record_id,
        entries=evaluation.head.seq,
        definitions=facts.definitions.digest,
    )


def _rests_on(evaluation: Evaluation) -> tuple[RestedOn, ...]:
    sections = evaluation.basis.sections if evaluation.basis else ()
    titles = {(item.kind, item.key): item.title for item in sections if item.title not in ("", item.key)}
    return tuple(RestedOn(kind=kind, key=key, title=title) for (kind, key), title in titles.items())


def _making(evaluation: Evaluation) -> Making | None:
    candidate = evaluation.held.candidate
    if candidate is None:
        return None
    return Making(
        artifacts=candidate.artifacts,
        run=candidate.run,
        author=candidate.author,
        why=candidate.why,
        built_at=candidate.built_at,
    )


def _freeze_dates(evaluation: Evaluation) -> tuple[FreezeDates, ...]:
    """The change-freeze dates that are not over yet."""
    today = evaluation.facts.now.date().isoformat()
    return tuple(
        FreezeDates(first=item.first, last=item.last, reason=item.reason)
        for item in evaluation.change_freezes
        if item.last >= today
    )


def _parity(context: Context, evaluation: Evaluation, asked: Sequence[DifferenceReport]) -> ParityReport:
    record, review = context.record, evaluation.review
    rows = record.all("difference", "decision <> 'no_matter'", order=_ORDER, limit=MOST_LISTED)
    known = {item.id for item in asked}
    others = [row for row in rows if row.id not in known]
    ended = "decision <> 'undecided' AND until IS NOT NULL AND until <= ?"
    now = to_text(evaluation.facts.now)
    return ParityReport(
        total=evaluation.difference_count,
        by_severity=_counts(context, "severity", _RANK),
        by_category=_counts(context, "category", "COUNT(*) DESC, category"),
        undecided=evaluation.undecided_count + record.count("difference", ended, (now,)),
        no_matter=record.count("difference", "decision = 'no_matter'"),
        reviewed_by=review.by if review else None,
        reviewed_at=review.at if review else None,
        changed_since=evaluation.changed_since_review,
        listed=tuple(row.id for row in rows),
        others=tuple(_difference(context, row.id, row.decode(Difference), evaluation) for row in others),
    )


def _difference(context: Context, ident: str, value: Difference, evaluation: Evaluation) -> DifferenceReport:
    changes = changed_since_decided(context.record, ident, value)
    return difference_report(ident, value, evaluation, changes)


def _counts(context: Context, column: str, order: str) -> tuple[Counted, ...]:
    sql = f"SELECT {column}, COUNT(*) FROM e_difference GROUP BY {column} ORDER BY {order}"
    rows: Sequence[tuple[str, int]] = context.record.query(sql)
    return tuple(Counted(of=name, number=number) for name, number in rows)
