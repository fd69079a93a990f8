"""What a desk has heard of a mailbox from others, and the faults of its server that it has found: kept outside of the record.

A server that changes what it shows may change everything that comes through it but what people signed.  So each thing
that somebody says of the mailbox (how many packs, and their chain or root) is compared with this desk's own log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path

import msgspec

from workbench.mailbox.heads import Differs, Sort, chains
from workbench.model.canonical import MAX_INTEGER, encode
from workbench.model.canonical import digest as digest_of
from workbench.model.errors import RecordUnavailable
from workbench.model.files import make_private_folder, read_regular, write_whole
from workbench.model.times import from_text, to_text
from workbench.model.turns import in_turn
from workbench.record import merkle

SCHEMA = "workbench.mailbox.1"
KEEP = 3  # of what a desk says the last ones; and every one that is contradicted
_ID = 16
_HEX = re.compile("[0-9a-f]{64}")
ChainAt = Callable[[int], bytes | None]
_TIME = 8
_CLOCK = timedelta(minutes=2)  # a server's clock may be set back by that much
_EPOCH = from_text("1970-01-01T00:00:00.000000Z")


class How(StrEnum):
    """How something was heard."""

    PACK = "pack"
    """A pack on the server says how far its sender had read."""
    HEAD = "head"
    """A head that lies on the server."""
    FILE = "file"
    """A pack that came as a file."""
    RECORD = "record"
    """A head that somebody signed, from the record or a file."""


class Trouble(StrEnum):
    """What else can be wrong with a server, beside a list of packs that is another one (:class:`Sort`)."""

    HISTORY = "two histories"
    """Somebody saw other packs than this desk did."""
    WITHHELD = "withheld"
    """Somebody saw packs that this desk was not shown."""
    CONTENT = "content"
    """A pack holds other bytes than those of its digest."""
    ORDER = "numbers"
    """Numbers are missing, or a pack does not say of itself what the server says."""
    DATED = "dated"
    """A pack has another date than it had, or an earlier one than the pack before it."""


class Heard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody said of the mailbox: it held ``number`` packs, and their ``chain`` or ``root`` was this (hexadecimal).

    ``desk`` said it, in the pack of number ``pack`` where it was one; ``by`` are the people whose signatures under it
    hold.  ``read`` says whether this desk has read the mailbox to its end since, ``fits`` whether it was found to be
    what this desk saw.
    """

    number: int
    chain: str = ""
    root: str = ""
    desk: str = ""
    by: tuple[str, ...] = ()
    how: How
    pack: int = 0
    read: bool = False
    fits: bool = False

    @property
    def id(self) -> str:
        """What names it among faults."""
        return f"{self.how}/{self.desk[-12:]}/{self.number}/{(self.chain or self.root)[:_ID]}"


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a server did, as this desk noted it when it was found.

    Up to the number ``common`` nothing is wrong.  ``noted`` is how many packs were noted here, ``there`` how many the
    server had.  ``heard`` is what contradicts it, if this desk's own log does not.  ``former`` is the name of the file
    that the digests went to which were noted before.  ``like`` are marks of claims that are only counted, this one among
    them (:mod:`workbench.mailbox.keeping`).
    """

    id: str
    sort: str
    common: int
    noted: int = 0
    there: int = 0
    also: int = 0
    heard: Heard | None = None
    said: str = ""
    found_at: datetime
    former: str = ""
    gone_on: bool = False
    like: tuple[str, ...] = ()


class Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One desk's notes about one mailbox; ``sum`` is the digest of the rest.

    ``heads_at`` is the server's date of the latest head that was taken from it, ``signed`` how many heads that people signed
    in the record were looked at.
    """

    schema: str = SCHEMA
    record: str
    mailbox: str
    heard: tuple[Heard, ...] = ()
    faults: tuple[Fault, ...] = ()
    heads_at: str = ""
    signed: int = 0
    sum: str = ""

    def sealed(self) -> Kept:
        """The same with its sum."""
        bare = msgspec.structs.replace(self, sum="")
        return msgspec.structs.replace(self, sum=digest_of(msgspec.to_builtins(bare)))


class NotesDamaged(RecordUnavailable):
    """The notes about a mailbox are there, and are not what was written."""


