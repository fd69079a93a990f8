"""Public SSH keys as people write them down, and the wire format that keys and signatures share.

Formats: RFC 4251 section 5 (``string``, ``mpint``), RFC 4253 section 6.6 (``ssh-rsa``), RFC 5656 (ECDSA),
RFC 8709 (Ed25519), and OpenSSH's PROTOCOL.u2f (keys of hardware, ``sk-…``).  Nothing here computes with keys.
"""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from workbench.model.text import safe_text

LONGEST_TEXT = 16_384  # characters of a line with a public key; the largest RSA key has about 2,800
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 16_384
_CURVES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}  # bytes of an uncompressed point
_ECDSA = {f"ecdsa-sha2-{name}": name for name in _CURVES}
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
KINDS = ("ssh-ed25519", "ssh-rsa", *_ECDSA, SK_ED25519, SK_ECDSA)
_PRIVATE = re.compile(r"PRIVATE KEY|^PuTTY-User-Key-File", re.IGNORECASE | re.MULTILINE)


class KeyProblem(ValueError):
    """Why some bytes are no key or no signature that we take; the text is for people."""


class Wire:
    """Reads RFC 4251 fields one after the other; ``KeyProblem`` where there are too few bytes."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = memoryview(data)
        self._at = 0
        self._what = what

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        found = bytes(self._data[self._at : self._at + count])
        if len(found) < count:
            raise KeyProblem(f"{self._what} is cut short")
        self._at += count
        return found

    def number(self) -> int:
        """A ``uint32``."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """A ``string``: its length, then so many bytes."""
        return self.take(self.number())

    def text(self) -> str:
        """A ``string`` of ASCII characters that can be shown."""
        found = self.string()
        if not found.isascii() or not all(0x20 < byte < 0x7F for byte in found):
            raise KeyProblem(f"{self._what} holds a name with characters that no name has")
        return found.decode("ascii")

    def mpint(self, most_bits: int) -> int:
        """A positive ``mpint`` in its only spelling, of no more than so many bits."""
        found = self.string()
        if len(found) > most_bits // 8 + 1:
            raise KeyProblem(f"{self._what} holds a number that is too large")
        spelled = not found or found[0] > 0 or (len(found) > 1 and found[1] >= 0x80)
        if not found or found[0] >= 0x80 or not spelled:
            raise KeyProblem(f"{self._what} holds a number that is not written as it has to be")
        return int.from_bytes(found, "big")

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._data):
            raise KeyProblem(f"{self._what} has bytes after its end")


def string(data: bytes) -> bytes:
    """A ``string`` of RFC 4251."""
    return len(data).to_bytes(4, "big") + data


class PublicKey(msgspec.Struct, frozen=True):
    """A public key: its ``kind`` as SSH names it, its bytes on the wire, and the comment beside it.

    ``point`` is the key of an elliptic curve, ``numbers`` are ``e`` and ``n`` of RSA, and ``application``
    what a key of hardware was made for.
    """

    kind: str
    blob: bytes
    comment: str = ""
    point: bytes = b""
    numbers: tuple[int, int] = (0, 0)
    application: bytes = b""

    @property
    def fingerprint(self) -> str:
        """``SHA256:`` and the digest in base64, as ``ssh-keygen -l`` prints it."""
        import hashlib  # 2 ms of OpenSSL: who only looks the files over needs none

        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def line(self) -> str:
        """The key as a file ``.pub`` has it, without the comment."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    @property
    def in_hardware(self) -> bool:
        """Whether the key lives in a device that has to be touched."""
        return self.kind in (SK_ED25519, SK_ECDSA)


def holds_private_key(text: str) -> bool:
    """Whether somebody has pasted a private key, or part of one."""
    return _PRIVATE.search(text) is not None


def read_public_key(text: str) -> PublicKey:
    """The key of a line such as ``ssh-ed25519 AAAA… comment``; ``KeyProblem`` never quotes what was pasted."""
    if holds_private_key(text):
        raise KeyProblem(
            "this is a private key, which nobody else may see: make a new one, and give the .pub file's line"
        )
    if len(text) > LONGEST_TEXT:
        raise KeyProblem("this is too long for a public key")
    words = text.split(None, 2)
    if len(words) < 2 or "\n" in text.strip():
        raise KeyProblem("this is not a public key: it is one line, its kind and then its letters")
    kind, letters = words[0], words[1]
    _known_kind(kind)
    try:
        blob = base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem("the letters of this public key are not base64") from None
    found = key_of_bytes(blob)
    if found.kind != kind:
        raise KeyProblem(f"this says {safe_text(kind, 40)}, but holds a key of the kind {found.kind}")
    comment = safe_text(words[2].strip(), 200) if len(words) > 2 else ""
    return msgspec.structs.replace(found, comment=comment)


def key_of_bytes(blob: bytes) -> PublicKey:
    """The key that these bytes are on the wire; ``KeyProblem`` for another kind, and for a weak or a broken one."""
    wire = Wire(blob, "the public key")
    kind = wire.text()
    _known_kind(kind)
    if kind in ("ssh-ed25519", SK_ED25519):
        point = wire.string()
        if len(point) != 32:
            raise KeyProblem("the public key does not have 32 bytes")
        found = PublicKey(kind, blob, point=point)
    elif kind == "ssh-rsa":
        found = PublicKey(kind, blob, numbers=_rsa(wire))
    else:
        found = PublicKey(kind, blob, point=_point(wire, _ECDSA.get(kind, "nistp256")))
    if found.in_hardware:
        found = msgspec.structs.replace(found, application=wire.string())
    wire.end()
    return found


def _rsa(wire: Wire) -> tuple[int, int]:
    e, n = wire.mpint(64), wire.mpint(MOST_RSA_BITS)
    if n.bit_length() < LEAST_RSA_BITS:
        raise KeyProblem(
            f"this RSA key has {n.bit_length()} bits, which is too weak: it needs {LEAST_RSA_BITS}, or make an Ed25519 key"
        )
    if e < 3 or e % 2 == 0 or n % 2 == 0:
        raise KeyProblem("these numbers are no RSA key")
    return e, n


def _point(wire: Wire, curve: str) -> bytes:
    if wire.text() != curve:
        raise KeyProblem("the public key names another curve than its kind")
    point = wire.string()
    if len(point) != _CURVES[curve] or point[0] != 4:
        raise KeyProblem("the public key is no point of its curve")
    return point


def _known_kind(kind: str) -> None:
    if kind in KINDS:
        return
    if kind == "ssh-dss":
        raise KeyProblem("a DSA key is too weak: make an Ed25519 key with ssh-keygen -t ed25519")
    if "-cert-" in kind:
        raise KeyProblem("this is a certificate, not a key: give the line of the key itself")
    raise KeyProblem(f"“{safe_text(kind, 40)}” is no kind of SSH key that is taken here: {', '.join(KINDS)}")
