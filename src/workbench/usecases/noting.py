"""Release notes: the document made from an evaluation, and written to a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.model.errors import UsageError
from workbench.model.files import write_whole
from workbench.model.text import safe_lines, safe_text
from workbench.model.times import to_text
from workbench.notes import FORMATS as FORMATS
from workbench.notes import NotesDocument, render
from workbench.notes.drafting import (
    People,
    checklist_line,
    gap,
    gate_line,
    override_lines,
    signature_line,
    verdict_lines,
)
from workbench.notes.model import (
    Build,
    ChangeFreeze,
    ChangeKind,
    ChecklistLine,
    Count,
    Ending,
    FreezeLine,
    OpenLine,
    Parity,
    Proof,
    Who,
)
from workbench.notes.moments import Moments
from workbench.notes.statement import statement
from workbench.parity.model import Difference
from workbench.releases.model import CHANGE_KINDS, Outcome
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.views.clearing import command

MOST_GAPS = 200
_RANK = "CASE severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
_ORDER = f"{_RANK}, decision <> 'undecided', title, id"


def written(context: Context, evaluation: Evaluation, form: str) -> str:
    """The notes of an evaluated release in one of :data:`FORMATS`; another is a ``UsageError``."""
    return render(document(context, evaluation), form)


def document(context: Context, evaluation: Evaluation) -> NotesDocument:
    """The notes of an evaluated release: the same record, clock and definitions give the same notes."""
    facts, held, frozen = evaluation.facts, evaluation.held, evaluation.freeze
    release = held.release
    who = _people(context)
    return NotesDocument(
        project=context.definitions.project.project,
        project_title=evaluation.project,
        version=release.version,
        kind=release.kind,
        state=evaluation.state,
        through=bool(evaluation.gates) and all(item.through for item in evaluation.gates),
        demonstration=evaluation.demonstration,
        made_at=evaluation.now,
        judged_at=facts.now,
        timezone=facts.project.timezone,
        summary=release.summary,
        own_words=tuple(line for line in safe_lines(release.notes) if line.strip()),
        changes=tuple(ChangeKind(key=key, title=CHANGE_KINDS.get(key, key)) for key in release.changes),
        owner=who(release.owner) if release.owner else None,
        previous=release.previous,
        planned_at=release.planned_at,
        ending=_ending(evaluation, who),
        candidate=_build(evaluation, who),
        open=_open(evaluation, who),
        gates=tuple(gate_line(item) for item in evaluation.gates),
        benchmarks=verdict_lines(facts),
        parity=_parity(context, evaluation, who),
        overrides=override_lines(evaluation.overrides, facts.now, who),
        checklists=_checklists(evaluation, who),
        signatures=tuple(
            signature_line(view, item.gate.title, who) for item in evaluation.gates for view in item.signoffs
        ),
        freeze=FreezeLine(reason=frozen.reason, by=who(frozen.by), at=frozen.at) if frozen else None,
        change_freezes=_change_freezes(evaluation),
        watch=release.watch,
        rollback_target=release.rollback_target,
        rollback_plan=release.rollback_plan,
        cannot_be_undone=release.cannot_be_undone,
        rollback_triggers=release.rollback_triggers,
        proof=Proof(
            record=context.record.info.record_id,
            entries=evaluation.head.seq,
            head=evaluation.head.chain,
            definitions=context.definitions.digest,
        ),
    )


def _people(context: Context) -> People:
    names = {person.key: person.name for person in context.definitions.project.people}
    return lambda key: Who(key=key, name=names.get(key, ""))


def _ending(evaluation: Evaluation, who: People) -> Ending | None:
    release = evaluation.held.release
    if release.outcome is Outcome.OPEN or release.outcome_at is None:
        return None
    by = who(release.outcome_by) if release.outcome_by else None
    return Ending(outcome=release.outcome, at=release.outcome_at, by=by, run=release.run)


def _build(evaluation: Evaluation, who: People) -> Build | None:
    candidate = evaluation.held.candidate
    if candidate is None:
        return None
    return Build(
        name=candidate.name,
        commit=candidate.commit,
        artifacts=candidate.artifacts,
        run=candidate.run,
        author=who(candidate.author) if candidate.author else None,
        why=candidate.why,
        built_at=candidate.built_at,
    )


def _open(evaluation: Evaluation, who: People) -> tuple[OpenLine, ...]:
    lines = []
    for concluded, part in evaluation.open_parts():
        promise = evaluation.promises.get(part.key)
        lines.append(
            OpenLine(
                gate=concluded.gate.title,
                title=part.title,
                why=part.why,
                weight=part.weight,
                fix=command(part.step),
                owner=who(promise.owner) if promise else None,
                promised_by=promise.by if promise else None,
                note=promise.note if promise else "",
            )
        )
    return tuple(lines)


def _checklists(evaluation: Evaluation, who: People) -> tuple[ChecklistLine, ...]:
    """The checklists that a gate asks for, and those that somebody has answered."""
    asked = {part.about for item in evaluation.gates for part in item.parts}
    return tuple(
        checklist_line(key, evaluation.checklist_title(key), views, who)
        for key, views in evaluation.checklists.items()
        if any(view.answer or f"item/{key}/{view.item.key}" in asked for view in views)
    )


def _change_freezes(evaluation: Evaluation) -> tuple[ChangeFreeze, ...]:
    """The change-freeze dates that are not over yet."""
    today = evaluation.facts.now.date().isoformat()
    windows = evaluation.change_freezes
    return tuple(
        ChangeFreeze(first=w.first, last=w.last, reason=w.reason) for w in windows if w.last >= today
    )


def _parity(context: Context, evaluation: Evaluation, who: People) -> Parity:
    record, facts = context.record, evaluation.facts
    rows = record.all("difference", "decision <> 'no_matter'", order=_ORDER, limit=MOST_GAPS)
    gaps = tuple(gap(row.id, row.decode(Difference), facts, who) for row in rows)
    total, no_matter = evaluation.difference_count, record.count("difference", "decision = 'no_matter'")
    ended = "decision <> 'undecided' AND until IS NOT NULL AND until <= ?"
    review = evaluation.review
    figures = Parity(
        total=total,
        by_severity=_counts(context, "severity", _RANK),
        by_category=_counts(context, "category", "COUNT(*) DESC, category"),
        undecided=evaluation.undecided_count + record.count("difference", ended, (to_text(facts.now),)),
        no_matter=no_matter,
        reviewed_by=who(review.by) if review else None,
        reviewed_at=review.at if review else None,
        changed_since=evaluation.changed_since_review,
        gaps=gaps,
        gaps_left_out=total - no_matter - len(gaps),
    )
    drafted = statement(figures, gaps, Moments(facts.project.timezone))
    return msgspec.structs.replace(figures, statement=drafted)


def _counts(context: Context, column: str, order: str) -> tuple[Count, ...]:
    sql = f"SELECT {column}, COUNT(*) FROM e_difference GROUP BY {column} ORDER BY {order}"
    rows: Sequence[tuple[str, int]] = context.record.query(sql)
    return tuple(Count(of=name, number=number) for name, number in rows)


def default_name(version: str, format: str) -> str:
    """``release-notes-VERSION.FORMAT``; what a file name cannot hold becomes ``-``."""
    plain = re.sub(r"[^A-Za-z0-9._+-]+", "-", version)[:80].strip(".-") or "unnamed"
    return f"release-notes-{plain}.{format}"


def export(
    context: Context,
    evaluation: Evaluation,
    format: str,
    path: Path | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write the notes to ``path``; returns the file.

    A folder, or no path (the current folder), takes :func:`default_name`.  A file that is
    there already is left alone unless ``overwrite``; what cannot be written raises
    ``UsageError`` and leaves nothing behind.
    """
    text = render(document(context, evaluation), format)
    target = path or Path()
    try:
        if target.is_dir():
            target = target / default_name(evaluation.held.release.version, format)
        _write(target, text.encode("utf-8"), overwrite)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"the notes cannot be written there: {why}",
            where=safe_text(target),
            hint="choose a folder that you may write to and that has room",
        ) from error
    return target


def _write(target: Path, data: bytes, overwrite: bool) -> None:
    if target.exists() and not overwrite:
        raise UsageError(
            f"{safe_text(target.name)} exists already; nothing was written",
            where=safe_text(target),
            hint="choose another name, or say that it may be replaced",
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"there is no folder {safe_text(target.parent)}",
            where=safe_text(target),
            hint="make it first, or choose another",
        )
    write_whole(target, data)