def read(path: Path, record: str, mailbox: str) -> Kept:
    """The notes in a file; empty ones where there are none, or they are of another mailbox.

    Raises ``NotesDamaged`` where the file is not as it was written or may not be read.
    """
    empty = Kept(record=record, mailbox=mailbox)
    try:
        data = read_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return empty
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error
    try:
        kept = msgspec.json.decode(data, type=Kept)
        sound = kept.schema == SCHEMA and kept == kept.sealed() and data == _written(kept)
    except (msgspec.DecodeError, ValueError, RecursionError):
        sound = False
    if not sound:
        raise _damaged(path, "is not what was written")
    return kept if (kept.record, kept.mailbox) == (record, mailbox) else empty


def _damaged(path: Path, why: str) -> NotesDamaged:
    return NotesDamaged(
        f"what was noted of the server {why}: what others said of it was not compared",
        where=str(path),
        hint="put the file back from a copy, or move it aside and keep it (docs/record.md)",
    )


def _written(kept: Kept) -> bytes:
    return encode(msgspec.to_builtins(kept)) + b"\n"


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Of several processes of one desk only one changes the notes meanwhile; ``RecordUnavailable`` where another does not end."""
    try:
        with in_turn(path):
            yield
    except OSError as error:
        raise RecordUnavailable(
            f"what was heard of the server could not be noted ({error})",
            where=str(path),
            hint="check the permissions of that folder",
        ) from error


def write(path: Path, kept: Kept) -> None:
    """Puts the notes where they belong; ``RecordUnavailable`` where that cannot be."""
    try:
        make_private_folder(path.parent)
        write_whole(path, _written(kept.sealed()), private=True)
    except OSError as error:
        raise RecordUnavailable(
            f"what was heard of the server could not be noted ({error.strerror})",
            where=str(path),
            hint="check the permissions of that folder",
        ) from error


# --- comparing --------------------------------------------------------------------------------


class _Log:
    """The digests of packs as they were noted once; chains and roots are worked out when they are first asked for."""

    def __init__(self, digests: Sequence[bytes]) -> None:
        self.digests = digests

    @cached_property
    def chains(self) -> list[bytes]:
        return list(chains(self.digests))

    @cached_property
    def roots(self) -> merkle.Roots:
        return merkle.Roots(self.digests)

    def agrees(self, heard: Heard) -> bool:
        """Whether that is what was seen of so many of these packs."""
        if heard.chain and heard.chain != self.chains[heard.number].hex():
            return False
        return not heard.root or heard.root == self.roots.at(heard.number).hex()


class History:
    """One list of packs as it was noted: its chain and its root at each number, worked out when they are asked for."""

    def __init__(
        self, digests: Callable[[], Sequence[bytes]], size: int, chain_at: ChainAt | None = None
    ) -> None:
        self.size = size
        self._load = digests
        self._digests: Sequence[bytes] | None = None
        self._chain_at = chain_at
        self._chains: list[bytes] | None = None
        self._roots: dict[int, bytes] = {}

    @property
    def digests(self) -> Sequence[bytes]:
        if self._digests is None:
            self._digests = self._load()
        return self._digests

    def chain_at(self, number: int) -> bytes | None:
        """The chain at a number that was noted."""
        if self._chain_at is not None:
            return self._chain_at(number)
        if self._chains is None:
            self._chains = list(chains(self.digests))
        return self._chains[number]

    def prepare(self, numbers: Iterable[int]) -> None:
        """Works out the roots at several numbers in one pass."""
        wanted = {number for number in numbers if number <= self.size} - self._roots.keys()
        if wanted:
            self._roots |= merkle.roots(self.digests, wanted)

    def root_at(self, number: int) -> bytes | None:
        """The root at a number that was noted."""
        self.prepare([number])
        return self._roots.get(number)

    def fits(self, heard: Heard) -> bool:
        """Whether it is what somebody saw, who saw no more packs than this."""
        if heard.number > self.size:
            return False
        if heard.chain and heard.chain != _hex(self.chain_at(heard.number)):
            return False
        return not heard.root or heard.root == _hex(self.root_at(heard.number))


def _hex(value: bytes | None) -> str:
    return value.hex() if value is not None else "none"


class Past:
    """The packs that a desk noted, and its notes before the server was found to be another: what heads are compared with.

    ``chain_at`` and ``size`` are those of a log that can be asked without reading all of it.
    """

    def __init__(
        self,
        now: Sequence[bytes] | Callable[[], Sequence[bytes]],
        former: Iterable[Sequence[bytes]] = (),
        *,
        size: int | None = None,
        chain_at: ChainAt | None = None,
    ) -> None:
        self.now = History(now, size or 0, chain_at) if callable(now) else History(lambda: now, len(now))
        self._former_digests = former
        self._former: list[History] | None = None

    @property
    def size(self) -> int:
        """How many packs this desk noted."""
        return self.now.size

    def _formers(self) -> list[History]:
        if self._former is None:
            self._former = [
                History(partial(_as_is, digests), len(digests)) for digests in self._former_digests
            ]
        return self._former

    def prepare(self, heard: Iterable[Heard]) -> None:
        """Before many things are compared: the roots that they ask for are worked out at once."""
        numbers = {one.number for one in heard if one.root}
        for history in (self.now, *self._formers()):
            history.prepare(numbers)

    def agrees(self, heard: Heard) -> bool | None:
        """Whether somebody saw what this desk saw, now or before; ``None`` where this desk has seen fewer packs."""
        if self.now.fits(heard) or any(history.fits(heard) for history in self._formers()):
            return True
        return None if heard.number > self.now.size else False


def _as_is(digests: Sequence[bytes]) -> Sequence[bytes]:
    return digests


def is_sound(heard: Heard) -> bool:
    """Whether it names a number of packs and 32 bytes at all; what does not says nothing."""
    hexadecimal = all(not text or _HEX.fullmatch(text) for text in (heard.chain, heard.root))
    return 0 < heard.number <= MAX_INTEGER and hexadecimal and bool(heard.chain or heard.root)


def contradictions(past: Past, heard: Iterable[Heard]) -> Iterator[tuple[Trouble, Heard]]:
    """What others say that this desk's own log contradicts, the lowest number first."""
    found = sorted(heard, key=lambda each: (each.number, each.id))
    past.prepare(found)
    for one in found:
        agrees = past.agrees(one)
        if agrees is None and one.read:
            yield Trouble.WITHHELD, one
        elif agrees is False:
            yield Trouble.HISTORY, one


