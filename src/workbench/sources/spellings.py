"""One secret in every spelling in which a server may echo it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote, quote_plus

MARK = b"[redacted]"
_SMALL = 64 * 1024
_STEP = 1024 * 1024
_ENOUGH = 14  # so many characters of a longer secret's beginning are removed, too
_LEAST = 8  # shorter than this, what is not the secret to the letter may well be something else
_BLANK = b" \t\r\n"


class Body:
    """What is looked through, and copies of it in which many spellings look alike."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def folded(self) -> bytes:
        """In small letters; every letter stands where it stood."""
        return self.data.lower()

    @cached_property
    def joined(self) -> bytes:
        """In small letters, without blanks and line breaks."""
        return _joined(self.folded)


class Spellings:
    """One secret in all its spellings."""

    def __init__(self, secret: str) -> None:
        raw = secret.encode()
        self._exact = [raw] if len(raw) < _LEAST else []
        self._exact += dict.fromkeys(_base64_forms(raw))
        self._folded = list(dict.fromkeys(text.lower() for text in _folded_forms(secret, raw)))
        self._anchors = [raw, *_encoded_anchors(raw)]
        self._mixed = re.compile(b"".join(_spellings(character) for character in secret))
        self._broken = list(_when_broken(raw))
        self._broken_base64 = _broken_base64(_cores(raw))
        self._raw, self._start = raw.lower(), _start(secret)

    def remove(self, body: Body) -> Body:
        """``body`` without the secret: the same object when it was not there."""
        for text in self._folded:
            body = _changed(body, _without_beginnings(body, text, text))
        data = body.data
        for text in self._exact:
            if contains(data, text):
                data = data.replace(text, MARK)
        if self._may_be_encoded(data):
            data = self._mixed.sub(MARK, data)
        if len(data) <= _SMALL and (b"\n" in data or b"\\n" in data):
            data = self._broken_base64.sub(MARK, data)
        body = _changed(body, data)
        for broken in self._broken:
            body = _changed(body, broken.remove(body))
        return self._without_beginning(body) if len(self._start) < len(self._raw) else body

    def _without_beginning(self, body: Body) -> Body:
        """``body`` without what begins as the secret does; after all else, since much of that begins so, too."""
        body = _changed(body, _without_beginnings(body, self._start.lower(), self._raw))
        return _changed(body, _broken_text(self._start).remove(body))

    def _may_be_encoded(self, data: bytes) -> bool:
        """Matching letter by letter is slow, so a large body must show a trace first."""
        if len(data) <= _SMALL:
            return b"%" in data or b"\\" in data or b"&" in data
        return any(contains(data, anchor) for anchor in self._anchors)


def _changed(body: Body, data: bytes) -> Body:
    return body if data is body.data or data == body.data else Body(data)


def _without_beginnings(body: Body, start: bytes, whole: bytes) -> bytes:
    """The body without ``start`` in whatever case, and without what follows of ``whole``."""
    if not contains(body.folded, start):
        return body.data
    data, folded, parts, kept = body.data, body.folded, [], 0
    while (at := folded.find(start, kept)) >= 0:
        end = at + len(whole if folded.startswith(whole, at) else start)
        while end - at < len(whole) and folded[end : end + 1] == whole[end - at : end - at + 1]:
            end += 1
        while end - at > len(start) and data[end : end + 1] and data[end] & 0xC0 == 0x80:
            end -= 1  # no letter is cut in two
        parts += [data[kept:at], MARK]
        kept = end
    return b"".join([*parts, data[kept:]])


def contains(data: bytes, part: bytes) -> bool:
    """``part in data``, in steps, so that other threads get their turn."""
    if len(data) <= _STEP:
        return part in data
    overlap = len(part) - 1
    return any(
        data.find(part, max(0, start - overlap), start + _STEP) >= 0 for start in range(0, len(data), _STEP)
    )


def _start(secret: str) -> bytes:
    """As much of a secret's beginning as nothing else begins with; of an address its scheme does not count."""
    scheme, mark, _ = secret.partition("://")
    return secret[: _ENOUGH + (len(scheme + mark) if mark else 0)].encode()


def _folded_forms(secret: str, raw: bytes) -> Iterator[bytes]:
    """Spellings whose case does not matter."""
    for quoted in (quote(secret, safe=""), quote_plus(secret, safe="")):
        if quoted != secret:
            yield quoted.encode()
    twice = quote(quote(secret, safe=""), safe="")
    if twice != secret:
        yield twice.encode()
    if len(raw) >= _LEAST:
        yield from (secret.lower().encode(), secret.upper().encode())
        yield _quoted_printable(raw)
    for between in (":", "-", " "):
        yield raw.hex(between).encode()
    yield raw.hex().encode()
    for escape in (b"\\x", b"\\\\x", b"0x", b",0x", b", 0x"):
        yield (escape + escape.join(b"%02x" % byte for byte in raw)).lstrip(b", ")
    for lead in range(5):
        core = _core(base64.b32encode(b"\0" * lead + raw), 5, lead, len(raw))
        if len(core) >= _LEAST:
            yield core


def _quoted_printable(raw: bytes) -> bytes:
    return b"".join(b"=%02X" % byte if byte == ord("=") or byte > 0x7E else bytes([byte]) for byte in raw)


