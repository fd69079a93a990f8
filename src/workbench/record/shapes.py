"""What goes into the record, what comes out, and how a room describes its entities."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from workbench.model.errors import RecordError
from workbench.model.text import safe_text

T = TypeVar("T")
_ID_TIME = 13  # characters of a UUIDv7 that tell its millisecond


class Column(msgspec.Struct, frozen=True):
    """A column of a projected table: ``path`` is the value's top-level field (default: ``name``).

    ``type`` is TEXT, INTEGER, REAL or BLOB.  Lists and mappings become JSON text, decimals
    in a REAL column become floats, truth values in an INTEGER column 0 and 1.
    """

    name: str
    type: str = "TEXT"
    path: str = ""


class FanOut(msgspec.Struct, frozen=True):
    """A further table with zero or more rows per entity; the entity's ``id`` comes first.

    ``rows`` gets the id and the value and returns rows without the id, always the same
    ones in the same order for the same value.
    """

    table: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[str, dict[str, Any]], Iterable[tuple[Any, ...]]]
    indexes: tuple[tuple[str, ...], ...] = ()


# A condition in SQL over the columns of a projected table, and its arguments.
Condition = tuple[str, tuple[Any, ...]]
Titles = Callable[[str, str], str]
"""The title of something by its kind and key, ``titles("gate", "parity")``; empty where it has none."""
Value = Mapping[str, Any]
Stricter = Callable[[Sequence[Value | None]], int | None]
"""The place of the value that counts where order cannot be told, or ``None`` where a person has to choose."""


def strictest(rank: Callable[[Value | None], int]) -> Stricter:
    """Of several values the one with the highest rank counts; of different ones with that rank a person chooses."""

    def chosen(values: Sequence[Value | None]) -> int | None:
        ranks = [rank(value) for value in values]
        first = ranks.index(max(ranks))
        tied = (value for value, one in zip(values, ranks, strict=True) if one == ranks[first])
        return first if all(value == values[first] for value in tied) else None

    return chosen


def first_that(holds: Callable[[Value], bool], otherwise: int | None = 0) -> Stricter:
    """The first value of which something is true counts; where it is true of none, the one at that place, or a person chooses."""

    def chosen(values: Sequence[Value | None]) -> int | None:
        true = [value is not None and holds(value) for value in values]
        return true.index(True) if any(true) else otherwise

    return chosen


def title_from(*fields: str) -> Callable[[str, Value, Titles], str]:
    """A title that stands in the value: the first of these fields that holds a text."""

    def title(id: str, value: Value, titles: Titles) -> str:
        return next((v for field in fields if isinstance(v := value.get(field), str) and v), "")

    return title


class EntityKind(msgspec.Struct, frozen=True):
    """A noun of the record, and all that the house knows about it.

    *How it is kept:* a projected table ``e_<name>`` with ``columns``, and ``fan_out`` tables.
    Each of ``indexes`` is a list of its columns, or of terms over them, in SQL.
    ``shape`` is the struct of its values.  ``version`` grows when the meaning of a value, a
    column or a fan-out changes; the tables are then rebuilt from the ledger.  ``lift`` turns a
    value of an older version into this one.  ``columns_from`` makes of a value what the columns
    are filled from, where one of them says what follows from several fields.

    *How it reads,* in ``edited difference load balancer``: ``thing`` is what people call it, or
    nothing where the title says it all, ``many`` several of them where that is not ``thing`` with an s;
    ``title`` tells one of them from its id, its value and
    the titles of what it names; ``verbs`` are those verbs that read otherwise than they stand.
    What ``goes_along`` is written beside something else and is no news by itself.

    *Who looks at it:* gates are ``judged`` from its rows, which are compared with the ledger
    before each judgement; where it picks some of very many by their values in the columns
    ``picked_by``, which have an index, those alone.  The ``excerpt`` for CI holds its present values; ``documents`` are
    the fields that name a kept document by its digest, which comes along, and ``read_back``
    reads what columns and shape alone do not prove, from an open record.

    In its entries a person ``speaks`` for themselves, as by signing: a server takes them only from whom that person is known to be.

    ``raw`` names in a value the evidence that people look at and nothing is judged from: raw answers, attachments.
    Where a record is shared, large pieces of it stay at the server until somebody looks.

    *Taking it back:* undo passes over what ``stays`` is true of, as values that a source gave.

    *Where two desks changed it at once:* their changes merge field by field; the fields of one of
    the groups in ``together`` are judged together and merge only together.  What both changed
    otherwise is contested, unless ``stricter`` decides: it gets the values of the latest entries
    (``None`` where one removed the thing) and returns the place of the one that counts, or ``None``
    where a person has to choose (:func:`strictest` makes one from a rank).  ``merging`` grows when these
    rules change: the tables are then rebuilt, and the entries stay as they are.
    """

    name: str
    shape: type[Any] = dict
    version: int = 1
    columns: tuple[Column, ...] = ()
    lift: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None
    columns_from: Callable[[Value], Value] | None = None
    fan_out: tuple[FanOut, ...] = ()
    indexes: tuple[str, ...] = ()
    thing: str = ""
    title: Callable[[str, Value, Titles], str] = title_from("title", "name", "key")
    verbs: Mapping[str, str] = {}
    judged: bool = False
    picked_by: tuple[str, ...] = ()
    excerpt: bool = False
    documents: tuple[str, ...] = ()
    read_back: Callable[[Any], object] | None = None
    raw: Callable[[Value], Iterable[str]] | None = None
    stays: Callable[[Value], bool] | None = None
    many: str = ""
    goes_along: bool = False
    speaks: bool = False
    together: tuple[tuple[str, ...], ...] = ()
    stricter: Stricter | None = None
    merging: int = 1

    @property
    def table(self) -> str:
        return "e_" + self.name

    @property
    def plural(self) -> str:
        """What several of them are called; nothing where they are not counted."""
        return self.many or (f"{self.thing}s" if self.thing.isalpha() else "")


def imported_rows(noun: str, named_by: str) -> EntityKind:
    """What the last import of a team's table said about things of a noun; each goes by the thing's id."""

    def title(id: str, value: Value, titles: Titles) -> str:
        texts = value.get("texts")
        name = texts.get(named_by) if isinstance(texts, dict) else ""
        return " ".join(part for part in (str(value.get("file", "")), f"({name})" if name else "") if part)

    return EntityKind(f"imported_{noun}", thing="a row of", title=title, goes_along=True)


class Change(msgspec.Struct, frozen=True):
    """One change that a person wants: the whole new value, made from the entry ``base``.

    ``value`` ``None`` removes the entity.  ``base`` is :attr:`Stored.base` of what was on
    screen; ``None`` means that the entity must be new.  ``also`` are further latest entries that
    it replaces: one settles a contested thing with ``base`` one of its versions and ``also`` the others.
    """

    entity: str
    id: str
    verb: str
    value: Mapping[str, Any] | msgspec.Struct | None
    base: str | None = None
    reason: str | None = None
    also: tuple[str, ...] = ()


class Author(msgspec.Struct, frozen=True):
    """Who acts, how that is known ("git config", "asserted by --as"), and the system's user."""

    actor: str
    identity: str
    os_user: str


