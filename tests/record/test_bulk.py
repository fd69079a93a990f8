"""A great many changes in one act: the same entries and rows as one by one, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.model.errors import StaleChange, UsageError
from workbench.model.keys import new_ids
from workbench.model.times import Clock
from workbench.record import Author, Change, Column, EntityKind, Record

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
AUTHOR = Author(actor="kim", identity="asserted by --as", os_user="kim")
KINDS = (EntityKind("note", columns=(Column("text"),)),)
CLOCK = Clock(fixed=NOW)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.create(tmp_path / "r.db", KINDS, project="p", author=AUTHOR, clock=CLOCK) as made:
        yield made


def notes(count: int) -> list[Change]:
    ids = new_ids(NOW)
    return [Change("note", next(ids), "added", {"text": f"n{number}"}) for number in range(count)]


def test_it_is_one_act_that_verifies_and_can_be_taken_back(record: Record) -> None:
    done = record.commit_many(iter(notes(1234)), 1234, author=AUTHOR, clock=CLOCK)
    assert record.count("note") == 1234
    assert record.verify().ok
    newest = record.history(limit=1)[0]
    assert (newest.part, newest.parts, newest.change_id) == (1234, 1234, done.change_id)
    assert [row.decode(dict)["text"] for row in record.all("note", order="id", limit=2)] == ["n0", "n1"]
    record.undo(None, AUTHOR, CLOCK)
    assert record.count("note") == 0
    assert record.verify().ok


def test_what_is_there_is_changed_and_ids_need_not_grow(record: Record) -> None:
    record.commit_many(notes(3), 3, author=AUTHOR, clock=CLOCK)
    first, second, third = record.all("note", order="id")
    changes = [
        Change("note", third.id, "edited", {"text": "c"}, third.base),
        Change("note", "0", "added", {"text": "before all others"}),
        Change("note", first.id, "removed", None, first.base),
        Change("note", second.id, "edited", {"text": "b"}, second.base),
    ]
    record.commit_many(changes, 4, author=AUTHOR, clock=CLOCK)
    assert [row.decode(dict)["text"] for row in record.all("note", order="id")] == [
        "before all others",
        "b",
        "c",
    ]
    assert record.verify().ok


def test_nothing_is_written_where_something_was_overtaken(record: Record) -> None:
    record.commit(notes(1), author=AUTHOR, clock=CLOCK)
    there = record.all("note")[0]
    head = record.head
    wrong: list[tuple[list[Change], int, type[Exception]]] = [
        (notes(700), 701, StaleChange),
        (notes(700), 699, StaleChange),
        ([*notes(2), Change("note", there.id, "edited", {"text": "x"}, "00" * 32)], 3, StaleChange),
        ([*notes(2), Change("note", there.id, "added", {"text": "x"})], 3, StaleChange),
        ([*notes(2), Change("note", there.id, "edited", {"text": "n0"}, there.base)], 3, StaleChange),
        ([*notes(2), Change("note", "z", "", {"text": "x"})], 3, UsageError),
    ]
    for changes, count, error in wrong:
        with pytest.raises(error):
            record.commit_many(changes, count, author=AUTHOR, clock=CLOCK)
        assert record.head == head and record.count("note") == 1
    record.commit_many(notes(5), 5, author=AUTHOR, clock=CLOCK)
    assert record.verify().ok
