"""One way to name a person: by key, by name or by e-mail address, in whatever case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.definitions.shapes import Person
from workbench.model.errors import UsageError
from workbench.model.keys import nearest
from workbench.model.text import safe_text
from workbench.usecases.context import Context


def find_person(people: Sequence[Person], text: str) -> Person | None:
    """Whom a text means; ``None`` where it fits nobody, ``UsageError`` where it fits two.

    A key as it is written means its person, whatever others are called.
    """
    said = _folded(text)
    if not said:
        return None
    for person in people:
        if person.key == text.strip():
            return person
    found = [person for person in people if said in map(_folded, _names(person))]
    if len(found) > 1:
        raise UsageError(
            f"“{safe_text(text, 60)}” matches {len(found)} people: "
            + " and ".join(f"{person.name} ({person.key})" for person in found),
            hint=f"write one of the keys: {', '.join(person.key for person in found)}",
        )
    return found[0] if found else None


def known_person(people: Sequence[Person], text: str, what: str = "in this project") -> Person:
    """The same where a rule needs somebody whom the project knows; ``UsageError`` for anybody else."""
    found = find_person(people, text)
    if found is None:
        keys = ", ".join(person.key for person in people) or "nobody yet"
        near = near_person(people, text)
        raise UsageError(
            f"there is no person “{safe_text(text, 60)}” {what}",
            hint=f"did you mean {near}?" if near else f"known: {keys}",
        )
    return found


def known_approver(people: Sequence[Person], text: str) -> str:
    """The key of who is asked to approve; as it is written where nobody is named, or the project names no people."""
    return known_person(people, text, "who could approve").key if text.strip() and people else text


def key_or_text(people: Sequence[Person], text: str) -> str:
    """The key of whom a text means; as it is written where that is nobody: an owner may be a team."""
    found = find_person(people, text)
    return found.key if found else text


def near_person(people: Sequence[Person], text: str) -> str:
    """The key of whom a text probably means that fits nobody; "" where nobody is near."""
    names = {_folded(name): person.key for person in people for name in _names(person)}
    near = nearest(_folded(text), names)
    return names[near] if near else ""


def owner_named(context: Context, text: str, kept: str | None = None) -> str:
    """Whoever looks after something, as it is stored; a near miss is told, unless it was there before."""
    people = context.definitions.project.people
    owner = key_or_text(people, text.strip())
    if owner == text.strip() and owner != kept and (near := unknown_person(people, owner)):
        remark = f"{near[0]}; kept as written ({near[1]})"
        if remark not in context.remarks:
            context.remarks.append(remark)
    return owner


def unknown_person(people: Sequence[Person], text: str) -> tuple[str, str] | None:
    """What is said of a text that fits nobody and is near somebody, and whom it may mean."""
    if not text or find_person(people, text) is not None:
        return None
    near = near_person(people, text)
    return (f"nobody is called “{safe_text(text, 60)}”", f"did you mean {near}?") if near else None


def _names(person: Person) -> Iterable[str]:
    return (name for name in (person.key, person.name, person.email, *person.also) if name)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
