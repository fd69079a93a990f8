"""Many rows of which a judgement picks some: those are compared, and none can be hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.record.support import ADA, DIFFERENCE, NOTE, add, edit, raw

from workbench.model.errors import RecordError
from workbench.model.times import Clock
from workbench.record import Change, Condition, Record, checking, projection, tallies

# Rows with a rank of 3 are what a judgement reads.
KINDS = (msgspec.structs.replace(DIFFERENCE, picked_by=("rank", "title")), NOTE)
PICKED: dict[str, Condition] = {"difference": ("rank = ?", (3,))}


@pytest.fixture
def record(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """A record with six rows, of which more than two are many; two of them are picked."""
    monkeypatch.setattr(checking, "FEW", 2)
    with Record.create(tmp_path / "r.db", KINDS, project="shop", author=ADA, clock=clock) as found:
        found.commit(
            [add(f"d{n}", rank=3 if n < 2 else 1, title="same") for n in range(6)], author=ADA, clock=clock
        )
        yield found


def look(record: Record) -> None:
    """What a process that has just started would see."""
    with Record.open(record.path, KINDS) as fresh:
        fresh.check_rows(PICKED, record.path.parent / "looked")


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of rows that are made again from their entries, as they are."""
    seen: list[str] = []
    made = projection.Table.row

    def row(self, seq, digest, body, *more):
        seen.append(body.id)
        return made(self, seq, digest, body, *more)

    monkeypatch.setattr(projection.Table, "row", row)
    return seen


def test_after_a_look_at_all_of_them_only_those_that_are_picked_are_compared(
    record: Record, compared: list[str]
) -> None:
    look(record)
    assert sorted(compared) == [f"d{n}" for n in range(6)]
    compared.clear()
    look(record)
    assert sorted(compared) == ["d0", "d1"]


def test_entries_since_are_counted_in(record: Record, clock: Clock, compared: list[str]) -> None:
    look(record)
    base = record.get("difference", "d2")
    gone = record.get("difference", "d3")
    assert base and gone
    record.commit(
        [
            edit(base.base, "d2", rank=3),
            Change("difference", "d3", "removed", None, gone.base),
            add("d7", rank=None, title="new"),
        ],
        author=ADA,
        clock=clock,
    )
    taken_back = record.undo(None, ADA, clock)
    record.undo(taken_back.change_id, ADA, clock)  # and done again
    compared.clear()
    look(record)
    assert sorted(compared) == ["d0", "d1", "d2"]
    compared.clear()
    look(record)
    assert sorted(compared) == ["d0", "d1", "d2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE e_difference SET rank = 1 WHERE id = 'd1'", "row “d1” .* is not what entry 3 says"),
        ("DELETE FROM e_difference WHERE id = 'd1'", "row “d1” .* is not what entry 3 says"),
        ("UPDATE e_difference SET rank = 3 WHERE id = 'd4'", "row “d4” .* is not what entry 6 says"),
        ("UPDATE e_difference SET title = 'x' WHERE id = 'd4'", "row “d4” .* is not what entry 6 says"),
        ("UPDATE e_difference SET value = '{}' WHERE id = 'd0'", "row “d0” .* is not what entry 2 says"),
        ("UPDATE e_difference SET seq = 99 WHERE id = 'd4'", "row “d4” .* is not what entry 6 says"),
        (
            "UPDATE e_difference SET rank = 4 - rank WHERE id IN ('d1', 'd4')",
            "row “d1” .* is not what entry 3 says",
        ),
        (
            "INSERT INTO e_difference SELECT 99, 'd9', base, verb, actor, recorded_at, contested, value, title, rank, share, "
            "labels FROM e_difference WHERE id = 'd5'",
            "row “d9” .* does not follow",
        ),
        (
            "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'same', 'sane') AS BLOB) WHERE id = 'd0'",
            "was changed",
        ),
    ],
)
def test_a_row_that_is_read_or_hidden_is_found(record: Record, change: str, words: str) -> None:
    look(record)
    look(record)
    with raw(record.path) as other:
        assert other.execute(change).rowcount
    with pytest.raises(RecordError, match=words):
        look(record)


def test_what_is_not_read_is_left_to_verify(record: Record) -> None:
    look(record)
    with raw(record.path) as other:
        other.execute("UPDATE e_difference SET value = '{}' WHERE id = 'd4'")
    look(record)
    assert not record.verify().ok


def test_everything_is_compared_again_where_the_ledger_is_another_one(
    record: Record, clock: Clock, tmp_path: Path, compared: list[str]
) -> None:
    copy = record.backup(tmp_path / "copy.db")
    record.commit([add("d7")], author=ADA, clock=clock)
    look(record)
    compared.clear()
    with Record.open(copy, KINDS) as older:
        older.check_rows(PICKED, tmp_path / "looked")
    assert len(compared) == 6


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"difference":{}}'])
def test_a_tally_that_cannot_be_read_costs_a_long_look(
    record: Record, compared: list[str], kept: bytes
) -> None:
    look(record)
    (file,) = (record.path.parent / "looked").iterdir()
    file.write_bytes(kept)
    compared.clear()
    look(record)
    assert len(compared) == 6
    assert tallies.known(file)["difference"].head == record.head


def test_a_tally_that_is_wrong_accuses_nobody(record: Record) -> None:
    look(record)
    (file,) = (record.path.parent / "looked").iterdir()
    right = file.read_bytes()
    file.write_bytes(right.replace(b"[2,", b"[3,"))
    look(record)
    assert file.read_bytes() == right


def test_after_very_many_entries_everything_is_compared(
    record: Record, clock: Clock, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look(record)
    monkeypatch.setattr(tallies, "MOST", 1)
    record.commit([add("d7"), add("d8")], author=ADA, clock=clock)
    compared.clear()
    look(record)
    assert len(compared) == 8


def test_where_nothing_can_be_kept_all_are_compared_each_time(record: Record, compared: list[str]) -> None:
    (record.path.parent / "looked").write_text("in the way", encoding="utf-8")
    look(record)
    look(record)
    assert len(compared) == 12


def test_few_rows_are_all_compared(
    record: Record, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "FEW", 6)
    look(record)
    look(record)
    assert len(compared) == 12
    assert not (record.path.parent / "looked").exists()
