"""How checklists and their items stand."""

from __future__ import annotations

from datetime import timedelta

from tests import building as build

from workbench.checklists.model import ItemState, ItemView
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.checklists import (
    evidence_words,
    item_key,
    known,
    lists,
    mark_of,
    standing,
    state_words,
)
from workbench.usecases.views.marks import Mark


def item(context: Context, key: str) -> ItemView:
    return next(view for view in evaluate(context).checklists["ready"] if view.item.key == key)


def test_a_list_says_how_far_it_is(small: Context) -> None:
    (line,) = lists(evaluate(small), small.definitions)
    assert (line.key, line.how_far, line.mark, line.asked) == ("ready", "0 of 2", Mark.OPEN, True)
    build.answer(small, "notes")
    (line,) = lists(evaluate(small), small.definitions)
    assert (line.how_far, line.mark, line.count(ItemState.OPEN)) == ("1 of 2", Mark.UNDER_WAY, 1)
    build.answer(small, "rehearsed")
    (line,) = lists(evaluate(small), small.definitions)
    assert (line.how_far, line.mark) == ("2 of 2", Mark.COMPLETE)


def test_an_open_item_says_nothing_but_its_state(small: Context) -> None:
    view = item(small, "notes")
    assert (item_key(view), known(view), state_words(view)) == ("ready/notes", "", "open")
    assert mark_of(view.state) is Mark.OPEN and not standing(view, small.now)


def test_an_answer_is_told_with_who_and_when(small: Context) -> None:
    build.answer(small, "notes", state="not_applicable", note="", reason="a hotfix has none")
    view = item(small, "notes")
    assert (known(view), state_words(view)) == ("a hotfix has none", "not applicable")
    (said,) = standing(view, small.now + timedelta(hours=2))
    assert (said.label, said.text, said.mark) == (
        "Answer",
        "not applicable by kim, 2 h ago: a hotfix has none",
        Mark.NOT_APPLICABLE,
    )


def test_done_without_its_evidence_stays_open_and_says_so(small: Context) -> None:
    build.answer(small, "rehearsed", note="")
    view = item(small, "rehearsed")
    assert view.state is ItemState.OPEN and known(view) == "done, but its evidence is missing"


def test_evidence_in_words(small: Context) -> None:
    build.answer(small, "rehearsed", note="seen on staging")
    (piece,) = item(small, "rehearsed").evidence
    assert evidence_words(piece, small.now) == "note · seen on staging · kim, just now"
