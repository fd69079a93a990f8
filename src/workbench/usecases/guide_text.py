"""The Markdown of our own guide taken apart: headings, paragraphs, list items, tables and examples, in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

import msgspec

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"#{1,6} (.+)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) ")
_EMPHASIS = re.compile(r"(?<!\w)\*([^*]+)\*(?!\w)")


class Sort(Enum):
    """What a part of a page is."""

    HEADING = "heading"
    PROSE = "prose"
    TABLE = "table"
    EXAMPLE = "example"


class Part(msgspec.Struct, frozen=True):
    """One part: a heading, paragraphs or items of a list, an example as it stands, or the rows of a table.

    ``rows`` are those of a table, its head first; ``texts`` are of everything else.
    """

    sort: Sort
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def parts(markdown: str) -> Iterator[Part]:
    """One paragraph, list, table or example after another."""
    lines = _COMMENT.sub("", markdown).splitlines()
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.startswith("```"):
            end = next((n for n in range(place + 1, len(lines)) if lines[n].startswith("```")), len(lines))
            yield Part(Sort.EXAMPLE, ("\n".join(lines[place + 1 : end]),))
            place = end + 1
            continue
        end = next((n for n in range(place + 1, len(lines)) if _ends(lines[n], line)), len(lines))
        if heading := _HEADING.fullmatch(line):
            yield Part(Sort.HEADING, (plain(heading[1]),))
        elif line.startswith("|"):
            yield Part(Sort.TABLE, rows=tuple(map(_row, lines[place:end])))
        elif line.strip():
            yield Part(Sort.PROSE, tuple(plain(text) for text in _paragraphs(lines[place:end])))
        place = end


def _ends(line: str, first: str) -> bool:
    """Whether a part that began with ``first`` has ended before this line."""
    alone = not first.strip() or first.startswith("#")
    return (
        alone
        or not line.strip()
        or line.startswith(("```", "#"))
        or line.startswith("|") != first.startswith("|")
    )


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines joined again, an item of a list each by itself."""
    text = ""
    for line in lines:
        begins = _ITEM.match(line.strip()) is not None
        if begins and text:
            yield text
            text = ""
        text = f"{text} {line.strip()}".strip()
    yield text


def _row(line: str) -> tuple[str, ...]:
    return tuple(plain(cell.strip()) for cell in line.strip().strip("|").split(" | "))


def body(part: Part) -> tuple[tuple[str, ...], ...]:
    """The rows of a table that say something: without the head and the line below it, unless there is nothing else."""
    return tuple(row for row in part.rows[2:] if any(row)) or part.rows[:1]


def plain(text: str) -> str:
    """Without marks of emphasis, code and links."""
    text = _LINK.sub(r"\1", text).replace("**", "").replace("`", "").replace("\\|", "|")
    return _EMPHASIS.sub(r"\1", text).lstrip("|").strip()
