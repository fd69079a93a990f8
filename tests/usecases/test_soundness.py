"""What is refused when the record cannot be trusted, and what is told when its end cannot be noted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import RecordError
from workbench.signoff.model import Decision
from workbench.usecases import safekeeping, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import data_folder
from workbench.usecases.signing import Answer


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def edit(context: Context, sql: str) -> None:
    connection = sqlite3.connect(context.record.path)
    with connection:
        assert connection.execute(sql).rowcount
    connection.close()


def test_a_cut_under_an_open_record_stops_the_next_change(shop: Context) -> None:
    build.add_difference(shop)
    last = shop.record.head.seq
    edit(shop, f"DELETE FROM ledger WHERE seq = {last}")
    edit(shop, f"DELETE FROM e_difference WHERE seq = {last}")
    for act in (
        lambda: build.add_difference(shop, "another"),
        lambda: safekeeping.undo(shop),
        lambda: evaluate(shop),
        lambda: safekeeping.excerpt(shop),
    ):
        with pytest.raises(RecordError, match=f"reach entry {last}") as caught:
            act()
        assert caught.value.exit_code == 4
    assert shop.record.head.seq == last - 1
    assert not safekeeping.verify(shop).ok


def test_nobody_signs_what_was_edited_by_hand(shop: Context) -> None:
    build.clear(shop)
    robin = build.who(shop, "robin")
    evaluation = evaluate(shop)
    shown = signing.prepare(robin, evaluation, "benchmarks")
    build.add_difference(shop, severity="high")
    edit(shop, "DELETE FROM e_difference WHERE severity = 'high'")
    before = shop.record.head
    with pytest.raises(RecordError, match=r"the row .* of the table e_difference"):
        signing.sign(robin, evaluation, shown, Answer(decision=Decision.APPROVE))
    assert shop.record.head == before


def test_two_copies_that_both_went_on_are_told_apart(shop: Context, tmp_path: Path) -> None:
    copy = safekeeping.backup(shop, tmp_path / "copy.db")
    build.add_difference(shop, "here")
    shop.record.close()
    for name in ("record.db-wal", "record.db-shm"):
        (shop.root / ".workbench" / name).unlink(missing_ok=True)
    (shop.root / ".workbench" / "record.db").write_bytes(copy.read_bytes())
    kept = next(shop.data_folder.glob("*.json"))
    seen = kept.read_bytes()
    kept.unlink()
    with build.opened(shop.root) as again:
        build.add_difference(again, "there")
        kept.write_bytes(seen)
        with pytest.raises(RecordError, match="went on by itself"):
            evaluate(again)


def test_a_folder_that_cannot_be_written_costs_a_remark_and_no_change(
    shop: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "file" / "data"))
    build.add_difference(shop, "one")
    build.add_difference(shop, "two")
    assert shop.record.count("difference") == 2
    (remark,) = shop.remarks
    assert remark.startswith("saved, but the end of the ledger could not be noted")
    assert "permissions" in remark
    build.clear(shop)
    build.sign(shop, "benchmarks", "robin")  # the copy after it cannot be made either
    assert len(shop.remarks) == 2


def test_the_data_folder_is_where_platformdirs_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from platformdirs import user_data_path

    monkeypatch.delenv("WORKBENCH_DATA")
    for home in (None, str(tmp_path)):
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        if home:
            monkeypatch.setenv("XDG_DATA_HOME", home)
        assert data_folder() == user_data_path("workbench", appauthor=False)
