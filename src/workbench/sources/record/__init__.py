"""What the record itself can answer: what probes found, what is said of flows.  It needs no declaration."""

from collections.abc import Iterable

from workbench.model.fields import Key, Shape
from workbench.model.keys import nearest
from workbench.model.kinds import Approach, Asked, Doubt, Proof, SourceKind

NAME = "record"
# Every figure that the record can be asked for, and what it is; ``usecases/figures`` answers.
FIGURES = {
    "data_consistency": "share of queries with the same result in both environments",
    "behavioural_parity": "share of what core flows answer that agrees",
    "simulation_accuracy": "share of the simulation's answers that agree with the real service's",
    "simulation_coverage": "share of the real endpoints and statuses that the simulation knows",
    "pattern_coverage": "share of production's rows whose pattern occurs in staging",
    "latency_overlap": "share that the histograms of both environments have in common",
    "query_plans": "share of queries with equal plans",
    "data_profile": "share of the data's figures that agree",
    "traffic_realism": "share of the traffic's figures that agree",
    "version_distance": "how far the service that is farthest from production's version is from it",
    "mocks_equivalent": "share of the flow's mocked and sandboxed services whose equivalence test passed",
    "steps_real": "share of the flow's steps that run for real, or in a sandbox that passed its test",
    "configuration_drift": "number of parameters that differ and are not declared intended",
    "drift_detection": "longest time for which a drift that is there now went unnoticed",
    "error_detection": "share of the planted differences that probes found",
    "data_age": "age of the data, after the last refresh that was not held back",
    "faults_tested": "number of the flow's fault scenarios that were tried on this candidate",
    "faults_not_passed": "number of those that were tried and did not pass",
    "predictive_value": "share of the releases that staging passed and that then failed in production",
    "missed_faults": "share of the releases that staging passed and that had an incident to which a difference contributed",
    "staging_only_failures": "share of the failed test runs that failed because of a difference alone",
    "observability": "share of what production shows of critical services that staging shows, too",
    "runbook_success": "share of the drills of the last 90 days that worked",
    "refresh_time": "how long the last refresh took to copy and mask",
}


class RecordConfig(Shape, frozen=True, kw_only=True):
    """The record is asked; there is nothing to say of it."""


class RecordMeasure(Shape, frozen=True, kw_only=True):
    """A figure out of the record."""

    figure: str = ""
    """Which figure; that of the benchmark's kind unless said."""
    probe: Key | None = None
    """The probe whose last run is read; all that give the figure of this flow or environment unless said."""
    of: Key | None = None
    """The benchmark whose samples are compared, for ``latency_overlap``."""


def question_doubts(measure: RecordMeasure, asked: Asked) -> Iterable[Doubt]:
    """A figure that the record does not have."""
    if measure.figure == "latency_overlap" and measure.of is None:
        yield Doubt(
            "",
            "it does not say whose samples lie side by side",
            "write measure: {source: record, of: …} with a benchmark that has samples",
            error=True,
        )
    if measure.figure in FIGURES:
        return
    if not measure.figure:
        yield Doubt(
            "source", "the record has to be asked for a figure", "add figure: …, or kind: …", error=True
        )
        return
    meant = nearest(measure.figure, FIGURES)
    hint = f"did you mean {meant}?" if meant else f"possible: {', '.join(FIGURES)}"
    yield Doubt("figure", f"the record has no figure “{measure.figure}”", hint, error=True)


KIND = SourceKind(
    name=NAME,
    about="Figures out of the record itself: what probes found, and what is said of flows",
    config=RecordConfig,
    measure=RecordMeasure,
    load=lambda: None,
    question_doubts=question_doubts,
    from_record=True,
    one_place=True,
    approach=Approach.QUERIES,
    proof=Proof.REAL,
)
