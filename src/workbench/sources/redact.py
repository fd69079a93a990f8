"""Secrets taken out of text and bytes, in every spelling in which a server may echo them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias
from urllib.parse import quote, quote_plus

from workbench.model.tokens import MARKERS, TOKEN_ANYWHERE, WEB_TOKEN, WEB_TOKEN_MARKER

MARK = "[redacted]"
_BYTES = MARK.encode()
_SMALL = 64 * 1024
_STEP = 1024 * 1024

# (markers of which one must be there, pattern, replacement): the markers are looked for
# first because searching a plain string is many times faster than matching.
_NAMES = rb"access_token|auth_token|private_token|token|api_?key|apikey|passw(?:or)?d|secret|sig|signature"
Put: TypeAlias = bytes | Callable[[re.Match[bytes]], bytes]


def _whole_token(found: re.Match[bytes]) -> bytes:
    return _BYTES if found["rest"] else found[0]


_PATTERNS: tuple[tuple[str, tuple[bytes, ...], re.Pattern[bytes], Put], ...] = (
    (
        "an Authorization header",
        (b"uthorization", b"UTHORIZATION"),
        re.compile(
            rb"(?i)(authorization\\?[\"']?\s*[:=,]\s*\\?[\"']?)"
            rb"(?:(?:bearer|basic|token|digest)(?:\s|\+|%20)+)?[^\s\"'\\,}]+"
        ),
        rb"\1" + _BYTES,
    ),
    (
        "a bearer token",
        (b"earer ", b"EARER ", b"earer+", b"earer%20"),
        re.compile(rb"(?i)(bearer(?:\s|\+|%20)+)[A-Za-z0-9._~+/%-]{8,}=*"),
        rb"\1" + _BYTES,
    ),
    ("a user in an address", (b"://",), re.compile(rb"(://)[^/\s\"'@<>]+@"), rb"\1" + _BYTES + b"@"),
    (
        "a token in an address",
        (b"=",),
        re.compile(rb"(?i)([?&;](?:" + _NAMES + rb")=)[^&\s\"'<>#\\]+"),
        rb"\1" + _BYTES,
    ),
    ("a token", MARKERS, re.compile(TOKEN_ANYWHERE), _BYTES),
    ("a token", (WEB_TOKEN_MARKER.encode(),), re.compile(WEB_TOKEN.encode()), _whole_token),
)

# What only people hand in: in a server's answer, a word after “password:” may be all that it says.
# Plain JSON, JSON within JSON, single quotes, or a bare word that is neither a placeholder nor a variable.
_VALUE = (
    rb"(?:(\")(?:[^\"\\\r\n]|\\[^\r\n])+|(\\\")(?:[^\"\\\r\n]|\\[^\"\r\n])+|(')[^'\r\n]+"
    rb"|(?![\"'\\$<{*])[^\s\"',;]+)"
)
_KEPT = rb"\1\2\3\4" + _BYTES
_PLAIN_NAMES = (
    rb"(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]{0,60}?(?:passwor[dt]|passwd|passphrase|kennwort|pwd"
    rb"|(?:api|access|secret|private|client)[_-]?(?:key|token|secret)|[A-Za-z0-9][_-](?:secret|token))"
)
_ENVIRONMENT = (
    rb"(?<![A-Za-z0-9_])(?:[A-Z0-9]{1,40}_){0,8}(?:SECRET|TOKEN|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|APIKEY"
    rb"|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION)_KEY)(?:_[A-Z0-9_]{1,40})?"
)
_HANDED: tuple[tuple[str, re.Pattern[bytes], bytes], ...] = (
    (
        "a private key",
        re.compile(
            rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
            rb"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
        _BYTES,
    ),
    (
        "a cookie",
        re.compile(rb"(?i)(\b(?:set-)?cookie\\?[\"']?\s*:\s*\\?[\"']?)[^\r\n\"'=:;\s]{1,80}=[^\r\n\"']*"),
        rb"\1" + _BYTES,
    ),
    (
        "an Authorization header",
        re.compile(
            rb"(?i)(authorization\\?[\"']?\s*:\s*\\?[\"']?)(?:[a-z][a-z0-9-]{0,40} )[^\r\n\"']{0,400}=[^\r\n\"']*"
        ),
        rb"\1" + _BYTES,
    ),
    (
        "a header with a key",
        re.compile(
            rb"(?i)((?<![a-z0-9-])(?:x-[a-z-]{0,40}(?:key|token|secret)|private-token|job-token|api-?key)\\?[\"']?\s*:\s*\\?[\"']?)"
            rb"(?!\[redacted)[^\s\"',]+"
        ),
        rb"\1" + _BYTES,
    ),
    (
        "the password of a command",
        re.compile(
            rb"((?:\bcurl\b|\bwget\b|\bhttp\b)[^\r\n]{0,400}?\s(?:-u|--user|--proxy-user|--http-user)[\s=]*[\"']?)"
            rb"[^\s:\"']+:[^\s\"']+"
        ),
        rb"\1" + _BYTES,
    ),
    (
        "the password of a command",
        re.compile(rb"((?:\A|\s)--[a-z-]{0,40}(?:password|token|secret|api-key)[ =])" + _VALUE),
        _KEPT,
    ),
    (
        "a secret of the environment",
        re.compile(rb"(" + _ENVIRONMENT + rb"\s{0,20}=\s{0,20})" + _VALUE),
        _KEPT,
    ),
    ("a password", re.compile(rb"(?i)(" + _PLAIN_NAMES + rb"\\?[\"']?\s{0,20}[:=]\s{0,20})" + _VALUE), _KEPT),
)


def without_secrets(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """What somebody hands in without what is plainly a secret, and in words what was removed."""
    removed: dict[str, None] = {}
    shapes: list[tuple[str, re.Pattern[bytes], Put]] = [
        (what, pattern, put) for what, _, pattern, put in _PATTERNS
    ]
    for what, pattern, replacement in (*_HANDED, *shapes):
        clean = pattern.sub(replacement, data)
        if clean != data:
            removed[what], data = None, clean
    return data, tuple(removed)


class Redactor:
    """Removes the given secrets, and whatever looks like somebody's token."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = tuple(secrets)
        ordered = sorted(set(self.secrets), key=len, reverse=True)
        self._forms = [_Forms(secret) for secret in ordered]

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        clean = self.data(data)
        return text if clean is data else clean.decode("utf-8", "replace")

    def data(self, data: bytes) -> bytes:
        """``data`` without secrets: the same object when there were none."""
        for form in self._forms:
            data = form.remove(data)
        for _, markers, pattern, replacement in _PATTERNS:
            if any(contains(data, marker) for marker in markers):
                data = pattern.sub(replacement, data)
        return data


