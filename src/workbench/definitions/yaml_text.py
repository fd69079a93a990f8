"""One YAML document as nodes that know their line and column.

The parser's events are walked here, without recursion, so that depth and size are limited
before anything is built.  Scalars stay the text that was written: whether ``no``, ``010``,
``1.10`` or ``12:30:00`` is text, a number or a truth is decided by the field that is read,
never by YAML's guesses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from workbench.definitions.files import split_lines
from workbench.model.errors import Problem
from workbench.model.text import safe_text

DEPTH_LIMIT = 60
NODE_LIMIT = 50_000

_NOTHING = {"", "~", "null", "Null", "NULL"}
_TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str"}
_BLOCK_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class Scalar:
    """A piece of text; ``plain`` when it was written without quotes, ``empty`` when nothing, ``~`` or ``null`` was."""

    __slots__ = ("column", "empty", "line", "plain", "text")
    size = 1

    def __init__(self, text: str, plain: bool, line: int, column: int) -> None:
        self.text = text
        self.plain = plain
        self.line = line
        self.column = column
        self.empty = plain and text in _NOTHING


class Sequence:
    """A list."""

    __slots__ = ("column", "items", "line", "size")

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.items: list[Node] = []
        self.size = 1


class Mapping:
    """Names and values, in the order of the file; ``entries`` holds the name's node too."""

    __slots__ = ("column", "entries", "line", "size")

    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        self.size = 1

    def get(self, name: str) -> Node | None:
        """The value under ``name``, if there is one."""
        entry = self.entries.get(name)
        return entry[1] if entry else None

    def text(self, name: str) -> str | None:
        """The text under ``name``, if it is text."""
        node = self.get(name)
        return node.text if isinstance(node, Scalar) and not node.empty else None


Node: TypeAlias = Scalar | Sequence | Mapping


class Document:
    """A file that was read: its name in the project, its lines and its root node."""

    __slots__ = ("file", "lines", "problems", "root")

    def __init__(self, file: str, lines: list[str], root: Node | None, problems: list[Problem]) -> None:
        self.file, self.lines, self.root, self.problems = file, lines, root, problems


def parse(text: str, file: str) -> Document:
    """Parse one document.  Never raises for what ``text`` holds: see ``Document.problems``."""
    builder = _Builder(file)
    lines = split_lines(text)
    try:
        root = builder.build(text)
    except _Stop:
        root = None
    except Exception as error:
        # Every mistake of syntax; PyYAML is imported only when something is parsed.
        import yaml

        if not isinstance(error, yaml.YAMLError | ValueError):
            raise
        from workbench.definitions.yaml_mistakes import explain

        builder.problems.append(explain(error, file, lines))
        root = None
    if root is None and not builder.problems:
        builder.problems.append(
            Problem(file, 0, 0, "the file is empty", "write the definitions, or remove the file")
        )
    return Document(file, lines, root, builder.problems)


class _Stop(Exception):
    """Reading ends here; the problem is noted."""


