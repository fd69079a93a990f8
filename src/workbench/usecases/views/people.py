"""What people are called."""

from __future__ import annotations

from workbench.definitions import Definitions


def named(definitions: Definitions, key: str, reader: str | None = None) -> str:
    """A person by name, ``you`` for the reader; the key where nobody is known by it."""
    if key == reader:
        return "you"
    person = definitions.person(key)
    return person.name if person else key