def expected(past: Past, heard: Iterable[Heard]) -> list[Heard]:
    """What others have seen beyond what this desk has read, as is normal until it reads the mailbox again."""
    return [one for one in heard if not one.read and past.agrees(one) is None]


def joined(earlier: Sequence[Heard], new: Iterable[Heard], past: Past) -> tuple[Heard, ...]:
    """All that was heard; of what fits, only the last of each desk are kept.

    What was found to fit before is not compared again: the log only goes on, and ``verify`` compares everything.
    """
    found = {one.id: one for one in earlier}
    for one in new:
        before = found.get(one.id)
        by = tuple(dict.fromkeys((*(before.by if before else ()), *one.by)))
        found[one.id] = msgspec.structs.replace(before or one, by=by)
    past.prepare(one for one in found.values() if not one.fits)
    wrong: list[Heard] = []
    fits: dict[tuple[str, How], list[Heard]] = {}
    for one in sorted(found.values(), key=lambda each: each.number):
        if one.fits or past.agrees(one) is True:
            fits.setdefault((one.desk, one.how), []).append(msgspec.structs.replace(one, fits=True))
        else:
            wrong.append(one)
    return (*wrong, *(one for each in fits.values() for one in each[-KEEP:]))


def as_read(heard: Iterable[Heard]) -> tuple[Heard, ...]:
    """The same, after this desk has read the mailbox to its end."""
    return tuple(msgspec.structs.replace(one, read=True) if not one.read else one for one in heard)


# --- faults ------------------------------------------------------------------------------------


def fault_of(mailbox: str, differs: Differs, noted: Sequence[bytes], at: datetime, former: str = "") -> Fault:
    """The fault of a server whose list of packs does not continue what was noted.

    Its id is the same at each desk that had noted the first pack that is not there any more.
    """
    *_, chain = chains(noted[: differs.first])
    return Fault(
        id=f"{mailbox[-12:]}/{differs.first}/{chain.hex()[:_ID]}",
        sort=differs.sort,
        common=differs.common,
        noted=differs.noted,
        there=differs.there,
        also=differs.also,
        found_at=at,
        former=former,
    )


