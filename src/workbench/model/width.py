"""How many cells of a terminal a text takes, and text cut, filled up and folded to that measure.

Texts are safe already (:mod:`workbench.model.text`): without joiners and variation selectors each
character takes cells of its own, whatever stands beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from workbench.model.text import ELLIPSIS

# Drawn in two cells although Python's tables, older than Unicode 16, call them neutral.
_WIDE_SINCE = ((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D356), (0x1D360, 0x1D376))
# Drawn into the cells of their neighbours, or not at all: the middle and end of Korean syllables, fillers.
_DRAWN_ELSEWHERE = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF), (0x3164, 0x3164), (0xFFA0, 0xFFA0))
# Marks before numbers and verses: the only format characters that are drawn.
_DRAWN = ((0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0x110BD, 0x110CD))

_Ranges = tuple[tuple[int, int], ...]


def cells(text: str) -> int:
    """How many cells ``text`` takes: two for wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    code, category = ord(character), unicodedata.category(character)
    if category in ("Mn", "Me", "Mc") or _within(code, _DRAWN_ELSEWHERE):
        return 0
    if category == "Cf":
        return int(_within(code, _DRAWN))
    if category == "Cn":  # asked about what they do not know, Python's tables say “wide”
        return 1
    wide = unicodedata.east_asian_width(character) in ("W", "F")
    return 2 if wide or _within(code, _WIDE_SINCE) else 1


def _within(code: int, ranges: _Ranges) -> bool:
    return any(first <= code <= last for first, last in ranges)


def crop(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, ending in ``…`` when something was cut off."""
    if width <= 0:
        return ""
    if cells(text) <= width:
        return text
    return _beginning(text, width - 1).rstrip() + ELLIPSIS


def fit(text: str, width: int, align: str = "left") -> str:
    """``text`` in exactly ``width`` cells, at the ``left``, the ``right`` or in the ``center``."""
    cut = crop(text, width)
    blanks = " " * (width - cells(cut))
    if align == "right":
        return blanks + cut
    if align == "center":
        half = len(blanks) // 2
        return blanks[:half] + cut + blanks[half:]
    return cut + blanks


def wrap(text: str, width: int) -> list[str]:
    """Words of ``text`` in lines of at most ``width`` cells, 2 at least; longer words are broken."""
    width = max(2, width)
    return fold((piece for word in text.split() for piece in pieces(word, width)), width)


def fold(
    words: Iterable[str], width: int, *, first: str = "", rest: str = "", outdent: str = ""
) -> list[str]:
    """Words in lines of at most ``width`` cells: the first begun by ``first``, the others by ``rest``.

    A word that is too wide behind ``rest`` gets a line that begins with ``outdent``.
    """
    lines: list[str] = []
    line, empty = first, True
    for word in words:
        joined = line + ("" if empty else " ") + word
        if cells(joined) <= width:
            line, empty = joined, False
            continue
        if not empty or line.strip():
            lines.append(line.rstrip())
        line, empty = (rest if cells(rest) + cells(word) <= width else outdent) + word, False
    return [*lines, line.rstrip()]


def pieces(word: str, width: int) -> list[str]:
    """A word in parts of at most ``width`` cells, each of one character at least."""
    found = []
    while cells(word) > width:
        part = _beginning(word, width) or word[0]
        found.append(part)
        word = word[len(part) :]
    return [*found, word] if word else found


def _beginning(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > width:
            return text[:index]
    return text
