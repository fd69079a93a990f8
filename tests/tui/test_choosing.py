"""Versions that desks made of a thing: beside each other where there is room, and one is taken that somebody marked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.test_dialog import results_of

from workbench.model.width import cells
from workbench.record import Contested, Version
from workbench.tui.screens.choosing import ChoosePanel, Versions
from workbench.tui.widgets.line import Line
from workbench.usecases.settling import Choice

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TEXTS = ("4", "5", "a stand-in that answers as the vendor’s sandbox does", "6")


def choice(count: int, *, removed: bool = False) -> Choice:
    """So many versions of a difference, the first of them made at this desk; the last may have removed it."""
    versions = tuple(
        Version(
            digest=f"{number:064x}",
            desk=f"desk-{number}",
            actor=("robin", "kim", "sam", "noor")[number],
            recorded_at=AT,
            value=None if removed and number == count - 1 else {"production": TEXTS[number]},
        )
        for number in range(count)
    )
    return Choice(
        thing=Contested("difference", "an-id", versions),
        name="difference “cache size”",
        words=f"{count} versions",
        fields=("production", "decided_on"),
        mine="desk-0",
    )


def text(lines: list[Line]) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


def laid_out(shown: Choice, width: int, marked: int | None = None) -> list[str]:
    widget = Versions(shown, UTC, str)
    widget.marked = marked
    return text(list(widget.lay_out(width)))


def test_two_versions_stand_beside_each_other_with_who_where_and_when() -> None:
    titles, where, when, _, production = laid_out(choice(2), 74)
    assert titles.split() == ["1", "Robin", "2", "Kim"]
    assert where.split("  ") and "at this desk" in where and "at another desk" in where
    assert when.count("27 Nov 2026 09:30") == 2
    assert production.split() == ["Production", "4", "5"]
    assert where.index("at another desk") == production.index("5") == titles.index("2")


def test_the_marked_one_has_a_sign() -> None:
    assert "▸ 2  Kim" in laid_out(choice(2), 74, 1)[0]


def test_without_room_they_stand_below_each_other() -> None:
    lines = laid_out(choice(4), 74, 2)
    assert any(line.strip().startswith("▸ 3 Sam") for line in lines)
    assert sum("Production" in line for line in lines) == 4


def test_a_version_that_removed_the_thing_says_so() -> None:
    lines = laid_out(choice(2, removed=True), 74)
    assert any(line.split() == ["kept", "removed"] for line in lines)
    assert any(line.split() == ["Production", "4", "–"] for line in lines)


@given(st.integers(2, 4), st.integers(20, 200), st.none() | st.integers(0, 1))
def test_no_line_is_wider_than_there_is_room(count: int, width: int, marked: int | None) -> None:
    assert all(cells(line) <= width for line in laid_out(choice(count), width, marked))


@pytest.mark.parametrize(
    ("keys", "taken"),
    [
        (("left", "enter"), 0),
        (("right", "enter"), 1),
        (("right", "left", "enter"), 0),
        (("right", "right", "enter"), 1),
        (("down", "up", "enter"), 0),
    ],
)
async def test_the_arrows_mark_one_and_enter_takes_it(keys: tuple[str, ...], taken: int) -> None:
    assert await results_of(ChoosePanel(choice(2), UTC), *keys) == [f"{taken:064x}"]


async def test_none_is_taken_that_nobody_marked() -> None:
    assert await results_of(ChoosePanel(choice(2), UTC), "enter") == []
    assert await results_of(ChoosePanel(choice(2), UTC), "escape") == [None]
