"""Ends of ledgers, kept outside the record: the only thing that can show a tail was cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from workbench.model.canonical import digest as digest_of
from workbench.model.canonical import encode
from workbench.model.errors import RecordError, RecordUnavailable
from workbench.model.files import make_private_folder, write_whole
from workbench.record.shapes import Head
from workbench.record.store import Record

KEEP = 50
_ID = 36  # characters of a record's id


class EndsNotReadable(RecordUnavailable):
    """The noted ends are there, but may not be read here; so nothing was compared with them."""


class Noted(Head, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An end, and the desk whose ledger it is of; files of earlier workbenches do not say it."""

    desk: str = ""

    @property
    def head(self) -> Head:
        """The end alone."""
        return Head(self.seq, self.digest, self.chain)


class Kept(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One record's file: which project it is of, and its last heads, oldest first.

    ``place`` is the record's file that they were noted of.  ``sum`` is the digest of the rest; files of
    earlier workbenches have neither.
    """

    record_id: str
    project: str
    heads: tuple[Noted, ...]
    sum: str = ""
    place: str = ""

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
    path = path_of(folder, record)
    earlier = known(path, info.record_id)
    if any(one.head == head for one in earlier):
        return path
    old, recent = earlier[: 1 - KEEP], earlier[1 - KEEP :]
    now = Noted(head.seq, head.digest, head.chain, info.desk)
    contradicted = set(record.contradicted(old))
    heads = (*(one for one in old if one in contradicted), *recent, now)
    kept = Kept(info.record_id, info.project, heads, place=_place(record.path)).sealed()
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


def _place(path: Path) -> str:
    return os.fsencode(os.path.realpath(path)).decode("utf-8", "backslashreplace")


def _written(kept: Kept) -> bytes:
    return encode(msgspec.to_builtins(kept)) + b"\n"


def known(path: Path, record_id: str) -> tuple[Noted, ...]:
    """The heads that a file remembers of a record, oldest first; none where it is not there.

    Raises ``RecordError`` where the file does not hold what was written, and ``EndsNotReadable``
    where it may not be read.
    """
    kept = _read(path, record_id)
    return kept.heads if kept is not None else ()


def _read(path: Path, record_id: str) -> Kept | None:
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
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
    return kept


def of_this(folder: Path, record: Record) -> tuple[Noted, ...]:
    """The heads that have to be in this ledger: those noted of this file, and of its own log elsewhere.

    Another copy of the record that lives on this machine, and went on as a desk of its own, has
    noted ends, too: they say nothing of this one.
    """
    own = path_of(folder, record)
    elsewhere = (
        one for one in _others(folder, record, own) if one.desk and record.has_log(one.desk, one.seq)
    )
    return (*elsewhere, *known(own, record.info.record_id))


def of_others(folder: Path, record: Record) -> tuple[Noted, ...]:
    """The heads that were noted of other copies of this record, or of this place before it was put back."""
    return tuple(_others(folder, record, path_of(folder, record)))


def _others(folder: Path, record: Record, own: Path) -> Iterator[Noted]:
    try:
        paths = sorted(folder.glob(f"{record.info.record_id}*.json"))
    except OSError:
        return
    for path in paths:
        if path != own:
            yield from known(path, record.info.record_id)


def set_aside(folder: Path, record_id: str, place: Path) -> Path | None:
    """Moves away what was noted of the record at a place, which something older is put into on purpose.

    It is kept, and tells what that does not hold.  Returns where it is, ``None`` where nothing was noted.
    """
    path = _path_for(folder, record_id, place)
    if not os.path.lexists(path):
        return None
    number = 1
    while os.path.lexists(aside := folder / f"{record_id}.before-{number}.json"):
        number += 1
    path.rename(aside)
    return aside


def are_missing(folder: Path, record: Record) -> bool:
    """Whether nothing is noted of a record that went on, although there is a place for it.

    So it came from elsewhere, or somebody moved aside what was noted, to go on with an older copy.
    """
    if record.head.seq < 2 or os.path.lexists(path_of(folder, record)):
        return False
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def check(folder: Path, record: Record) -> None:
    """Raises ``RecordError`` where a head that is remembered is not in the ledger; then nothing is written, either.

    A ledger that went on after the last head is fine: a crash can come before the noting.
    """
    wrong = record.contradicted(of_this(folder, record))
    if not wrong:
        return
    seq, end = wrong[-1].seq, record.head.seq
    if seq > end:
        what = f"it ends at entry {end}, but was seen to reach entry {seq}: its end was cut, or this is an older copy"
    else:
        what = f"entry {seq} is not the one that was seen: the ledger was rewritten, or this copy went on separately"
    error = RecordError(
        f"the record cannot be trusted: {what}",
        where=f"{record.path}; what was seen is noted in {path_of(folder, record)}",
        hint="workbench verify, then put the newest copy back (docs/record.md); "
        "to go on with this copy on purpose, move the file of what was seen aside",
    )
    record.distrust(error)
    raise error


class Place(msgspec.Struct, frozen=True):
    """A record whose ends are noted here: its id, its project's key, and its file, "" where that is not known."""

    record_id: str
    project: str
    file: str


def places(folder: Path, most: int) -> tuple[Place, ...]:
    """Every record of which ends are noted in a folder, those noted last first; at most so many are read.

    A file that is damaged or may not be read is passed over: whoever opens its record says what is wrong.
    """
    found: list[tuple[float, Path]] = []
    with suppress(OSError):
        for path in folder.glob("*.json"):
            if ".before-" not in path.name:
                with suppress(OSError):
                    found.append((path.stat().st_mtime, path))
    told: list[Place] = []
    for _, path in sorted(found, key=lambda one: (-one[0], one[1].name))[:most]:
        with suppress(RecordError, RecordUnavailable):
            kept = _read(path, path.name.removesuffix(".json")[:_ID])
            if kept is not None:
                told.append(Place(kept.record_id, kept.project, kept.place))
    return tuple(told)


def record_at(folder: Path, place: Path) -> str:
    """Which record was last noted to be at a place; "" where none was."""
    kept = _kept_at(folder, place)
    return kept.record_id if kept is not None else ""


def last_at(folder: Path, place: Path) -> Noted | None:
    """The last end that was noted of the record at a place."""
    kept = _kept_at(folder, place)
    return kept.heads[-1] if kept is not None and kept.heads else None


def _kept_at(folder: Path, place: Path) -> Kept | None:
    here = _place(place)
    for path in sorted(folder.glob("*.json")):
        if ".before-" in path.name:
            continue
        with suppress(RecordError, RecordUnavailable):
            kept = _read(path, path.name.removesuffix(".json")[:_ID])
            if kept is not None and kept.place == here:
                return kept
    return None


def path_of(folder: Path, record: Record) -> Path:
    """The file of a record's noted ends: ``RECORD-ID.json``, or one for this place.

    That is, where another copy of the record lives on this machine, and the first file is about that one.
    """
    return _path_for(folder, record.info.record_id, record.path)


def _path_for(folder: Path, record_id: str, place: Path) -> Path:
    here = _place(place)
    usual = folder / f"{record_id}.json"
    special = folder / f"{record_id}-{hashlib.sha256(here.encode()).hexdigest()[:8]}.json"
    if os.path.lexists(special):
        return special
    try:
        kept = _read(usual, record_id)
    except (RecordError, RecordUnavailable):
        return usual  # whoever reads it says what is wrong
    taken = kept is not None and kept.place not in ("", here) and os.path.lexists(kept.place)
    return special if taken else usual
