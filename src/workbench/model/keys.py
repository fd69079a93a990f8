"""Keys that people choose, and identifiers that machines make."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

_SLUG = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z")
MAX_SLUG = 64


def is_slug(text: str) -> bool:
    """Lower-case letters, digits, and single ``-``, ``_`` or ``.`` between them."""
    return len(text) <= MAX_SLUG and _SLUG.match(text) is not None


def slug(text: str) -> str:
    """A slug made from a title; other titles may give the same one."""
    plain = _latin(text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "entry"


def _latin(text: str) -> str:
    """Letters without their accents: ``ł`` is no letter with an accent to Unicode, but has its base in its name."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    if folded.isascii():
        return folded
    return "".join(letter if letter.isascii() else _base(letter) for letter in folded)


def _base(letter: str) -> str:
    named = re.match(r"LATIN SMALL LETTER ([A-Z]) WITH ", unicodedata.name(letter, ""))
    return named[1].lower() if named else letter


def new_key(name: str, *taken: Collection[str]) -> str:
    """A key for a thing of that name, which no other thing of the record has.

    A name with letters that no slug can hold gets a few digits of its own, the same ones wherever
    it is met; one whose key is ``taken`` already gets a number.
    """
    stem = slug(name)
    folded = unicodedata.normalize("NFC", " ".join(name.casefold().split()))
    if any(letter.isalnum() and not letter.isascii() for letter in _latin(folded)):
        stem = f"{stem}-{zlib.crc32(folded.encode()) & 0xFFFFFF:06x}"
    candidate, number = stem, 2
    while any(candidate in keys for keys in taken):
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def of_release(release: str) -> str:
    """What an answer or a promise is about, where that is a release: ``release/`` and its id."""
    return f"release/{release}"


def release_as_subject(version: int, value: dict[str, Any]) -> dict[str, Any]:
    """The first version of an answer or a promise named a release; now it names a subject of any kind."""
    if version > 1:
        return value
    kept = {name: item for name, item in value.items() if name != "release"}
    return {**kept, "subject": of_release(value.get("release", ""))}


_NOISE = 2**74
_MOMENTS = 1000  # so many milliseconds are remembered: the clock may stand still or go back
_noise: dict[int, int] = {}  # of the last id that this process made for a millisecond


def new_id(moment: datetime, random: bytes | None = None) -> str:
    """A UUIDv7 (RFC 9562) for a moment, counted in whole milliseconds, and 10 random bytes.

    Those that one process makes for the same millisecond grow (section 6.2, method 2), so that
    their order is the order in which they were made.
    """
    if random is not None:
        return _version_7(_milliseconds(moment), int.from_bytes(random, "big"))
    import secrets  # only who writes pays for it

    at = _milliseconds(moment)
    last = _noise.pop(at, None)
    noise = secrets.randbits(73) if last is None else (last + 1 + secrets.randbits(32)) % _NOISE
    _noise[at] = noise
    if len(_noise) > _MOMENTS:
        del _noise[next(iter(_noise))]
    return _version_7(at, noise)


def moment_of(ident: str) -> datetime | None:
    """The moment that an id carries, to the millisecond; ``None`` for what is no UUIDv7."""
    digits = ident.replace("-", "")
    if len(digits) != 32 or digits[12] != "7":
        return None
    try:
        return datetime.fromtimestamp(int(digits[:12], 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) & (2**48 - 1)


def _version_7(milliseconds: int, noise: int) -> str:
    value = milliseconds << 80
    value |= 0x7 << 76 | (noise >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | noise & (2**62 - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_ids(moment: datetime) -> Iterator[str]:
    """Ids of one moment in growing order, so that a database appends them: a counter stands before the noise.

    RFC 9562, section 6.2, method 1, with 26 bits of counter and 48 of noise.
    """
    from os import urandom
    from secrets import randbits

    head = new_id(moment)[:13]
    noise: Iterator[str] = iter(())
    for count in range(randbits(25), 2**26):
        end = next(noise, None)
        if end is None:  # asked of the system for many at once
            drawn = urandom(6 * 256).hex()
            noise = (drawn[place : place + 12] for place in range(0, len(drawn), 12))
            end = next(noise)
        yield f"{head}-7{count >> 14:03x}-{0x8000 | count & 0x3FFF:04x}-{end}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or ``None``."""
    import difflib  # only a mistake pays for it

    options = {option.lower(): option for option in known}
    found = difflib.get_close_matches(word.lower(), options, n=1, cutoff=0.6)
    return options[found[0]] if found else None
