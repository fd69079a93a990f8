"""YAML, of one document or several: aliases are followed and never without end, tags are kept as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from workbench.sources.configuration.tree import (
    DEPTH_LIMIT,
    VALUES_LIMIT,
    Block,
    Document,
    Entries,
    Items,
    Leaf,
    Node,
    Note,
    Unreadable,
)

_STANDARD = "tag:yaml.org,2002:"
_AS_TEXT = frozenset({"!", _STANDARD + "str"})
_TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}", re.DOTALL)


def read_yaml(text: str) -> Document:
    """The documents of a file; ``Unreadable`` where it is none, or grows without end."""
    reader = _Reader()
    try:
        reader.read(text)
    except Unreadable as error:
        raise _explained(text, error) from None
    except Exception as error:
        import yaml

        if not isinstance(error, yaml.YAMLError | ValueError):
            raise
        raise _explained(text, _in_words(error)) from None
    return Document("yaml", tuple(reader.roots), tuple(reader.notes))


def _in_words(error: Exception) -> Unreadable:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    return Unreadable(f"it is no YAML: {problem}", mark.line + 1 if mark else 0)


def _explained(text: str, error: Unreadable) -> Unreadable:
    """A template is no YAML before it is rendered."""
    found = _TEMPLATE.search(text)
    if found is None:
        return error
    line = text.count("\n", 0, found.start()) + 1
    return Unreadable(
        "it is a template, which is YAML only once it is rendered; its values can be compared", line
    )


class _Open:
    """A list or block whose end has not come yet."""

    __slots__ = ("anchor", "entries", "items", "key", "line", "merges", "size", "tag")

    def __init__(self, event: Any, is_block: bool, notes: list[Note]) -> None:
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.line: int = event.start_mark.line + 1
        self.entries = Entries(notes, self.line) if is_block else None
        self.items: list[Node] = []
        self.key: Leaf | None = None
        self.merges: list[Node] = []
        self.size = 1

    def node(self) -> Node:
        if self.entries is None:
            node: Node = Items(tuple(self.items), self.line)
        else:
            for merged in self.merges:
                self._merge(merged)
            node = self.entries.block()
        if self.tag and self.tag.startswith("!") and len(self.tag) > 1:
            return Block({self.tag: (self.line, node)}, self.line)
        return node

    def _merge(self, merged: Node) -> None:
        """``<<``: what is written in the block itself wins, then the earlier one."""
        assert self.entries is not None
        for part in merged.items if isinstance(merged, Items) else (merged,):
            if not isinstance(part, Block):
                raise Unreadable("<< is not followed by a block", self.line)
            for name, entry in part.entries.items():
                self.entries.found.setdefault(name, entry)


class _Reader:
    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.notes: list[Note] = []
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._open: list[_Open] = []

    def read(self, text: str) -> None:
        import yaml

        scalar, alias, document = yaml.ScalarEvent, yaml.AliasEvent, yaml.DocumentStartEvent
        block, items = yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        for event in _events(text):
            kind = type(event)
            if kind is scalar:
                self._scalar(event)
            elif kind is block or kind is items:
                self._begin(event, kind is block)
            elif kind in ends:
                self._end()
            elif kind is alias:
                self._alias(event)
            elif kind is document:
                self._anchors.clear()

    def _scalar(self, event: Any) -> None:
        tag = event.tag
        # libyaml says "" for a plain style, the parser written in Python says None.
        bare = not event.style and (tag is None or (tag.startswith(_STANDARD) and tag not in _AS_TEXT))
        text, encrypted = event.value, False
        if tag is not None and tag not in _AS_TEXT and not tag.startswith(_STANDARD):
            text, encrypted = f"{tag} {text}".rstrip(), "vault" in tag
        leaf = Leaf(text, event.start_mark.line + 1, bare=bare, encrypted=encrypted)
        if event.anchor:
            self._anchors[event.anchor] = (leaf, 1)
        self._add(leaf, 1)

    def _begin(self, event: Any, is_block: bool) -> None:
        line = event.start_mark.line + 1
        if len(self._open) >= DEPTH_LIMIT:
            raise Unreadable(f"it is nested more than {DEPTH_LIMIT} levels deep", line)
        holder = self._open[-1] if self._open else None
        if holder is not None and holder.entries is not None and holder.key is None:
            raise Unreadable("a list or a block stands where a name was expected", line)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(event, is_block, self.notes))

    def _end(self) -> None:
        closed = self._open.pop()
        node = closed.node()
        if closed.anchor:
            self._anchors[closed.anchor] = (node, closed.size)
        self._add(node, closed.size)

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor not in self._anchors:
            raise Unreadable(f"*{event.anchor} refers to nothing above it", line)
        known = self._anchors[event.anchor]
        if known is None:
            raise Unreadable(
                f"*{event.anchor} stands inside &{event.anchor}, so it would contain itself", line
            )
        self._add(*known)

    def _add(self, node: Node, size: int) -> None:
        if not self._open:
            if not (isinstance(node, Leaf) and node.bare and not node.text):
                self.roots.append(node)
            return
        holder = self._open[-1]
        holder.size += size
        if holder.size > VALUES_LIMIT:
            raise Unreadable(f"it grows beyond {VALUES_LIMIT:,} values, aliases counted in full", holder.line)
        if holder.entries is None:
            holder.items.append(node)
        elif holder.key is None:
            assert isinstance(node, Leaf)
            holder.key = node
        else:
            key, holder.key = holder.key, None
            if key.bare and key.text == "<<":
                holder.merges.append(node)
            else:
                holder.entries.add(key.text, key.line, node)


def _events(text: str) -> Iterator[Any]:
    """The parser's events; libyaml's parser where PyYAML was built with it."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(loader(text).get_event, None)
