"""All gates of a project at one instant, and the facts that checklists ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from workbench.benchmarks.judge import Judged
from workbench.checklists.model import Fact
from workbench.definitions.shapes import Gate, Severity
from workbench.gates import clearing
from workbench.gates.kinds import TestsGreenConfig
from workbench.gates.model import GateResult
from workbench.gates.requirements import Facts, requirement_state, tests_fact
from workbench.parity.model import Difference, Review, review_due, undecided
from workbench.releases.model import Release

QUARTER = timedelta(days=92)


def evaluate(gates: Sequence[Gate], facts: Facts) -> tuple[GateResult, ...]:
    """Every gate in order, signatures left out."""
    return tuple(
        GateResult(gate=gate, requirements=tuple(requirement_state(item, facts) for item in gate.requires))
        for gate in gates
    )


def automatic_facts(
    *,
    release: Release,
    review: Review | None,
    grave: Sequence[tuple[str, Difference]],
    judged: Sequence[Judged],
    facts: Facts,
    tests: Sequence[TestsGreenConfig],
) -> Mapping[str, Fact]:
    """CL: the facts that answer checklist items by themselves; ``tests`` are all runs that gates ask for."""
    due = review_due(review, QUARTER, facts.now)
    back, watch = release.rollback_plan, release.watch
    return {
        "parity_reviewed": Fact(due is None, due or "looked over for this release", clearing.LOOK_OVER),
        "differences_decided": _decided(grave, facts),
        "benchmarks_met": _benchmarks_met(judged, facts),
        "tests_green": _tests_green(tests, facts),
        "rollback_planned": Fact(
            bool(back),
            f"{len(back)} steps written down" if back else "no way back written down",
            clearing.PLAN_WAY_BACK,
        ),
        "watch_planned": Fact(
            bool(watch),
            f"{len(watch)} things to watch" if watch else "nothing to watch written down",
            clearing.PLAN_WATCH,
        ),
    }


def _decided(grave: Sequence[tuple[str, Difference]], facts: Facts) -> Fact:
    open_high = [
        (ident, difference.title)
        for ident, difference in grave
        if difference.severity is Severity.HIGH and undecided(difference, facts.now)
    ]
    if not open_high:
        return Fact(True, "every high one is decided")
    titles = ", ".join(title for _, title in open_high[:3])
    return Fact(False, f"undecided: {titles}", clearing.difference(open_high[0][0]))


def _benchmarks_met(judged: Sequence[Judged], facts: Facts) -> Fact:
    unmet = [
        item
        for item in judged
        if item.blocking and not item.through and not facts.override_in_force(f"benchmark/{item.key}")
    ]
    if unmet:
        titles = ", ".join(item.title for item in unmet[:3])
        return Fact(False, f"not through: {titles}", clearing.benchmark(unmet[0], facts.candidate))
    return Fact(bool(judged), "all through" if judged else "no benchmarks yet")


def _tests_green(tests: Sequence[TestsGreenConfig], facts: Facts) -> Fact:
    runs = [tests_fact(asked.source, facts, asked.max_age) for asked in tests]
    if not runs:
        return Fact(False, "no gate asks for tests")
    return next((run for run in runs if not run.holds), runs[0])
