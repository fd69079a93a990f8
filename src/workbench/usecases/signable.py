"""What ``check`` says of signatures: whether the people listed can give them, and who cannot be done without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.definitions import Definitions
from workbench.definitions.shapes import Gate
from workbench.model.errors import Problem
from workbench.model.times import zone_of
from workbench.signoff.provable import Proved, prove
from workbench.signoff.rosters import Roster, gates_signed

if TYPE_CHECKING:
    from workbench.signoff.delegations import Delegation


def signable(definitions: Definitions, now: datetime, delegations: Sequence[Delegation] = ()) -> list[Proved]:
    """Each gate that asks for signatures, and whether the people of the files can give them at a moment."""
    project = definitions.project
    roster = Roster(project.people, now, zone_of(project.timezone), delegations=delegations)
    return prove(project.gates, roster)


def doubts(definitions: Definitions, found: Sequence[Proved]) -> Iterator[Problem]:
    """A mistake for each gate that can never be signed, a warning for each that hangs on one person who will be away."""
    gates = {gate.key: gate for gate in gates_signed(definitions.project.gates)}
    for one in found:
        place = definitions.mark("gate", one.gate, "sign.roles") or definitions.mark("gate", one.gate)
        if place is None:
            continue
        for what, hint, severity in _said(one, gates[one.gate], definitions):
            yield Problem(place.file, place.line, place.column, what, hint, severity)


def _said(one: Proved, gate: Gate, definitions: Definitions) -> Iterator[tuple[str, str, str]]:
    if one.never:
        yield (
            f"the gate {one.gate} can never be signed: {one.never}",
            "give the roles to more people, or ask for fewer signatures",
            "error",
        )
    elif one.now:
        hint = "somebody who is away can delegate: workbench delegate ROLE --to PERSON --until DATE"
        yield f"the gate {one.gate} cannot be signed now: {one.now}", hint, "warning"
    elif not one.decided:
        yield (
            f"the gate {one.gate}: {one.words}",
            "ask for fewer roles, or fewer gates that are apart",
            "warning",
        )
    for each in one.needed:
        if each.held:
            hint = "give a role of theirs to one more person, or delegate it"
            yield f"only with {each.words} the gate {one.gate} can be signed", hint, "warning"
    authors = [each.person for each in one.needed if not _all_must(gate, each.person, definitions)]
    if authors and gate.sign and not gate.sign.own:
        who = " or ".join(authors)
        hint = "give the roles to one more person, or write own: yes"
        yield f"nobody can sign the gate {one.gate} if {who} wrote the build", hint, "warning"


def _all_must(gate: Gate, person: str, definitions: Definitions) -> bool:
    """Whether everybody of a role that this person has must sign, which the check of the files has told."""
    people = definitions.project.people
    return any(
        entry.count >= sum(entry.role in each.roles for each in people)
        for entry in (gate.sign.roles if gate.sign else ())
        for each in people
        if each.key == person and entry.role in each.roles
    )
