"""Proofs in a bundle: each act on the release is in the record, and the record continues what was signed before.

The end of the ledger stands in ``record/checkpoint.txt`` as a note with the signatures of those who hold it.  Whoever
signed an answer signed the end of the ledger of that moment with it: a proof of continuation leads from there to the
bundle's end, so that nothing that stood before the answer can have been left out since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from workbench.record import Checkpoint
from workbench.record.packs import Pack
from workbench.signoff.checkpoints import Note, NotReadable, checked, holders, read_note
from workbench.signoff.proofs import continuation_proof, inclusion_proof, read_proof
from workbench.signoff.ssh_signatures import Refusal, Signer
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases.bundling import reading
from workbench.usecases.bundling.covering import cover, read_cover, root_of
from workbench.usecases.bundling.entries import SAID, Entry
from workbench.usecases.bundling.reading import Opened
from workbench.usecases.bundling.shapes import CHECKPOINT, Index
from workbench.usecases.checkpoints import head_note, latest_cosigned
from workbench.usecases.context import Context

_FOLDER = "proofs/"
_LIMIT = 1_000_000
_COVER_LIMIT = 100_000_000
COVER = f"{_FOLDER}entries.json"


class Proofs(msgspec.Struct, frozen=True, kw_only=True):
    """What the proofs of a bundle show: what is wrong with them, and who of the verifier's list holds a head of the ledger."""

    problems: tuple[str, ...]
    held_by: tuple[str, ...] = ()


def proof_files(
    context: Context, pack: Pack, entries: Sequence[Entry], release: str, statements: Iterable[bytes]
) -> Iterator[tuple[str, bytes]]:
    """The note of the ledger's end, the proof of each act on the release, and of each earlier end that was signed."""
    size = pack.log.size
    head = head_note(context, size)
    yield CHECKPOINT, head.written
    leaves = context.record.leaves(size)
    places = {leaf: place for place, leaf in enumerate(leaves)}
    yield COVER, cover(leaves, [places[bytes.fromhex(entry.digest)] for entry in entries]).written
    for entry in proven(entries, release):
        proof = inclusion_proof(leaves, places[bytes.fromhex(entry.digest)], "", head)
        yield f"{_FOLDER}{entry.digest}.json", proof.written
    earlier = {note.checkpoint.size: note for note in _signed_ends(statements, head.checkpoint.origin)}
    cosigned = latest_cosigned(context, 1)
    if cosigned is not None and cosigned.checkpoint.size <= size:
        earlier[cosigned.checkpoint.size] = cosigned
    for before in sorted(earlier):
        yield (
            f"{_FOLDER}continues-{before}.json",
            continuation_proof(leaves, earlier[before], head).written,
        )


def proven(entries: Iterable[Entry], release: str) -> Iterator[Entry]:
    """The entries that a bundle proves: what was said and done about its release."""
    return (entry for entry in entries if entry.entity in SAID and entry.release == release)


def _signed_ends(statements: Iterable[bytes], origin: str) -> Iterator[Note]:
    for data in statements:
        point = _end_of(read_statement(data), origin)
        if point is not None:
            yield Note(point)


def _end_of(statement: Statement, origin: str) -> Checkpoint | None:
    """The end of the ledger that a statement names, where it is of the same ledger."""
    point = statement.checkpoint
    return point if point is not None and point.origin == origin and point.size > 0 else None


def check_proofs(
    opened: Opened,
    index: Index,
    entries: Sequence[Entry],
    release: str,
    statements: Mapping[str, Statement],
    signers: Sequence[Signer],
    now: datetime,
) -> Proofs:
    """Whether every act on the release is proven to be in the ledger whose end the index names.

    ``now`` is the verifier's own moment, by which a key may have been revoked.
    """
    try:
        head = read_note(reading.read(opened, CHECKPOINT, _LIMIT))
        found = {
            path: read_proof(reading.read(opened, path, _LIMIT))
            for path in sorted(opened.sizes)
            if path.startswith(_FOLDER) and path != COVER
        }
        root = root_of(
            read_cover(reading.read(opened, COVER, _COVER_LIMIT)),
            [bytes.fromhex(entry.digest) for entry in entries],
        )
    except NotReadable as error:
        return Proofs(problems=(f"a proof does not hold: {error}",))
    except ValueError as error:
        return Proofs(problems=(f"“{COVER}” does not hold: {error}",))
    if root.hex() != head.checkpoint.root:
        return Proofs(problems=("its entries are not those of the ledger whose end it names",))
    if index.checkpoint is None or head.checkpoint != index.checkpoint:
        return Proofs(problems=("the index names another end of the ledger than the note does",))
    wrong = [
        f"“{path}” leads to another end of the ledger"
        for path, one in found.items()
        if one.head.checkpoint != head.checkpoint
    ]
    digests = {one.proof.digest for one in found.values()}
    known = {one.earlier.checkpoint for one in found.values() if one.earlier is not None}
    wrong += [
        f"nothing proves that the entry {entry.digest[:12]}… ({entry.entity}) is in the record"
        for entry in proven(entries, release)
        if entry.digest not in digests
    ]
    for path, statement in sorted(statements.items()):
        point = _end_of(statement, head.checkpoint.origin)
        if point is not None and point not in known:
            wrong.append(f"the ledger does not continue the end that “{path}” names")
    notes = [head, *(one.earlier for one in found.values() if one.earlier is not None)]
    held = [_holders(note, signers, index.judged_at, now) for note in notes]
    return Proofs(problems=tuple(wrong), held_by=tuple(dict.fromkeys(name for each in held for name in each)))


def _holders(note: Note, signers: Sequence[Signer], at: datetime, now: datetime) -> tuple[str, ...]:
    """Whose signatures under a head hold: a revoked key's do not, because nothing shows that they are older."""
    today = checked(note, signers, now)
    return holders(
        pair
        for pair, (_, verdict) in zip(checked(note, signers, at), today, strict=True)
        if verdict.refusal is not Refusal.REVOKED
    )
