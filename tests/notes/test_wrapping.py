"""Plain text is wrapped by cells, keeps its words and never begins a line with a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notes.sample import rich

from workbench.model.width import cells
from workbench.notes import render
from workbench.notes.wrapping import wrap

words = st.lists(st.text(alphabet="abZ9.漢字かな한글é💶🛒", min_size=1, max_size=120), max_size=30)


@given(words, st.sampled_from(["", "• ", "1. ", "    ", "Pipeline run    "]))
def test_no_line_is_wider_than_asked_and_no_word_is_lost(given_words: list[str], first: str) -> None:
    lines = wrap(" ".join(given_words), first)
    assert max(cells(line) for line in lines) <= 76
    assert "".join("".join(lines).split()) == "".join((first + "".join(given_words)).split())


@given(words)
def test_cells_are_counted_as_terminals_do(given_words: list[str]) -> None:
    text = " ".join(given_words)
    assert cells(text) == cells(text)


def test_a_number_stays_with_its_unit() -> None:
    text = "x" * 70 + " 0.45 s plus 20 %"
    assert wrap(text) == ["x" * 70, "0.45 s plus 20 %"]


def test_a_digest_that_fits_on_a_line_is_not_broken() -> None:
    digest = "sha256:" + "9c41b7e0" * 8
    assert wrap(f"web-shop.oci {digest}", "Artifact        ") == [
        "Artifact        web-shop.oci",
        f"  {digest}",
    ]


def test_a_command_of_a_ci_log_is_never_at_the_beginning_of_a_line() -> None:
    assert wrap("::error::no") == ["·::error::no"]
    assert wrap("x" * 74 + " ##[error]no")[1] == "·##[error]no"
    assert wrap("+++ shipped") == ["·+++ shipped"]


@pytest.mark.parametrize("word", ["/close", "/merge", "/LGTM", "/remove-label"])
def test_a_command_of_a_forges_bot_is_never_at_the_beginning_of_a_line(word: str) -> None:
    assert wrap(f"{word} it") == [f"·{word} it"]
    assert wrap("x" * 74 + f" {word}")[1] == f"·{word}"


def test_a_path_stays_as_it_is() -> None:
    assert wrap("/api/v2/orders answers") == ["/api/v2/orders answers"]


def test_every_line_of_the_notes_fits() -> None:
    assert max(cells(line) for line in render(rich(), "txt").splitlines()) <= 76
