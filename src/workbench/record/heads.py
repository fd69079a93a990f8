"""Ends of ledgers, kept outside the record: the only thing that can show a tail was cut."""

from __future__ import annotations

from pathlib import Path

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.files import write_whole
from workbench.record.shapes import Head
from workbench.record.store import Record

KEEP = 50


class Kept(msgspec.Struct, frozen=True):
    """One record's file: which project it is of, and its last heads, oldest first."""

    record_id: str
    project: str
    heads: tuple[Head, ...]


def remember(folder: Path, record: Record) -> Path:
    """Adds where a ledger ends now to the record's file in ``folder``, which is replaced as a whole.

    The last 50 heads stay, and every older one that the ledger contradicts: it alone shows
    that something was cut, however much was written since.  Raises ``RecordUnavailable``
    when the folder cannot be written.
    """
    info, head = record.info, record.head
    path = _path(folder, info.record_id)
    earlier = known(folder, info.record_id)
    if head in earlier:
        return path
    old, recent = earlier[: 1 - KEEP], earlier[1 - KEEP :]
    kept = Kept(info.record_id, info.project, (*record.contradicted(old), *recent, head))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, encode(kept) + b"\n")
    except OSError as error:
        raise RecordUnavailable(
            f"the end of the ledger could not be noted outside the record ({error.strerror})",
            where=str(path),
            hint="check the permissions of that folder",
        ) from error
    return path


def known(folder: Path, record_id: str) -> tuple[Head, ...]:
    """The heads that are remembered for a record, oldest first; none when nothing is readable."""
    try:
        return msgspec.json.decode(_path(folder, record_id).read_bytes(), type=Kept).heads
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ()


def check(folder: Path, record: Record) -> None:
    """Raises ``RecordError`` where a head that is remembered is not in the ledger.

    A ledger that went on after the last head is fine: a crash can come before the noting.
    """
    wrong = record.contradicted(known(folder, record.info.record_id))
    if not wrong:
        return
    seq, end = wrong[-1].seq, record.head.seq
    if seq > end:
        what = f"it ends at entry {end}, but was seen to reach entry {seq}: its end was cut, or this is an older copy"
    else:
        what = f"entry {seq} is not the one that was seen: the ledger was rewritten, or this copy went on by itself"
    raise RecordError(
        f"the record cannot be trusted: {what}",
        where=f"{record.path}; what was seen is noted in {_path(folder, record.info.record_id)}",
        hint="workbench verify, then put the newest copy back (docs/record.md); "
        "to go on with this copy on purpose, move the file of what was seen aside",
    )


def _path(folder: Path, record_id: str) -> Path:
    return folder / f"{record_id}.json"
