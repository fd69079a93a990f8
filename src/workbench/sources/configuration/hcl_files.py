"""Values in HCL, as in ``staging.tfvars``: ``name = value`` with texts, numbers, lists and maps."""

from __future__ import annotations

import re

from workbench.sources.configuration.tree import (
    DEPTH_LIMIT,
    VALUES_LIMIT,
    Document,
    Entries,
    Items,
    Leaf,
    Node,
    Note,
    Unreadable,
    too_many,
)

_BLANK = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r'([A-Za-z_][\w.-]*|"(?:[^"\\\n]|\\.)*")')
_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_HEREDOC = re.compile(r"<<-?([A-Za-z_]\w*)\n(.*?)\n[ \t]*\1(?=\n|\Z)", re.DOTALL)
_WORD = re.compile(r"-?[0-9][0-9.eE+-]*|true|false|null")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read_hcl(text: str) -> Document:
    """The values of a file; ``Unreadable`` where it holds more than values, as a module does."""
    reader = _Reader(text)
    entries = Entries(reader.notes)
    while not reader.at_end():
        reader.setting(entries, 0)
    return Document("hcl", (entries.block(),), tuple(reader.notes))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._counted, self._lines, self._count = 0, 1, 0
        self.notes: list[Note] = []

    def at_end(self) -> bool:
        self._skip()
        return self._at >= len(self._text)

    def setting(self, entries: Entries, depth: int) -> None:
        line = self._line()
        name = self._take(_NAME)
        self._skip()
        if name is None or self._text[self._at : self._at + 1] not in ("=", ":"):
            raise Unreadable("name = value was expected", line)
        self._at += 1
        entries.add(name[0].strip('"'), line, self._value(depth))

    def _value(self, depth: int) -> Node:
        self._skip()
        line = self._line()
        self._count += 1
        if self._count > VALUES_LIMIT:
            raise too_many(line)
        if depth > DEPTH_LIMIT:
            raise Unreadable(f"it is nested more than {DEPTH_LIMIT} levels deep", line)
        if found := self._take(_TEXT):
            return Leaf(_ESCAPE.sub(lambda one: _ESCAPES.get(one[1], one[1]), found[1]), line)
        if found := self._take(_HEREDOC):
            return Leaf(found[2], line)
        if found := self._take(_WORD):
            return Leaf(found[0], line, bare=True)
        mark = self._text[self._at : self._at + 1]
        if mark == "[":
            return self._list(line, depth)
        if mark == "{":
            return self._map(line, depth)
        raise Unreadable("a text, a number, a list or a map was expected", line)

    def _list(self, line: int, depth: int) -> Node:
        items = []
        self._at += 1
        while not self._closed("]", line):
            items.append(self._value(depth + 1))
        return Items(tuple(items), line)

    def _map(self, line: int, depth: int) -> Node:
        entries = Entries(self.notes, line)
        self._at += 1
        while not self._closed("}", line):
            self.setting(entries, depth + 1)
        return entries.block()

    def _closed(self, end: str, line: int) -> bool:
        """Whether the end is here; a comma before it is passed over."""
        self._skip()
        if self._text[self._at : self._at + 1] == ",":
            self._at += 1
            self._skip()
        if self._at >= len(self._text):
            raise Unreadable(f"it ends before the {end} of what begins here", line)
        if self._text[self._at] != end:
            return False
        self._at += 1
        return True

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _line(self) -> int:
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines
