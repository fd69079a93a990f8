"""``workbench.proof.1``: that one entry is in a record, or that one head continues another, without the record.

A proof holds nothing else of the record: the entry (or only its digest), where it stands, and the nodes of the
Merkle tree that lead to the root (RFC 9162, sections 2.1.3 and 2.1.4).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from workbench.model.canonical import encode
from workbench.record import merkle
from workbench.signoff.checkpoints import Note, NotReadable, read_note

SCHEMA = "workbench.proof.1"
LARGEST = 20_000_000  # bytes: an entry holds no more than its kind lets it
MOST_NODES = 64
_ENTRY = b"wb.entry.1\x00"


class Proves(StrEnum):
    """What a proof is of."""

    ENTRY = "entry"
    CONTINUES = "continues"


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A proof as it is written; ``path`` holds nodes in base64.

    Of an entry: its ``digest``, its text in ``entry`` unless only the digest is given, and its ``index`` from 0.
    Of a continuation: the earlier head in ``earlier``.  ``checkpoint`` is the head that it leads to, a signed note.
    """

    schema: str
    proves: Proves
    digest: str = ""
    entry: str = ""
    index: int = -1
    earlier: str = ""
    path: tuple[str, ...]
    checkpoint: str

    @property
    def written(self) -> bytes:
        """One line of canonical JSON."""
        return encode(msgspec.to_builtins(self)) + b"\n"


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """A proof whose arithmetic holds: the head that it leads to, and the earlier one or the entry."""

    proof: Proof
    head: Note
    earlier: Note | None = None


def digest_of(entry: str) -> str:
    """The digest of an entry's text (docs/record-format.md), in hexadecimal."""
    return hashlib.sha256(_ENTRY + entry.encode()).hexdigest()


def inclusion_proof(leaves: Sequence[bytes], index: int, entry: str, head: Note) -> Proof:
    """The proof that the entry at ``index`` is among ``leaves``, whose end is ``head``."""
    return Proof(
        schema=SCHEMA,
        proves=Proves.ENTRY,
        digest=leaves[index].hex(),
        entry=entry,
        index=index,
        path=_letters(merkle.inclusion(leaves, index)),
        checkpoint=head.written.decode(),
    )


def continuation_proof(leaves: Sequence[bytes], earlier: Note, head: Note) -> Proof:
    """The proof that the ledger of ``leaves``, whose end is ``head``, begins with the one that ended at ``earlier``."""
    return Proof(
        schema=SCHEMA,
        proves=Proves.CONTINUES,
        earlier=earlier.written.decode(),
        path=_letters(merkle.consistency(leaves, earlier.checkpoint.size)),
        checkpoint=head.written.decode(),
    )


def _letters(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(node).decode() for node in path)


def is_proof(beginning: bytes) -> bool:
    """Whether a file that begins so says that it is a proof."""
    return f'"{SCHEMA}"'.encode() in beginning


def read_proof(data: bytes) -> Proven:
    """A proof that holds; ``NotReadable`` says why another one does not."""
    if len(data) > LARGEST:
        raise NotReadable("this is too large for a proof")
    try:
        proof = msgspec.json.decode(data, type=Proof)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotReadable(f"this is no proof that can be read: {error}") from None
    if proof.schema != SCHEMA:
        raise NotReadable(f"this is no {SCHEMA}")
    if len(proof.path) > MOST_NODES:
        raise NotReadable("this proof is longer than any tree is high")
    path, head = [_node(each) for each in proof.path], read_note(proof.checkpoint.encode())
    if proof.proves is Proves.CONTINUES:
        return _continues(proof, path, head)
    return _includes(proof, path, head)


def _node(letters: str) -> bytes:
    try:
        node = base64.b64decode(letters, validate=True)
    except ValueError:
        node = b""
    if len(node) != 32:
        raise NotReadable("a node of this proof is not 32 bytes in base64")
    return node


def _includes(proof: Proof, path: list[bytes], head: Note) -> Proven:
    try:
        digest = bytes.fromhex(proof.digest)
    except ValueError:
        digest = b""
    if len(digest) != 32 or proof.earlier:
        raise NotReadable("this proof does not say which entry it is of")
    if proof.entry and digest_of(proof.entry) != proof.digest:
        raise NotReadable("the entry was changed: its digest is another one")
    end = head.checkpoint
    root = merkle.root_from_inclusion(digest, proof.index, end.size, path)
    if root is None or root.hex() != end.root:
        raise NotReadable(
            "the proof does not lead to the head: the entry is not in that record at that place"
        )
    return Proven(proof=proof, head=head)


def _continues(proof: Proof, path: list[bytes], head: Note) -> Proven:
    if proof.entry or proof.digest or proof.index != -1:
        raise NotReadable("a proof is of an entry or of a continuation, not of both")
    earlier = read_note(proof.earlier.encode())
    old, new = earlier.checkpoint, head.checkpoint
    if old.origin != new.origin:
        raise NotReadable("the two heads are of different ledgers")
    if not merkle.continues(old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), path):
        raise NotReadable("the later head does not continue the earlier one: the ledger was cut or rewritten")
    return Proven(proof=proof, head=head, earlier=earlier)
