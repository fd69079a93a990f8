"""``.env``: names and values, with ``export``, quotes, values of several lines and comments.

``${NAME}`` stays as it is written: what it stands for is a parameter of its own, and is compared there.
"""

from __future__ import annotations

import re

from workbench.sources.configuration.tree import Document, Entries, Leaf, Note, Unreadable

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(=|:(?=\s)|$)[ \t]*(.*)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\", "$": "$", "`": "`"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_QUOTES = "\"'`"


def read_env(text: str) -> Document:
    """The variables of a file.  What is no setting is noted; ``Unreadable`` where hardly anything is one."""
    notes: list[Note] = []
    entries = Entries(notes)
    lines = text.split("\n")
    at = told = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        told += 1
        found = _LINE.fullmatch(line)
        if found is None:
            notes.append(Note("this line is no setting", number))
            continue
        name, sign, rest = found.groups()
        value, used = _value(rest, lines, at, notes)
        at += used
        entries.add(name, number, Leaf(value, number, bare=not sign))
    if told and len(entries.found) * 2 < told - len(notes):
        raise Unreadable("hardly a line of it is NAME=value")
    if told and not entries.found:
        raise Unreadable("no line of it is NAME=value")
    return Document("env", (entries.block(),), tuple(notes))


def _value(rest: str, lines: list[str], at: int, notes: list[Note]) -> tuple[str, int]:
    """The value that begins with ``rest``, and how many further lines belong to it."""
    quote = rest[:1]
    if not quote or quote not in _QUOTES:
        return _COMMENT.sub("", rest).strip(), 0
    body, used = rest[1:], 0
    while (end := _end(body, quote)) < 0:
        if at + used >= len(lines):
            notes.append(Note(f"the {quote} that begins here is never closed", at))
            return _COMMENT.sub("", rest).strip(), 0
        body += "\n" + lines[at + used]
        used += 1
    inside = body[:end]
    return (_ESCAPE.sub(_escaped, inside) if quote == '"' else inside), used


def _end(body: str, quote: str) -> int:
    """Where the quote closes; -1 where it does not."""
    at = body.find(quote)
    while at > 0 and quote == '"' and (len(body[:at]) - len(body[:at].rstrip("\\"))) % 2:
        at = body.find(quote, at + 1)
    return at


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[0])
