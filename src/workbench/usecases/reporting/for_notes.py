"""What only release notes tell of a release: own words, what is unproven, what to watch, who is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.gates.predictions import all_predictions
from workbench.gates.probed import PROVEN
from workbench.notes.layout import laid_out
from workbench.notes.own import hidden_changes, own_words
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.report import (
    EscalationReport,
    HiddenReport,
    Named,
    OwnReport,
    PredictionReport,
    UnprovenReport,
)
from workbench.usecases.views.probes import proof_words


def for_notes(context: Context, evaluation: Evaluation) -> dict[str, Any]:
    """These fields of a whole report, by name."""
    return {
        "own": _own(context, evaluation),
        "hidden": _hidden(context, evaluation),
        "layout": laid_out(evaluation.facts.project.notes),
        "predictions": _predictions(context, evaluation),
        "escalations": _escalations(evaluation),
        "unproven": tuple(_unproven(evaluation)),
        "watched": _watched(evaluation),
    }


def _own(context: Context, evaluation: Evaluation) -> tuple[OwnReport, ...]:
    found = own_words(context.record, evaluation.held.id)
    return tuple(
        OwnReport(section=section, text=value.text, by=value.by, at=value.at, contested=stored.contested)
        for section, (stored, value) in sorted(found.items())
    )


def _hidden(context: Context, evaluation: Evaluation) -> tuple[HiddenReport, ...]:
    found = hidden_changes(context.record, evaluation.held.id)
    return tuple(
        HiddenReport(line=line, title=value.title, reason=value.reason, by=value.by, at=value.at)
        for line, (_, value) in sorted(found.items())
    )


def _predictions(context: Context, evaluation: Evaluation) -> tuple[PredictionReport, ...]:
    """What people said would hold, the earlier first."""
    found = reversed(all_predictions(context.record, evaluation.held.id))
    return tuple(
        PredictionReport(
            id=stored.id,
            title=value.title,
            states=value.states,
            until=value.until,
            by=value.by,
            part=value.part,
        )
        for stored, value in found
    )


def _escalations(evaluation: Evaluation) -> tuple[EscalationReport, ...]:
    return tuple(
        EscalationReport(gate=gate.title, after=gate.escalate.after, to=gate.escalate.to)
        for gate in evaluation.facts.project.gates
        if gate.escalate is not None
    )


def _watched(evaluation: Evaluation) -> tuple[Named, ...]:
    """The benchmarks that say to roll back while the release is watched."""
    project = evaluation.facts.project
    titles = {benchmark.key: benchmark.title or benchmark.key for benchmark in project.benchmarks}
    return tuple(Named(key=key, title=titles.get(key, key)) for key in project.rollback_when)


def _unproven(evaluation: Evaluation) -> Iterator[UnprovenReport]:
    """Probes that are not known to be able to fail, and sources that nobody has compared with the real thing."""
    facts = evaluation.facts
    titles = {probe.key: probe.title or probe.key for probe in facts.project.probes}
    for key, trust in facts(PROVEN).items():
        if not trust.proven:
            yield UnprovenReport(key=f"probe/{key}", title=f"Probe: {titles[key]}", why=proof_words(trust))
    for source in facts.project.sources:
        why = facts.definitions.unproven(source.key)
        if why:
            yield UnprovenReport(
                key=f"source/{source.key}", title=f"Source: {source.title or source.key}", why=why
            )
