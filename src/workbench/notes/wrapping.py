"""Wrapping plain text by the cells that it takes in a terminal, not by characters."""

from __future__ import annotations

import re
import unicodedata

WIDTH = 76
# What a CI log takes for a command when a line begins with it.
_COMMANDS = ("::", "##[")
_OUTDENT = "  "
_WITH_UNIT = re.compile(r"(?<=\d) (?=(?:%|(?:ms|s|min|h|d|points|[kKMG]i?B|B)\b))")
_GLUE = "\0"  # safe text holds none


def cells(text: str) -> int:
    """How many cells ``text`` takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """Lines of at most ``width`` cells, the first begun by ``first``, the others by ``rest``.

    ``rest`` is as many blanks as ``first`` is wide unless it is given.  A number stays with
    its unit.  A word too wide for the hanging indent gets a line of its own, so that digests
    and addresses can be copied; only one that is wider than any line is broken.
    """
    hang = " " * cells(first) if rest is None else rest
    lines: list[str] = []
    line, empty = first, True
    for word in _words(text):
        for piece in _pieces(word, width - len(_OUTDENT)):
            joined = line + ("" if empty else " ") + piece
            if cells(joined) <= width:
                line, empty = joined, False
                continue
            if not empty or line.strip():
                lines.append(line.rstrip())
            fits = cells(hang) + cells(piece) <= width
            line, empty = (hang if fits else _OUTDENT) + piece, False
    return [*lines, line.rstrip()]


def _words(text: str) -> list[str]:
    kept = _WITH_UNIT.sub(_GLUE, text)
    return [_harmless(word.replace(_GLUE, " ")) for word in kept.split(" ") if word.strip()]


def _harmless(word: str) -> str:
    return "·" + word if word.startswith(_COMMANDS) else word


def _pieces(word: str, width: int) -> list[str]:
    if cells(word) <= width:
        return [word]
    pieces, piece, used = [], "", 0
    for character in word:
        wide = _cells(character)
        if used + wide > width - 1:
            pieces.append(piece)
            piece, used = "", 0
        piece += character
        used += wide
    return [_harmless(part) for part in [*pieces, piece] if part]
