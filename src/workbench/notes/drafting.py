"""From what the rooms below know to the lines of the notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from workbench.benchmarks.judge import Judged
from workbench.checklists.model import ItemState, ItemView
from workbench.criteria import Verdict
from workbench.criteria.words import shown
from workbench.definitions.shapes import Mode
from workbench.gates.facts import Facts
from workbench.gates.judging import JUDGED
from workbench.gates.model import Override
from workbench.gates.needs import FLOWS, IN_FORCE
from workbench.model.canonical import decimal_text
from workbench.notes.model import (
    ChecklistLine,
    Gap,
    GateLine,
    ItemLine,
    OverrideLine,
    RequirementLine,
    SignatureLine,
    VerdictLine,
    Who,
)
from workbench.parity.model import Difference, changed_since_decided, expired, overtaken
from workbench.signoff.conclude import Concluded, SignOffView

People = Callable[[str], Who]

_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.MISSING,
    Verdict.STALE,
    Verdict.NO_BASELINE,
    Verdict.WARN,
    Verdict.LEARNING,
    Verdict.PASS,
)


def verdict_lines(facts: Facts) -> tuple[VerdictLine, ...]:
    """Every benchmark: blocking ones first, among them what stops, then worst first."""
    judged = facts(JUDGED)
    lines = [_verdict_line(item, facts) for item in sorted(judged, key=_rank)]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.mode is not Mode.BLOCKING,
                line.through or line.overridden_until is not None,
            ),
        )
    )


def _rank(item: Judged) -> tuple[int, Decimal, str, str]:
    percent = item.outcome.margin_percent
    margin = percent if percent is not None else Decimal("Infinity")
    return _WORST_FIRST.index(item.verdict), margin, item.title, item.key


def _verdict_line(item: Judged, facts: Facts) -> VerdictLine:
    outcome, value, benchmark = item.outcome, item.value, item.resolved.benchmark
    measured = value if value and value.state == "ok" else None
    numbers = shown(outcome)
    low, high = outcome.accepts()
    flow = facts(FLOWS).get(benchmark.flow) if benchmark.flow else None
    let_past = None if item.through else facts(IN_FORCE).get(f"benchmark/{item.key}")
    return VerdictLine(
        benchmark=item.key,
        title=item.title,
        flow=flow.name if flow else benchmark.flow or "",
        dimension=benchmark.dimension,
        mode=item.resolved.mode,
        verdict=item.verdict,
        through=item.through,
        unit=item.resolved.unit.symbol,
        value=_number(outcome.inputs.value),
        baseline=_number(item.baseline_value),
        limit=_number(outcome.limit),
        accepts_from=_number(low),
        accepts_to=_number(high),
        margin=_number(outcome.margin),
        margin_percent=_number(_rounded(outcome.margin_percent)),
        value_text=numbers.value,
        baseline_text=numbers.baseline,
        limit_text=numbers.limit,
        margin_text=item.headline + (f"; {outcome.note}" if outcome.note else ""),
        rule=outcome.rule,
        samples=measured.samples if measured else None,
        window=measured.window if measured else None,
        measured_at=measured.measured_at if measured else None,
        remarks=item.remarks,
        overridden_until=let_past.until if let_past else None,
    )


def _number(value: Decimal | None) -> Decimal | None:
    """A number as it is written: no exponent, no trailing zeros."""
    return Decimal(decimal_text(value)) if value is not None and value.is_finite() else None


def _rounded(value: Decimal | None) -> Decimal | None:
    return value.quantize(Decimal("0.01")) if value is not None and abs(value) < 10**20 else None


def gate_line(concluded: Concluded) -> GateLine:
    """A gate with its requirements."""
    return GateLine(
        key=concluded.gate.key,
        title=concluded.gate.title,
        set_up=concluded.result.set_up,
        state=concluded.state,
        through=concluded.through,
        requirements=tuple(
            RequirementLine(title=item.title, state=item.state, why=item.why)
            for item in concluded.requirements
        ),
    )


def checklist_line(key: str, title: str, views: Sequence[ItemView], who: People) -> ChecklistLine:
    """A checklist with what was not simply done."""

    def chosen(state: ItemState) -> tuple[ItemLine, ...]:
        return tuple(_item_line(view, who) for view in views if view.state is state)

    done = [view for view in views if view.state is ItemState.DONE]
    return ChecklistLine(
        key=key,
        title=title,
        total=len(views),
        done=len(done),
        by_itself=sum(view.answer is None for view in done),
        failed=chosen(ItemState.FAILED),
        not_applicable=chosen(ItemState.NOT_APPLICABLE),
        open=chosen(ItemState.OPEN),
    )


def _item_line(view: ItemView, who: People) -> ItemLine:
    answered = view.answer is not None and view.state is view.answer.state
    return ItemLine(
        title=view.item.title, why=view.why, by=who(view.answer.by) if view.answer and answered else None
    )


def signature_line(view: SignOffView, gate: str, who: People) -> SignatureLine:
    """One person's word, and whether it still holds."""
    value = view.signoff
    return SignatureLine(
        gate=gate,
        person=who(value.person),
        role=value.role,
        decision=value.decision,
        at=value.at,
        identity=value.identity,
        meaning=value.meaning,
        comment=value.comment,
        conditions=value.conditions,
        conditions_due=value.conditions_due,
        currency=view.currency,
        counts=view.counts,
        why=view.why,
        changes=tuple(change.words for change in view.changes),
        way=value.way,
        entered_by=who(value.entered_by) if value.entered_by else None,
        shown=value.shown,
    )


def override_lines(overrides: Iterable[Override], now: datetime, who: People) -> tuple[OverrideLine, ...]:
    """GT-5: every override that was not lifted, the ones in force first."""
    lines = [
        OverrideLine(
            title=item.title,
            reason=item.reason,
            author=who(item.author),
            approver=who(item.approver),
            at=item.at,
            until=item.until,
            ended=item.until <= now,
        )
        for item in overrides
    ]
    return tuple(sorted(lines, key=lambda line: (line.ended, line.until, line.title)))


def gap(ident: str, difference: Difference, facts: Facts, who: People) -> Gap:
    """A difference that stays, as it stands at the moment that is judged."""
    known = facts(FLOWS)
    return Gap(
        id=ident,
        title=difference.title,
        severity=difference.severity,
        category=difference.category,
        decision=difference.decision,
        ended=expired(difference, facts.now),
        overtaken=overtaken(difference),
        changes=changed_since_decided(facts.record, ident, difference),
        staging=difference.staging,
        production=difference.production,
        region=difference.region,
        impact=difference.impact,
        flows=tuple(known[key].name if key in known else key for key in difference.flows),
        reason=difference.reason,
        mitigation=difference.mitigation,
        owner=who(difference.owner) if difference.owner else None,
        until=difference.until,
    )
