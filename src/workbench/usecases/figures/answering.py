"""Answers of the record as readings: when a fetch asks for them, and after a probe has run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from workbench.model.errors import SourceError
from workbench.sources.reading import Batch, Question, Reading, in_unit
from workbench.sources.record import NAME, RecordMeasure
from workbench.usecases.context import Context
from workbench.usecases.figures.asked import Answer, Asking, Figure
from workbench.usecases.figures.data import data_age, refresh_time
from workbench.usecases.figures.drift import configuration_drift, drift_detection, error_detection
from workbench.usecases.figures.fault_trials import faults_not_passed, faults_tested
from workbench.usecases.figures.flow_steps import mocks_equivalent, steps_real
from workbench.usecases.figures.observability import observability
from workbench.usecases.figures.outcomes import missed_faults, predictive_value, staging_only_failures
from workbench.usecases.figures.rehearsals import runbook_success
from workbench.usecases.figures.samples import latency_overlap
from workbench.usecases.figures.scores import GIVEN_BY, score
from workbench.usecases.figures.versions import version_distance

FIGURES: Mapping[str, Figure] = {
    **{key: score(key) for key in GIVEN_BY},
    "version_distance": version_distance,
    "mocks_equivalent": mocks_equivalent,
    "steps_real": steps_real,
    "configuration_drift": configuration_drift,
    "drift_detection": drift_detection,
    "error_detection": error_detection,
    "data_age": data_age,
    "refresh_time": refresh_time,
    "latency_overlap": latency_overlap,
    "observability": observability,
    "predictive_value": predictive_value,
    "missed_faults": missed_faults,
    "staging_only_failures": staging_only_failures,
    "faults_tested": faults_tested,
    "faults_not_passed": faults_not_passed,
    "runbook_success": runbook_success,
}
# Read from the samples of other benchmarks: asked once their sources have answered.
OF_SAMPLES = frozenset({"latency_overlap"})


ANY = ""  # in ``READS``: whatever the kind of probe
# Which kind of probe a figure is read from.
READS: Mapping[str, str] = {
    **GIVEN_BY,
    "version_distance": "versions",
    "mocks_equivalent": "simulation",
    "steps_real": "simulation",
    "configuration_drift": ANY,
    "drift_detection": ANY,
    "error_detection": ANY,
    "data_age": "freshness",
}


def asks_record(question: Question) -> bool:
    """Whether the record answers a question, and no source is asked."""
    return isinstance(question.ask, RecordMeasure)


def reads_samples(question: Question) -> bool:
    """Whether the answer to a question rests on what other benchmarks have just measured."""
    return isinstance(question.ask, RecordMeasure) and question.ask.figure in OF_SAMPLES


def reads_probe(question: Question, kind: str) -> bool:
    """Whether the answer to a question changes with a run of that kind of probe."""
    measure = question.ask
    return isinstance(measure, RecordMeasure) and READS.get(measure.figure) in (ANY, kind)


def reads_figure(question: Question, *names: str) -> bool:
    """Whether a question asks the record for one of these figures."""
    measure = question.ask
    return isinstance(measure, RecordMeasure) and measure.figure in names


def answered(context: Context, questions: Sequence[Question]) -> Batch:
    """The record's answers to these questions."""
    readings = tuple(_reading(context, question) for question in questions)
    return Batch(source=NAME, asked_at=context.now, readings=readings)


def _reading(context: Context, question: Question) -> Reading:
    measure = question.ask
    benchmark = context.definitions.benchmark(question.subject)
    assert isinstance(measure, RecordMeasure) and benchmark is not None
    figure = FIGURES[measure.figure]
    asking = Asking(
        context=context, benchmark=benchmark, measure=measure, environment=question.environment or ""
    )
    answer = _in_unit(figure(asking), question.unit)
    return Reading(
        subject=question.subject,
        source=NAME,
        role=question.role,
        state=answer.state,
        measured_at=answer.at,
        environment=question.environment,
        commit=question.commit,
        value=answer.value,
        unit=answer.unit,
        why=answer.why,
        samples=answer.samples,
        evidence=answer.evidence,
        mark="replayed" if answer.replayed else "manual" if answer.typed else "",
        build=answer.build,
        facts=_facts(answer),
    )


def _facts(answer: Answer) -> dict[str, str | int]:
    said = {"note": answer.note, "because": answer.because, "probe": answer.probe, "of": answer.of}
    return {**answer.facts, **{name: value for name, value in said.items() if value}}


def _in_unit(answer: Answer, unit: str) -> Answer:
    if answer.value is None:
        return msgspec.structs.replace(answer, unit=unit)
    try:
        value, symbol = in_unit(answer.value, answer.unit, unit)
    except SourceError as error:
        return msgspec.structs.replace(answer, value=None, unit=unit, state="error", why=error.what)
    return msgspec.structs.replace(answer, value=value, unit=symbol)
