"""Signatures of SSH keys over documents: read, and judged against the people whom the verifier lists.

The format is SSHSIG (OpenSSH's PROTOCOL.sshsig), which ``ssh-keygen -Y sign`` writes and ``ssh-keygen -Y
verify`` checks.  The signers always come from whoever verifies, never from what is verified.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec

from workbench.definitions.shapes import Person, PersonKey
from workbench.model.ssh_keys import KeyProblem, PublicKey, Wire, key_of_bytes, read_public_key, string

ALL = "workbench.*"
MEDIA = "application/vnd.workbench.sshsig"
_MAGIC = b"SSHSIG"
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
LARGEST = 16_384  # bytes of a signature in letters: one of the largest RSA key has about 6,000
_HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
_TOUCHED = 0x01


class Namespace(StrEnum):
    """What a signature is for: one that was made for something else never counts."""

    STATEMENT = "workbench.statement"
    CHECKPOINT = "workbench.checkpoint"
    BUNDLE = "workbench.bundle"
    EXCERPT = "workbench.excerpt"
    DSSE = "workbench.dsse"


class Refusal(StrEnum):
    """Why a signature does not count."""

    UNREADABLE = "unreadable"
    NAMESPACE = "made for another purpose"
    CHANGED = "does not fit the text"
    UNTOUCHED = "made without a touch"
    NOBODY = "nobody's key"
    OTHER_PERSON = "another person's key"
    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    BACK_DATED = "wrongly dated"


class SshSignature(msgspec.Struct, frozen=True):
    """What an SSHSIG holds.  ``flags`` and ``counter`` are a hardware key's; ``blob`` is all of it in bytes."""

    key: PublicKey
    namespace: str
    hash: str
    algorithm: str
    value: bytes
    blob: bytes
    flags: int = _TOUCHED
    counter: int = 0

    @property
    def armored(self) -> bytes:
        """As ``ssh-keygen`` writes it into a file."""
        letters = base64.b64encode(self.blob)
        lines = [letters[place : place + 70] for place in range(0, len(letters), 70)]
        return b"\n".join([_BEGIN, *lines, _END, b""])

    def signed_bytes(self, data: bytes) -> bytes:
        """What the key signed, if ``data`` is the document."""
        digest = _HASHES[self.hash](data).digest()
        asked = _MAGIC + b"".join(map(string, (self.namespace.encode(), b"", self.hash.encode(), digest)))
        if not self.key.in_hardware:
            return asked
        # PROTOCOL.u2f: the device signs what it is for, its flags, its counter and what was asked.
        counted = bytes([self.flags]) + self.counter.to_bytes(4, "big")
        return hashlib.sha256(self.key.application).digest() + counted + hashlib.sha256(asked).digest()


class Signer(msgspec.Struct, frozen=True):
    """A key that the verifier takes for a person's, and when.

    ``since`` is its first moment, ``before`` the first one after its end; ``revoked`` is the moment from
    which a signature counts only where it was already known before.
    """

    person: str
    key: PublicKey
    since: datetime | None = None
    before: datetime | None = None
    revoked: datetime | None = None
    namespaces: tuple[str, ...] = (ALL,)

    def counts_at(self, moment: datetime) -> bool:
        """Whether what the key signs at a moment counts."""
        ends = [end for end in (self.before, self.revoked) if end is not None]
        return (self.since is None or self.since <= moment) and all(moment < end for end in ends)


class Checked(msgspec.Struct, frozen=True):
    """What came of a signature: whose it is, or in ``problem`` why it does not count."""

    person: str | None
    fingerprint: str
    problem: str = ""
    refusal: Refusal | None = None

    @property
    def holds(self) -> bool:
        return self.refusal is None


# --- the people ---------------------------------------------------------------------------------------


def signers_of(people: Iterable[Person]) -> tuple[Signer, ...]:
    """The keys of the people of a project file; ``KeyProblem`` for one that cannot be read."""
    return tuple(_signer(person.key, item) for person in people for item in person.keys)


def _signer(person: str, item: PersonKey) -> Signer:
    return Signer(
        person=person,
        key=read_public_key(item.key),
        since=_midnight(item.from_),
        before=_midnight(item.until, days=1),
        revoked=_midnight(item.revoked),
    )


def _midnight(day: str | None, days: int = 0) -> datetime | None:
    """The beginning of a day in UTC, or of a later one: an end counts whole."""
    if day is None or day >= "9999":
        return None  # for good
    return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), UTC)


def allowed_signers(people: Iterable[Person]) -> str:
    """The people's keys as ``ssh-keygen -Y verify -f`` reads them (ssh-keygen(1), ALLOWED SIGNERS)."""
    return "".join(_allowed_line(signer) for signer in signers_of(people))


def _allowed_line(signer: Signer) -> str:
    ends = [end for end in (signer.before, signer.revoked) if end is not None]
    options = [f'namespaces="{",".join(signer.namespaces)}"']
    if signer.since is not None:
        options.append(f'valid-after="{_stamp(signer.since)}"')
    if ends:
        # ssh-keygen still takes the second that it names.
        options.append(f'valid-before="{_stamp(min(ends) - timedelta(seconds=1))}"')
    return f"{signer.person} {','.join(options)} {signer.key.line}\n"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


# --- reading ------------------------------------------------------------------------------------------


