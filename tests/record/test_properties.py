"""Any sequence of acts: the tables say what the acts say, and a replay says the same."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.record.support import ADA, BOB, DIFFERENCE, KINDS, NOTE, Ticking

from workbench.model.errors import NotAllowed, StaleChange
from workbench.model.times import Clock
from workbench.record import Change, Record

texts = st.text(max_size=8).filter(lambda text: text.isprintable() or "\x7f" in text)
values = st.fixed_dictionaries(
    {"title": texts, "rank": st.integers(-3, 3)},
    optional={"share": st.sampled_from(["0.5", "12", "-0.25"]), "tags": st.lists(texts, max_size=3)},
)
ids = st.sampled_from(["a", "b", "c"])
acts = st.one_of(
    st.tuples(st.just("set"), st.dictionaries(ids, st.none() | values, min_size=1, max_size=3)),
    st.tuples(st.just("stale"), st.dictionaries(ids, values, min_size=1, max_size=1)),
    st.tuples(st.just("undo"), st.none()),
)
people = st.sampled_from([ADA, BOB])
TABLES = (
    "SELECT id, base, seq, verb, actor, recorded_at, value, title, rank, share, labels FROM e_difference ORDER BY id",
    "SELECT * FROM difference_tag ORDER BY id, rowid",
)


def state(record: Record) -> dict[str, Any]:
    return {stored.id: stored.decode(dict) for stored in record.all("difference")}


def run(record: Record, clock: Clock, what: str, content: Any, person: Any, bases: dict[str, str]) -> None:
    """One act, checked against what the record held before it."""
    before = state(record)
    if what == "undo":
        try:
            record.undo(None, person, clock)
        except (NotAllowed, StaleChange):
            assert state(record) == before
        return
    now = {stored.id: stored.base for stored in record.all("difference")}
    known = bases if what == "stale" else now
    changes = [Change("difference", id, "set", value, known.get(id)) for id, value in content.items()]
    try:
        done = record.commit(changes, author=person, clock=clock)
    except StaleChange:
        assert what == "stale"
        assert state(record) == before
        return
    after = state(record)
    for id, value in content.items():
        if id in done.unchanged:  # such as a stale value that is what it was made from
            assert after.get(id) == before.get(id)
        elif id not in done.merged:
            assert after.get(id) == (None if value is None else _normal(value))
    assert {id: v for id, v in after.items() if id not in content} == {
        id: v for id, v in before.items() if id not in content
    }


def _normal(value: Any) -> Any:
    import unicodedata

    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    return {k: _normal(v) for k, v in value.items()} if isinstance(value, dict) else value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(people, acts), max_size=14))
def test_tables_are_what_a_replay_makes(steps: list[Any]) -> None:
    clock = Clock(real=Ticking())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        bases: dict[str, str] = {}
        with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as record:
            record._connection.execute("PRAGMA synchronous = OFF")
            heads = [record.head]
            for number, (person, (what, content)) in enumerate(steps):
                run(record, clock, what, content, person, bases)
                heads.append(record.head)
                if number % 3 == 0:
                    bases = {stored.id: stored.base for stored in record.all("difference")}
            report = record.verify(heads)
            assert report.ok, report.problem
            tables = [record.query(sql) for sql in TABLES]
        newer = msgspec.structs.replace(DIFFERENCE, version=2)
        with Record.open(path, (newer, NOTE)) as rebuilt:
            assert [rebuilt.query(sql) for sql in TABLES] == tables
            assert rebuilt.verify(heads).ok


@settings(max_examples=60, deadline=None)
@given(before=values, mine=values, theirs=values)
def test_a_merge_keeps_both_changes_or_tells(
    before: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    before, mine, theirs = _normal(before), _normal(mine), _normal(theirs)
    clock = Clock(real=Ticking())

    def differ(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
        return {k for k in one | other if one.get(k) != other.get(k) or (k in one) != (k in other)}

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        with Record.create(path, KINDS, project="shop", author=ADA, clock=clock) as record:
            record._connection.execute("PRAGMA synchronous = OFF")
            first = record.commit([Change("difference", "d", "add", before)], author=ADA, clock=clock)
            record.commit(
                [Change("difference", "d", "set", theirs, first.entries[0])], author=BOB, clock=clock
            )
            collide = {f for f in differ(before, mine) & differ(before, theirs) if f in differ(mine, theirs)}
            change = Change("difference", "d", "set", mine, first.entries[0])
            try:
                record.commit([change], author=ADA, clock=clock)
            except StaleChange as stale:
                assert set(stale.fields) == collide
                assert collide
                assert state(record)["d"] == theirs
                return
            assert not collide
            for field in before | mine | theirs:
                changed_by_me = field in differ(before, mine)
                expected = mine if changed_by_me else theirs
                assert state(record)["d"].get(field) == expected.get(field)
