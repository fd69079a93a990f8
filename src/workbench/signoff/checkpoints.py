"""The end of a ledger as a signed note, which others can hold: C2SP ``tlog-checkpoint`` and ``signed-note``.

The text is three lines: the log's name, how many entries it has, and the root of its Merkle tree in base64.
A log is a desk's ledger (``workbench/RECORD/DESK``), or the packs that a server holds (``workbench/RECORD/mailbox/MAILBOX``).
A blank line and signature lines follow, ``— NAME BASE64``.  In base64 stand four bytes of a key id and an SSHSIG
(namespace ``workbench.checkpoint``) over the text.  SSHSIG has no type of its own among signed notes, so the key id
is that of the type ``0xff`` with a longer name, as C2SP recommends.  A program that knows Ed25519 notes only
skips such lines; ``ssh-keygen`` checks them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from workbench.model.ssh_keys import KeyProblem
from workbench.record import Checkpoint
from workbench.signoff.ssh_signatures import (
    Checked,
    Namespace,
    Refusal,
    Signer,
    SshSignature,
    check_read,
    read,
    read_bytes,
)

MEDIA = "text/x-workbench-checkpoint"
LARGEST = 262_144  # bytes of a note
MOST_SIGNATURES = 64
_TYPE = b"\xffworkbench/sshsig"
_DASH = "— "
_MOST_ENTRIES = 2**53 - 1


class NotReadable(ValueError):
    """Why a text is no checkpoint; for people."""


class NoteSignature(msgspec.Struct, frozen=True):
    """One signature line: the name that its signer gave, and the signature; ``None`` for a kind that is not SSH's."""

    name: str
    signature: SshSignature | None
    line: str


class Note(msgspec.Struct, frozen=True):
    """A checkpoint with the signatures under it."""

    checkpoint: Checkpoint
    signatures: tuple[NoteSignature, ...] = ()

    @property
    def text(self) -> bytes:
        """What is signed."""
        root = base64.b64encode(bytes.fromhex(self.checkpoint.root)).decode()
        return f"{self.checkpoint.origin}\n{self.checkpoint.size}\n{root}\n".encode()

    @property
    def written(self) -> bytes:
        """The note as a file; without signatures it is the text alone, which ``ssh-keygen -Y sign`` can sign."""
        if not self.signatures:
            return self.text
        return self.text + b"\n" + "".join(f"{each.line}\n" for each in self.signatures).encode()

    def signed(self, name: str, armored: bytes) -> Note:
        """The note with one more signature, which stands there once."""
        line = signature_line(name, read(armored))
        if any(each.line == line.line for each in self.signatures):
            return self
        return msgspec.structs.replace(self, signatures=(*self.signatures, line))

    def joined(self, other: Note) -> Note:
        """The signatures of two notes on the same checkpoint, each once."""
        lines = {each.line: each for each in (*self.signatures, *other.signatures)}
        return msgspec.structs.replace(self, signatures=tuple(lines.values()))


def signature_line(name: str, signature: SshSignature) -> NoteSignature:
    """The line of a signature; a name has neither blanks nor ``+``."""
    if not _is_name(name):
        raise NotReadable("a name under a note has no blanks and no plus")
    letters = base64.b64encode(_key_id(name, signature) + signature.blob).decode()
    return NoteSignature(name, signature, f"{_DASH}{name} {letters}")


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and "+" not in name and not any(map(str.isspace, name))


def _key_id(name: str, signature: SshSignature) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _TYPE + signature.key.blob).digest()[:4]


def read_note(data: bytes) -> Note:
    """A note; ``NotReadable`` says what is wrong with another text."""
    if len(data) > LARGEST:
        raise NotReadable("this is too large for a checkpoint")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotReadable("a checkpoint is UTF-8 text") from None
    if any(ord(letter) < 0x20 and letter != "\n" for letter in text):
        raise NotReadable("a checkpoint has no control characters")
    head, blank, below = text.partition("\n\n")
    lines = head.split("\n") if blank else head.removesuffix("\n").split("\n")
    if len(lines) != 3 or (not blank and not text.endswith("\n")):
        raise NotReadable("a checkpoint has three lines: the log, its size and its root")
    checkpoint = Checkpoint(_origin(lines[0]), _size(lines[1]), _root(lines[2]))
    signatures = [_signature(line) for line in below.removesuffix("\n").split("\n")] if below else []
    if len(signatures) > MOST_SIGNATURES:
        raise NotReadable(f"more than {MOST_SIGNATURES} signatures stand under this checkpoint")
    return Note(checkpoint, tuple(signatures))


def _origin(line: str) -> str:
    parts = line.split("/")
    of_mailbox = len(parts) == 4 and parts[2] == "mailbox"
    if not (len(parts) == 3 or of_mailbox) or parts[0] != "workbench" or not all(map(_is_name, parts)):
        raise NotReadable(
            "this checkpoint is not of a record: its first line is workbench/RECORD/DESK, "
            "or workbench/RECORD/mailbox/MAILBOX for what a server holds"
        )
    return line


def _size(line: str) -> int:
    size = int(line) if line.isascii() and line.isdigit() and len(line) <= 16 else -1
    if not 0 < size <= _MOST_ENTRIES or str(size) != line:
        raise NotReadable("the second line of a checkpoint is how many entries there are")
    return size


def _root(line: str) -> str:
    try:
        root = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        root = b""
    if len(root) != 32 or base64.b64encode(root).decode() != line:
        raise NotReadable("the third line of a checkpoint is 32 bytes in base64")
    return root.hex()


def _signature(line: str) -> NoteSignature:
    name, _, letters = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _is_name(name):
        raise NotReadable("under a checkpoint stand signatures: — NAME BASE64")
    try:
        data = base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise NotReadable(f"the signature of {name} is not base64") from None
    if len(data) < 5:
        raise NotReadable(f"the signature of {name} is cut short")
    try:
        found = read_bytes(data[4:])
    except KeyProblem:
        return NoteSignature(name, None, line)  # of a key that is not SSH's: signed notes skip it
    if signature_line(name, found).line != line:
        raise NotReadable(f"the signature of {name} is of another key than its line says")
    return NoteSignature(name, found, line)


def checked(note: Note, signers: Sequence[Signer], at: datetime) -> list[tuple[NoteSignature, Checked]]:
    """What each signature under a note is worth to whoever knows ``signers``; ``at`` is since when it is known."""
    return [(each, _checked(note, each, signers, at)) for each in note.signatures]


def _checked(note: Note, each: NoteSignature, signers: Sequence[Signer], at: datetime) -> Checked:
    if each.signature is None:
        return Checked(None, "", "it is of a kind of key that is not checked here", Refusal.UNREADABLE)
    return check_read(signers, note.text, each.signature, Namespace.CHECKPOINT, at)


def holders(found: Iterable[tuple[NoteSignature, Checked]]) -> tuple[str, ...]:
    """The people whose signatures hold, each once."""
    return tuple(dict.fromkeys(each.person for _, each in found if each.person is not None))
