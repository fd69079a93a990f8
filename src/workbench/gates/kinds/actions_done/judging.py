"""Nothing that incidents left to do is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.checklists.model import Fact
from workbench.gates.facts import Facts, Need
from workbench.gates.kind import Kind
from workbench.gates.kinds.actions_done import KIND as ASKED
from workbench.gates.kinds.actions_done import ActionsDoneConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import ANYBODY, of_people
from workbench.incidents import actions
from workbench.incidents.actions import Action
from workbench.model.dates import end_text
from workbench.model.steps import Job, Step
from workbench.model.text import number_of
from workbench.model.times import age_text, parse_duration


def _open(facts: Facts) -> Mapping[str, Action]:
    found = actions.owed(facts.record)
    return {row.id: value for row, value in found if value.open_at(facts.now)}


# What was to be done at the moment that counts, by id, what is due first.
OPEN_ACTIONS: Need[Mapping[str, Action]] = Need(("action", "incident"), _open)


class ActionsDone(Kind[ActionsDoneConfig]):
    """An action without an owner or a day would never be due: nobody knows who does it, or when."""

    asked = ASKED
    lists = True

    def needs(self, asks: ActionsDoneConfig) -> Iterable[Need[Any]]:
        return (OPEN_ACTIONS,)

    def title(self, asks: ActionsDoneConfig, facts: Facts) -> str:
        return "Actions of incidents"

    def parts(self, asks: ActionsDoneConfig, facts: Facts) -> Iterable[Part]:
        found = facts(OPEN_ACTIONS)
        open_ = {ident: why for ident, value in found.items() if (why := _why(value, asks, facts))}
        for ident, why in open_.items():
            yield _part(ident, found[ident], why, facts)
        if later := len(found) - len(open_):
            why = f"{number_of(later, 'action')} not due"
        else:
            why = "" if open_ else "no action is open"
        if why:
            yield Part(key="actions/in-time", title="", state=State.MET, why=why, about="action")

    def only_time(self, asks: ActionsDoneConfig, facts: Facts) -> bool:
        found = facts(OPEN_ACTIONS).values()
        return all(value.owner and value.due for value in found)

    def moments(self, asks: ActionsDoneConfig, facts: Facts) -> Iterable[datetime]:
        return (value.due - _ahead(asks) for value in facts(OPEN_ACTIONS).values() if value.due is not None)

    def answer(self, asked: Sequence[ActionsDoneConfig], facts: Facts) -> Fact:
        asks = asked[0] if asked else ActionsDoneConfig()
        open_ = [part for part in self.parts(asks, facts) if part.state is State.NOT_MET]
        if open_:
            return Fact(False, f"{number_of(len(open_), 'action')} due", open_[0].step, part=open_[0].key)
        return Fact(True, "no action is due")


def _ahead(asks: ActionsDoneConfig) -> timedelta:
    return parse_duration(asks.ahead) if asks.ahead else timedelta()


def _why(value: Action, asks: ActionsDoneConfig, facts: Facts) -> str:
    """Why an action counts as due; "" where it does not."""
    lacks = [what for what, said in (("owner", value.owner), ("day", value.due)) if not said]
    if lacks:
        return f"has no {' and no '.join(lacks)}"
    assert value.due is not None
    day = end_text(value.due, facts.zone)
    if value.overdue(facts.now):
        return f"{value.owner}, due {day}: {age_text(facts.now - value.due)} overdue"
    return f"{value.owner}, due {day}" if value.due - _ahead(asks) <= facts.now else ""


def _part(ident: str, value: Action, why: str, facts: Facts) -> Part:
    known = tuple(person.key for person in facts.project.people if person.key == value.owner)
    job = Job.FINISH_ACTION if value.owner and value.due else Job.ASSIGN_ACTION
    return Part(
        key=f"action/{ident}",
        title=value.title,
        state=State.NOT_MET,
        why=why,
        about=f"action/{ident}",
        step=Step(job, ident),
        weight=Weight.TO_DO,
        turn=of_people(known) if job is Job.FINISH_ACTION else ANYBODY,
    )


KIND = ActionsDone()
