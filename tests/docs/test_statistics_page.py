"""The tables of docs/statistics.md are what the script computes; the slow ones are checked by ``make simulations``."""

from __future__ import annotations

import re

from bench.simulations import PAGE, TABLES, written


def test_the_quick_tables_are_as_they_are_computed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, ("rates", "looks")) == page


def test_every_table_has_its_place_and_is_filled() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"<!-- ([a-z-]+) -->\n\|", page) == list(TABLES)
