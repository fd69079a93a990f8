"""Who is one person: whoever is listed under two keys, by an e-mail address or an SSH key that both have.

An address is the same in any case and in any of Unicode's spellings (NFC), a key whatever comment stands
beside it.  The same name may belong to two people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from unicodedata import normalize

import msgspec

from workbench.definitions.shapes import Person

ADDRESS, KEY, NAME = "e-mail address", "SSH key", "name"


class Trait(msgspec.Struct, frozen=True):
    """What tells a person from others: an address, a key or a name, as it is compared, and its field."""

    what: str
    value: str
    field: str


class Shared(msgspec.Struct, frozen=True):
    """Two people with the same trait: ``first`` is listed before ``second``, each with the field where it stands."""

    what: str
    first: str
    first_field: str
    second: str
    second_field: str


def traits(person: Person) -> Iterator[Trait]:
    """What tells a person from others; what cannot be read tells nothing."""
    if person.email:
        yield Trait(ADDRESS, folded(person.email), "email")
    for number, address in enumerate(person.also or ()):
        if address:
            yield Trait(ADDRESS, folded(address), f"also.{number}")
    for number, item in enumerate(person.keys or ()):
        if blob := _blob(item.key):
            yield Trait(KEY, blob, f"keys.{number}.key")
    if person.name:
        yield Trait(NAME, folded(person.name), "name")


def folded(text: str) -> str:
    """A name or an address as it is compared: NFC, any case, one space between words."""
    return normalize("NFC", " ".join(normalize("NFC", text).casefold().split()))


def _blob(line: str | None) -> str:
    from workbench.model.ssh_keys import (  # few list keys, and all check their files
        KeyProblem,
        read_public_key,
    )

    try:
        return read_public_key(line).line if line else ""
    except KeyProblem:
        return ""


def shared(people: Iterable[Person]) -> Iterator[Shared]:
    """What two people have in common, each thing once for each of the later ones."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for person in people:
        for trait in traits(person):
            key, field = first.setdefault((trait.what, trait.value), (person.key, trait.field))
            if key != person.key:
                yield Shared(trait.what, key, field, person.key, trait.field)


def same_people(people: Iterable[Person]) -> Mapping[str, str]:
    """Each person's key and the first key that the same person has: who shares an address or a key is one."""
    listed = list(people)
    found = {person.key: person.key for person in listed}
    for pair in shared(listed):
        if pair.what != NAME and found[pair.first] != found[pair.second]:
            old, new = found[pair.second], found[pair.first]
            found = {key: new if root == old else root for key, root in found.items()}
    return found


def is_called(person: Person, text: str) -> bool:
    """Whether a text is this person's key, name or one of their addresses."""
    names = (person.key, person.name, person.email, *(person.also or ()))
    return folded(text) in {folded(name) for name in names if name}
