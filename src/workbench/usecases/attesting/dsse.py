"""DSSE envelopes (https://github.com/secure-systems-lab/dsse, version 1.0) that are signed by an SSH key.

What is signed are the bytes of the pre-authentication encoding, under the namespace ``workbench.dsse``.  ``keyid``
is the key's fingerprint, ``sig`` the SSHSIG file in base64: a stranger decodes it and asks ``ssh-keygen -Y verify``.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError

PAYLOAD = "application/vnd.in-toto+json"
LARGEST = 32 * 2**20  # bytes of an envelope that is read


class Signed(Protocol):
    """A signature's file, and the fingerprint of the key that made it."""

    @property
    def armored(self) -> bytes: ...
    @property
    def fingerprint(self) -> str: ...


Sign = Callable[[bytes], Signed]


class Envelope(msgspec.Struct, frozen=True):
    """What an envelope holds: its payload, and of each signature the fingerprint and the SSHSIG file."""

    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def signed(self) -> bytes:
        """The bytes that each signature is over."""
        return pae(self.payload)


class _Signature(msgspec.Struct):
    sig: str
    keyid: str = ""


class _Document(msgspec.Struct, rename={"payload_type": "payloadType"}):
    payload: str
    payload_type: str
    signatures: list[_Signature]


def pae(payload: bytes, kind: str = PAYLOAD) -> bytes:
    """The pre-authentication encoding of a payload and its type."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def envelope(payload: bytes, sign: Sign) -> bytes:
    """The envelope of a payload, signed once."""
    made = sign(pae(payload))
    document: dict[str, Any] = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD,
        "signatures": [{"keyid": made.fingerprint, "sig": base64.b64encode(made.armored).decode()}],
    }
    return encode(document)


def read_envelope(data: bytes, where: str = "the envelope") -> Envelope:
    """What an envelope holds; nobody has checked its signatures yet.  ``UsageError`` says what is wrong."""
    if len(data) > LARGEST:
        raise UsageError(f"{where} is larger than {LARGEST // 2**20} MB")
    try:
        found = msgspec.json.decode(data, type=_Document)
        payload = base64.b64decode(found.payload, validate=True)
        signatures = tuple(
            (item.keyid, base64.b64decode(item.sig, validate=True)) for item in found.signatures
        )
    except (msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        raise UsageError(f"{where} is no DSSE envelope that can be read") from None
    if found.payload_type != PAYLOAD:
        raise UsageError(f"{where} holds something else than an in-toto statement")
    if not signatures:
        raise UsageError(f"{where} is signed by nobody")
    return Envelope(payload, signatures)
