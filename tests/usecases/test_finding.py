"""Anything is found by a few letters of its name, the likeliest first, by kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build

from workbench.usecases import guide
from workbench.usecases.context import Context
from workbench.usecases.finding import Sort, Thing, Things, read_things, search_entries


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def differences(*titles: str) -> Things:
    return Things(Thing(Sort.DIFFERENCE, f"d{n}", title) for n, title in enumerate(titles))


def titles(things: Things, text: str) -> list[str]:
    return [thing.title for group in things.search(text) for thing in group.things]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cache", ["cache", "cache size", "size of the cache", "microcaches"]),
        ("size cache", ["cache size", "size of the cache"]),
        ("CACHE-SIZE", ["cache size", "size of the cache"]),
        ("mcrch", ["microcaches"]),
        ("nothing at all", []),
        ("", []),
    ],
)
def test_what_begins_so_comes_before_what_only_holds_it(text: str, expected: list[str]) -> None:
    found = differences("microcaches", "size of the cache", "cache size", "cache")
    assert titles(found, text) == expected


def test_the_kind_with_the_best_fit_comes_first_and_says_how_many_there_are() -> None:
    things = [Thing(Sort.DIFFERENCE, f"d{n}", f"old checkout {n}") for n in range(50)]
    found = Things([*things, Thing(Sort.FLOW, "checkout", "Checkout", "critical")]).search("checkout", most=3)
    assert [(group.sort, len(group.things), group.count) for group in found] == [
        (Sort.FLOW, 1, 1),
        (Sort.DIFFERENCE, 3, 50),
    ]


def test_what_stands_beside_a_title_is_looked_at_last() -> None:
    found = Things(
        [Thing(Sort.BENCHMARK, "p95", "Time to pay", "checkout"), Thing(Sort.BENCHMARK, "x", "Checkout", "")]
    )
    assert titles(found, "checkout") == ["Checkout", "Time to pay"]
    assert titles(found, "p95") == ["Time to pay"]


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=8))
def test_any_text_is_only_text(names: list[str], text: str) -> None:
    things = differences(*names)
    assert set(titles(things, text)) <= set(names)
    for name in names:
        if " ".join(name.split()) == name.strip() != "" and things.search(name):
            assert name in [thing.title for group in things.search(name, most=9) for thing in group.things]


def test_every_kind_of_record_is_there(shop: Context) -> None:
    build.add_difference(shop, "smaller database")
    found = read_things(shop)
    for text, sort, key in [
        ("2.0.0", Sort.RELEASE, None),
        ("checkout", Sort.FLOW, "checkout"),
        ("smaller", Sort.DIFFERENCE, None),
        ("checkout p95", Sort.BENCHMARK, "p95"),
        ("notes are written", Sort.ITEM, "ready/notes"),
        ("robin", Sort.PERSON, "robin"),
        ("undo and redo", Sort.PAGE, "undo#undo-and-redo"),
    ]:
        things = {thing.key for group in found.search(text) for thing in group.things if group.sort is sort}
        assert things and (key is None or key in things), text


def test_it_is_read_again_only_when_something_changed(shop: Context) -> None:
    first = read_things(shop)
    assert read_things(shop, first) is first
    build.add_difference(shop, "smaller database")
    again = read_things(shop, first)
    assert again is not first and len(again) == len(first) + 1


def test_the_history_is_searched_for_what_stands_anywhere_in_an_entry(shop: Context) -> None:
    build.add_difference(shop, "smaller database", impact="joins are never tried")
    (group,) = search_entries(shop, "tried joins")
    assert [thing.title for thing in group.things] == ["found difference smaller database"]
    assert group.things[0].key == shop.record.history(text="never tried")[0].digest
    assert search_entries(shop, "nowhere to be seen") == []


def test_the_guide_has_its_sections_with_what_stands_below_them() -> None:
    keys = [section.key for section in guide.sections()]
    assert len(set(keys)) == len(keys) and {"gates#requirements", "undo#undo-and-redo"} <= set(keys)
    section = guide.section("gates#requirements")
    assert section is not None
    assert (section.title, section.page) == ("Requirements", "Gates and sign-offs")
    assert "tests_green" in section.text and "## " not in section.text.replace("### ", "")
    assert guide.section("gates#nowhere") is None
