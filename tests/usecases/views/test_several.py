"""What is contested is found from the row that stands for it, whichever screen shows that row."""

from __future__ import annotations

from typing import Any

import pytest
from tests import building as build

from workbench.record import Contested, Version
from workbench.tui.theme import Mark
from workbench.tui.widgets.rows import Cell, Row, with_words
from workbench.usecases.views.several import by_row, several_of


def contested(noun: str, id: str, **value: Any) -> Contested:
    versions = tuple(
        Version(digest=f"{n:064x}", desk=f"desk-{n}", actor="kim", recorded_at=build.NOW, value=value)
        for n in range(2)
    )
    return Contested(noun, id, versions)


@pytest.mark.parametrize(
    ("item", "row"),
    [
        (contested("difference", "an-id", title="cache"), "an-id"),
        (contested("flow", "an-id", key="checkout"), "checkout"),
        (contested("occupancy", "an-id", environment="staging"), "staging"),
        (contested("phase", "an-id", benchmark="refund-p95"), "refund-p95"),
        (contested("drill", "an-id", runbook="restore"), "restore"),
        (contested("answer", "r/ready/owner", checklist="ready", item="owner"), "ready/owner"),
    ],
)
def test_a_row_leads_to_what_is_contested(item: Contested, row: str) -> None:
    found = several_of(item)
    assert by_row([found], [item.entity])[row].id == item.id
    assert found.words == "two versions"


def test_a_screen_of_other_things_is_not_concerned() -> None:
    assert not by_row([several_of(contested("flow", "an-id", key="checkout"))], ["difference"])


def test_what_is_of_another_release_stands_at_no_row_of_this_one() -> None:
    item = contested("answer", "old/ready/owner", release="old", checklist="ready", item="owner")
    assert several_of(item, "new").rows == {"old/ready/owner"}
    assert several_of(item, "old").rows == {"old/ready/owner", "ready/owner"}
    assert "ready/owner" in several_of(item).rows


def test_a_removed_version_takes_nothing_away() -> None:
    gone = Version(digest="0" * 64, desk="a", actor="kim", recorded_at=build.NOW, value=None)
    assert several_of(Contested("action", "an-id", (gone, gone))).rows == {"an-id"}


def test_the_row_says_it_and_is_edited_as_before() -> None:
    row = with_words(Row("checkout", (Cell("Checkout"), Cell("high")), Mark.DONE, dim=True), "two versions")
    assert (row.cells[0].text, row.cells[0].whole, row.mark) == (
        "two versions · Checkout",
        "Checkout",
        Mark.BLOCKS,
    )
    assert row.cells[0].order == "Checkout", "it stays where its name puts it"
    assert row.cells[1] == Cell("high")
