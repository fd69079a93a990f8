"""What a file of configuration holds, before anything is made of it: texts, lists and blocks, each with its line."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

DEPTH_LIMIT = 80
VALUES_LIMIT = 100_000
THEN = ", then "  # between two values under one name


class Unreadable(Exception):
    """A file that cannot be read: ``what`` is wrong, on which ``line`` (0: nowhere in particular)."""

    def __init__(self, what: str, line: int = 0) -> None:
        super().__init__(what)
        self.what, self.line = what, line


def too_many(line: int) -> Unreadable:
    """What is said of a file that holds more than anybody compares."""
    return Unreadable(f"it holds more than {VALUES_LIMIT:,} values", line)


class Note(msgspec.Struct, frozen=True, gc=False):
    """What a person should know of a file that was read all the same."""

    what: str
    line: int = 0


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A text.  ``bare`` where it was written without quotes in a format that knows numbers and nothing.

    ``encrypted`` is what only its owner can read: two of these cannot be compared.
    """

    text: str
    line: int = 0
    bare: bool = False
    secret: bool = False
    encrypted: bool = False


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    line: int = 0


class Block(msgspec.Struct, frozen=True):
    """Names and values in the order of the file, each with the line of its name."""

    entries: dict[str, tuple[int, Node]]
    line: int = 0

    def get(self, name: str) -> Node | None:
        """The value under ``name``, if there is one."""
        entry = self.entries.get(name)
        return None if entry is None else entry[1]

    def text(self, name: str) -> str:
        """The text under ``name``; "" where there is none."""
        node = self.get(name)
        return node.text if isinstance(node, Leaf) else ""

    def block(self, name: str) -> Block | None:
        """The block under ``name``, if it is one."""
        node = self.get(name)
        return node if isinstance(node, Block) else None

    def items(self, name: str) -> tuple[Node, ...]:
        """The members of the list under ``name``; none where it is no list."""
        node = self.get(name)
        return node.items if isinstance(node, Items) else ()

    def without(self, *names: str) -> Block:
        """The same block without these names."""
        return Block({name: entry for name, entry in self.entries.items() if name not in names}, self.line)


Node: TypeAlias = Leaf | Items | Block


class Entries:
    """A block as it is read: a name that stands twice is noted, and neither value is lost."""

    def __init__(self, notes: list[Note], line: int = 0) -> None:
        self._notes, self._line = notes, line
        self.found: dict[str, tuple[int, Node]] = {}

    def add(self, name: str, line: int, node: Node) -> None:
        """Takes a value.  Which of two counts depends on the program that reads them, so both are told."""
        before = self.found.get(name)
        if before is None and len(self.found) >= VALUES_LIMIT:
            raise too_many(line)
        if before is not None:
            node = self._both(name, before, line, node)
        self.found[name] = (line, node)

    def block(self) -> Block:
        """What was read."""
        return Block(self.found, self._line)

    def _both(self, name: str, before: tuple[int, Node], line: int, node: Node) -> Node:
        earlier, first = before
        self._notes.append(Note(f"“{name}” stands here twice: on line {earlier} and on line {line}", line))
        if not isinstance(first, Leaf) or not isinstance(node, Leaf) or first.text == node.text:
            return node
        return Leaf(
            f"{first.text}{THEN}{node.text}",
            line,
            secret=first.secret or node.secret,
            encrypted=first.encrypted or node.encrypted,
        )


class Document(msgspec.Struct, frozen=True):
    """A file that was read: what it holds (several in YAML), and what there is to know of it."""

    form: str
    roots: tuple[Node, ...]
    notes: tuple[Note, ...] = ()
