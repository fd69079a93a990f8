"""What a thing is when several desks changed it: a function of the set of its entries, never of their order.

Each entry names those that it was made from (``base``, ``also``).  The *latest* are those that no
other one names.  Mostly there is one, and its value is the thing's.  Where there are several, each
group of fields has the value of its last writers: an entry that another writer has seen counts no
more.  Writers that agree, or only one, merge; otherwise the stricter counts, or a person chooses.

The table ``versions`` lists the things whose latest entries are several, or cannot be read here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.model.canonical import encode, encode_plain
from workbench.model.times import from_text
from workbench.record.ledger import NO_VALUE, Body, parents, read_body
from workbench.record.projection import LATEST_ENTRIES, Row, Table, decode_value
from workbench.record.shapes import Contested, Version

_ENTRIES = "SELECT seq, digest, body FROM ledger WHERE entity = ? AND id = ? AND seq <= ? ORDER BY seq"
_PURGED = "SELECT body FROM ledger WHERE entity = 'purge' AND id = ?"
_BRANCHED = "SELECT DISTINCT entity, id FROM versions"
_LAST = 2**62
_PRESENT = ""  # the group that says whether the thing is there
_THERE, _GONE, _UNKNOWN = b"there", b"gone", b"unknown"
JOINED = "+"

Key = tuple[str, str]
# Of one group of fields: who wrote it last, and what; of several entries, all that they say.
_Said = dict[int, bytes]
_State = dict[str, _Said]


class Node(msgspec.Struct):
    """One entry of a thing; ``value`` is its value in the kind's own version, ``None`` where there is none.

    ``purged``: its value is gone, ``readable`` is false where a newer workbench wrote it.
    """

    seq: int
    digest: str
    body: Body
    value: dict[str, Any] | None
    purged: bool
    readable: bool
    before: int  # all that it knew of: one bit for each place
    parents: tuple[int, ...]


class Standing(msgspec.Struct, frozen=True):
    """How a thing stands: its latest entries, newest first, and the value that they make together.

    ``value`` is ``None`` where it is gone; ``by`` is the entry that its row is told by, and
    ``base`` what a change of it hands back.
    """

    latest: tuple[Node, ...]
    seq: int
    base: str
    by: Body
    value: dict[str, Any] | None
    contested: bool

    def row(self, table: Table) -> Row | None:
        """Its row in the table; ``None`` where it has none."""
        if self.value is None:
            return None
        return table.row(self.seq, self.base, self.by, encode(self.value), self.value, self.contested)


def branched(connection: sqlite3.Connection) -> frozenset[Key]:
    """The things whose latest entries are several, or cannot be read here."""
    return frozenset(connection.execute(_BRANCHED).fetchall())


def heads_of(base: str, also: Sequence[str] = ()) -> tuple[str, ...]:
    """The entries that a change says it was made from: ``base`` may name several, as rows do."""
    return (*base.split(JOINED), *also)


def read_entry(connection: sqlite3.Connection, seq: int, digest: str, data: bytes) -> tuple[Body, bool]:
    """An entry's body, and whether it was purged: then what its purge kept of it."""
    if data:
        return read_body(seq, data), False
    return read_body(seq, encode(kept_of(connection, seq, digest))), True


def kept_of(connection: sqlite3.Connection, seq: int, digest: str) -> Any:
    """What its purge kept of the entry at ``seq``; ``RecordError`` where none names it."""
    found = connection.execute(_PURGED, (digest,)).fetchone()
    return msgspec.json.decode(read_body(seq, found[0] if found else b"").value).get("entry")


def standing(
    connection: sqlite3.Connection, table: Table, id: str, until: int = _LAST, of: Iterable[str] = ()
) -> Standing | None:
    """How a thing stands, or stood after entry ``until`` of the ledger; of these entries where some are named.

    ``None`` where it has no entries, or lacks one of those named.
    """
    nodes = _nodes(connection, table, id, until)
    wanted = list(of)
    if wanted:
        places = [place for place, node in enumerate(nodes) if node.digest in wanted]
        if len(places) != len(wanted):
            return None
    else:
        named = {place for node in nodes for place in node.parents}
        places = [place for place in range(len(nodes)) if place not in named]
    return _stand(table, nodes, places) if places else None


def settle(connection: sqlite3.Connection, table: Table | None, key: Key) -> None:
    """Writes down which entries of a thing are the latest, and its row: after its entries became more."""
    connection.execute("DELETE FROM versions WHERE entity = ? AND id = ?", key)
    if table is None:
        latest = latest_of(connection, key)
        _note(connection, key, latest, contested=len(latest) > 1)
        return
    table.remove(connection, key[1])
    stands = standing(connection, table, key[1])
    if stands is None:
        return
    _note(connection, key, [node.digest for node in stands.latest], stands.contested)
    row = stands.row(table)
    if row is not None:
        table.put(connection, row, stands.value or {})


def note_several(connection: sqlite3.Connection, key: Key, latest: Sequence[str]) -> None:
    """Writes down that a thing has several latest entries; :func:`rebuild` makes its row of them."""
    _note(connection, key, latest, contested=True)


