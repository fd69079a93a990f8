"""Which rows a filter leaves does not depend on what was typed on the way to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.tui.widgets.rows import Cell, Row, Section
from workbench.tui.widgets.table.lines import Lines

TITLES = ("checkout fails", "a check of the cart", "Cart service", "cash out", "other", "")


def lines() -> Lines:
    made = Lines()
    rows = [Row(key=str(place), cells=(Cell(title),)) for place, title in enumerate(TITLES)]
    made.take([Section(None, rows)])
    return made


def left(made: Lines, text: str) -> tuple[str, ...]:
    made.filter = text
    made.arrange()
    return tuple(made.index)


def test_words_that_are_pasted_behind_a_filter_all_count() -> None:
    made = lines()
    assert left(made, "ca") == ("1", "2", "3")
    assert left(made, "ca check cart") == ("1",)


@given(st.lists(st.text(alphabet="cahert ", max_size=8), max_size=8))
def test_the_way_to_a_filter_does_not_matter(typed: list[str]) -> None:
    made = lines()
    for text in typed:
        assert left(made, text) == left(lines(), text)
        assert made.seen == sum(all(word in title.casefold() for word in text.split()) for title in TITLES)