class _Forms:
    """One secret in all its spellings."""

    def __init__(self, secret: str) -> None:
        raw = secret.encode()
        self._literals = list(dict.fromkeys(_literals(secret, raw)))
        self._anchors = [raw, *_encoded_anchors(raw)]
        self._mixed = re.compile(b"".join(_spellings(character) for character in secret))
        cores = [_base64_core(raw, lead) for lead in range(3)]
        self._halves = [half for core in cores for half in (core[: len(core) // 2], core[len(core) // 2 :])]
        self._broken = re.compile(b"|".join(_broken(core) for core in cores))

    def remove(self, data: bytes) -> bytes:
        for literal in self._literals:
            if contains(data, literal):
                data = data.replace(literal, _BYTES)
        if self._may_be_encoded(data):
            data = self._mixed.sub(_BYTES, data)
        if self._may_be_broken(data):
            data = self._broken.sub(_BYTES, data)
        return data

    def _may_be_encoded(self, data: bytes) -> bool:
        """Matching letter by letter is slow, so a large body must show a trace first."""
        if len(data) <= _SMALL:
            return b"%" in data or b"\\" in data or b"&" in data
        return any(contains(data, anchor) for anchor in self._anchors)

    def _may_be_broken(self, data: bytes) -> bool:
        """Base64 of usual length is broken once at most, so that one half is whole."""
        if b"\n" not in data and b"\\n" not in data:
            return False
        return len(data) <= _SMALL or any(contains(data, half) for half in self._halves)


def contains(data: bytes, part: bytes) -> bool:
    """``part in data``, in steps, so that other threads get their turn."""
    if len(data) <= _STEP:
        return part in data
    overlap = len(part) - 1
    return any(
        data.find(part, max(0, start - overlap), start + _STEP) >= 0 for start in range(0, len(data), _STEP)
    )


def _literals(secret: str, raw: bytes) -> Iterator[bytes]:
    yield raw
    yield quote(secret, safe="").encode()
    yield quote_plus(secret, safe="").encode()
    yield quote(quote(secret, safe=""), safe="").encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for lead in range(3):
        core = _base64_core(raw, lead)
        yield core
        yield core.replace(b"+", b"-").replace(b"/", b"_")
        yield core.replace(b"/", b"\\/")
        yield core.replace(b"+", b"%2B").replace(b"/", b"%2F")
        yield core.replace(b"+", b"%2b").replace(b"/", b"%2f")
        yield core.replace(b"+", b"\\u002b").replace(b"/", b"\\/")


def _base64_core(raw: bytes, lead: int) -> bytes:
    """The base64 characters that ``raw`` alone decides when ``lead`` bytes stand before it."""
    encoded = base64.b64encode(b"\0" * lead + raw)
    first = -(-lead * 8 // 6)
    last = (lead + len(raw)) * 8 // 6
    return encoded[first:last]


def _broken(core: bytes) -> bytes:
    """A pattern for base64, or its alphabet for addresses, that a line break may stand in anywhere."""
    letters = {b"+": rb"(?:[+-]|%2[Bb])", b"/": rb"(?:\\?/|_|%2[Ff])"}
    line = rb"(?:\r?\n[ \t]*|(?:\\r)?\\n)?"
    return line.join(letters.get(core[i : i + 1], re.escape(core[i : i + 1])) for i in range(len(core)))


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
    options = [re.escape(raw), percent, rb"\\?" + unicode_escape]
    if not character.isalnum():
        options.append(rb"\\{1,3}" + re.escape(raw))
    options.append(b"&#0*%d;" % code)
    options.append(b"&#(?i:x0*%x);" % code)
    named = {"&": b"&amp;", "<": b"&lt;", ">": b"&gt;", '"': b"&quot;", "'": b"&apos;", " ": rb"\+"}
    if character in named:
        options.append(named[character])
    return b"(?:" + b"|".join(options) + b")"