def _base64_forms(raw: bytes) -> Iterator[bytes]:
    for core in (*_cores(raw), *_twice(raw)):
        yield core
        yield core.replace(b"+", b"-").replace(b"/", b"_")
        yield core.replace(b"/", b"\\/")
        yield core.replace(b"+", b"%2B").replace(b"/", b"%2F")
        yield core.replace(b"+", b"%2b").replace(b"/", b"%2f")
        yield core.replace(b"+", b"\\u002b").replace(b"/", b"\\/")


def _twice(raw: bytes) -> list[bytes]:
    """Base64 of base64, of either alphabet, at every alignment."""
    inner = _cores(raw)
    inner += [core.replace(b"+", b"-").replace(b"/", b"_") for core in inner]
    found = [outer for core in dict.fromkeys(inner) for outer in _cores(core)]
    return [core for core in found if len(core) >= _LEAST]


def _cores(raw: bytes) -> list[bytes]:
    """Base64 at every alignment."""
    return [_core(base64.b64encode(b"\0" * lead + raw), 6, lead, len(raw)) for lead in range(3)]


def _core(encoded: bytes, bits: int, lead: int, length: int) -> bytes:
    """The characters of ``bits`` each that a secret alone decides when ``lead`` bytes stand before it."""
    return encoded[-(-lead * 8 // bits) : (lead + length) * 8 // bits]


# --- broken into lines ----------------------------------------------------------------------

_BREAK = rb"(?:=?(?:[ \t\r\n]|\\r|\\n){1,40})?"
_LETTERS = {b"+": rb"(?:[+-]|%2[Bb])", b"/": rb"(?:\\?/|_|%2[Ff])"}


def _joined(folded: bytes) -> bytes:
    """Without blanks and line breaks, escaped ones and those of quoted-printable among them."""
    if b"\\n" in folded:
        folded = folded.replace(b"\\r\\n", b"\n").replace(b"\\n", b"\n")
    if b"=" in folded:
        folded = folded.replace(b"=\r\n", b"").replace(b"=\n", b"")
    return folded.translate(None, _BLANK)


class _Broken(NamedTuple):
    """A spelling that may be broken into lines: what a joined body holds of it, and the spelling."""

    needles: tuple[bytes, ...]
    text: bytes
    base64: bool

    def remove(self, body: Body) -> bytes:
        """The body without it; what is there is looked for letter by letter, which is slow."""
        if not any(contains(body.joined, needle) for needle in self.needles):
            return body.data
        pattern = _broken_base64([self.text]) if self.base64 else _broken(self.text)
        return pattern.sub(MARK, body.data)


def _when_broken(raw: bytes) -> Iterator[_Broken]:
    """The spellings that are broken into lines, of those that are long enough to be told from others."""
    found = [_broken_text(text) for text in dict.fromkeys((raw, _quoted_printable(raw)))]
    for core in (*_cores(raw), *_twice(raw)):
        plain = core.lower()
        needles = tuple({plain, plain.replace(b"+", b"-").replace(b"/", b"_")})
        found.append(_Broken(needles, core, base64=True))
    return (one for one in found if len(one.needles[0]) >= _LEAST)


def _broken_text(text: bytes) -> _Broken:
    return _Broken((_joined(text.lower()),), text, base64=False)


def _broken(text: bytes) -> re.Pattern[bytes]:
    letters = (rb"[ \t]?" if byte == ord(" ") else re.escape(bytes([byte])) for byte in text)
    return re.compile(_BREAK.join(letters), re.IGNORECASE)


def _broken_base64(cores: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern for base64 in either alphabet."""
    pieces = ([core[i : i + 1] for i in range(len(core))] for core in cores)
    return re.compile(b"|".join(_BREAK.join(_LETTERS.get(one, one) for one in core) for core in pieces))


# --- letter by letter -----------------------------------------------------------------------


def _encoded_anchors(raw: bytes) -> Iterator[bytes]:
    """Traces of an encoded secret: its longest run of letters and digits, or all of it encoded."""
    runs = re.findall(rb"[A-Za-z0-9]{3,}", raw)
    if runs:
        yield max(runs, key=len)
    yield b"".join(b"%%%02X" % byte for byte in raw[:2])
    yield b"".join(b"%%%02x" % byte for byte in raw[:2])
    yield b"".join(b"\\u%04x" % byte for byte in raw[:2])
    yield b"".join(b"\\u%04X" % byte for byte in raw[:2])


def _spellings(character: str) -> bytes:
    """A pattern for one character: itself, URL-encoded, JSON-escaped, as an HTML entity."""
    raw = character.encode()
    percent = b"".join(b"%%(?:25)*(?i:%02x)" % byte for byte in raw)
    units = character.encode("utf-16-be")
    pairs = [units[i : i + 2] for i in range(0, len(units), 2)]
    unicode_escape = b"".join(rb"\\u(?i:%02x%02x)" % (pair[0], pair[1]) for pair in pairs)
    code = ord(character)
    options = [re.escape(raw), percent, rb"\\{0,3}" + unicode_escape]
    if not character.isalnum():
        options.append(rb"\\{1,7}" + re.escape(raw))
    options.append(b"&#0*%d;" % code)
    options.append(b"&#(?i:x0*%x);" % code)
    named = {"&": b"&amp;", "<": b"&lt;", ">": b"&gt;", '"': b"&quot;", "'": b"&apos;", " ": rb"\+"}
    if character in named:
        options.append(named[character])
    return b"(?:" + b"|".join(options) + b")"
