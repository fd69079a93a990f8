"""DIM-5: how many of a flow's fault scenarios were tried on this candidate, and how many it did not pass."""

from __future__ import annotations

from decimal import Decimal

from workbench.benchmarks.faults import FaultTrial, trials
from workbench.releases import model as releases
from workbench.usecases.figures.asked import Answer, Asking


def faults_tested(asking: Asking) -> Answer:
    """The number of scenarios that somebody tried, whatever came of them."""
    known = _scenarios(asking)
    if not known:
        return asking.missing("no fault scenario of its flow is listed under faults:")
    tried = _tried(asking, known)
    left = [key for key in known if key not in tried]
    return _answer(asking, tried, len(tried), f"not tried: {', '.join(left)}" if left else "")


def faults_not_passed(asking: Asking) -> Answer:
    """The number of those that were tried and did not pass."""
    known = _scenarios(asking)
    tried = _tried(asking, known)
    if not tried:
        return asking.missing("no fault scenario was tried on this candidate")
    failed = [key for key, trial in tried.items() if not trial.passed]
    return _answer(asking, tried, len(failed), f"not passed: {', '.join(failed)}" if failed else "")


def _scenarios(asking: Asking) -> list[str]:
    faults = asking.context.definitions.project.faults
    return [one.key for one in faults if one.flow == asking.benchmark.flow]


def _tried(asking: Asking, known: list[str]) -> dict[str, FaultTrial]:
    held = releases.find(asking.context.record, asking.context.release)
    found = trials(asking.context.record, held.candidate_id)
    return {key: found[key][1] for key in known if key in found}


def _answer(asking: Asking, tried: dict[str, FaultTrial], count: int, note: str) -> Answer:
    return Answer(
        at=min((trial.at for trial in tried.values()), default=asking.context.now),
        value=Decimal(count),
        because=note,
        of=len(tried),
        typed=bool(tried),
        evidence=tuple(dict.fromkeys(digest for trial in tried.values() for digest in trial.evidence)),
    )
