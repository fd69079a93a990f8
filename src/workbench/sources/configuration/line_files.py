"""INI files and Java properties: a setting a line, with sections or without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.sources.configuration.tree import Block, Document, Entries, Leaf, Node, Note, Unreadable

_SECTION = re.compile(r"\[\s*(.+?)\s*\]\s*(?:[;#].*)?")
_SETTING = re.compile(r"([^=:\n]+?)\s*[=:]\s*(.*)", re.DOTALL)
_COMMENT = re.compile(r"(?<=\S)\s+[;#].*")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
# A name ends at the first separator that is not escaped: blanks, = or :.
_PROPERTY = re.compile(r"((?:[^\\=:\s]|\\.)*)(?:\s*[=:]\s*|\s+|$)(.*)", re.DOTALL)


def read_ini(text: str) -> Document:
    """The sections of a file; ``Unreadable`` where a line is neither a section nor a setting."""
    notes: list[Note] = []
    sections: dict[str, Entries] = {"": Entries(notes)}
    lines: dict[str, int] = {}
    here = ""
    for number, line in _joined(text):
        if section := _SECTION.fullmatch(line):
            here = section[1]
            lines.setdefault(here, number)
            sections.setdefault(here, Entries(notes, number))
        elif setting := _SETTING.fullmatch(line):
            sections[here].add(setting[1].strip(), number, Leaf(_ini_value(setting[2]), number))
        else:
            sections[here].add(line, number, Leaf("", number, bare=True))
    found: dict[str, tuple[int, Node]] = dict(sections.pop("").found)
    for name, entries in sections.items():
        found[name] = (lines[name], entries.block())
    if not found and text.strip():
        raise Unreadable("it holds no setting")
    return Document("ini", (Block(found),), tuple(notes))


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, each with those that continue it: they begin with a blank."""
    number, held = 0, ""
    for at, line in enumerate(text.split("\n"), 1):
        plain = line.strip()
        if not plain or plain[0] in "#;":
            continue
        if held and line[0].isspace() and not _SECTION.fullmatch(held) and not _looks_like_setting(plain):
            held += "\n" + plain
            continue
        if held:
            yield number, held
        number, held = at, plain
    if held:
        yield number, held


def _looks_like_setting(line: str) -> bool:
    return _SECTION.fullmatch(line) is not None or re.match(r"[\w.-]+\s*=", line) is not None


def _ini_value(text: str) -> str:
    plain = "\n".join(_COMMENT.sub("", line) for line in text.split("\n")).strip()
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        return plain[1:-1]
    return plain


def read_properties(text: str) -> Document:
    """The properties of a file, as ``java.util.Properties`` reads them."""
    notes: list[Note] = []
    entries = Entries(notes)
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        number, line = at + 1, lines[at].lstrip()
        at += 1
        if not line or line[0] in "#!":
            continue
        while _continues(line) and at < len(lines):
            line = line[:-1] + lines[at].lstrip()
            at += 1
        found = _PROPERTY.fullmatch(line)
        if found is not None:
            entries.add(_unescaped(found[1]), number, Leaf(_unescaped(found[2]), number))
    return Document("properties", (entries.block(),), tuple(notes))


def _continues(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    told = found[1]
    if len(told) == 5:
        return chr(int(told[1:], 16))
    return _ESCAPES.get(told, told)