class Blob(msgspec.Struct, frozen=True):
    """A piece of evidence; ``digest`` is the hexadecimal SHA-256 of ``data``.

    ``purged`` is set where only a tombstone is left, ``absent`` where it stayed at another desk;
    ``data`` is empty then.
    """

    digest: str
    media: str
    data: bytes
    purged: bool = False
    absent: bool = False

    @classmethod
    def of(cls, data: bytes, media: str) -> Blob:
        """The blob of these bytes."""
        return cls(hashlib.sha256(data).hexdigest(), media, data)


class Stored(msgspec.Struct, frozen=True):
    """An entity as it is now.  Pass ``base`` to ``Change``: it names the latest entry, or those that were merged.

    ``contested``: several desks changed it at once, and nobody has chosen yet; this is one of its
    versions, ``Record.contested`` has all.  What rests on it is not met until then.  ``seq`` is the
    order of arrival here and means nothing.
    """

    id: str
    base: str
    seq: int
    verb: str
    value: bytes
    recorded_at: datetime
    actor: str
    contested: bool = False

    @property
    def made(self) -> tuple[str, datetime, str]:
        """Orders things by when they were made: by the time in their ids, whatever order they arrived in.

        Records of format 1 may hold several ids of the same moment, a demonstration's: of these the
        one that was changed last is the later one.
        """
        return (self.id[:_ID_TIME], self.recorded_at, self.id)

    def decode(self, kind: type[T]) -> T:
        """The value as ``kind``, a struct or ``dict``; ``RecordError`` where it is not what was written."""
        try:
            return msgspec.json.decode(self.value, type=kind)
        except (msgspec.DecodeError, ValueError, ArithmeticError) as error:
            raise RecordError(
                f"the record is damaged: “{safe_text(self.id)}” in it cannot be read ({safe_text(str(error), 200)})",
                hint="run: workbench verify; keep the file, and put a copy back (docs/record.md)",
            ) from error


class Commit(msgspec.Struct, frozen=True):
    """What a commit did.

    ``entries`` are the digests of the new entries, ``head`` the ledger's chain after it
    (hexadecimal), ``merged`` the ids whose fields were merged with somebody else's, and
    ``unchanged`` the ids that had that value already.  ``touched`` are the entity and id of
    everything that now reads otherwise.
    """

    change_id: str
    entries: tuple[str, ...]
    head: str
    merged: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    touched: tuple[tuple[str, str], ...] = ()


class Head(msgspec.Struct, frozen=True):
    """The end of a ledger: the last entry's ``seq``, ``digest`` and ``chain`` (hexadecimal)."""

    seq: int
    digest: str
    chain: str


