"""What people knew when they said something, beside what is held here: entries that never came, or came otherwise.

Each statement names how far its person's record held every desk's entries (``frontier``).  A server that keeps entries
from somebody cannot change what a key signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from workbench.model.text import safe_text
from workbench.model.times import age_text
from workbench.record import Known
from workbench.record.dropping import DROPPED
from workbench.signoff.statement import Statement, read_statement
from workbench.usecases import nouns
from workbench.usecases.context import Context
from workbench.usecases.signed_statements import signed_statements

LONGEST = timedelta(days=7)  # a desk may be off-line so long, and send all that it wrote afterwards


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's statement rests on an entry that is not here: entry ``number`` of ``desk``, of which ``held`` are here.

    ``other`` says that another entry with that number is here.  ``signed`` says that a key's signature over the
    statement holds.  Of each desk the earliest such statement is told.
    """

    desk: str
    number: int
    held: int
    other: bool
    person: str
    about: str
    said_at: datetime
    signed: bool

    def since(self, now: datetime) -> timedelta:
        """How long ago that entry existed at the latest."""
        return max(now - self.said_at, timedelta())


class Place(msgspec.Struct, frozen=True):
    """What is held here of the entries of all desks."""

    digests: frozenset[str]
    last: dict[str, int]


def unknown_entries(context: Context) -> tuple[Unknown, ...]:
    """What statements of the record rest on that is not here; what waits or was dropped here is here."""
    digests = {leaf.hex() for leaf in context.record.leaves()}
    digests |= {one.digest for one in context.record.aside()}
    digests |= {row.id for row in context.record.all(DROPPED)}
    place = Place(frozenset(digests), {one.desk: one.desk_seq for one in context.record.frontier()})
    signed = {(one.person, one.checkpoint) for one in signed_statements(context) if not one.problem}
    return compare(statements(context), place, signed)


def compare(
    said: Iterable[Statement], place: Place, signed: Iterable[tuple[str, object]]
) -> tuple[Unknown, ...]:
    """The same of statements that are in hand; ``signed`` are the person and checkpoint of those that a key signed."""
    found: dict[tuple[str, bool], Unknown] = {}
    keys = set(signed)
    for statement in sorted(said, key=lambda one: one.said_at):
        is_signed = statement.checkpoint is not None and (statement.person, statement.checkpoint) in keys
        for known in statement.frontier:
            one = _unknown(statement, known, place, signed=is_signed)
            if one is None:
                continue
            before = found.get((one.desk, one.other))
            if before is None or (one.signed and not before.signed):
                found[(one.desk, one.other)] = one
    return tuple(sorted(found.values(), key=lambda one: (not one.other, one.desk)))


def _unknown(statement: Statement, known: Known, place: Place, *, signed: bool) -> Unknown | None:
    if known.digest in place.digests:
        return None
    held = place.last.get(known.desk, 0)
    about = " ".join(
        part for part in (statement.act.value, statement.release, statement.gate or statement.part) if part
    )
    return Unknown(
        desk=known.desk,
        number=known.desk_seq,
        held=held,
        other=held >= known.desk_seq,
        person=statement.person,
        about=safe_text(about, 120),
        said_at=statement.said_at,
        signed=signed,
    )


def statements(context: Context) -> Iterator[Statement]:
    """Every statement that an entry of the record names and that can be read."""
    seen: set[str] = set()
    for noun in nouns.NOUNS:
        if "statement" not in getattr(noun.shape, "__struct_fields__", ()):
            continue
        for (digest,) in context.record.query(
            f"SELECT DISTINCT json_extract(value, '$.statement') FROM {noun.table}"
        ):
            if not digest or digest in seen:
                continue
            seen.add(digest)
            blob = context.record.blob(digest)
            with suppress(ValueError, msgspec.DecodeError):
                if blob is not None and blob.data:
                    yield read_statement(blob.data)


def words(one: Unknown, now: datetime, *, shared: bool) -> str:
    """What is not here, whose statement names it, and how long that may be normal."""
    whose = f"what {safe_text(one.person, 60)} said ({one.about}, {age_text(one.since(now))} ago) rests on entry {one.number} of the desk {safe_text(one.desk[-12:], 20)}"
    if one.other:
        how = "a key signed that" if one.signed else "no key signed that"
        return f"{whose}, and another entry with that number is here ({how}): two histories of that desk were shown"
    here = f"of which {one.held} entries are here" if one.held else "of which nothing is here"
    if not shared:
        return f"{whose}, {here}: that is normal until its pack comes (workbench exchange)"
    if one.since(now) <= LONGEST:
        return f"{whose}, {here}: that is normal until that desk has sent what it wrote, for {LONGEST.days} days at most"
    return f"{whose}, {here}, and that is longer than {LONGEST.days} days: the server withholds it, or that desk never sent it"


def is_wrong(one: Unknown, now: datetime, *, shared: bool) -> bool:
    """Whether it is a fault: a signed statement about another entry, or something that did not come in a week."""
    return one.signed if one.other else shared and one.since(now) > LONGEST
