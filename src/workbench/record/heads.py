"""Ends of ledgers, kept outside the record: the only thing that can show a tail was cut."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from workbench.model.canonical import digest as digest_of
from workbench.model.canonical import encode
from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.files import make_private_folder, write_whole
from workbench.record.shapes import Head
from workbench.record.store import Record

KEEP = 50


class EndsNotReadable(RecordUnavailable):
    """The noted ends are there, but may not be read here; so nothing was compared with them."""


class Kept(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One record's file: which project it is of, and its last heads, oldest first.

    ``sum`` is the digest of the rest; files of earlier workbenches have none.
    """

    record_id: str
    project: str
    heads: tuple[Head, ...]
    sum: str = ""

    def sealed(self) -> Kept:
        """The same with its sum."""
        bare = msgspec.structs.replace(self, sum="")
        return msgspec.structs.replace(self, sum=digest_of(msgspec.to_builtins(bare)))


def remember(folder: Path, record: Record) -> Path:
    """Adds where a ledger ends now to the record's file in ``folder``, which is replaced as a whole.

    The last 50 heads stay, and every older one that the ledger contradicts: it alone shows
    that something was cut, however much was written since.  A file that cannot be read is left as
    it is.  Raises ``RecordUnavailable`` when the folder cannot be written, else as :func:`known`.
    """
    info, head = record.info, record.head
    path = path_of(folder, info.record_id)
    earlier = known(folder, info.record_id)
    if head in earlier:
        return path
    old, recent = earlier[: 1 - KEEP], earlier[1 - KEEP :]
    kept = Kept(info.record_id, info.project, (*record.contradicted(old), *recent, head)).sealed()
    try:
        make_private_folder(folder)
        write_whole(path, _written(kept), private=True)
    except OSError as error:
        raise RecordUnavailable(
            f"the end of the ledger could not be noted outside the record ({error.strerror})",
            where=str(path),
            hint="check the permissions of that folder",
        ) from error
    return path


def _written(kept: Kept) -> bytes:
    return encode(msgspec.to_builtins(kept)) + b"\n"


def known(folder: Path, record_id: str) -> tuple[Head, ...]:
    """The heads that are remembered for a record, oldest first; none where there is no file of it.

    Raises ``RecordError`` where the file does not hold what was written, and ``EndsNotReadable``
    where it may not be read.
    """
    path = path_of(folder, record_id)
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise EndsNotReadable(
            f"the noted ends of the record cannot be read ({error.strerror}): nothing was compared with them",
            where=str(path),
            hint="check the permissions of that file and its folder",
        ) from error
    try:
        kept = msgspec.json.decode(data, type=Kept)
        sound = kept.record_id == record_id and (
            not kept.sum or (kept == kept.sealed() and data == _written(kept))
        )
    except (msgspec.DecodeError, ValueError, RecursionError):
        sound = False
    if not sound:
        raise RecordError(
            "the record cannot be trusted: the file of its noted ends is damaged, so nobody can tell "
            "whether the record was cut",
            where=str(path),
            hint="put that file back from a copy; or move it aside, and keep it, to go on without "
            "(docs/record.md)",
        )
    return kept.heads


def are_missing(folder: Path, record: Record) -> bool:
    """Whether nothing is noted of a record that went on, although there is a place for it.

    So it came from elsewhere, or somebody moved aside what was noted, to go on with an older copy.
    """
    if record.head.seq < 2 or os.path.lexists(path_of(folder, record.info.record_id)):
        return False
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def check(folder: Path, record: Record) -> None:
    """Raises ``RecordError`` where a head that is remembered is not in the ledger; then nothing is written, either.

    A ledger that went on after the last head is fine: a crash can come before the noting.
    """
    wrong = record.contradicted(known(folder, record.info.record_id))
    if not wrong:
        return
    seq, end = wrong[-1].seq, record.head.seq
    if seq > end:
        what = f"it ends at entry {end}, but was seen to reach entry {seq}: its end was cut, or this is an older copy"
    else:
        what = f"entry {seq} is not the one that was seen: the ledger was rewritten, or this copy went on separately"
    error = RecordError(
        f"the record cannot be trusted: {what}",
        where=f"{record.path}; what was seen is noted in {path_of(folder, record.info.record_id)}",
        hint="workbench verify, then put the newest copy back (docs/record.md); "
        "to go on with this copy on purpose, move the file of what was seen aside",
    )
    record.distrust(error)
    raise error


def path_of(folder: Path, record_id: str) -> Path:
    """The file of a record's noted ends."""
    return folder / f"{record_id}.json"
