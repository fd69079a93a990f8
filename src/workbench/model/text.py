"""Text from outside, made safe once, where it enters a screen or a document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# C0 and C1 controls, bidirectional overrides and isolates, zero-width characters that
# hide things, line and paragraph separators, tags, private use, noncharacters.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufe00-\ufe0f\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_BLANKS = {"\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u2029": " "}
_SKIN_TONES = re.compile("[\U0001f3fb-\U0001f3ff\u20e3]")
ELLIPSIS = "…"


def safe_text(text: object, limit: int = 2000) -> str:
    """One line that cannot steer a terminal, reorder its neighbours or grow without end.

    Control characters become ``·``, line breaks and tabs become blanks, invisible
    characters vanish; what is longer than ``limit`` characters ends in ``…``.
    """
    raw = text if isinstance(text, str) else str(text)
    if raw.isascii() and raw.isprintable():
        return raw if len(raw) <= limit else raw[: limit - 1] + ELLIPSIS
    cut = raw[: limit * 2]
    safe = _SKIN_TONES.sub("", _UNSAFE.sub(_replace, cut))
    if len(raw) > len(cut) or len(safe) > limit:
        safe = safe[: limit - 1] + ELLIPSIS
    return safe


def safe_lines(text: object, limit: int = 20_000) -> list[str]:
    """The lines of ``text``, each made safe; at most ``limit`` characters in all."""
    raw = text if isinstance(text, str) else str(text)
    lines = raw[:limit].replace("\r\n", "\n").split("\n")
    if len(raw) > limit:
        lines.append(ELLIPSIS)
    return [safe_text(line) for line in lines]


def capitalised(words: str) -> str:
    """The same with a capital letter at its beginning; the others stay as they are."""
    return words[:1].upper() + words[1:]


def some_of(names: Sequence[str], most: int, joint: str = ", ") -> str:
    """The first ``most`` of some names, and how many more there are: ``cart, shop and 3 more``."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return joint.join(names[:most]) + more


def number_of(count: int, noun: str) -> str:
    """How many there are of something: ``1 row``, ``1,200 rows``; for nouns whose plural ends in -s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def entries_of(count: int) -> str:
    """``1 entry``, ``1,200 entries``."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def joined_words(texts: Sequence[str], word: str = "and") -> str:
    """Several as one reads them aloud: ``jo, kim and sam``; "" for none."""
    *first, last = texts or ("",)
    return f"{', '.join(first)} {word} {last}" if first else last


def _replace(match: re.Match[str]) -> str:
    character = match[0]
    if character in _BLANKS:
        return " "
    return "·" if unicodedata.category(character) == "Cc" else ""


def normalised(text: str) -> str:
    """Text as it is kept: NFC, without lone surrogates (``ValueError``)."""
    if text.isascii():
        return text
    text.encode("utf-8")
    return unicodedata.normalize("NFC", text)
