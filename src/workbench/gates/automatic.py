"""CL: the facts that answer checklist items by themselves, and the checklists with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.checklists import model as checklists
from workbench.checklists.model import Answer, Checklists, Fact
from workbench.definitions import Definitions
from workbench.definitions.shapes import Checklist, Item, WalkedFor
from workbench.evidence.model import attachments
from workbench.gates import rehearsed
from workbench.gates.approvals import Proposal, What, able, said, standing
from workbench.gates.evaluate import kind_of
from workbench.gates.facts import Facts, Need
from workbench.gates.kinds import KINDS
from workbench.gates.needs import QUARANTINED
from workbench.model.dates import end_text
from workbench.model.keys import of_release
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.record import Stored
from workbench.releases.model import Outcome


def _rollback_planned(facts: Facts) -> Fact:
    steps = facts.release.rollback_plan
    why = f"{len(steps)} rollback steps" if steps else "no rollback plan"
    return Fact(bool(steps), why, Step(Job.PLAN_ROLLBACK), open=not steps, part="release/rollback-plan")


def _watch_planned(facts: Facts) -> Fact:
    watch = facts.release.watch
    why = f"{len(watch)} things to watch" if watch else "nothing to watch after shipping"
    return Fact(bool(watch), why, Step(Job.PLAN_WATCH), open=not watch, part="release/watch")


def _quarantines_counted(facts: Facts) -> Fact:
    """The record counts them whether there are any or not; what they leave unproven is told in words."""
    found = facts(QUARANTINED)
    if not found:
        return Fact(True, "no check is quarantined")
    ends = ", ".join(f"{key} until {end_text(each.until, facts.zone)}" for key, each in found.items())
    return Fact(True, f"{number_of(len(found), 'check')} quarantined: {ends}")


# What a release says about itself, and what is set aside; the other facts are answered by kinds of requirement.
OF_RELEASE = {
    "rollback_planned": _rollback_planned,
    "watch_planned": _watch_planned,
    "quarantines_counted": _quarantines_counted,
}


def of_releases(definitions: Definitions) -> Iterator[Checklist]:
    """The checklists that are walked for a release; those of incidents are in ``incident_lists``."""
    return (each for each in definitions.checklists if each.walked_for is WalkedFor.RELEASE)


def answers(facts: Facts) -> Mapping[str, Fact]:
    """Every automatic fact that an item of the project asks for, by name."""
    asked = {
        name.value
        for each in of_releases(facts.definitions)
        for item in each.items
        for name in (item.automatic, item.needs_fact)
        if name is not None
    }
    found = {name: answer(facts) for name, answer in OF_RELEASE.items() if name in asked}
    found |= rehearsed.answers(facts, asked)
    if asked - found.keys():
        requirements = [item for gate in facts.project.gates for item in gate.requires]
        for kind in KINDS.values():
            if kind.fact in asked:
                configs = [kind_of(item)[1] for item in requirements if item.kind == kind.name]
                found[kind.fact] = kind.answer(configs, facts)
    return found


def _views(facts: Facts) -> Checklists:
    held = facts.held
    given = checklists.answers(facts.record, of_release(held.id))
    evidence = attachments(facts.record, f"answer:{held.id}/")
    known = answers(facts)
    waits = {item.ref: item.why for item in facts(ANSWERED_BY_OTHERS).values()}
    return {
        item.checklist: checklists.view(
            item, of_release(held.id), held.candidate_id, given, known, evidence, waits
        )
        for item in of_releases(facts.definitions)
    }


def _by_others(facts: Facts) -> Mapping[str, Proposal]:
    """Answers to items of a role by people who do not have it, until somebody who has it approves them."""
    given = list(_without_the_role(facts))
    heard = said(facts.record, (row.base for _, _, row, _ in given))
    waits = {}
    for part, item, row, answer in given:
        may = able(facts.project.people, answer.by, role=item.role or "")
        stands = standing(row.base, may, heard)
        if stands.approved is None:
            waits[part.removeprefix("item/")] = Proposal(
                what=What.ITEM, ref=row.id, subject=row.base, part=part, title=item.title, by=answer.by,
                at=answer.at, words=answer.reason or answer.comment, able=may, rejected=stands.rejected,
            )  # fmt: skip
    return waits


def _without_the_role(facts: Facts) -> Iterator[tuple[str, Item, Stored, Answer]]:
    """The answers that would do, were they given by somebody of the item's role."""
    roles = {person.key: person.roles for person in facts.project.people}
    given = checklists.answers(facts.record, of_release(facts.held.id))
    open_ = facts.release.outcome is Outcome.OPEN
    for each in of_releases(facts.definitions):
        for item in each.items:
            row, answer = given.get((each.checklist, item.key), (None, None))
            if row is None or answer is None or not (item.role and roles):
                continue
            if item.role in roles.get(answer.by, ()) or not checklists.completes(answer, item):
                continue
            if open_ or not answer.role_unasked:
                yield f"item/{each.checklist}/{item.key}", item, row, answer


# What waits for somebody of an item's role, by checklist/item.
ANSWERED_BY_OTHERS: Need[Mapping[str, Proposal]] = Need(("answer", "approval", "release"), _by_others)
CHECKLISTS: Need[Checklists] = Need(
    ("answer", "attachment", "approval", "release", "drill", *QUARANTINED.entities), _views
)
