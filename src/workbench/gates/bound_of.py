"""How far a benchmark is from passing, as an exception is bound to it."""

from __future__ import annotations

from workbench.benchmarks.judge import Judged, in_unit
from workbench.criteria import Verdict
from workbench.gates.bound import HIGHER, LOWER, NOT_MEASURED, Bound, covers, of_value
from workbench.gates.facts import Facts
from workbench.gates.needs import IN_FORCE
from workbench.gates.overrides import ApprovedOverride

_WORSE = {"lower": HIGHER, "higher": LOWER}  # by which way is better
# Verdicts on a value that was judged: of these only the value can get worse.
_JUDGED = (Verdict.FAIL, Verdict.INCONCLUSIVE)
# How it stands otherwise, where there is a value.
_STANDS = {Verdict.STALE: "too old", Verdict.NO_BASELINE: "without a baseline"}


def lets_past(facts: Facts, judged: Judged) -> ApprovedOverride | None:
    """The override that lets a release past a benchmark that does not pass; ``None`` where it does not cover it."""
    found = None if judged.through else facts(IN_FORCE).get(f"benchmark/{judged.key}")
    if found is None or found.bound is None or covers(found.bound, of_benchmark(judged)):
        return found
    return None


def of_benchmark(judged: Judged) -> Bound:
    """Its value, and which way that gets worse; without one, that it was not measured."""
    number, verdict = judged.outcome.inputs.value, judged.verdict
    if number is None and verdict is Verdict.STALE and judged.value is not None:
        number = in_unit(judged.resolved, judged.value)
    if number is None:
        return Bound(stands=NOT_MEASURED if verdict in (Verdict.MISSING, Verdict.ERROR) else verdict.value)
    low, high = judged.outcome.accepts()
    worse = _WORSE.get(judged.resolved.better, "")
    if high is not None and number > high:
        worse = HIGHER
    elif low is not None and number < low:
        worse = LOWER
    return of_value(
        number, judged.resolved.unit, worse, "" if verdict in _JUDGED else _STANDS.get(verdict, verdict.value)
    )
