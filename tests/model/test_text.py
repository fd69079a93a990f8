"""Text from outside cannot steer a terminal, reorder its neighbours or grow without end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.text import joined_words, normalised, number_of, safe_lines, safe_text

anything = st.text(alphabet=st.characters(exclude_categories=()))


@given(anything)
def test_what_is_safe_stays_safe(text: str) -> None:
    once = safe_text(text)
    assert safe_text(once) == once


@given(anything)
def test_nothing_that_steers_survives(text: str) -> None:
    for character in safe_text(text):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Co")
        assert unicodedata.bidirectional(character) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )


@given(anything, st.integers(min_value=2, max_value=50))
def test_length_is_bounded(text: str, limit: int) -> None:
    assert len(safe_text(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "·[31mred"),
        ("a\nb\tc", "a b c"),
        ("a\u202eb", "ab"),
        ("\u200bzero", "zero"),
        ("Grüße 東京", "Grüße 東京"),
        ("[/x] [@click=app.quit]", "[/x] [@click=app.quit]"),
        ("👍🏽", "👍"),
        ("⚠\ufe0f", "⚠"),
    ],
)
def test_examples(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_a_hundred_kilobytes_are_cut() -> None:
    assert safe_text("x" * 100_000).endswith("…")
    assert len("".join(safe_lines("y\n" * 100_000))) <= 20_001


def test_numbers_and_other_things_are_written() -> None:
    assert safe_text(3) == "3"


def test_what_is_kept_is_composed_and_whole() -> None:
    assert normalised("e\u0301") == "é"
    with pytest.raises(UnicodeEncodeError):
        normalised("\ud800")


def test_a_number_of_things() -> None:
    assert [number_of(count, "row") for count in (0, 1, 2, 1200)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,200 rows",
    ]


def test_several_are_told_as_one_reads_them_aloud() -> None:
    assert [joined_words(("jo", "kim", "sam")[:count]) for count in range(4)] == [
        "",
        "jo",
        "jo and kim",
        "jo, kim and sam",
    ]
    assert joined_words(["jo", "kim"], "or") == "jo or kim"
