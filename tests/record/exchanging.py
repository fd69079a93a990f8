"""Several copies of one record, and what they must agree on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from tests.record.support import ADA, Ticking

from workbench.model.times import Clock
from workbench.record import Author, Change, Column, EntityKind, FanOut, Record, Taken, strictest
from workbench.record.packs import Selection, decode_pack, encode_pack


def tags(id: str, value: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(tag,) for tag in value.get("tags", ())]


def rank(value: Any) -> int:
    """A thing that is gone is the strictest, then one that is frozen."""
    return 2 if value is None else 1 if value.get("frozen") else 0


THING = EntityKind(
    "thing",
    columns=(Column("title"), Column("decision")),
    fan_out=(FanOut("thing_tag", (("tag", "TEXT"),), tags),),
    judged=True,
    excerpt=True,
    together=(("left", "right", "decision"),),
)
SIGNATURE = EntityKind(
    "signature",
    columns=(Column("by"),),
    judged=True,
    excerpt=True,
    stricter=strictest(lambda value: 1 if value is None or value.get("revoked") else 0),
)
FREEZE = EntityKind("freeze", judged=True, excerpt=True, stricter=strictest(rank))
NOUNS = (THING, SIGNATURE, FREEZE)
TABLES = ("e_thing", "e_signature", "e_freeze", "thing_tag", "versions")


def begin(path: Path, count: int) -> list[Record]:
    """Copies of one new record, each of which will be a desk of its own."""
    clock = Clock(real=Ticking())
    with Record.create(path / "0.db", NOUNS, project="shop", author=ADA, clock=clock) as first:
        for number in range(1, count):
            first.backup(path / f"{number}.db")
    records = [Record.open(path / f"{number}.db", NOUNS) for number in range(count)]
    for record in records:
        record._connection.execute("PRAGMA synchronous = OFF")
    return records


def give(one: Record, other: Record, clock: Clock, *, part: bool = False, bad: bytes = b"") -> Taken:
    """One record's entries for another one, through the text of a pack.

    ``part`` leaves out what it has, ``bad`` is a line that comes along and is no entry.
    """
    selection = Selection("since", other.frontier()) if part else Selection()
    pack = one.pack(selection)
    text = encode_pack(pack)
    assert text == encode_pack(one.pack(selection))
    if bad:
        text = encode_pack(msgspec.structs.replace(pack, entries=(bad, *pack.entries)))
    return other.take_in(decode_pack(text, "a pack"), author=ADA, clock=clock)


def projection(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but for its place, which is the order of arrival."""
    found = {}
    for name in TABLES:
        columns = [row[1] for row in record.query(f"PRAGMA table_info({name})") if row[1] != "seq"]
        found[name] = sorted(record.query(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)
    return found


def entries(record: Record) -> set[bytes]:
    return {digest for (digest,) in record.query("SELECT digest FROM ledger")}


def say(record: Record, clock: Clock, kind: str, id: str, author: Author = ADA, **fields: Any) -> list[str]:
    """A change of a thing as it stands here; the digests of its entries."""
    now = record.get(kind, id)
    value = ({} if now is None else now.decode(dict)) | fields
    change = Change(
        kind, id, "said", {k: v for k, v in value.items() if v is not None}, now.base if now else None
    )
    return list(record.commit([change], author=author, clock=clock).entries)
