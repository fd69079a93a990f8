"""What brings a figure of the record further: a probe, the record or a file has to change, seldom the build."""

from __future__ import annotations

from workbench.benchmarks.judge import Judged
from workbench.criteria import Verdict
from workbench.definitions.project import RECORD
from workbench.gates.facts import Facts
from workbench.model.steps import Job, Step

_MEASURED = (Verdict.FAIL, Verdict.WARN)
_STEPS = ("steps_real", "mocks_equivalent")
_AGES = ("data_age", "refresh_time")
_DRIFT = ("configuration_drift", "drift_detection")
# What a better build, or another look at it, can change.
_OF_THE_BUILD = ("latency_overlap", "faults_not_passed")


def figure_step(judged: Judged, facts: Facts) -> Step | None:
    """The step for a figure that the record answered; ``None`` for any other question, and where a build may help.

    Asking again helps nothing here: the record gives the same answer until what it rests on has changed.
    """
    benchmark = judged.resolved.benchmark
    if benchmark.measure.source != RECORD.key or judged.value is None:
        return None
    measured = judged.verdict in _MEASURED
    if probe := judged.value.facts.get("probe"):
        return Step(Job.MEND if measured else Job.PROBE, str(probe))
    if not measured and judged.verdict is not Verdict.MISSING:
        return None
    figure = str(getattr(benchmark.measure.ask, "figure", ""))
    if figure in _AGES:
        return Step(Job.REFRESH_DATA, judged.resolved.environment or "")
    if figure in _STEPS:
        return Step(Job.DESCRIBE_STEPS, benchmark.flow or "")
    if figure == ("faults_tested" if measured else "faults_not_passed"):
        return Step(Job.TRY_FAULTS, benchmark.flow or "")
    if figure in _DRIFT and measured:
        return Step(Job.REDUCE_DRIFT)
    if figure == "predictive_value":
        return Step(Job.OVERRIDE, f"benchmark/{judged.key}")
    if figure in _OF_THE_BUILD:
        return None
    # No probe looks at it, or a list in the files lacks something.
    place = facts.definitions.mark("benchmark", judged.key)
    return Step(Job.EDIT_DEFINITIONS, f"{place} {RECORD.key}") if place else None
