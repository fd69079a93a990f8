"""The checklists of one incident: walked, answered and shown as those of a release are, without judging one."""

from __future__ import annotations

import msgspec

from workbench.checklists.model import Checklists
from workbench.gates.incident_lists import lists_of, walked
from workbench.incidents.model import Incident
from workbench.incidents.reviews import of_incident
from workbench.model.errors import NotAllowed
from workbench.model.keys import of_release
from workbench.record import Stored
from workbench.releases.model import Release
from workbench.usecases.answering import Walked
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.incidents import find_incident


class IncidentWalk(msgspec.Struct, frozen=True, kw_only=True):
    """An incident whose checklists are walked."""

    stored: Stored
    incident: Incident
    checklists: Checklists
    titles: dict[str, str]

    @property
    def subject(self) -> str:
        """What its answers are about."""
        return of_incident(self.stored.id)

    @property
    def build(self) -> str | None:
        """Answers of an incident belong to no build."""
        return None

    def require_open(self) -> None:
        """An incident is answered for after its end, too; but not one that does not count."""
        if not self.incident.counts:
            raise NotAllowed(
                f"“{self.incident.title}” counts in nothing: {self.incident.state.value}",
                hint="answer for the incident that it is part of",
            )

    def checklist_title(self, key: str) -> str:
        """What a checklist is called."""
        return self.titles.get(key, key)


def walk_of(context: Context, ref: str) -> IncidentWalk:
    """The checklists of the incident that ``ref`` names, as they stand."""
    stored, value = find_incident(context, ref)
    return walk_at(context, stored, value)


def walk_at(context: Context, stored: Stored, value: Incident) -> IncidentWalk:
    """The same of an incident that was read already."""
    found = walked(context.record, context.definitions, stored.id, value, context.now)
    return IncidentWalk(
        stored=stored,
        incident=value,
        checklists=found.lists,
        titles={each.checklist: each.title for each in lists_of(context.definitions)},
    )


def read_walk(context: Context, incident: str | None = None) -> Walked:
    """What is walked: the incident that ``incident`` names, else the release in hand, which is judged for that."""
    return walk_of(context, incident) if incident else evaluate(context)


def again(context: Context, before: Walked) -> Walked:
    """The same as it stands now."""
    if isinstance(before, IncidentWalk):
        return walk_of(context, before.stored.id)
    version = context.record.get("release", before.subject.removeprefix(of_release("")))
    return evaluate(context, version.decode(Release).version if version else None)