def _note(connection: sqlite3.Connection, key: Key, latest: Sequence[str], contested: bool) -> None:
    if len(latest) > 1 or contested:
        connection.executemany(
            "INSERT INTO versions (entity, id, digest, contested) VALUES (?, ?, ?, ?)",
            [(*key, digest, int(contested)) for digest in latest],
        )


def latest_of(connection: sqlite3.Connection, key: Key) -> list[str]:
    """The digests of a thing's latest entries, whatever kind it is of."""
    latest: dict[str, None] = {}
    for seq, digest, data in connection.execute(_ENTRIES, (*key, _LAST)).fetchall():
        body, _ = read_entry(connection, seq, digest.hex(), data)
        for parent in parents(body):
            latest.pop(parent, None)
        latest[digest.hex()] = None
    return list(latest)


def rebuild(connection: sqlite3.Connection, table: Table) -> int:
    """Fills the empty tables of a kind from the ledger; returns the number of things."""
    name, count = table.kind.name, 0
    several = {id for entity, id in branched(connection) if entity == name}
    for seq, digest, data in connection.execute(LATEST_ENTRIES, (name,)):
        body = read_body(seq, data)
        if body.id in several or body.value_version > table.kind.version:
            settle(connection, table, (name, body.id))
        elif body.value is not NO_VALUE:
            table.project(connection, seq, digest.hex(), body)
            count += 1
    return count


def contested(connection: sqlite3.Connection, tables: Mapping[str, Table]) -> tuple[Contested, ...]:
    """The things of which somebody has to choose a version, by kind and id."""
    rows = connection.execute("SELECT DISTINCT entity, id FROM versions WHERE contested ORDER BY entity, id")
    return tuple(_contested(connection, tables.get(entity), (entity, id)) for entity, id in rows.fetchall())


def _contested(connection: sqlite3.Connection, table: Table | None, key: Key) -> Contested:
    entity, id = key
    if table is not None and (stands := standing(connection, table, id)) is not None:
        return Contested(entity, id, tuple(map(_version, stands.latest)))
    latest = set(latest_of(connection, key))
    found = [
        Version(digest.hex(), body.desk, body.actor, from_text(body.recorded_at), None, readable=False)
        for seq, digest, data in connection.execute(_ENTRIES, (*key, _LAST)).fetchall()
        if digest.hex() in latest
        for body, _ in (read_entry(connection, seq, digest.hex(), data),)
    ]
    return Contested(entity, id, tuple(sorted(found, key=lambda v: (v.recorded_at, v.digest), reverse=True)))


def _version(node: Node) -> Version:
    body = node.body
    at = from_text(body.recorded_at)
    return Version(node.digest, body.desk, body.actor, at, node.value, node.readable and not node.purged)


# --- the set of entries -----------------------------------------------------------------


def _nodes(connection: sqlite3.Connection, table: Table, id: str, until: int) -> list[Node]:
    """The entries of a thing; each stands behind those that it names."""
    nodes: list[Node] = []
    places: dict[str, int] = {}
    rows = connection.execute(_ENTRIES, (table.kind.name, id, until)).fetchall()
    for seq, digest, data in rows:
        body, purged = read_entry(connection, seq, digest.hex(), data)
        # An excerpt holds the latest entries without those that they were made from.
        above = tuple(places[parent] for parent in parents(body) if parent in places)
        before = 0
        for place in above:
            before |= nodes[place].before | 1 << place
        readable = body.value_version <= table.kind.version or body.value is NO_VALUE
        value = None
        if readable and body.value is not NO_VALUE:
            value = table.lift(body.value_version, decode_value(body.value))
        places[digest.hex()] = len(nodes)
        nodes.append(Node(seq, digest.hex(), body, value, purged, readable, before, above))
    return nodes


def _stand(table: Table, nodes: list[Node], places: list[int]) -> Standing:
    """What these entries make together."""
    # The newest by date, and by digest where that is the same: equal wherever the same entries are held.
    order = sorted(places, key=lambda p: (nodes[p].body.recorded_at, nodes[p].digest), reverse=True)
    latest = tuple(nodes[place] for place in order)
    seq = max(node.seq for node in latest)
    if len(latest) == 1 and latest[0].readable:
        only = latest[0]
        return Standing(latest, seq, only.digest, only.body, only.value, contested=False)
    begin = _beginning(nodes, places)
    groups = _groups(table, nodes[begin:])
    states = _states(nodes, groups, begin)
    together = _joined(nodes, [states[place] for place in order])
    split = [group for group, said in together.items() if len(set(said.values())) > 1]
    chosen: Node | None = latest[0]
    unreadable = not all(node.readable for node in latest)
    if split or unreadable:
        chosen = None if unreadable else _stricter(table, latest)
    if chosen is None:
        shown, value = _shown(nodes, order)
        return Standing(latest, seq, shown.digest, shown.body, value, contested=True)
    own = states[order[latest.index(chosen)]]
    said = {group: own[group] if group in split else together[group] for group in together}
    base = JOINED.join([chosen.digest, *sorted(node.digest for node in latest if node is not chosen)])
    return Standing(latest, seq, base, chosen.body, _value(groups, said), contested=False)


