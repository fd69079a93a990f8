"""Every item of a checklist is done or not applicable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workbench.checklists.model import ItemState, ItemView, clear, item_text
from workbench.definitions.shapes import WalkedFor
from workbench.gates.approvals import Proposal
from workbench.gates.automatic import ANSWERED_BY_OTHERS, CHECKLISTS
from workbench.gates.bound import Bound, of_things
from workbench.gates.facts import Facts, Need
from workbench.gates.incident_lists import INCIDENTS, Walked
from workbench.gates.kind import Alteration, Kind, Rest, Since
from workbench.gates.kinds.checklist import KIND as ASKED
from workbench.gates.kinds.checklist import ChecklistConfig
from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import ANYBODY, Turn, of_people
from workbench.model.steps import Job, Step


class Checklist(Kind[ChecklistConfig]):
    asked = ASKED
    lists = True

    def needs(self, asks: ChecklistConfig) -> Iterable[Need[Any]]:
        return (CHECKLISTS, ANSWERED_BY_OTHERS, INCIDENTS)

    def title(self, asks: ChecklistConfig, facts: Facts) -> str:
        found = facts.definitions.checklist(asks.checklist)
        return f"{found.title if found else asks.checklist} complete"

    def parts(self, asks: ChecklistConfig, facts: Facts) -> Iterable[Part]:
        if _of_incidents(asks, facts):
            return self._of_incidents(asks, facts)
        waits, views = facts(ANSWERED_BY_OTHERS), self._views(asks, facts)
        if not views:
            why = "nothing to judge: the list has no items"
            place = facts.definitions.mark("checklist", asks.checklist)
            step = Step(Job.EDIT_DEFINITIONS, f"{place} ") if place else None
            key = f"item/{asks.checklist}"
            return (
                Part(key=key, title="", state=State.NOT_MET, why=why, about="item", step=step, turn=ANYBODY),
            )
        return (part_of(view, waits, facts) for view in views)

    def _of_incidents(self, asks: ChecklistConfig, facts: Facts) -> Iterable[Part]:
        """A line for each open incident of the release whose list is unfinished; one where there is none."""
        left = [one for one in facts(INCIDENTS).values() if _left(one, asks)]
        met = Part(
            key=f"incidents/{asks.checklist}",
            title="",
            state=State.MET,
            why="no incident of this release is open with an unfinished list",
            about="incident",
        )
        return [_incident(one, asks) for one in left] or [met]

    def _views(self, asks: ChecklistConfig, facts: Facts) -> Sequence[ItemView]:
        return facts(CHECKLISTS).get(asks.checklist, ())

    def moments(self, asks: ChecklistConfig, facts: Facts) -> Iterable[datetime]:
        found = [view.fact for view in self._views(asks, facts) if view.fact is not None]
        return [fact.until for fact in found if fact.until is not None]

    def rests(self, asks: ChecklistConfig, facts: Facts) -> Iterable[Rest]:
        if _of_incidents(asks, facts):
            for one in facts(INCIDENTS).values():
                if _left(one, asks):
                    yield Rest(key=_key(one, asks), title=one.incident.title, stands={"state": _UNFINISHED})
            return
        yield from map(rest_of, self._views(asks, facts))

    def change(self, old: Rest | None, new: Rest | None, since: Since) -> Alteration | None:
        stands = (new or old or Rest(key="", title="", stands={})).stands
        if stands.get("state") == _UNFINISHED:
            return _incident_changed(old, new)
        if old is None or new is None:
            which = old or new
            return Alteration(
                f"item “{which.title if which else ''}” was {'added' if old is None else 'removed'}"
            )
        if old.stands["text"] != new.stands["text"]:
            return Alteration(f"the wording of item “{old.title}” was edited")
        if old.stands["state"] == new.stands["state"]:
            return None
        states = (each.stands["state"].replace("_", " ") for each in (old, new))
        # One that the record answers follows what it asks for.
        follows = since.new_candidate or "by_itself" in new.stands
        return Alteration(f"item “{new.title}”: {' → '.join(states)}", follows=follows)

    def summary(
        self, asked: Sequence[ChecklistConfig], facts: Facts, overridden: Collection[str] = ()
    ) -> str:
        items = [view for asks in asked for view in self._views(asks, facts)]
        done = sum(view.complete for view in items)
        return f"{done} of {len(items)} checklist items answered" if items else ""


_UNFINISHED = "unfinished"


def rest_of(view: ItemView) -> Rest:
    """What a signature rests on of an item: its answer, and its wording."""
    stands = {"state": view.state.value, "text": item_text(view.item)}
    if view.item.automatic:
        stands["by_itself"] = view.item.automatic.value
    return Rest(key=f"{view.checklist}/{view.item.key}", title=view.item.title, stands=stands)


def _of_incidents(asks: ChecklistConfig, facts: Facts) -> bool:
    """Whether a list is walked for incidents, and not for the release itself."""
    found = facts.definitions.checklist(asks.checklist)
    return found is not None and found.walked_for is WalkedFor.INCIDENT


def _key(one: Walked, asks: ChecklistConfig) -> str:
    return f"incident/{one.id}/{asks.checklist}"


def _left(one: Walked, asks: ChecklistConfig) -> list[ItemView]:
    return [view for view in one.lists.get(asks.checklist, ()) if not view.complete]


def _incident(one: Walked, asks: ChecklistConfig) -> Part:
    left = _left(one, asks)
    failed = any(view.state is ItemState.FAILED for view in left)
    return Part(
        key=_key(one, asks),
        title=one.incident.title,
        state=State.NOT_MET,
        why=f"{len(left)} of {len(one.lists[asks.checklist])} items open; first: {left[0].item.title}",
        about=f"incident/{one.id}",
        step=Step(Job.WALK_INCIDENT, one.id),
        weight=Weight.BLOCKS if failed else Weight.TO_DO,
        turn=ANYBODY,
        bound=of_things((view.item.key for view in left), "open item", stands="failed" if failed else ""),
    )


def _incident_changed(old: Rest | None, new: Rest | None) -> Alteration | None:
    if old is None and new is not None:
        return Alteration(f"incident “{new.title}” is open, and its checklist is not finished")
    if new is None and old is not None:
        # What was signed says only which incident it was, by its id.
        return Alteration("the checklist of an incident is finished, or the incident has ended")
    return None


def part_of(view: ItemView, waits: Mapping[str, Proposal], facts: Facts) -> Part:
    """An item as a line of a gate; ``waits`` are the answers that wait for somebody else."""
    row = f"{view.checklist}/{view.item.key}"
    state = State.NOT_MET
    if view.state is ItemState.NOT_APPLICABLE:
        state = State.NOT_APPLICABLE
    elif view.state is ItemState.DONE:
        state = State.MET
    failed, open_ = view.state is ItemState.FAILED, state is State.NOT_MET
    waiting = waits.get(row) if view.waits else None
    return Part(
        key=f"item/{row}",
        title=view.item.title,
        state=state,
        why=f"failed: {view.why}" if failed else view.why,
        about=f"item/{row}",
        step=clear(view) if open_ else None,
        weight=Weight.BLOCKS if failed else Weight.TO_DO,
        proposal=waiting.ref if waiting else "",
        turn=_turn(view, waiting, facts) if open_ else None,
        bound=Bound(stands=view.state.value.replace("_", " ")) if open_ else None,
        after=view.fact.part if open_ and not failed and view.fact and not view.fact.holds else "",
    )


def _turn(view: ItemView, waiting: Proposal | None, facts: Facts) -> Turn:
    """An answer waits for who may approve it; an item of a role for those who have it; others for anybody."""
    if waiting is not None and waiting.rejected is None:
        return waiting.able.turn
    role = view.item.role
    if not role or (view.fact is not None and not view.fact.holds):
        return ANYBODY
    return of_people(tuple(person.key for person in facts.project.people if role in person.roles))


KIND = Checklist()
