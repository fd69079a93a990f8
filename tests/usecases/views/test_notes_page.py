"""The release notes as a page: what every format says, drawn to be read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.model.width import cells
from workbench.tui.screens.notes_page import MEASURE, page_lines
from workbench.usecases import noting
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.notes_page import (
    Facts,
    Figure,
    Figures,
    Heading,
    NotesPage,
    Said,
    Thing,
    read_notes_page,
)


def text_of(page: NotesPage, width: int) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in page_lines(page, width))


def test_the_page_has_the_sections_of_the_other_formats(shop: Context) -> None:
    found = evaluate(shop)
    page = read_notes_page(shop, found)
    markdown = noting.written(shop, found, "md")
    heads = [part.text for part in page.parts if isinstance(part, Heading) and not part.within]
    assert [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")] == heads
    figures = next(part for part in page.parts if isinstance(part, Figures))
    assert len(figures.rows) == len(found.judged)
    assert page.mark is Mark.BLOCKS and "BLOCKED" in page.headline


def test_nothing_of_markdown_is_left_and_every_word_is_there(shop: Context) -> None:
    page = read_notes_page(shop, evaluate(shop))
    text = text_of(page, 160)
    assert "| ---" not in text and "**" not in text and "\\(" not in text
    for part in page.parts:
        if isinstance(part, Thing):
            assert part.title.split()[0] in text
        if isinstance(part, Figures):
            assert all(row.title in text and row.value in text for row in part.rows)


def test_no_line_of_prose_is_longer_than_one_can_read() -> None:
    page = NotesPage(
        "Shop 1.0", "✓", Mark.DONE, "word " * 60, (Said("word " * 90), Thing("•", None, "a", "b " * 99, ()))
    )
    lines = page_lines(page, 200)
    assert max(sum(piece.width for piece in line) for line in lines) <= MEASURE + 1
    assert "…" not in text_of(page, 200)


def test_lists_hang_and_facts_stand_beside_their_names() -> None:
    parts = (
        Facts((("Release", "1.0"), ("Candidate", "rc1"))),
        Heading("Steps"),
        Said("word " * 30, lead="1. "),
    )
    text = text_of(NotesPage("Shop 1.0", "✓", Mark.DONE, "READY", parts), 60)
    assert " Release    1.0" in text and " Candidate  rc1" in text
    first, second = text.partition("1. ")[2].splitlines()[:2]
    assert first.startswith("word") and second.startswith("    word")


@given(st.integers(20, 200), st.text(st.sampled_from("ab c漢🙂é"), max_size=200))
def test_any_page_fits(width: int, words: str) -> None:
    figure = Figure(Mark.BLOCKS, words, "fail", "0.69 s", "0.54 s", "0.45 s", words, words)
    parts = (
        Said(words),
        Facts(((words, words),)),
        Thing("•", None, words, words, ((words, words),)),
        Figures((figure,)),
    )
    for line in page_lines(NotesPage(words, "✓", None, words, parts), width):
        assert cells("".join(piece.text for piece in line)) <= width