class _Open:
    """A list or mapping whose end has not come yet."""

    __slots__ = ("anchor", "key", "merges", "node")

    def __init__(self, node: Sequence | Mapping, anchor: str | None) -> None:
        self.node, self.anchor = node, anchor
        self.key: Scalar | None = None
        self.merges: list[tuple[Scalar, Node]] = []


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0

    def build(self, text: str) -> Node | None:
        import yaml

        events = _events(text)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    self._stop(event, "a second document begins here", "put it into a file of its own")
        root = self.root
        return None if isinstance(root, Scalar) and root.empty else root

    def _problem(self, line: int, column: int, what: str, hint: str | None = None) -> None:
        if len(self.problems) < 100:
            self.problems.append(Problem(self.file, line, column, what, hint))

    def _stop(self, event: Any, what: str, hint: str | None = None) -> None:
        mark = event.start_mark
        self._problem(mark.line + 1, mark.column + 1, what, hint)
        raise _Stop

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        if event.tag not in _TEXT_TAGS:
            self._tag(event)
        plain = not event.style and event.tag is None  # libyaml says "" for plain, Python None
        node = Scalar(event.value, plain, mark.line + 1, mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        self._add(node, event)

    def _begin(self, event: Any, is_mapping: bool) -> None:
        if event.tag not in _BLOCK_TAGS:
            self._tag(event)
        if len(self.open) >= DEPTH_LIMIT:
            self._stop(event, f"nested more than {DEPTH_LIMIT} levels deep", "no definition needs that depth")
        mark = event.start_mark
        node = (Mapping if is_mapping else Sequence)(mark.line + 1, mark.column + 1)
        if event.anchor:
            self.anchors[event.anchor] = None
        self._key_must_be_text(node)
        self.open.append(_Open(node, event.anchor))

    def _key_must_be_text(self, node: Node) -> None:
        holder = self.open[-1] if self.open else None
        if holder and isinstance(holder.node, Mapping) and holder.key is None:
            self._problem(
                node.line,
                node.column,
                "a name was expected here, not a list or a block",
                "text that begins with { or [ must stand in quotes",
            )
            raise _Stop

    def _end(self) -> None:
        closed = self.open.pop()
        if isinstance(closed.node, Mapping) and closed.merges:
            self._merge(closed.node, closed.merges)
        if closed.anchor:
            self.anchors[closed.anchor] = closed.node
        self._add(closed.node, None)

    def _alias(self, event: Any) -> None:
        name = safe_text(event.anchor, 60)
        if event.anchor not in self.anchors:
            self._stop(
                event,
                f"*{name} refers to nothing: there is no &{name} above it",
                "text that begins with * must stand in quotes",
            )
        node = self.anchors[event.anchor]
        if node is None:
            self._stop(event, f"*{name} stands inside &{name}, so it would contain itself")
        else:
            self._add(node, event)

    def _add(self, node: Node, event: Any) -> None:
        self.nodes += 1
        if self.nodes > NODE_LIMIT or node.size > NODE_LIMIT:
            self._too_many(node, event)
        if not self.open:
            self.root = node
            return
        holder = self.open[-1]
        parent = holder.node
        parent.size += node.size
        if parent.size > NODE_LIMIT:
            self._too_many(node, event)
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif holder.key is None:
            self._take_key(holder, node)
        else:
            self._take_value(holder, parent, node)

    def _too_many(self, node: Node, event: Any) -> None:
        mark = event.start_mark if event is not None else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (node.line, node.column)
        self._problem(
            line,
            column,
            f"the file grows beyond {NODE_LIMIT:,} values here, aliases (*name) counted in full",
            "split it, or repeat less by aliases",
        )
        raise _Stop

    def _take_key(self, holder: _Open, node: Node) -> None:
        if not isinstance(node, Scalar):
            self._key_must_be_text(node)
        elif node.plain and not node.text:
            self._problem(node.line, node.column, "a name is missing before the colon")
            raise _Stop
        else:
            holder.key = node

    def _take_value(self, holder: _Open, parent: Mapping, node: Node) -> None:
        key = holder.key
        holder.key = None
        assert key is not None
        if key.plain and key.text == "<<":
            holder.merges.append((key, node))
        elif key.text in parent.entries:
            first = parent.entries[key.text][0]
            self._problem(
                key.line,
                key.column,
                f"“{safe_text(key.text, 60)}” stands here a second time; the first is on line {first.line}",
                "keep one of the two",
            )
        else:
            parent.entries[key.text] = (key, node)

    def _merge(self, target: Mapping, merges: list[tuple[Scalar, Node]]) -> None:
        """YAML's ``<<``: what is written in the block itself wins, then the earlier one."""
        for key, value in merges:
            for part in value.items if isinstance(value, Sequence) else [value]:
                if isinstance(part, Mapping):
                    for name, entry in part.entries.items():
                        target.entries.setdefault(name, entry)
                else:
                    self._problem(
                        key.line, key.column, "<< must be followed by a block of fields, such as *defaults"
                    )

    def _tag(self, event: Any) -> None:
        tag = safe_text(event.tag.replace("tag:yaml.org,2002:", "!!"), 60)
        self._stop(event, f"the tag {tag} is not understood here", "write the plain value, without the tag")


def _events(text: str) -> Iterator[Any]:
    """The parser's events; libyaml's parser where PyYAML was built with it."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(loader(text).get_event, None)
