"""What is refused when the record cannot be trusted, and what is told when its end cannot be noted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.definitions.trust import trust_request
from workbench.model.errors import RecordError
from workbench.record import Change, checking, heads
from workbench.signoff.model import Decision
from workbench.usecases import excerpts, safekeeping, signing, soundness, trusting, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.doctoring import examine
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.opening import open_context
from workbench.usecases.project import NoDataFolder, Options, data_folder
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
        lambda: undoing.undo(shop),
        lambda: evaluate(shop),
        lambda: excerpts.excerpt(shop),
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
        signing.sign(robin, shown, Answer(decision=Decision.APPROVE))
    assert shop.record.head == before


@pytest.fixture
def large(shop: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    """More differences than are compared each time, looked over once."""
    monkeypatch.setattr(checking, "FEW", 3)
    for number in range(6):
        build.add_difference(shop, f"number {number}", severity="high" if number < 2 else "low")
    look_afresh(shop)
    return shop


def look_afresh(context: Context) -> Evaluation:
    """What a process that has just started says."""
    with build.opened(context.root) as fresh:
        return evaluate(fresh)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE e_difference SET severity = 'low', value = replace(value, '\"high\"', '\"low\"') WHERE title = 'number 1'",
        "UPDATE e_difference SET value = replace(value, 'number 0', 'number 9') WHERE title = 'number 0'",
        "UPDATE e_difference SET decision = 'no_matter' WHERE title = 'number 4'",
        "DELETE FROM e_difference WHERE title = 'number 0'",
        "DELETE FROM e_difference WHERE title = 'number 5'",
    ],
)
def test_of_many_differences_none_is_hidden_from_a_gate(large: Context, change: str) -> None:
    edit(large, change)
    with pytest.raises(RecordError, match=r"the row .* of the table e_difference"):
        look_afresh(large)


def test_what_no_gate_reads_of_many_differences_is_left_to_verify_and_to_excerpts(large: Context) -> None:
    edit(large, "UPDATE e_difference SET value = replace(value, 'number 4', 'four') WHERE title = 'number 4'")
    assert look_afresh(large).gates
    assert not safekeeping.verify(large).ok
    with build.opened(large.root) as fresh, pytest.raises(RecordError, match="e_difference"):
        excerpts.excerpt(fresh)


def test_a_gate_that_asks_for_more_has_more_compared(large: Context) -> None:
    build.rewrite(large, "differences_decided: high", "differences_decided: low")
    edit(large, "UPDATE e_difference SET value = replace(value, 'number 4', 'four') WHERE title = 'number 4'")
    with pytest.raises(RecordError, match="e_difference"):
        look_afresh(large)


def test_changes_since_the_last_look_are_no_contradiction(large: Context) -> None:
    build.add_difference(large, "number 6")
    build.decide(large, "number 2", "no_matter", reason="Nobody looks at it in staging")
    undoing.undo(large)
    assert len(look_afresh(large).gates) == 3
    noted = list((large.data_folder / soundness.LOOKED).iterdir())
    assert [path.name for path in noted] == [large.record.info.record_id]


def test_nothing_is_noted_about_an_excerpt(large: Context, tmp_path: Path) -> None:
    text = excerpts.excerpt(large)
    (tmp_path / "excerpt.jsonl").write_bytes(text)
    before = list((large.data_folder / soundness.LOOKED).iterdir())
    with_excerpt = excerpts.from_excerpt(Options(project=large.root), tmp_path / "excerpt.jsonl")
    evaluate(with_excerpt)
    with_excerpt.record.close()
    assert list((large.data_folder / soundness.LOOKED).iterdir()) == before


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
        with pytest.raises(RecordError, match="went on separately"):
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


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-40], lambda data: b"", lambda data: data.replace(b"{", b"[")]
)
def test_noted_ends_that_are_damaged_stop_what_judges_and_writes(
    shop: Context, damage: Callable[[bytes], bytes]
) -> None:
    build.add_difference(shop)
    kept = next(shop.data_folder.glob("*.json"))
    kept.write_bytes(damage(kept.read_bytes()))
    before, head = kept.read_bytes(), shop.record.head
    for act in (lambda: build.add_difference(shop, "another"), lambda: evaluate(shop)):
        with pytest.raises(RecordError, match="noted ends is damaged"):
            act()
    report = safekeeping.verify(shop)
    assert not report.ok and str(kept) in str(report.problem)
    assert kept.read_bytes() == before and shop.record.head == head


def test_noted_ends_that_may_not_be_read_cost_a_warning_and_stay(
    shop: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.add_difference(shop)
    kept = next(shop.data_folder.glob("*.json"))
    before = kept.read_bytes()
    usual = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == kept:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    evaluate(shop)
    (remark,) = shop.remarks
    assert remark.startswith("the noted ends of the record cannot be read (Permission denied)")
    build.add_difference(shop, "another")
    assert shop.record.count("difference") == 2 and len(shop.remarks) == 2
    report = safekeeping.verify(shop)
    assert report.ok and report.ends_compared == 0 and "cannot be read" in report.notes[-1]
    monkeypatch.undo()
    assert kept.read_bytes() == before


def test_verify_compares_with_the_names_of_copies(shop: Context, tmp_path: Path) -> None:
    older = safekeeping.backup(shop, tmp_path / "older.db")
    build.add_difference(shop)
    copy = safekeeping.backup(shop)
    (tmp_path / "noted").mkdir()
    noted = heads.of_this(shop.data_folder, shop.record)
    assert safekeeping.verify(shop).ends_compared == len(noted) + 1
    next(shop.data_folder.glob("*.json")).replace(tmp_path / "noted" / "ends.json")
    shop.record.close()
    for name in ("record.db-wal", "record.db-shm"):
        (shop.root / ".workbench" / name).unlink(missing_ok=True)
    (shop.root / ".workbench" / "record.db").write_bytes(older.read_bytes())
    with build.opened(shop.root) as again:
        report = safekeeping.verify(again)
        assert not report.ok and str(copy) in str(report.problem) and report.ends_compared == 1
        copy.replace(tmp_path / copy.name)
        assert safekeeping.verify(again).ok


def test_a_record_of_which_nothing_is_noted_goes_on_as_a_new_desk(shop: Context, tmp_path: Path) -> None:
    build.add_difference(shop)
    desk = shop.record.info.desk
    next(shop.data_folder.glob("*.json")).replace(tmp_path / "kept.json")
    build.add_difference(shop, "after the noted ends were moved aside")
    began = shop.record.info.desk
    assert began != desk
    build.add_difference(shop, "once only")
    assert shop.record.info.desk == began and safekeeping.verify(shop).ok


def test_an_excerpt_that_cannot_be_read_is_said(shop: Context) -> None:
    garbage = [b'{"record": "\xff"}', b"", b"[" * 100_000, b"{}", b'{"record":1,"head":2}']
    for number, data in enumerate(garbage):
        (shop.root / f"{number}.excerpt.jsonl").write_bytes(data)
    report = safekeeping.verify(shop)
    assert report.ok and len(report.notes) == len(garbage)
    assert report.notes[0] == "0.excerpt.jsonl cannot be read as an excerpt: nothing was compared with it"


def test_what_has_ended_does_not_come_back_when_the_clock_is_set_back(shop: Context) -> None:
    build.clear(shop)
    fresh = build.states(evaluate(shop))
    build.add_difference(build.later(shop, days=3, hours=2))
    with build.opened(shop.root, now=None) as ahead:  # with the machine's own clock, which is later still
        assert ahead.remarks == [] and ahead.now > shop.now + timedelta(days=3)
    old = build.states(evaluate(build.later(shop, days=3, hours=2)))  # the measurements are too old then
    assert old != fresh
    with build.made_at(shop.now):
        behind = open_context(Options(project=shop.root, as_person="kim"))
    with behind.record:
        assert behind.now == shop.now + timedelta(days=3, hours=2)
        assert build.states(evaluate(behind)) == old
        (remark,) = behind.remarks
        assert remark.startswith("this machine's clock is 3 days behind the record's last entry")
        assert remark in safekeeping.verify(behind).notes
        build.add_difference(build.later(shop, days=5), "another")
        evaluate(behind)
        assert behind.now == shop.now + timedelta(days=5)


def test_who_looks_from_another_moment_is_told_nothing_of_the_clock(shop: Context) -> None:
    then = shop.now - timedelta(days=30)
    looking = open_context(Options(project=shop.root, as_person="kim", now=then), readonly=True)
    with looking.record:
        evaluate(looking)
        assert looking.now == then and looking.remarks == []


@pytest.mark.parametrize("named", ["~", "~/data", "data", None])
def test_without_a_folder_of_ones_own_nothing_is_trusted_or_noted_and_none_is_made(
    shop: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.chdir(shop.root)
    if named is None:
        monkeypatch.delenv("WORKBENCH_DATA")
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    else:
        monkeypatch.setenv("WORKBENCH_DATA", named)
    before = set(shop.root.iterdir())
    evaluate(shop)
    assert shop.remarks == []
    build.add_difference(shop)
    (remark,) = shop.remarks
    assert remark.startswith("saved, but ") and "WORKBENCH_DATA" in remark
    report = safekeeping.verify(shop)
    assert report.ok and report.ends_compared == 0 and len(report.notes) == 1
    with pytest.raises(NoDataFolder):
        safekeeping.backup(shop)
    assert (
        not trusting.is_trusted(shop.root, trust_request(shop.definitions))
        or trust_request(shop.definitions).empty
    )
    assert {check.state for check in examine(Options(project=shop.root)) if check.what == "data folder"} == {
        "fail"
    }
    assert set(shop.root.iterdir()) == before


def test_the_data_folder_is_where_platformdirs_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from platformdirs import user_data_path

    monkeypatch.delenv("WORKBENCH_DATA")
    for home in (None, str(tmp_path)):
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        if home:
            monkeypatch.setenv("XDG_DATA_HOME", home)
        assert data_folder() == user_data_path("workbench", appauthor=False)


def test_a_measurement_that_no_version_wrote_is_damage(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        build.measured(context, "errors", "0.4")
        (row,) = context.record.all("batch")
        value = row.decode(dict)
        value["readings"] = [{**each, "measured_at": "no moment"} for each in value["readings"]]
        commit(context, [Change("batch", row.id, "edited", value, row.base)])
        with pytest.raises(RecordError, match="a measurement in it cannot be read"):
            evaluate(context)
