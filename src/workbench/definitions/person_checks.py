"""What can be said of the people of a project: that each is listed once, works some time, and comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from workbench.definitions.persons import NAME, shared
from workbench.definitions.shapes import Person
from workbench.definitions.telling import Tell
from workbench.model.ssh_keys import KeyProblem, read_public_key
from workbench.model.times import read_hours


def check_people(
    people: Sequence[Person], tell_of: Callable[[str], Tell], lines: Callable[[str, str], str]
) -> None:
    """Tell of everybody who is listed twice, and of hours and absences that cannot be; ``lines`` names a field's place."""
    listed: Mapping[str, Person] = {person.key: person for person in people}
    for pair in shared(people):
        other = f"{pair.first} and {pair.second} have the same {pair.what}"
        where = f"the other one stands at {lines(pair.first, pair.first_field)}"
        if pair.what == NAME:
            tell_of(pair.second)(
                pair.second_field,
                f"{other}: {listed[pair.second].name}; is it one person? A person counts once for a gate",
                f"{where}; if it is one person, list them once",
                warning=True,
            )
        else:
            hint = f"{where}; list one person once, with all roles, addresses (also:) and keys"
            tell_of(pair.second)(pair.second_field, other, hint)
    for person in people:
        _hours(person, tell_of(person.key))
        _away(person, tell_of(person.key))
        _keys(person, tell_of(person.key))


def _hours(person: Person, tell: Tell) -> None:
    if person.hours is not None and read_hours(person.hours) is None:
        tell("hours", "this is no stretch of a day", "for example 09:00-17:00")


def _away(person: Person, tell: Tell) -> None:
    for number, stretch in enumerate(person.away or ()):
        try:
            turned = date.fromisoformat(stretch.until) < date.fromisoformat(stretch.from_)
        except (ValueError, TypeError):
            continue
        if turned:
            tell(
                f"away.{number}.until",
                f"this absence ends on {stretch.until}, before it begins on {stretch.from_}",
            )


def _keys(person: Person, tell: Tell) -> None:
    """What is no public key is refused without quoting it, for it may be a private one."""
    for number, item in enumerate(person.keys or ()):
        if item.key is None:
            continue
        try:
            read_public_key(item.key)
        except KeyProblem as error:
            tell(
                f"keys.{number}.key",
                str(error),
                "give the line of the .pub file: ssh-keygen -y -f FILE prints it",
            )
        if item.from_ and item.until and item.until < item.from_:
            tell(f"keys.{number}.until", f"this key ends on {item.until}, before it begins on {item.from_}")
        if item.revoked and item.from_ and item.revoked < item.from_:
            tell(
                f"keys.{number}.revoked",
                f"this key was revoked on {item.revoked}, before it counts for the first time on {item.from_}",
                warning=True,
            )
