"""CL: the facts that answer checklist items by themselves, and the checklists with them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.checklists import model as checklists
from workbench.checklists.model import Fact, ItemView
from workbench.evidence.model import attachments
from workbench.gates.evaluate import kind_of
from workbench.gates.facts import Facts, Need
from workbench.gates.kinds import KINDS
from workbench.model.steps import Job, Step

Checklists = Mapping[str, tuple[ItemView, ...]]


def _rollback_planned(facts: Facts) -> Fact:
    steps = facts.release.rollback_plan
    why = f"{len(steps)} steps written down" if steps else "no way back written down"
    return Fact(bool(steps), why, Step(Job.PLAN_ROLLBACK))


def _watch_planned(facts: Facts) -> Fact:
    watch = facts.release.watch
    why = f"{len(watch)} things to watch" if watch else "nothing to watch written down"
    return Fact(bool(watch), why, Step(Job.PLAN_WATCH))


# What a release says about itself; the other facts are answered by kinds of requirement.
OF_RELEASE = {"rollback_planned": _rollback_planned, "watch_planned": _watch_planned}


def answers(facts: Facts) -> Mapping[str, Fact]:
    """Every automatic fact that an item of the project asks for, by name."""
    asked = {
        item.automatic.value for each in facts.definitions.checklists for item in each.items if item.automatic
    }
    found = {name: answer(facts) for name, answer in OF_RELEASE.items() if name in asked}
    if asked - found.keys():
        requirements = [item for gate in facts.project.gates for item in gate.requires]
        for kind in KINDS.values():
            if kind.fact in asked:
                configs = [kind_of(item)[1] for item in requirements if item.kind == kind.name]
                found[kind.fact] = kind.answer(configs, facts)
    return found


def _views(facts: Facts) -> Checklists:
    held = facts.held
    given = checklists.answers(facts.record, held.id)
    evidence = attachments(facts.record, f"answer:{held.id}/")
    known = answers(facts)
    return {
        item.checklist: checklists.view(item, held.id, held.candidate_id, given, known, evidence)
        for item in facts.definitions.checklists
    }


CHECKLISTS: Need[Checklists] = Need(("answer", "attachment"), _views)
