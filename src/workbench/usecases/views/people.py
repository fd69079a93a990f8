"""What people are called, and who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.definitions import Definitions
from workbench.usecases.views.marks import Fact, Mark

if TYPE_CHECKING:
    from workbench.signoff.conclude import RoleState
    from workbench.usecases.evaluate import Evaluation


def named(definitions: Definitions, key: str, reader: str | None = None) -> str:
    """A person by name, ``you`` for the reader; the key where nobody is known by it."""
    if key == reader:
        return "you"
    person = definitions.person(key)
    return person.name if person else key


def about_person(definitions: Definitions, evaluation: Evaluation | None, key: str) -> list[Fact]:
    """Who somebody is, and what they sign in the release in hand; empty for nobody of the project."""
    person = definitions.person(key)
    if person is None:
        return []
    facts = [
        Fact("Called", f"{person.name} ({person.key})"),
        Fact("Roles", ", ".join(role.replace("-", " ") for role in person.roles) or "none"),
    ]
    facts += [Fact("E-mail", person.email)] if person.email else []
    facts += [Fact("Time zone", person.timezone)] if person.timezone else []
    for gate in evaluation.gates if evaluation is not None else ():
        for role in gate.roles:
            if key in role.can:
                facts.append(_signs(gate.gate.title, role, key))
    return facts


def _signs(gate: str, role: RoleState, key: str) -> Fact:
    """Whether somebody has signed a gate as a role, could, or need not any more."""
    asked = f"{gate}, as {role.role.replace('-', ' ')}"
    if any(view.signoff.person == key for view in role.given):
        return Fact("Has signed", asked, Mark.DONE)
    if role.missing:
        return Fact("Can sign", asked, Mark.OPEN)
    return Fact("Could sign", f"{asked}; signed already by somebody else", Mark.NOT_APPLICABLE)