class Checkpoint(msgspec.Struct, frozen=True):
    """The end of one desk's ledger in one hash: how many entries, and the root of the Merkle tree over them (hexadecimal).

    ``origin`` names the log, ``workbench/RECORD/DESK``: two checkpoints are compared within one log only.
    """

    origin: str
    size: int
    root: str


class Known(msgspec.Struct, frozen=True, order=True):
    """How far a desk's entries are held: its last one.  One for each desk is a frontier."""

    desk: str
    desk_seq: int
    digest: str


class Version(msgspec.Struct, frozen=True):
    """One of several latest entries of a thing.

    ``value`` is ``None`` where it removed the thing, and where a newer workbench wrote it, which
    ``readable`` tells.
    """

    digest: str
    desk: str
    actor: str
    recorded_at: datetime
    value: dict[str, Any] | None
    readable: bool = True


class Contested(msgspec.Struct, frozen=True):
    """A thing of which a person has to choose a version: the newest first."""

    entity: str
    id: str
    versions: tuple[Version, ...]


class Desk(msgspec.Struct, frozen=True):
    """A desk that wrote to the record: how many entries are held, and its last one's number.

    ``own`` is this file's desk; ``follows`` is where the file that it began with ended.
    """

    id: str
    entries: int
    last: int
    own: bool = False
    follows: Known | None = None


class Aside(msgspec.Struct, frozen=True):
    """An entry from elsewhere that is not in the ledger: it waits, or is quarantined; ``why`` in words.

    ``desk`` is empty where the entry cannot be read; then nothing is known of what it is about, either.
    Nobody has vouched for any of it.
    """

    desk: str
    desk_seq: int
    digest: str
    why: str
    received_at: datetime
    state: str = ""
    entity: str = ""
    id: str = ""
    verb: str = ""
    actor: str = ""
    title: str = ""
    recorded_at: datetime | None = None

    @property
    def about(self) -> str:
        """What it is about, in a word and its title."""
        noun = self.entity.replace("_", " ")
        return f"{noun} “{self.title}”" if self.title else noun


class Taken(msgspec.Struct, frozen=True):
    """What became of a pack: the digests of the entries that were taken, and what is kept aside.

    ``touched`` are the entity and id of everything that may read otherwise now, ``notes`` what is
    worth telling, as a clock elsewhere that is ahead.  ``absent`` pieces of evidence are named by
    entries that were taken and stayed elsewhere; ``new`` are those that this pack brought into quarantine.
    ``new_desk`` is set where another copy turned out to write as this desk, so that this one began anew.
    """

    taken: tuple[str, ...]
    waiting: tuple[Aside, ...]
    quarantined: tuple[Aside, ...]
    touched: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    absent: int = 0
    new: tuple[str, ...] = ()
    new_desk: str = ""


class Info(msgspec.Struct, frozen=True):
    """What the record says about itself, from its first entry."""

    record_id: str
    desk: str
    project: str
    created_at: datetime
    demonstration: datetime | None
    schema_version: int
    readonly: bool


class EntryView(msgspec.Struct, frozen=True):
    """One ledger entry for people: what it made (``value``) out of what (``before``).

    ``purged``: its value and reason were removed for good.
    """

    seq: int
    digest: str
    entity: str
    id: str
    verb: str
    actor: str
    identity: str
    recorded_at: datetime
    claimed_at: datetime | None
    reason: str | None
    value: dict[str, Any] | None
    before: dict[str, Any] | None
    changed_fields: tuple[str, ...]
    change_id: str
    part: int
    parts: int
    undoes: str | None
    blobs: tuple[str, ...]
    purged: bool = False


class ActPart(msgspec.Struct, frozen=True):
    """What one act did alike to ``count`` things of a kind; ``first`` is the first of these entries."""

    entity: str
    verb: str
    count: int
    first: EntryView


class ActView(msgspec.Struct, frozen=True):
    """One act as a whole: ``seq`` is its first entry's place, ``undoes`` the act that it takes back."""

    change_id: str
    actor: str
    recorded_at: datetime
    desk: str
    seq: int
    undoes: str | None
    parts: tuple[ActPart, ...]


class Report(msgspec.Struct, frozen=True):
    """What ``verify`` found: how much was checked, and the first thing that is wrong.

    ``ends_compared`` is how many ends of the ledger, known outside of the record, it was compared
    with.  ``notes`` are facts that are no damage: evidence that was purged, tables of a kind of
    entity that this version does not know.  ``desks`` wrote to it, ``contested`` waits for
    somebody to choose, ``waiting`` and ``quarantined`` came from elsewhere and are not in the ledger.
    ``cosigned`` is how many heads that people signed it was compared with, and ``cosigned_by`` who they are.
    """

    ok: bool
    entries: int
    rows: int
    blobs: int
    problem: str | None
    head: Head | None = None
    notes: tuple[str, ...] = ()
    ends_compared: int = 0
    desks: tuple[Desk, ...] = ()
    contested: tuple[Contested, ...] = ()
    waiting: tuple[Aside, ...] = ()
    quarantined: tuple[Aside, ...] = ()
    cosigned: int = 0
    cosigned_by: tuple[str, ...] = ()