def _stricter(table: Table, latest: Sequence[Node]) -> Node | None:
    if table.kind.stricter is None:
        return None
    place = table.kind.stricter([node.value for node in latest])
    return None if place is None else latest[place]


def _shown(nodes: list[Node], order: list[int]) -> tuple[Node, dict[str, Any] | None]:
    """The version that stands for a contested thing: the newest with a value that can be read."""
    for place in order:
        if nodes[place].readable and nodes[place].value is not None:
            return nodes[place], nodes[place].value
    known = 0
    for place in order:
        known |= nodes[place].before
    before = [p for p, node in enumerate(nodes) if known >> p & 1 and node.readable and node.value]
    if before:
        best = max(before, key=lambda p: (nodes[p].body.recorded_at, nodes[p].digest))
        return nodes[best], nodes[best].value
    return nodes[order[0]], None


def _groups(table: Table, nodes: list[Node]) -> dict[str, tuple[str, ...]]:
    """The groups of fields that are judged together, by their first field."""
    fields = {field for node in nodes for field in node.value or ()}
    for node in nodes:
        fields.update(node.body.changed_fields or ())
    groups = {group[0]: group for group in table.kind.together}
    listed = {field for group in table.kind.together for field in group}
    return groups | {field: (field,) for field in sorted(fields - listed)}


def _beginning(nodes: list[Node], places: Iterable[int]) -> int:
    """The last entry that knew all before it and was known to all after it, as far as one of ``places``; 0 where there is none.

    What was said before it makes no difference any more: it says of each field what it was then, and whoever wrote
    that last is known to all who come later, as this entry is.
    """
    known, lowest = -1, min(places)
    for place in reversed(range(1, len(nodes))):
        node = nodes[place]
        says_all = node.readable and node.value is not None
        if says_all and place <= lowest and known >> place & 1 and node.before == (1 << place) - 1:
            return place
        known &= node.before
        lowest = min(lowest, *node.parents) if node.parents else -1
    return 0


def _states(nodes: list[Node], groups: Mapping[str, tuple[str, ...]], begin: int) -> list[_State]:
    """What each entry says, from ``begin`` on, which is taken to say everything itself."""
    states: list[_State] = [{}] * begin
    for place, node in enumerate(nodes[begin:], begin):
        above = node.parents if place > begin else ()
        before = _joined(nodes, [states[parent] for parent in above])
        states.append(_state(place, node, before, groups))
    return states


def _state(place: int, node: Node, before: _State, groups: Mapping[str, tuple[str, ...]]) -> _State:
    """What an entry says of each group: its own word, or that of who wrote it before and was left alone."""
    if not node.readable:
        return before or {_PRESENT: {place: _THERE}} | {group: {place: _UNKNOWN} for group in groups}
    if node.value is None and not node.purged:
        return {group: before.get(group, {place: _UNKNOWN}) for group in groups} | {_PRESENT: {place: _GONE}}
    state: _State = {_PRESENT: {place: _THERE}}
    again = set(before.get(_PRESENT, {}).values()) != {_THERE}  # new, or put back
    declared = set(node.body.changed_fields or ())
    for group, fields in groups.items():
        # Values are read from canonical JSON: there is nothing in them to be reduced.
        value = _UNKNOWN if node.value is None else encode_plain([node.value.get(field) for field in fields])
        said = before.get(group, {})
        words = set(said.values())
        if again or not words:
            kept = False
        elif node.value is None or words == {_UNKNOWN}:  # purged: it says itself what it changed
            kept = not declared.intersection(fields)
        else:
            kept = words == {value}
        state[group] = dict.fromkeys(said, value) if kept else {place: value}
    return state


def _joined(nodes: list[Node], states: Sequence[_State]) -> _State:
    """What several entries say together: of each group its last writers, without those that another one knew."""
    if len(states) == 1:
        return states[0]
    joined: _State = {}
    for state in states:
        for group, said in state.items():
            into = joined.setdefault(group, {})
            for writer, value in said.items():
                # One writer with two values: an entry that says it left alone what it changed.
                if into.setdefault(writer, value) != value:
                    into[-1 - len(into)] = value
    for said in joined.values():
        if len(said) == 1:
            continue
        known = 0
        for writer in said:
            known |= nodes[writer].before if writer >= 0 else 0
        for writer in [writer for writer in said if writer >= 0 and known >> writer & 1]:
            del said[writer]
    return joined


def _value(groups: Mapping[str, tuple[str, ...]], said: _State) -> dict[str, Any] | None:
    """The value that the groups make; ``None`` where the thing is gone."""
    if set(said[_PRESENT].values()) == {_GONE}:
        return None
    value: dict[str, Any] = {}
    for group, fields in groups.items():
        words = next(iter(said[group].values()))
        if words != _UNKNOWN:
            items = msgspec.json.decode(words)
            value.update((f, item) for f, item in zip(fields, items, strict=True) if item is not None)
    return dict(sorted(value.items()))
