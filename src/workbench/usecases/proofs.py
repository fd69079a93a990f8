"""Proofs about the record that need no record to be checked: making them, and what one shows to whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from workbench.model.errors import NotAllowed, RecordError, UsageError
from workbench.model.files import open_regular
from workbench.model.text import safe_text
from workbench.model.times import Clock
from workbench.signoff.checkpoints import Note, NotReadable, checked, holders
from workbench.signoff.proofs import (
    LARGEST,
    Proof,
    Proven,
    Proves,
    continuation_proof,
    inclusion_proof,
    is_proof,
    read_proof,
)
from workbench.signoff.ssh_signatures import Signer
from workbench.usecases.checkpoints import head_note, latest_cosigned, of_this_ledger, read_head
from workbench.usecases.context import Context
from workbench.usecases.kept_documents import find_act

_ENTRY_FIELDS = ("entity", "id", "verb", "actor", "recorded_at")


class ProofReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof shows to whoever checks it.

    ``signed_by`` are the people, in the checker's own list, whose signatures under the head hold; ``unsigned``
    says for each other signature why it does not count.  ``known`` says that the head is the one that the
    checker brought along.
    """

    ok: bool
    why: str = ""
    proves: str = ""
    origin: str = ""
    size: int = 0
    root: str = ""
    index: int | None = None
    digest: str = ""
    entry: dict[str, str] = {}
    earlier: int | None = None
    signed_by: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()
    known: bool = False

    @property
    def trusted(self) -> bool:
        """Whether the head is one that the checker has a reason to believe."""
        return self.known or bool(self.signed_by)

    @property
    def exit_code(self) -> int:
        """0 where it shows something, 1 where nobody vouches for the head, 4 where it does not hold."""
        if not self.ok:
            return 4
        return 0 if self.trusted else 1


# --- making -------------------------------------------------------------------------------------------


def prove(
    context: Context,
    ref: str,
    *,
    digest_only: bool = False,
    head: Note | None = None,
    release: str | None = None,
) -> Proof:
    """The proof that the entry named by ``ref`` is in the record.

    ``ref`` is a digest or its beginning, ``GATE/PERSON``, an overridden part, or a version that was shipped.  The head
    is ``head``, or else the latest one that somebody signed and that holds the entry, or else the present end.
    """
    entry = find_act(context, ref, release)
    index = context.record.place_of(entry.digest)
    assert index is not None
    note = head or latest_cosigned(context, index + 1) or head_note(context)
    size = note.checkpoint.size
    if size <= index:
        raise UsageError(
            f"that head has {size} entries, and the entry came later as number {index + 1}",
            hint="leave --head out, or sign a newer one: workbench head --to FILE",
        )
    leaves = _leaves(context, note)
    return inclusion_proof(leaves, index, "" if digest_only else _body(context, entry.digest), note)


def prove_continuation(context: Context, earlier: Note, head: Note | None = None) -> Proof:
    """The proof that the record continues an earlier head of it."""
    note = head or head_note(context)
    if earlier.checkpoint.origin != note.checkpoint.origin:
        raise UsageError(
            "that head is of another ledger",
            where=f"it is of {safe_text(earlier.checkpoint.origin, 120)}; this one is {note.checkpoint.origin}",
        )
    if earlier.checkpoint.size > note.checkpoint.size:
        raise _contradicted(
            f"that head has {earlier.checkpoint.size} entries, and the ledger {note.checkpoint.size}"
        )
    _leaves(context, earlier)
    return continuation_proof(_leaves(context, note), earlier, note)


def _leaves(context: Context, note: Note) -> Sequence[bytes]:
    """The leaves below a head of this ledger; ``RecordError`` where the ledger contradicts it."""
    if not of_this_ledger(context, note.checkpoint):
        raise UsageError(
            "that head is of another ledger", where=f"it is of {safe_text(note.checkpoint.origin, 120)}"
        )
    own = context.record.checkpoint(note.checkpoint.size)
    if (own.size, own.root) != (note.checkpoint.size, note.checkpoint.root):
        raise _contradicted(f"its first {note.checkpoint.size} entries are not those of that head")
    return context.record.leaves(note.checkpoint.size)


def _contradicted(what: str) -> RecordError:
    return RecordError(
        f"the record contradicts the head: {what}",
        hint="the ledger was cut or rewritten, or this is an older copy: workbench verify",
    )


def _body(context: Context, digest: str) -> str:
    rows = context.record.query("SELECT body FROM ledger WHERE digest = ?", (bytes.fromhex(digest),))
    body: bytes = rows[0][0] if rows else b""
    if not body:
        raise NotAllowed(
            "the content of this entry has been purged", hint="--digest-only proves that it was there"
        )
    return bytes(body).decode()


# --- checking -------------------------------------------------------------------------------------------


def is_proof_file(path: Path) -> bool:
    """Whether a file says that it is a proof."""
    try:
        with open_regular(path) as file:
            return is_proof(file.read(LARGEST + 1))
    except OSError:
        return False


def check_proof_file(path: Path, signers: Sequence[Signer], head: Path | None = None) -> ProofReport:
    """What the proof in a file shows now; one that does not hold is a report, too."""
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return check_proof(data, signers, Clock().now(), read_head(head) if head is not None else None)


def check_proof(
    data: bytes, signers: Sequence[Signer], at: datetime, head: Note | None = None
) -> ProofReport:
    """What a proof shows to whoever knows ``signers``, and perhaps has a ``head`` from elsewhere."""
    try:
        proven = read_proof(data)
    except NotReadable as error:
        return ProofReport(ok=False, why=safe_text(str(error), 300))
    end = proven.head.checkpoint
    if head is not None and head.checkpoint != end:
        return ProofReport(
            ok=False,
            why=f"the proof leads to a head with {end.size} entries, which is not the one that you have "
            f"({head.checkpoint.size} entries)",
        )
    found = checked(proven.head, signers, at)
    return ProofReport(
        ok=True,
        proves=proven.proof.proves.value,
        origin=end.origin,
        size=end.size,
        root=end.root,
        index=proven.proof.index if proven.proof.proves is Proves.ENTRY else None,
        digest=proven.proof.digest,
        entry=_told(proven),
        earlier=proven.earlier.checkpoint.size if proven.earlier is not None else None,
        signed_by=holders(found),
        not_counted=tuple(f"{each.name}: {verdict.problem}" for each, verdict in found if not verdict.holds),
        known=head is not None,
    )


def _told(proven: Proven) -> dict[str, str]:
    """What an entry says of itself, where it is part of the proof."""
    try:
        body = json.loads(proven.proof.entry) if proven.proof.entry else {}
    except (ValueError, RecursionError):
        body = {}
    if not isinstance(body, dict):
        return {}
    return {name: safe_text(str(body[name]), 200) for name in _ENTRY_FIELDS if name in body}
