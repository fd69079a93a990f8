"""The map as it is looked at: order, what is open, what is new since the last look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench.definitions.shapes import Severity
from workbench.flows.model import Flow
from workbench.model.errors import UsageError
from workbench.model.times import Clock
from workbench.parity import model as parity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.usecases import mapping
from workbench.usecases.context import Context, commit
from workbench.usecases.flow_names import flow_keys
from workbench.usecases.opening import open_context
from workbench.usecases.parity_map import (
    AROUND,
    read_detail,
    read_map,
    touches,
    update_map,
)
from workbench.usecases.project import Options
from workbench.usecases.touching import MOST, read_touched
from workbench.usecases.undoing import undo

NAMES = {"checkout": "Checkout", "refund": "Refund", "login": "Log-in"}


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    (tmp_path / "workbench.yaml").write_text("project: shop\n", encoding="utf-8")
    opened = open_context(Options(project=tmp_path), create=True)
    for key, name in NAMES.items():
        mapping.add_flow(opened, Flow(key=key, name=name))
    yield opened
    opened.record.close()


def test_what_is_urgent_comes_first_and_a_decision_that_ended_is_open_again(context: Context) -> None:
    now = context.now
    past, future = now - timedelta(days=1), now + timedelta(days=1)
    accepted = {"decision": Decision.ACCEPT, "reason": "rolled out by region"}
    rows = [
        Difference(title="held", severity=Severity.HIGH, until=future, **accepted),
        Difference(title="Ended", severity=Severity.HIGH, until=past, **accepted),
        Difference(title="asked", severity=Severity.HIGH),
        Difference(title="small", severity=Severity.LOW),
    ]
    commit(context, [parity.new_difference(row, now) for row in rows])
    found = read_map(context)
    assert [line.title for line in found.lines] == ["asked", "Ended", "held", "small"]
    assert [line.open for line in found.lines] == [True, True, False, True]
    assert (found.high_open, found.review) == (2, None)


def test_new_and_changed_are_told_apart_since_the_last_look(context: Context) -> None:
    ids = [mapping.add_difference(context, Difference(title=title)) for title in ("old", "moved")]
    review = reviews.review_change(reviews.reviewed(context.record, "2.13.0", by="kim", at=context.now))
    commit(context, [review])
    assert [line.fresh for line in read_map(context).lines] == ["", ""]
    stored, value = parity.find(context.record, ids[1])
    mapping.decide(context, [(stored, value)], Decision.CLOSE)
    mapping.add_difference(context, Difference(title="fresh"))
    found = read_map(context, "another")
    assert {line.title: line.fresh for line in found.lines} == {"old": "", "moved": "changed", "fresh": "new"}
    assert (found.new, found.changed, found.reviewed, found.reviewed_for) == (1, 1, False, "2.13.0")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((), ""),
        (("checkout",), "Checkout"),
        (("login", "refund"), "Log-in +1"),
        (("login", "refund", "checkout"), "all flows"),
        (("login", "refund", "gone"), "3 flows"),
        (("gone",), "gone"),
    ],
)
def test_what_a_difference_touches_in_a_few_words(keys: tuple[str, ...], text: str) -> None:
    assert touches(keys, NAMES) == text


def test_flows_go_by_key_or_name_and_unknown_ones_are_named(context: Context) -> None:
    assert flow_keys(context, ["log-in", "REFUND", "refund"]) == ("login", "refund")
    assert flow_keys(context, ["gone"], kept=["gone"]) == ("gone",)
    with pytest.raises(UsageError, match="there is no flow “chekout”") as error:
        flow_keys(context, ["chekout"])
    assert error.value.hint == "did you mean Checkout?"


def test_the_detail_knows_who_found_it_and_is_none_once_it_is_gone(context: Context) -> None:
    id = mapping.add_difference(context, Difference(title="x", flows=("login", "other")))
    found = read_detail(context, id)
    assert found is not None
    assert (found.flow_names, found.evidence) == (("Log-in", "other"), 0)
    assert found.found_by == context.author().actor
    mapping.remove_difference(context, found.stored, "closed")
    assert read_detail(context, id) is None


def test_what_was_touched_read_again_gives_the_same_map_as_all_read_again(context: Context) -> None:
    ends = context.now + timedelta(hours=1)
    accepted = {"decision": Decision.ACCEPT, "reason": "rolled out by region", "until": ends}
    rows = [Difference(title=f"row {n}", severity=each) for n, each in enumerate(Severity)]
    rows.append(Difference(title="ends", severity=Severity.HIGH, flows=("checkout",), **accepted))
    commit(context, [parity.new_difference(row, context.now) for row in rows])
    commit(
        context, [reviews.review_change(reviews.reviewed(context.record, "2.13.0", by="kim", at=context.now))]
    )

    def decide() -> None:
        mapping.decide(context, [parity.find(context.record, "row 1")], Decision.CLOSE)

    def edit() -> None:
        stored, value = parity.find(context.record, "row 0")
        mapping.edit_difference(context, stored, replace(value, title="a row", severity=Severity.HIGH))

    def remove() -> None:
        mapping.remove_difference(context, parity.find(context.record, "row 1")[0], "closed")

    def add() -> None:
        mapping.add_difference(context, Difference(title="aaa", severity=Severity.HIGH))

    for act in (decide, edit, remove, add, lambda: undo(context)):
        before, seq = read_map(context), context.record.head.seq
        act()
        touched = read_touched(context, seq)
        assert touched is not None
        found, places = update_map(context, before, touched.only("difference", AROUND) or ())
        assert replace(found, now=before.now) == replace(read_map(context), now=before.now)
        assert {id: found.lines[place].id for id, place in places.items()} == {id: id for id in places}

    before = read_map(context)
    later = replace(context, clock=Clock(fixed=ends))
    assert update_map(later, before, ())[0] == read_map(later)


def test_a_flow_that_got_another_name_leaves_no_line_of_the_map_to_itself(context: Context) -> None:
    seq = context.record.head.seq
    mapping.add_difference(context, Difference(title="new"))
    touched = read_touched(context, seq)
    assert touched is not None and len(touched.only("difference", AROUND) or ()) == 1
    mapping.add_flow(context, Flow(key="return", name="Return"))
    touched = read_touched(context, seq)
    assert touched is not None and touched.only("difference", AROUND) is None


def test_more_is_touched_than_is_picked(context: Context) -> None:
    seq = context.record.head.seq
    rows = (Difference(title=f"row {number}") for number in range(MOST + 1))
    commit(context, [parity.new_difference(row, context.now) for row in rows])
    assert read_touched(context, seq) is None
