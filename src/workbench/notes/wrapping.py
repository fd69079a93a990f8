"""Wrapping plain text: a number stays with its unit, and no line is taken for a command."""

from __future__ import annotations

import re

from workbench.model.width import cells, fold, pieces

WIDTH = 76
# What a line must not begin with: a command of a CI log, or of a forge's bot (/close, /merge).
_COMMAND = re.compile(r"::|##|(?:---|\+\+\+|~~~|\^\^\^)\Z|/[a-z][a-z_-]*\Z", re.IGNORECASE)
_OUTDENT = "  "
_WITH_UNIT = re.compile(r"(?<=\d) (?=(?:%|(?:ms|s|min|h|d|points|[kKMG]i?B|B)\b))")
_GLUE = "\0"  # safe text holds none


def wrap(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> list[str]:
    """Lines of at most ``width`` cells, the first begun by ``first``, the others by ``rest``.

    ``rest`` is as many blanks as ``first`` is wide unless it is given.  A number stays with
    its unit.  A word too wide for the hanging indent gets a line of its own, so that digests
    and addresses can be copied; only one that is wider than any line is broken.
    """
    hang = " " * cells(first) if rest is None else rest
    words = (piece for word in _words(text) for piece in _pieces(word, width - len(_OUTDENT)))
    return fold(words, width, first=first, rest=hang, outdent=_OUTDENT)


def _words(text: str) -> list[str]:
    kept = _WITH_UNIT.sub(_GLUE, text)
    return [_harmless(word.replace(_GLUE, " ")) for word in kept.split(" ") if word.strip()]


def _harmless(word: str) -> str:
    return "·" + word if _COMMAND.match(word) else word


def _pieces(word: str, width: int) -> list[str]:
    if cells(word) <= width:
        return [word]
    return [_harmless(piece) for piece in pieces(word, width - 1)]
