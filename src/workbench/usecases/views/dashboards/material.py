"""What dashboards are made from, read once: the release judged, what happened, what falls due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

import msgspec

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.definitions.shapes import Source
from workbench.drills.model import Drill, running_drills
from workbench.gates.model import Freeze, Weight, freezes
from workbench.gates.words import open_words
from workbench.incidents.model import Incident, all_incidents
from workbench.record import Stored
from workbench.releases.model import Held, Outcome, all_releases
from workbench.sources.reading import Alerts
from workbench.usecases.answer_times import read_answer_times
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.reporting.judgement import Judgement
from workbench.usecases.reporting.making import arithmetic, judgement_of_lines
from workbench.usecases.views.benchmark import mark_of, override_of
from workbench.usecases.views.dashboards.model import Line
from workbench.usecases.views.learning import Learning, read_learning
from workbench.usecases.views.ready_at import ReadyAt, ready_at
from workbench.usecases.views.source_kinds import feeds_of


class Material(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that a dashboard may show; ``alerts`` is ``None`` while nobody has asked for them."""

    context: Context
    evaluation: Evaluation | None
    judgement: Judgement | None
    releases: Sequence[Held]
    incidents: Sequence[tuple[Stored, Incident]]
    freezes: Sequence[tuple[Stored, Freeze]]
    drills: Sequence[tuple[Stored, Drill]]
    alerts: Sequence[Alerts] | None = None

    @property
    def now(self) -> datetime:
        return self.context.now

    @property
    def zone(self) -> tzinfo:
        return self.context.zone

    @property
    def ready(self) -> ReadyAt:
        """When the release can be ready at the earliest."""
        return (
            ready_at(self.judgement, read_answer_times(self.context))
            if self.judgement is not None
            else ReadyAt()
        )

    @cached_property
    def learning(self) -> Learning:
        """What past releases teach; read once one asks."""
        return read_learning(self.context)

    @property
    def judged(self) -> tuple[Judged, ...]:
        return self.evaluation.judged if self.evaluation is not None else ()

    def of_kinds(self, *kinds: str) -> list[Judged]:
        """The benchmarks of these built-in kinds."""
        return [item for item in self.judged if item.resolved.benchmark.kind in kinds]

    def since(self, length: timedelta) -> list[Held]:
        """The releases that something has become of since then, the latest first."""
        found = [one for one in self.releases if (at := one.release.outcome_at) and at > self.now - length]
        return sorted(found, key=lambda one: one.release.outcome_at or self.now, reverse=True)


def gather(context: Context, alerts: Sequence[Alerts] | None) -> Material:
    """Read the record once for a dashboard."""
    evaluation = evaluate(context) if context.record.count("release") else None
    return Material(
        context=context,
        evaluation=evaluation,
        judgement=judgement_of_lines(evaluation) if evaluation is not None else None,
        releases=all_releases(context.record),
        incidents=[pair for pair in all_incidents(context.record, only_open=True) if pair[1].counts],
        freezes=freezes(context.record),
        drills=running_drills(context.record),
        alerts=alerts,
    )


def verdict_line(item: Judged, evaluation: Evaluation | None) -> Line:
    """A benchmark as a line: its value and the margin beside its limit, or why it is not known."""
    told = arithmetic(item)
    text = (
        told.headline if told.headline.startswith(told.value_text) else f"{told.value_text}, {told.headline}"
    )
    return Line(
        key=f"benchmark/{item.key}",
        title=item.title,
        text=text.removeprefix(", "),
        mark=mark_of(item, override_of(evaluation, item.key) if evaluation else None),
        ref=f"benchmark/{item.key}",
        known=item.verdict.known,
    )


def counts(evaluation: Evaluation) -> str:
    """``3 blockers, 7 to do``; of a release that has ended nothing is open."""
    if evaluation.held.release.outcome is not Outcome.OPEN:
        return ""
    found = evaluation.counts()
    return ", ".join(open_words({weight: found[weight] for weight in found if weight is not Weight.RISK}))


def met(items: Iterable[Judged]) -> int:
    """How many of some benchmarks passed."""
    return sum(item.verdict is Verdict.PASS for item in items)


def could_tell(sources: Iterable[Source], kind: str) -> str:
    """Which sources of a project could answer a benchmark of a kind, as the end of a sentence; ``""`` for none."""
    named = [source.key for source in sources if kind in feeds_of(source.kind, source.recipe)]
    if not named:
        return ""
    return f": {' or '.join(named[:3])} could tell, by a benchmark of kind {kind}"
