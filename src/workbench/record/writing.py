"""From changes to entries: the base check, merging, and the bytes that are appended."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import RecordError, StaleChange, UsageError
from workbench.model.keys import new_id
from workbench.model.times import Clock, from_text, to_text
from workbench.record import evidence, graph
from workbench.record.ledger import (
    APPEND,
    EVIDENCE,
    GENESIS_CHAIN,
    LATEST,
    NO_VALUE,
    Body,
    encode_body,
    entered_text,
    entry_digest,
    next_chain,
    read_body,
)
from workbench.record.projection import Row, Table, decode_value
from workbench.record.shapes import Author, Change, Commit

MAX_VALUE = 4 * 2**20
_EMPTY = b""

Value = dict[str, Any] | None


class Prepared(msgspec.Struct):
    """A change whose value has been checked, normalised and encoded; ``raw`` is empty for none."""

    change: Change
    table: Table
    raw: bytes
    reason: str | None
    base: str | None = None
    also: tuple[str, ...] = ()
    fields: list[str] | None = None


class Tail(msgspec.Struct, frozen=True):
    """Where the ledger ends, and this desk in it: what the next entry continues.

    ``seq`` and ``chain`` are the ledger's last; ``digest``, ``desk_seq`` and ``recorded_at`` are
    those of the last entry written here; ``heard`` is the latest date of what came from elsewhere,
    ``branched`` the things of which there are several versions.
    """

    seq: int
    digest: bytes
    chain: bytes
    recorded_at: str
    desk_seq: int
    desk: str = ""
    heard: str = ""
    branched: frozenset[graph.Key] = frozenset()


BEGINNING = Tail(0, b"", GENESIS_CHAIN, "", 0)


class Act(msgspec.Struct, kw_only=True):
    """One act while it is written: what its entries share, and the end of the ledger, which moves on."""

    desk: str
    tail: Tail
    author: Author
    change_id: str
    recorded_at: str
    claimed_at: str | None = None
    definitions: str | None = None
    undoes: str | None = None
    entries: list[str] = []
    touched: list[tuple[str, str]] = []

    def commit(self, merged: Sequence[str] = (), unchanged: Sequence[str] = ()) -> Commit:
        """What this act has done."""
        return Commit(
            self.change_id if self.entries else "",
            tuple(self.entries),
            self.tail.chain.hex(),
            tuple(merged),
            tuple(unchanged),
            tuple(self.touched),
        )


class Entry(msgspec.Struct, frozen=True):
    """What one entry says by itself."""

    entity: str
    id: str
    verb: str
    value: bytes = _EMPTY
    version: int = 1
    base: str | None = None
    also: tuple[str, ...] = ()
    fields: list[str] | None = None
    reason: str | None = None
    part: int = 1
    parts: int = 1
    blobs: list[str] | None = None


def prepare(change: Change, tables: Mapping[str, Table]) -> Prepared:
    """Checks and encodes a change before any lock is taken; ``UsageError`` in words."""
    table = tables.get(change.entity)
    if table is None:
        raise RecordError(
            f"this workbench cannot change a {change.entity}", hint="a newer workbench may have made it"
        )
    if not (change.id.isascii() and change.verb.isascii()):
        change = msgspec.structs.replace(
            change, id=entered_text(change.id) or "", verb=entered_text(change.verb) or ""
        )
    if not change.id or not change.verb:
        raise UsageError(f"a change of a {change.entity} needs an id and a verb")
    raw = _EMPTY if change.value is None else entered(change.value, f"{change.entity} {change.id}")
    return Prepared(change, table, raw, entered_text(change.reason))


def entered(value: Any, what: str) -> bytes:
    """Canonical bytes of a value as it enters: text in NFC, at most 4 MB."""
    try:
        raw = encode(value)
        if not raw.isascii() and not unicodedata.is_normalized("NFC", raw.decode()):
            raw = encode(_nfc(msgspec.json.decode(raw)))
    except (ValueError, TypeError, RecursionError) as error:
        raise UsageError(f"this cannot be recorded in {what}: {error}") from error
    if len(raw) > MAX_VALUE:
        raise UsageError(
            f"{what} would hold {len(raw) / 2**20:.1f} MB, more than the {MAX_VALUE // 2**20} MB that fit",
            hint="shorten the text, or attach it as evidence",
        )
    return raw


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _nfc(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_nfc(item) for item in value]
    return value


def settle(
    connection: sqlite3.Connection, prepared: Prepared, strict: bool, branched: frozenset[graph.Key]
) -> str:
    """Compares a change with the entity as it is now: ``new``, ``merged`` or ``unchanged``.

    Runs inside the write transaction.  ``strict`` refuses to merge.  Fills in the entries that it
    replaces and the fields that change; raises ``StaleChange``.
    """
    change, table = prepared.change, prepared.table
    if (change.entity, change.id) in branched:
        return _settle_branched(connection, prepared, strict)
    found = connection.execute(LATEST, (change.entity, change.id)).fetchone()
    if found is None:
        if change.base is not None:
            raise _stale(prepared, None, f"this {change.entity} is not in the record")
        return "new" if prepared.raw else "unchanged"
    seq, digest, data = found
    head = read_body(seq, data)
    now = table.value(head)
    prepared.base = digest.hex()
    if change.base is None:
        if now is None:
            return "new" if prepared.raw else "unchanged"
        raise _stale(prepared, now, f"there is already a {change.entity} “{change.id}”")
    if change.base != prepared.base or change.also:
        if strict or change.also:
            raise _stale(prepared, now, f"this {change.entity} was changed since")
        return _merge(connection, prepared, now)
    if prepared.raw == (bytes(head.value) if head.value is not NO_VALUE else _EMPTY):
        return "unchanged"
    return _differing(prepared, now)


def _settle_branched(connection: sqlite3.Connection, prepared: Prepared, strict: bool) -> str:
    """The same for a thing that several desks changed at once: its change replaces all latest entries."""
    change, table = prepared.change, prepared.table
    stands = graph.standing(connection, table, change.id)
    assert stands is not None, "what has several versions has entries"
    if not all(node.readable for node in stands.latest):
        raise RecordError(
            f"this {change.entity} was changed by a newer workbench", hint="update the workbench"
        )
    latest = [node.digest for node in stands.latest]
    made_from = graph.heads_of(change.base, change.also) if change.base is not None else ()
    now = stands.value
    if set(made_from) == set(latest):
        prepared.base, prepared.also = made_from[0], tuple(sorted(made_from[1:]))
        if not stands.contested:
            return _differing(prepared, now)
        chosen = next(node for node in stands.latest if node.digest == prepared.base)
        prepared.fields = changed(chosen.value, decode_value(prepared.raw) if prepared.raw else None)
        return "new"
    prepared.base, prepared.also = latest[0], tuple(sorted(latest[1:]))
    if change.base is None and now is None and not stands.contested:
        return "new" if prepared.raw else "unchanged"
    if stands.contested:
        what = f"there are two versions of this {change.entity}: choose one first"
    elif change.base is None:
        what = f"there is already a {change.entity} “{change.id}”"
    elif strict or change.also:
        what = f"this {change.entity} was changed since"
    else:
        return _merge(connection, prepared, now)
    raise _stale(prepared, now, what)


def _differing(prepared: Prepared, now: Value) -> str:
    mine = decode_value(prepared.raw) if prepared.raw else None
    prepared.fields = changed(now, mine)
    return "new" if prepared.fields or (now is None) != (mine is None) else "unchanged"


def _merge(connection: sqlite3.Connection, prepared: Prepared, now: Value) -> str:
    """Two people changed the entity at once: both keep their fields, or the second is told."""
    change = prepared.change
    made_from = graph.heads_of(change.base or "")
    found = graph.standing(connection, prepared.table, change.id, of=made_from)
    if found is None:
        raise _stale(prepared, now, f"this {change.entity} was changed since")
    seen = found.value
    mine = decode_value(prepared.raw) if prepared.raw else None
    if mine == now:
        return "unchanged"
    if seen is None or mine is None or now is None:
        raise _stale(prepared, now, f"this {change.entity} was changed or removed since")
    my_fields, their_fields = changed(seen, mine) or [], changed(seen, now) or []
    both = [f for f in my_fields if f in their_fields and mine.get(f) != now.get(f)]
    if both:
        raise _stale(
            prepared, now, f"somebody else changed {', '.join(both)} of this {change.entity} since", both
        )
    merged = dict(now)
    for field in my_fields:
        if field in mine:
            merged[field] = mine[field]
        else:
            merged.pop(field, None)
    prepared.raw = encode(merged)
    prepared.fields = changed(now, merged)
    return "merged" if prepared.fields else "unchanged"


def changed(before: Value, after: Value) -> list[str] | None:
    """The names of the top-level fields that differ, sorted; ``None`` where one side is missing."""
    if before is None or after is None:
        return None
    fields = [f for f, item in after.items() if f not in before or before[f] != item]
    fields += [f for f in before if f not in after]
    return sorted(fields)


def _stale(prepared: Prepared, theirs: Value, what: str, fields: Sequence[str] = ()) -> StaleChange:
    mine = decode_value(prepared.raw) if prepared.raw else None
    return StaleChange(
        what,
        mine=mine,
        theirs=theirs,
        fields=tuple(fields) or tuple(changed(theirs, mine) or ()),
        hint="look at both versions and choose",
    )


def begin_act(
    desk: str,
    tail: Tail,
    author: Author,
    clock: Clock,
    *,
    claimed_at: datetime | None = None,
    definitions: str | None = None,
    undoes: str | None = None,
) -> Act:
    """A new act.

    Its time never lies before this desk's last entry's, and after those of all that came from
    elsewhere, whatever the machine's clock says.
    """
    now = clock.recording()
    return Act(
        desk=desk,
        tail=tail,
        author=_entered_author(author),
        change_id=new_id(now),
        recorded_at=recorded_at(tail, clock, now),
        claimed_at=to_text(claimed_at) if claimed_at is not None else None,
        definitions=definitions,
        undoes=undoes,
    )


def recorded_at(tail: Tail, clock: Clock, now: datetime | None = None) -> str:
    """When an entry that continues this end is written, as the ledger says it."""
    text = max(to_text(now or clock.recording()), tail.recorded_at)
    return text if text > tail.heard else to_text(from_text(tail.heard) + timedelta(microseconds=1))


def _entered_author(author: Author) -> Author:
    if author.actor.isascii() and author.identity.isascii() and author.os_user.isascii():
        return author
    return Author(*(entered_text(part) or "" for part in (author.actor, author.identity, author.os_user)))


def append(connection: sqlite3.Connection, act: Act, entry: Entry) -> Body:
    """Appends one entry, after which the act goes on behind it; returns its body."""
    body, row = next_entry(act, entry)
    connection.execute(APPEND, row)
    act.entries.append(act.tail.digest.hex())
    return body


def next_entry(act: Act, entry: Entry) -> tuple[Body, Row]:
    """The body and the ledger's row of an act's next entry, after which the act goes on behind it."""
    tail = act.tail
    body = Body(
        actor=act.author.actor, also=list(entry.also) or None, base=entry.base, blobs=entry.blobs or None, change_id=act.change_id,
        changed_fields=entry.fields, claimed_at=act.claimed_at, definitions_digest=act.definitions,
        desk=act.desk, desk_prev=tail.digest.hex() or None, desk_seq=tail.desk_seq + 1,
        entity=entry.entity, id=entry.id, identity=act.author.identity, os_user=act.author.os_user,
        part=entry.part, parts=entry.parts, reason=entry.reason, recorded_at=act.recorded_at,
        undoes=act.undoes, value=msgspec.Raw(entry.value) if entry.value else NO_VALUE,
        value_version=entry.version, verb=entry.verb,
    )  # fmt: skip
    data = encode_body(body)
    digest = entry_digest(data)
    chain = next_chain(tail.chain, digest)
    seq = tail.seq + 1
    act.tail = Tail(
        seq, digest, chain, act.recorded_at, tail.desk_seq + 1, act.desk, tail.heard, tail.branched
    )
    return body, (seq, entry.entity, entry.id, entry.verb, act.change_id, data, digest, chain)


def unbranch(connection: sqlite3.Connection, act: Act, key: graph.Key) -> None:
    """An entry has replaced all versions of a thing: there is one again."""
    connection.execute("DELETE FROM versions WHERE entity = ? AND id = ?", key)
    act.tail = msgspec.structs.replace(act.tail, branched=act.tail.branched - {key})


def write(
    connection: sqlite3.Connection, act: Act, prepared: Sequence[Prepared], packed: list[evidence.Row]
) -> Commit:
    """Inside the transaction: settles every change first, then appends and projects what is left.

    ``packed`` is the evidence that comes along; an act may be nothing else.
    """
    branched = act.tail.branched
    outcome = [settle(connection, p, act.undoes is not None, branched) for p in prepared]
    todo = [p for p, what in zip(prepared, outcome, strict=True) if what != "unchanged"]
    kept = [row[0] for row in packed]
    if packed and (todo or not prepared):
        evidence.keep(connection, packed)
    if packed and not prepared:
        append(connection, act, Entry(EVIDENCE, act.change_id, "kept", blobs=kept))
    for part, item in enumerate(todo, 1):
        change = item.change
        entry = Entry(
            change.entity, change.id, change.verb, item.raw, item.table.kind.version, item.base, item.also,
            item.fields, item.reason, part, len(todo), kept if part == 1 else None,
        )  # fmt: skip
        body = append(connection, act, entry)
        item.table.project(connection, act.tail.seq, act.entries[-1], body)
        act.touched.append((change.entity, change.id))
        if item.also or (change.entity, change.id) in branched:
            unbranch(connection, act, (change.entity, change.id))
    merged, same = (
        [p.change.id for p, what in zip(prepared, outcome, strict=True) if what == word]
        for word in ("merged", "unchanged")
    )
    return act.commit(merged, same)
