"""All gates of a project at one instant, and the facts that checklists ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from workbench.benchmarks.judge import Judged
from workbench.checklists.model import Fact
from workbench.definitions.shapes import Gate, Severity
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
    open_high = [d.title for _, d in grave if d.severity is Severity.HIGH and undecided(d, facts.now)]
    let_past = {override.part for override in facts.overrides if override.until > facts.now}
    unmet = [
        item.title
        for item in judged
        if item.blocking and not item.through and f"benchmark/{item.key}" not in let_past
    ]
    runs = [tests_fact(facts.tests.get(asked.source), facts, asked.max_age) for asked in tests]
    red = [fact for fact in runs if not fact.holds]
    return {
        "parity_reviewed": Fact(due is None, due or "looked over for this release"),
        "differences_decided": Fact(
            not open_high,
            f"undecided: {', '.join(open_high[:3])}" if open_high else "every high one is decided",
        ),
        "benchmarks_met": Fact(
            not unmet and bool(judged),
            f"not through: {', '.join(unmet[:3])}"
            if unmet
            else ("all through" if judged else "no benchmarks yet"),
        ),
        "tests_green": Fact(
            bool(runs) and not red, red[0].why if red else (runs[0].why if runs else "no gate asks for tests")
        ),
        "rollback_planned": Fact(
            bool(release.rollback_plan),
            f"{len(release.rollback_plan)} steps written down"
            if release.rollback_plan
            else "no way back written down",
        ),
        "watch_planned": Fact(
            bool(release.watch),
            f"{len(release.watch)} things to watch" if release.watch else "nothing to watch written down",
        ),
    }
