"""Cells of a terminal: measured as the app's own library draws, cut, filled up and folded."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.model.text import safe_text
from workbench.model.width import cells, crop, fit, pieces, wrap

WIDE = "東京e\u0301"
SAFE = st.text(st.characters(exclude_categories=("Cn", "Cs")), max_size=60).map(safe_text)


def test_every_character_that_is_let_through_takes_the_cells_that_it_is_drawn_in() -> None:
    known = (chr(code) for code in range(0x20, sys.maxunicode + 1) if unicodedata.category(chr(code)) != "Cn")
    shown = [character for character in known if safe_text(character) == character]
    assert len(shown) > 130_000
    assert not [c for c in shown if cells(c) != cell_len(c)]


@pytest.mark.parametrize("text", ["👩‍💻", "🇳🇱", "👍🏽", "☺️", "한국", "ก็", "é", "क्षि", "5️⃣"])
def test_a_safe_text_takes_what_its_characters_take(text: str) -> None:
    assert cells(safe_text(text)) == cell_len(safe_text(text))


@given(SAFE, st.integers(min_value=0, max_value=40))
def test_a_text_is_cut_and_filled_up_to_a_width(text: str, width: int) -> None:
    assert cells(crop(text, width)) <= width
    assert crop(text, width) == text or crop(text, width).endswith("…") or not width
    for align in ("left", "right", "center"):
        assert cells(fit(text, width, align)) == width


@given(SAFE, st.integers(min_value=2, max_value=40))
def test_folding_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_is_broken_between_characters() -> None:
    assert pieces("abcdef", 4) == ["abcd", "ef"]
    assert pieces(WIDE, 3) == ["東", "京e\u0301"]
    assert pieces("東", 1) == ["東"] and pieces("", 4) == []
    assert wrap("a 東京 b", 4) == ["a", "東京", "b"] and wrap("", 9) == [""]