def fault_heard(mailbox: str, trouble: Trouble, heard: Heard, at: datetime, noted: int) -> Fault:
    """The fault that somebody saw something else."""
    return Fault(
        id=f"{mailbox[-12:]}/{trouble.name.lower()}/{heard.id}",
        sort=trouble,
        common=0,
        noted=noted,
        heard=heard,
        found_at=at,
    )


def fault_in(mailbox: str, trouble: Trouble, number: int, said: str, at: datetime, noted: int) -> Fault:
    """The fault of one pack; ``said`` says in words what is wrong with it."""
    mark = digest_of({"number": number, "said": said})[:_ID]
    return Fault(
        id=f"{mailbox[-12:]}/{trouble.name.lower()}/{number}/{mark}",
        sort=trouble,
        common=number - 1,
        noted=noted,
        said=said,
        found_at=at,
    )


def named_apart(faults: Sequence[Fault], fault: Fault) -> Fault:
    """The fault under a name of its own where the same was found before and this desk has read on since.

    Otherwise a server could be put back again, and what was accepted the first time would hide it.
    """
    known, id, times = {one.id: one for one in faults}, fault.id, 1
    while id in known and known[id].gone_on:
        times += 1
        id = f"{fault.id}/{times}"
    return msgspec.structs.replace(fault, id=id)


def with_gone_on(kept: Kept, id: str) -> Kept:
    """The notes where this desk has begun to read on after it found a fault."""
    return msgspec.structs.replace(
        kept,
        faults=tuple(
            msgspec.structs.replace(one, gone_on=True) if one.id == id else one for one in kept.faults
        ),
    )


LISTS = frozenset(str(sort) for sort in Sort)
"""What is wrong with a list of packs, as faults name it."""


# --- dates ---------------------------------------------------------------------------------------


class Dates:
    """When each pack came to the server, by the server's clock as it was told first: 8 bytes for each, microseconds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[int]:
        """The dates of packs 1, 2, 3 …; 0 for one that is not known."""
        try:
            data = read_regular(self.path)
        except OSError:
            return []
        return [
            int.from_bytes(data[at : at + _TIME], "big")
            for at in range(0, len(data) - len(data) % _TIME, _TIME)
        ]

    def note(self, dates: Iterable[tuple[int, datetime]]) -> None:
        """Notes the dates of packs by their numbers, where none is noted yet: the first that was told counts.

        Several processes of one desk may do so at once.
        """
        with self._told():
            make_private_folder(self.path.parent)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(self.path, flags, 0o600), "r+b") as file:
                for number, moment in dates:
                    at = (number - 1) * _TIME
                    file.seek(at)
                    if any(file.read(_TIME)):
                        continue
                    file.seek(at)
                    file.write(max(0, micros(moment)).to_bytes(_TIME, "big"))  # before 1970: as one not known

    def cut(self, number: int) -> None:
        """Forgets the dates of the packs beyond a number: the mailbox goes on otherwise from there."""
        with self._told(), suppress(FileNotFoundError), self.path.open("r+b") as file:
            file.truncate(min(file.seek(0, 2), number * _TIME))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RecordUnavailable(
                f"the dates of the packs could not be noted ({error.strerror})", where=str(self.path),
                hint="check the permissions of that folder",
            ) from error  # fmt: skip


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def date_text(value: int) -> str:
    """A noted date as text."""
    return to_text(_EPOCH + timedelta(microseconds=value))


def first_back_dated(
    dates: Sequence[tuple[int, int]], noted: Sequence[int], anew: int = 0
) -> tuple[int, int] | None:
    """The first pack whose date cannot be: its number, and the date that contradicts it.

    It is another one than was noted, or lies more than two minutes before that of an earlier pack.  ``dates`` are
    numbers and dates as the server tells them now, in their order.  From the number ``anew`` on (0 for none) packs were
    sent again after somebody accepted that the server was restored: these may be dated later than they were.
    """
    latest = 0
    for number, date in dates:
        was = noted[number - 1] if number <= len(noted) else 0
        if was and was != date and not (anew and number >= anew and date > was):
            return number, was
        if date < latest - _CLOCK // timedelta(microseconds=1):
            return number, latest
        latest = max(latest, date)
    return None
