"""Secrets taken out of text and bytes, and whatever looks like somebody's token."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from workbench.model.tokens import MARKERS, TOKEN_ANYWHERE, WEB_TOKEN, WEB_TOKEN_MARKER
from workbench.sources.spellings import MARK, Body, Spellings, contains

# (markers of which one must be there, pattern, replacement): the markers are looked for
# first because searching a plain string is many times faster than matching.
_NAMES = rb"access_token|auth_token|private_token|token|api_?key|apikey|passw(?:or)?d|secret|sig|signature"
# A fingerprint stands for a secret already, and tells two of them apart.
_NO_FINGERPRINT = rb"(?!secret-[0-9a-f]{16}(?![A-Za-z0-9]))"
Put: TypeAlias = bytes | Callable[[re.Match[bytes]], bytes]


def _whole_token(found: re.Match[bytes]) -> bytes:
    return MARK if found["rest"] else found[0]


_PATTERNS: tuple[tuple[str, tuple[bytes, ...], re.Pattern[bytes], Put], ...] = (
    (
        "an Authorization header",
        (b"uthorization", b"UTHORIZATION"),
        re.compile(
            rb"(?i)(authorization\\?[\"']?\s*[:=,]\s*\\?[\"']?)"
            rb"(?:(?:bearer|basic|token|digest)(?:\s|\+|%20)+)?" + _NO_FINGERPRINT + rb"[^\s\"'\\,}]+"
        ),
        rb"\1" + MARK,
    ),
    (
        "a bearer token",
        (b"earer ", b"EARER ", b"earer+", b"earer%20"),
        re.compile(rb"(?i)(bearer(?:\s|\+|%20)+)" + _NO_FINGERPRINT + rb"[A-Za-z0-9._~+/%-]{8,}=*"),
        rb"\1" + MARK,
    ),
    (
        "a user in an address",
        (b"://",),
        re.compile(rb"(://)" + _NO_FINGERPRINT + rb"[^/\s\"'@<>]+@"),
        rb"\1" + MARK + b"@",
    ),
    (
        "a token in an address",
        (b"=",),
        re.compile(rb"(?i)([?&;](?:" + _NAMES + rb")=)" + _NO_FINGERPRINT + rb"[^&\s\"'<>#\\]+"),
        rb"\1" + MARK,
    ),
    ("a token", MARKERS, re.compile(TOKEN_ANYWHERE), MARK),
    ("a token", (WEB_TOKEN_MARKER.encode(),), re.compile(WEB_TOKEN.encode()), _whole_token),
)

# What only people hand in: in a server's answer, a word after “password:” may be all that it says.
# Plain JSON, JSON within JSON, single quotes, or a bare word that is neither a placeholder nor a variable.
_VALUE = (
    rb"(?:(\")(?:[^\"\\\r\n]|\\[^\r\n])+|(\\\")(?:[^\"\\\r\n]|\\[^\"\r\n])+|(')[^'\r\n]+"
    rb"|(?![\"'\\$<{*])[^\s\"',;]+)"
)
_KEPT = rb"\1\2\3\4" + MARK
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
        MARK,
    ),
    (
        "a cookie",
        re.compile(rb"(?i)(\b(?:set-)?cookie\\?[\"']?\s*:\s*\\?[\"']?)[^\r\n\"'=:;\s]{1,80}=[^\r\n\"']*"),
        rb"\1" + MARK,
    ),
    (
        "an Authorization header",
        re.compile(
            rb"(?i)(authorization\\?[\"']?\s*:\s*\\?[\"']?)(?:[a-z][a-z0-9-]{0,40} )[^\r\n\"']{0,400}=[^\r\n\"']*"
        ),
        rb"\1" + MARK,
    ),
    (
        "a header with a key",
        re.compile(
            rb"(?i)((?<![a-z0-9-])(?:x-[a-z-]{0,40}(?:key|token|secret)|private-token|job-token|api-?key)\\?[\"']?\s*:\s*\\?[\"']?)"
            rb"(?!\[redacted)[^\s\"',]+"
        ),
        rb"\1" + MARK,
    ),
    (
        "the password of a command",
        re.compile(
            rb"((?:\bcurl\b|\bwget\b|\bhttp\b)[^\r\n]{0,400}?\s(?:-u|--user|--proxy-user|--http-user)[\s=]*[\"']?)"
            rb"[^\s:\"']+:[^\s\"']+"
        ),
        rb"\1" + MARK,
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
        self._spellings = [Spellings(secret) for secret in ordered]

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        clean = self.data(data)
        return text if clean is data else clean.decode("utf-8", "replace")

    def data(self, data: bytes) -> bytes:
        """``data`` without secrets: the same object when there were none."""
        body = Body(data)
        for spellings in self._spellings:
            body = spellings.remove(body)
        data = body.data
        for _, markers, pattern, replacement in _PATTERNS:
            if any(contains(data, marker) for marker in markers):
                data = pattern.sub(replacement, data)
        return data
