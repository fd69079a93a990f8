"""The history act by act."""

from __future__ import annotations

from datetime import timedelta

from tests import building as build

from workbench.usecases.context import Context
from workbench.usecases.undoing import undo
from workbench.usecases.views.history_lines import BEFORE_THAT, Lines, read_lines, sentences, when_words


def newest(context: Context, limit: int = 50) -> Lines:
    return read_lines(context, limit=limit)


def test_an_answer_with_its_evidence_is_one_line_that_says_why(small: Context) -> None:
    build.answer(small, "rehearsed", note="the run of Tuesday")
    line = newest(small).lines[0]
    assert line.count == len(line.entries)
    assert line.why == "the run of Tuesday"
    assert "attached" not in line.what


def test_a_reason_is_the_why(small: Context) -> None:
    ident = build.add_difference(small)
    build.decide(
        small, ident, "accept", reason="it costs more than it brings", until=build.NOW + timedelta(9)
    )
    assert any(line.why == "it costs more than it brings" for line in newest(small).lines)


def test_lines_are_the_newest_first_and_whole(small: Context) -> None:
    build.figures(small)
    found = newest(small)
    places = [line.seq for line in found.lines]
    assert places == sorted(places, reverse=True)
    assert sum(line.count for line in found.lines) == small.record.head.seq
    assert found.before is None and all(line.entries for line in found.lines)


def test_a_page_goes_on_where_the_line_before_it_began(small: Context) -> None:
    build.figures(small)
    whole = [line.key for line in newest(small).lines]
    seen: list[str] = []
    before: int | None = None
    while True:
        page = read_lines(small, limit=3, before_seq=before)
        seen += [line.key for line in page.lines]
        if (before := page.before) is None:
            break
    assert seen == whole


def test_an_import_is_one_line_with_all_its_rows(shop: Context) -> None:
    found = read_lines(shop, limit=500)
    line = next(line for line in found.lines if line.what.startswith("imported "))
    assert line.what == "imported 8 flows and 11 differences" and line.count == 38
    told = list(sentences(line, found.names))
    assert len(told) == 19 and not any("row of" in text for text in told)


def test_a_search_finds_the_rows_of_an_import_one_by_one(shop: Context) -> None:
    found = read_lines(shop, text="LOG_LEVEL", limit=500)
    assert found.lines and all(line.count == 1 for line in found.lines)
    assert any(line.what == "found difference LOG_LEVEL" for line in found.lines)


def test_what_was_undone_says_so(small: Context) -> None:
    build.add_difference(small, "smaller database")
    undo(small)
    lines = newest(small).lines
    assert lines[0].undone is None and lines[1].undone is not None
    assert lines[1].undone.actor == "kim"


def test_a_demonstration_never_says_just_now_below_an_older_line(shop: Context) -> None:
    lines = read_lines(shop, limit=500).lines
    words = when_words(lines, shop.now, demonstration=True)
    told = [line.at for line, said in zip(lines, words, strict=True) if said != BEFORE_THAT]
    assert BEFORE_THAT in words and told == sorted(told, reverse=True)
    assert "just now" not in words[words.index(BEFORE_THAT) :]
    assert BEFORE_THAT not in when_words(lines, shop.now, demonstration=False)
