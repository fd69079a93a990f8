"""JSON as people write it: comments and a comma at the end are allowed, and every value has its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

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

_TOKEN = re.compile(
    r"""(?P<blank>[\s\ufeff]+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<word>-?[0-9][0-9.eE+-]*|true|false|null)|(?P<mark>[{}\[\],:])""",
    re.DOTALL,
)


def read_json(text: str) -> Document:
    """The value that a file holds; ``Unreadable`` where it is no JSON."""
    notes: list[Note] = []
    reader = _Reader(text, notes)
    root = reader.value(reader.next(), 0)
    kind, _, line = reader.next()
    if kind:
        raise Unreadable("it is no JSON: something follows its end", line)
    return Document("json", (root,), tuple(notes))


_Token = tuple[str, str, int]
_END: _Token = ("", "", 0)


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable("it is no JSON", line)
        if found.lastgroup != "blank":
            yield found.lastgroup or "", found[0], line
        line += text.count("\n", at, found.end())
        at = found.end()


class _Reader:
    def __init__(self, text: str, notes: list[Note]) -> None:
        self._tokens, self._notes, self._line = _tokens(text), notes, 0
        self._count = 0

    def next(self) -> _Token:
        found = next(self._tokens, _END)
        self._line = found[2] or self._line
        return found

    def value(self, token: _Token, depth: int) -> Node:
        kind, text, line = token
        self._count += 1
        if self._count > VALUES_LIMIT:
            raise too_many(line)
        if depth > DEPTH_LIMIT:
            raise Unreadable(f"it is nested more than {DEPTH_LIMIT} levels deep", line)
        if kind == "text":
            return Leaf(_unquoted(text, line), line)
        if kind == "word":
            return Leaf(text, line, bare=True)
        if text == "{":
            return self._block(line, depth)
        if text == "[":
            return self._list(line, depth)
        raise self._wrong("a value", kind, text)

    def _block(self, line: int, depth: int) -> Node:
        entries = Entries(self._notes, line)
        while (token := self.next())[1] != "}" or token[0] != "mark":
            kind, name, at = token
            if kind != "text":
                raise self._wrong("a name in quotes", kind, name)
            if (sign := self.next())[:2] != ("mark", ":"):
                raise self._wrong("a colon", *sign[:2])
            entries.add(_unquoted(name, at), at, self.value(self.next(), depth + 1))
            if not self._more("}"):
                break
        return entries.block()

    def _list(self, line: int, depth: int) -> Node:
        items = []
        while (token := self.next())[1] != "]" or token[0] != "mark":
            items.append(self.value(token, depth + 1))
            if not self._more("]"):
                break
        return Items(tuple(items), line)

    def _more(self, end: str) -> bool:
        """Whether a comma follows, and not the end."""
        kind, text, _ = self.next()
        if kind == "mark" and text == end:
            return False
        if kind == "mark" and text == ",":
            return True
        raise self._wrong(f"a comma or {end}", kind, text)

    def _wrong(self, expected: str, kind: str, text: str) -> Unreadable:
        # A text is not told: it may be a secret.
        found = (f"and not {text}" if kind == "mark" else "and not this") if kind else "and it ends too early"
        return Unreadable(f"it is no JSON: {expected} was expected, {found}", self._line)


def _unquoted(text: str, line: int) -> str:
    try:
        found: str = json.loads(text, strict=False)
    except ValueError:
        raise Unreadable("it is no JSON: a text with a wrong escape", line) from None
    return found