def read(armored: bytes) -> SshSignature:
    """A signature as ``ssh-keygen -Y sign`` writes it; ``KeyProblem`` says what is wrong with another one."""
    if len(armored) > LARGEST:
        raise KeyProblem("this is too large for a signature of an SSH key")
    lines = armored.strip().replace(b"\r\n", b"\n").split(b"\n")
    if len(lines) < 3 or lines[0].strip() != _BEGIN or lines[-1].strip() != _END:
        raise KeyProblem(
            "this is no signature of an SSH key, which begins with -----BEGIN SSH SIGNATURE-----"
        )
    try:
        blob = base64.b64decode(b"".join(line.strip() for line in lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem("the letters of this signature are not base64") from None
    return read_bytes(blob)


def read_bytes(blob: bytes) -> SshSignature:
    """The same without its letters."""
    if len(blob) > LARGEST:
        raise KeyProblem("this is too large for a signature of an SSH key")
    wire = Wire(blob, "the signature")
    if wire.take(6) != _MAGIC or wire.number() != 1:
        raise KeyProblem("this is no signature of an SSH key of version 1")
    key = key_of_bytes(wire.string())
    namespace = wire.text()
    if wire.string():
        raise KeyProblem("the signature holds something where nothing may stand")
    hashed = wire.text()
    if hashed not in _HASHES:
        raise KeyProblem("the signature is over a hash that is not taken here: sha256 or sha512")
    value = Wire(wire.string(), "the signature")
    wire.end()
    return _valued(SshSignature(key, namespace, hashed, value.text(), b"", blob), value)


def _valued(found: SshSignature, value: Wire) -> SshSignature:
    """The signature with what its key made, of an algorithm that fits the key."""
    kind = found.key.kind
    fits = ("rsa-sha2-256", "rsa-sha2-512") if kind == "ssh-rsa" else (kind,)
    if found.algorithm not in fits:
        weak = ", which is too weak" if found.algorithm == "ssh-rsa" else ""
        raise KeyProblem(
            f"the signature is of the kind {found.algorithm}{weak}, its key asks for {' or '.join(fits)}"
        )
    made = value.string()
    flags, counter = (value.take(1)[0], value.number()) if found.key.in_hardware else (_TOUCHED, 0)
    value.end()
    return msgspec.structs.replace(found, value=made, flags=flags, counter=counter)


# --- judging ------------------------------------------------------------------------------------------


def check(
    signers: Sequence[Signer],
    data: bytes,
    armored: bytes,
    namespace: Namespace,
    at: datetime,
    *,
    held_at: datetime | None = None,
    person: str | None = None,
) -> Checked:
    """Whether a signature over ``data`` is one that ``signers`` make count.

    ``at`` is when it says that it was made, ``held_at`` since when the verifier has known it: both lie within
    the dates of its key, and before the key was revoked: whoever has an old key could say any moment.  ``person`` is who has to have signed.
    """
    try:
        signature = read(armored)
    except KeyProblem as error:
        return Checked(None, "", str(error), Refusal.UNREADABLE)
    return check_read(signers, data, signature, namespace, at, held_at=held_at, person=person)


def check_read(
    signers: Sequence[Signer],
    data: bytes,
    signature: SshSignature,
    namespace: Namespace,
    at: datetime,
    *,
    held_at: datetime | None = None,
    person: str | None = None,
) -> Checked:
    """:func:`check` of a signature that was read."""
    fingerprint = signature.key.fingerprint
    mine = [signer for signer in signers if signer.key.blob == signature.key.blob]
    wrong = _made_wrongly(signature, data, namespace)
    if wrong is not None:
        return Checked(None, fingerprint, *wrong)
    if not mine:
        return Checked(
            None, fingerprint, f"{fingerprint} is nobody's key in the list of people", Refusal.NOBODY
        )
    theirs = [signer for signer in mine if person is None or signer.person == person]
    if not theirs:
        words = f"{fingerprint} is the key of {mine[0].person}, not of {person}"
        return Checked(None, fingerprint, words, Refusal.OTHER_PERSON)
    found = [_dated(signer, namespace, at, held_at or at) for signer in theirs]
    good = next((each for each in found if each.holds), None)
    return good or found[0]


def _made_wrongly(signature: SshSignature, data: bytes, namespace: Namespace) -> tuple[str, Refusal] | None:
    """What is wrong with a signature whoever made it."""
    if signature.namespace != namespace.value:
        words = f"the signature was made for “{signature.namespace}”, not for “{namespace.value}”"
        return words, Refusal.NAMESPACE
    from workbench.signoff.signature_math import fits  # loads cryptography: only who checks a signature pays

    if not fits(signature.key, signature.algorithm, signature.value, signature.signed_bytes(data)):
        return "the signature does not fit the text: one of the two was changed", Refusal.CHANGED
    if not signature.flags & _TOUCHED:
        return "the signature was made without a touch of the hardware key", Refusal.UNTOUCHED
    return None


def _dated(signer: Signer, namespace: Namespace, at: datetime, held_at: datetime) -> Checked:
    """Whether a key of a person counts at these moments."""
    print_, who = signer.key.fingerprint, signer.person
    if not any(fnmatchcase(namespace.value, pattern) for pattern in signer.namespaces):
        return Checked(None, print_, f"the key of {who} may not sign {namespace.value}", Refusal.NAMESPACE)
    if signer.since is not None and at < signer.since:
        words = f"the key of {who} is valid from {_day(signer.since)}, and this was signed {_day(at)}"
        return Checked(None, print_, words, Refusal.NOT_YET)
    if signer.revoked is not None and max(at, held_at) >= signer.revoked:
        words = f"the key of {who} was revoked on {_day(signer.revoked)}"
        return Checked(None, print_, f"{words}, and this was not known before", Refusal.REVOKED)
    if signer.before is not None and max(at, held_at) >= signer.before:
        words = f"the key of {who} was valid until {_day(signer.before - timedelta(seconds=1))}"
        late = f"this was signed {_day(at)}" if at >= signer.before else "this was not known before"
        return Checked(None, print_, f"{words}, and {late}", Refusal.EXPIRED)
    return Checked(who, print_)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
