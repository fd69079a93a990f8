"""What was kept when somebody acted: which documents an entry names, and the bytes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from workbench.gates import overrides as room
from workbench.model.errors import UsageError
from workbench.record import EntryView
from workbench.record.ledger import REDID, UNDID
from workbench.releases import model as releases
from workbench.signoff import model as signoff
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases.context import Context

LEAST = 6  # digits of a digest that name an entry
_ENTRIES = 1000  # of one thing
_TAKING_BACK = frozenset({"revoked", "lifted", "withdrawn", "dismissed", UNDID, REDID})
_DIGITS = frozenset("0123456789abcdef")


class What(StrEnum):
    """What can be shown again: what was on screen, what decides, the definitions, what was said."""

    DOCUMENT = "document"
    BASIS = "basis"
    DEFINITIONS = "definitions"
    STATEMENT = "statement"


# Under which names a value holds the digest of each; the first that it has counts.
_FIELDS = {
    What.DOCUMENT: ("report", "shown"),
    What.BASIS: ("basis",),
    What.DEFINITIONS: ("definitions",),
    What.STATEMENT: ("statement",),
}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A document that an act names by its digest; ``data`` is ``None`` where the record lacks it, and ``why``."""

    what: What
    digest: str
    data: bytes | None = None
    why: str = ""


def find_act(context: Context, ref: str, release: str | None = None) -> EntryView:
    """The entry that ``ref`` names.

    That is the digest of an entry or its beginning, a signature as ``GATE/PERSON``, a part of a
    gate that was let past, or the version of a release that was shipped; of the release in hand,
    or the one named by ``release``.  ``UsageError`` where nothing, or more than one entry, fits.
    """
    for entity, ident in (*_shipped(context, ref), *_acts_of(context, ref, release)):
        if (entry := find_thing(context, entity, ident)) is not None:
            return entry
    found = _by_digest(context, ref.lower())
    if found is None:
        raise UsageError(
            f"nothing kept is called “{ref}”",
            hint="give GATE/PERSON, an overridden part, a version that was shipped, "
            "or the digest that workbench history --json shows",
        )
    return found


def find_thing(context: Context, entity: str, ident: str) -> EntryView | None:
    """The last act on a thing with which documents were kept."""
    entries = _itself(context.record.history(entity, ident, limit=_ENTRIES))
    return next((entry for entry in entries if keeps(entry)), None)


def _itself(entries: Sequence[EntryView]) -> Sequence[EntryView]:
    """The acts themselves, the latest first: taking one back is another act, on the same documents."""
    return [entry for entry in entries if entry.verb not in _TAKING_BACK] or entries


def _shipped(context: Context, version: str) -> list[tuple[str, str]]:
    known = [ident for ident, said in releases.versions(context.record).items() if said == version]
    return [("shipment", ident) for ident in known]


def _acts_of(context: Context, ref: str, release: str | None) -> list[tuple[str, str]]:
    """Signatures and overrides of a release that go by ``ref``, the latest first."""
    if not context.record.count("release"):
        return []
    held = releases.find(context.record, release or context.release)
    gate, _, person = ref.rpartition("/")
    signed = [
        ("signoff", stored.id)
        for stored, value in signoff.signoffs(context.record, held.id)
        if (value.gate, value.person) == (gate, person)
    ]
    let_past = [
        ("override", stored.id)
        for stored, value in room.overrides(context.record, held.id)
        if ref in (value.part, value.part.partition("/")[2]) or value.title.lower() == ref.lower()
    ]
    return [*reversed(signed), *reversed(let_past)]


def _by_digest(context: Context, beginning: str) -> EntryView | None:
    if len(beginning) < LEAST or not _DIGITS.issuperset(beginning):
        return None
    rows = context.record.query(
        "SELECT entity, id, lower(hex(digest)) FROM ledger WHERE substr(lower(hex(digest)), 1, ?) = ? LIMIT 2",
        (len(beginning), beginning),
    )
    if len(rows) > 1:
        raise UsageError(f"several entries begin with {beginning}", hint="give more of the digest")
    for entity, ident, digest in rows:
        for entry in context.record.history(entity, ident, limit=_ENTRIES):
            if entry.digest == digest:
                return entry
    return None


def keeps(entry: EntryView) -> bool:
    """Whether documents were kept with an entry."""
    value = entry.value or {}
    return any(_first(value, names) for names in _FIELDS.values())


def documents_of(context: Context, entry: EntryView) -> Mapping[What, str]:
    """The digests of what an entry keeps, by what each is; none where it keeps nothing.

    A statement names its own: what an older entry does not say stands there.
    """
    value = entry.value or {}
    found = {what: _first(value, names) for what, names in _FIELDS.items()}
    if statement := read_said(context, found[What.STATEMENT]):
        for what in (What.DOCUMENT, What.BASIS, What.DEFINITIONS):
            found[what] = found[what] or getattr(statement, _FIELDS[what][-1])
    return {what: digest for what, digest in found.items() if digest}


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((found for name in names if isinstance(found := value.get(name), str)), "")


def read_said(context: Context, digest: str) -> Statement | None:
    """The statement of that digest; ``None`` where it is not here, or cannot be read."""
    blob = context.record.blob(digest) if digest else None
    if blob is None or not blob.data:
        return None
    try:
        return read_statement(blob.data)
    except (ValueError, msgspec.DecodeError):
        return None


_FORMAT_1 = (
    "before the record's second format only signatures and requests kept what was shown, and its basis"
)
_LACKS = {
    What.DOCUMENT: "nothing that was on screen is kept with this act",
    What.BASIS: "what it rests on is not kept with this act",
    What.DEFINITIONS: "the definitions are not kept with this act",
    What.STATEMENT: "no statement is kept with this act",
}


def read_kept(context: Context, entry: EntryView, what: What) -> Kept:
    """One document of an act, or why it is not here."""
    digest = documents_of(context, entry).get(what, "")
    if not digest:
        why = f"{_LACKS[what]}: {_FORMAT_1}"
        return Kept(what=what, digest="", why=why)
    blob = context.record.blob(digest)
    if blob is None:
        return Kept(what=what, digest=digest, why="only its digest is kept here")
    if blob.purged:
        return Kept(what=what, digest=digest, why="it was purged; the history says who did it and why")
    if not blob.data:
        from workbench.usecases.sharing.evidence import where_it_is  # few documents stayed elsewhere

        return Kept(what=what, digest=digest, why=where_it_is(context, digest))
    return Kept(what=what, digest=digest, data=blob.data)
