"""CL: the checklists that incidents walk, each with answers of its own, and what the record answers of them.

Answers belong to no candidate: a new build of the release opens none of them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

import msgspec

from workbench.checklists import model as checklists
from workbench.checklists.model import Answer, Checklists, Fact, ItemState
from workbench.definitions import Definitions
from workbench.definitions.built_in import built_in_checklist
from workbench.definitions.shapes import Checklist, Item, WalkedFor
from workbench.drills.model import Drill, DrillResult, all_drills
from workbench.evidence.model import attachments
from workbench.gates.facts import Facts, Need
from workbench.gates.model import Freeze
from workbench.hooks.model import notices
from workbench.incidents import timeline
from workbench.incidents.actions import ActionState, all_actions
from workbench.incidents.model import Incident, all_incidents
from workbench.incidents.questions import says_what_is_added
from workbench.incidents.reviews import Addition, of_incident, review_of
from workbench.incidents.timeline import LineKind
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import clock_text, zone_of
from workbench.record import Record, Stored

BUILT_IN = "incident"


class Walked(msgspec.Struct, frozen=True):
    """An incident with its checklists."""

    id: str
    incident: Incident
    lists: Checklists

    @property
    def left(self) -> int:
        """How many items are neither done nor ruled out."""
        return sum(not view.complete for views in self.lists.values() for view in views)


def lists_of(definitions: Definitions) -> tuple[Checklist, ...]:
    """The lists that an incident of the project walks: its own, else the one that is built in."""
    own = tuple(each for each in definitions.checklists if each.walked_for is WalkedFor.INCIDENT)
    return own or (built_in_checklist(BUILT_IN),)


def walked(record: Record, definitions: Definitions, ident: str, incident: Incident, now: datetime) -> Walked:
    """The checklists of an incident as they stand."""
    subject = of_incident(ident)
    lists = lists_of(definitions)
    given = checklists.answers(record, subject)
    evidence = attachments(record, f"answer:{subject}/")
    facts = _facts(_Asked(record, ident, incident, now, zone_of(definitions.project.timezone)), lists)
    return Walked(
        ident,
        incident,
        {
            each.checklist: checklists.view(
                each, subject, None, given, facts, evidence, _waits(definitions, each, subject, given)
            )
            for each in lists
        },
    )


def _waits(
    definitions: Definitions,
    checklist: Checklist,
    subject: str,
    given: Mapping[tuple[str, str], tuple[Stored, Answer]],
) -> dict[str, str]:
    """The answers to items of a role by people who do not have it: somebody who has it answers instead."""
    roles = {person.key: person.roles for person in definitions.project.people}
    waits = {}
    for item in checklist.items:
        _, answer = given.get((checklist.checklist, item.key), (None, None))
        if answer is not None and _lacks_role(item, answer, roles):
            ident = checklists.answer_id(subject, checklist.checklist, item.key)
            role = str(item.role).replace("-", " ")
            waits[ident] = f"answered by {answer.by}; somebody with the role {role} has to"
    return waits


def _lacks_role(item: Item, answer: Answer, roles: Mapping[str, list[str]]) -> bool:
    if not item.role or not roles or answer.state not in (ItemState.DONE, ItemState.NOT_APPLICABLE):
        return False
    return item.role not in roles.get(answer.by, ())


# --- what the record answers ---------------------------------------------------------------


class _Asked(msgspec.Struct, frozen=True):
    record: Record
    id: str
    incident: Incident
    now: datetime
    zone: tzinfo

    def at(self, moment: datetime) -> str:
        return clock_text(moment, self.now, self.zone)


def _facts(asked: _Asked, lists: tuple[Checklist, ...]) -> dict[str, Fact]:
    wanted = {
        name.value
        for each in lists
        for item in each.items
        for name in (item.automatic, item.needs_fact)
        if name is not None
    }
    return {name: answer(asked) for name, answer in ANSWERS.items() if name in wanted}


def _frozen(asked: _Asked) -> Fact:
    rows = sorted(asked.record.all("freeze"), key=lambda row: row.made)
    own = [value for row in rows if (value := row.decode(Freeze)).incident == asked.id]
    if not own:
        return Fact(False, f"this incident in {asked.incident.environment} froze nothing", open=True)
    last = own[-1]
    since = f"frozen since {asked.at(last.at)}"
    if last.lifted_at is None:
        return Fact(True, since)
    return Fact(True, f"{since}, lifted by {last.lifted_by} {asked.at(last.lifted_at)}: {last.lifted_why}")


def _step(job: Job, asked: _Asked) -> Step:
    return Step(job, asked.id)


def _told(asked: _Asked) -> Fact:
    for _, line in timeline.lines_of(asked.record, asked.id, LineKind.TOLD):
        words = f": {line.words}" if line.words else ""
        return Fact(True, f"told by {line.by} {asked.at(line.at)}{words}")
    for _, notice in notices(asked.record, of_incident(asked.id)):
        for hook in notice.told:
            if hook.worked:
                return Fact(True, f"told through {hook.hook} {asked.at(notice.at)}")
    return Fact(False, "nobody has written down who was told", _step(Job.TELL_PEOPLE, asked), open=True)


def _executed(asked: _Asked) -> Fact:
    walked_ones = [drill for _, drill in all_drills(asked.record) if drill.incident == asked.id]
    ended = [one for one in walked_ones if one.result in (DrillResult.WORKED, DrillResult.FAILED)]
    if ended:
        return Fact(True, "; ".join(_drill(one, asked) for one in ended))
    for _, line in timeline.lines_of(asked.record, asked.id, LineKind.RUNBOOK):
        return Fact(True, f"by {line.by} {asked.at(line.at)}: {line.words}")
    if any(one.running for one in walked_ones):
        return Fact(
            False, f"{walked_ones[0].title} is being executed", _step(Job.EXECUTE_RUNBOOK, asked), open=True
        )
    return Fact(
        False,
        "nobody has written down that a runbook was executed",
        _step(Job.EXECUTE_RUNBOOK, asked),
        open=True,
    )


def _drill(drill: Drill, asked: _Asked) -> str:
    failed = f", {number_of(len(drill.failed_steps), 'step')} failed" if drill.failed_steps else ""
    return f"{drill.title} {drill.result.value} {asked.at(drill.ended_at or drill.started_at)}{failed}"


def _cause(asked: _Asked) -> Fact:
    found = review_of(asked.record, of_incident(asked.id))
    if found is None or not found[1].cause.strip():
        return Fact(False, "its review names no cause yet", _step(Job.REVIEW_INCIDENT, asked), open=True)
    return Fact(True, f"reviewed by {found[1].by}: {found[1].cause.strip()}")


def _learnt(asked: _Asked) -> Fact:
    subject = of_incident(asked.id)
    found = review_of(asked.record, subject)
    if found is None or not says_what_is_added(found[1]):
        return Fact(
            False,
            "its review does not say yet what is to be added",
            _step(Job.REVIEW_INCIDENT, asked),
            open=True,
        )
    actions = [value for _, value in all_actions(asked.record, subject=subject)]
    unowned = sum(one.state is ActionState.OPEN and not (one.owner and one.due) for one in actions)
    if unowned:
        return Fact(False, f"{number_of(unowned, 'action')} without an owner or a day", open=True)
    added = found[1].add_kind.value
    said = f"to add: {added}" if found[1].add_kind is not Addition.NOTHING else "nothing is to be added"
    return Fact(True, f"{said}; {number_of(len(actions), 'action')}")


ANSWERS: Mapping[str, Callable[[_Asked], Fact]] = {
    "incident_frozen": _frozen,
    "owners_told": _told,
    "runbook_executed": _executed,
    "cause_reviewed": _cause,
    "incident_learnt": _learnt,
}


# --- the incidents of a release ------------------------------------------------------------


def _of_release(facts: Facts) -> Mapping[str, Walked]:
    """Those that are open; of a release that has ended those that were known when it did."""
    ended = facts.ended_at
    return {
        row.id: walked(facts.record, facts.definitions, row.id, value, facts.now)
        for row, value in all_incidents(facts.record, only_open=True)
        if value.release == facts.held.id and (ended is None or value.declared_at <= ended)
    }


# The open incidents of the release with their checklists, by id.
INCIDENTS: Need[Mapping[str, Walked]] = Need(
    (
        "incident",
        "answer",
        "attachment",
        "freeze",
        "timeline_line",
        "notice",
        "drill",
        "incident_review",
        "action",
    ),
    _of_release,
)
