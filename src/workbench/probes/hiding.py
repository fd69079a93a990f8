"""Secrets as fingerprints: equal ones can be seen to be equal, and nobody can read them.

A fingerprint is the beginning of an HMAC-SHA256 (RFC 2104) under a key that lies in the user's data
folder: neither the record nor a bundle holds it, so that a short secret cannot be guessed from either.
"""

from __future__ import annotations

import hashlib
import hmac
import re

PREFIX = "secret-"
_LENGTH = 16  # hexadecimal digits: 64 bits tell any two secrets of a project apart
_TOKEN = re.compile(rf"{PREFIX}[0-9a-f]{{{_LENGTH}}}")
_NAMES = re.compile(
    r"(?i)passwo?r?d|passphrase|(?:^|[^a-z])(?:pg|my)?(?:pass|pwd|secrets?|tokens?|credentials?|api[_.-]?keys?|apikey|dsn"
    r"|(?:access|private|signing|encryption|client|account|auth|session|cookie)[_.-]?(?:key|token|secret))(?:$|[^a-z])"
)


class Hide:
    """Makes fingerprints with one key, and remembers what it hid, so that it can be kept off the disk.

    ``key_id`` names the key: fingerprints made with different keys cannot be compared.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = hashlib.sha256(b"wb.fingerprint\0" + key).hexdigest()[:8]
        self.hidden: dict[str, str] = {}
        self.used = False

    def again(self) -> Hide:
        """The same key with an empty memory, for another probe."""
        return Hide(self._key)

    def __call__(self, text: str) -> str:
        """The fingerprint of a secret; one that is a fingerprint already stays as it is."""
        if _TOKEN.fullmatch(text):
            return text
        if text not in self.hidden:
            self.hidden[text] = self.unseen(text)
        return self.hidden[text]

    def unseen(self, text: str) -> str:
        """The fingerprint of what is hidden as it is captured, so that no capture holds it and nothing is remembered."""
        return PREFIX + self.mark(text).hex()

    def mark(self, text: str) -> bytes:
        """The 8 bytes of such a fingerprint, where there are a million of them."""
        self.used = True
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")[: _LENGTH // 2]


def is_fingerprint(text: str) -> bool:
    """Whether a text stands for a secret."""
    return _TOKEN.fullmatch(text) is not None


def holds_fingerprint(text: str) -> bool:
    """Whether a secret stands anywhere in a text, as in a list."""
    return PREFIX in text and _TOKEN.search(text) is not None


def fingerprints_in(text: str) -> list[str]:
    """The fingerprints that stand in a text."""
    return _TOKEN.findall(text) if PREFIX in text else []


def named_secret(name: str) -> bool:
    """Whether a parameter of this name holds a secret, as people name them: ``DB_PASSWORD``, ``apiKey``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _NAMES.search(spaced) is not None
