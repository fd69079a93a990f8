"""CL: whether the runbooks that a release may need were rehearsed, as facts that checklist items ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from workbench.checklists.model import Fact
from workbench.definitions.runbooks import Purpose, Runbook
from workbench.drills.model import Drill, all_drills
from workbench.drills.standing import RunbookState, Standing, state_of
from workbench.gates.facts import Facts, Need
from workbench.model.steps import Job, Step

# Which runbooks each fact is about.
ABOUT: Mapping[str, tuple[Purpose, ...]] = {
    "runbook_rehearsed": (Purpose.FORWARD, Purpose.ROLLBACK),
    "rollback_rehearsed": (Purpose.ROLLBACK,),
    "restore_rehearsed": (Purpose.RESTORE,),
}


def _drills(facts: Facts) -> Mapping[str, Sequence[Drill]]:
    found: dict[str, list[Drill]] = {}
    for _, drill in all_drills(facts.record):
        found.setdefault(drill.runbook, []).append(drill)
    return found


# The drills of each runbook, the latest first.
DRILLS: Need[Mapping[str, Sequence[Drill]]] = Need(("drill",), _drills)


def answers(facts: Facts, asked: Collection[str]) -> dict[str, Fact]:
    """The facts on rehearsal that are ``asked`` for, by name.

    A fact about which no runbook is listed is left out: then a person answers, as before there were runbooks.
    """
    found = {}
    for name, purposes in ABOUT.items():
        runbooks = [one for one in facts.project.runbooks if one.for_ in purposes]
        if name in asked and runbooks:
            own = _fact(facts, runbooks, facts.held.candidate_id)
            found[name] = msgspec.structs.replace(_fact(facts, runbooks, None), of_candidate=own)
    return found


def _fact(facts: Facts, runbooks: Sequence[Runbook], candidate: str | None) -> Fact:
    states = [(one, _state(facts, one, candidate)) for one in runbooks]
    left = [(one, state) for one, state in states if not state.rehearsed]
    told = [f"{one.title}: {state.why}" for one, state in left or states]
    more = f" · +{len(told) - 1} more" if len(told) > 1 else ""
    return Fact(
        holds=not left,
        why=told[0] + more,
        step=Step(Job.DRILL, left[0][0].key) if left else None,
        open=all(state.standing is Standing.NEVER for _, state in left),
        proves=True,
        until=min((state.until for _, state in states if state.until is not None), default=None),
    )


def _state(facts: Facts, runbook: Runbook, candidate: str | None) -> RunbookState:
    return state_of(runbook, facts(DRILLS).get(runbook.key, ()), facts.now, facts.zone, candidate=candidate)
