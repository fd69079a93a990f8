"""Two releases, or two candidates of one, compared as each was judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.model.errors import UsageError
from workbench.releases.model import Candidate, Release
from workbench.usecases import releasing, shipping
from workbench.usecases.context import Context
from workbench.usecases.views.comparison import (
    ComparedGroup,
    ComparisonView,
    comparison_lines,
    document,
    known_refs,
    read_comparison,
)
from workbench.usecases.views.marks import Mark

FIRST, SECOND, THIRD = build.SHA, build.SHA_2, "c" * 40


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def next_candidate(context: Context, commit: str, **delta: float) -> Context:
    after = build.later(context, **(delta or {"hours": 1}))
    held = releasing.find(after, "2.0.0")
    releasing.propose(after, held, Candidate(release="", number=0, commit=commit, author="jo"))
    return after


def group(view: ComparisonView, key: str) -> ComparedGroup:
    return next(each for each in view.groups if each.key == key)


def shipped_and_next(context: Context) -> Context:
    """2.0.0 went out with good figures; 2.1.0 has worse ones."""
    build.figures(context)
    shipping.ship(context, "2.0.0", reason="the vendor switches off")
    after = build.at(context, context.now + timedelta(days=1))
    releasing.plan(after, Release(version="2.1.0"), Candidate(release="", number=1, commit=THIRD))
    build.figures(after, p95="0.9")
    return after


def test_a_verdict_that_turned_is_told_with_both_values(shop: Context) -> None:
    after = shipped_and_next(shop)
    view = read_comparison(after, "2.0.0", "2.1.0")
    (line,) = group(view, "verdicts").lines
    assert (line.key, line.before, line.after) == (
        "p95",
        "pass, blocking (0.46 s)",
        "fail, blocking (0.9 s)",
    )
    assert line.mark is Mark.BLOCKS
    assert group(view, "verdicts").same == 1


def test_a_release_that_went_out_is_compared_as_it_was_judged_then(shop: Context) -> None:
    after = shipped_and_next(shop)
    before = read_comparison(after, "2.0.0", "2.1.0")
    build.add_difference(after, "another region", severity="high")
    again = read_comparison(after, "2.0.0", "2.1.0")
    assert before.one == again.one
    assert again.one.kept
    (line,) = group(again, "differences").lines
    assert (line.title, line.before, line.after) == ("another region", "not listed", "high, undecided")
    assert line.mark is Mark.BLOCKS


def test_two_candidates_of_one_release_are_judged_each_on_its_own_values(shop: Context) -> None:
    build.figures(shop)
    after = next_candidate(shop, THIRD)
    view = read_comparison(after, "2.0.0@1", "2.0.0")
    assert view.one.state == "replaced"
    assert [line.before.partition(",")[0] for line in group(view, "verdicts").lines] == ["pass", "pass"]
    assert all(line.after.startswith("no data") for line in group(view, "verdicts").lines)


def test_an_answer_and_a_decision_that_one_side_lacks_are_told(shop: Context) -> None:
    after = shipped_and_next(shop)
    build.answer(after, "ready/notes")
    view = read_comparison(after, "2.0.0", "2.1.0")
    (line,) = group(view, "checklists").lines
    assert (line.title, line.before, line.after) == ("Notes are written", "open", "done")


def test_a_definition_that_changed_is_named(shop: Context) -> None:
    after = shipped_and_next(shop)
    build.rewrite(after, "pass: <= 1 %", "pass: <= 2 %")
    with build.opened(after.root, now=after.now) as fresh:
        view = read_comparison(fresh, "2.0.0", "2.1.0")
    assert [line.key for line in group(view, "definitions").lines] == ["benchmarks/errors"]


def test_a_signature_that_is_out_of_date_says_by_what(shop: Context) -> None:
    build.figures(shop)
    build.sign(shop, "benchmarks", "robin")
    after = next_candidate(shop, THIRD)
    view = read_comparison(after, "2.0.0@1", "2.0.0@2")
    (line,) = group(view, "signatures").lines
    assert (line.before, line.after) == ("approve, current", "approve, out of date")
    assert line.note


def test_each_is_named_in_several_ways(shop: Context) -> None:
    after = next_candidate(shop, THIRD)
    for one, other in (
        ("2.0.0@1", "rc2"),
        ("2.0.0 rc1", THIRD[:8]),
        ("rc1", "2.0.0"),
        ("2.0.0@rc1", "2.0.0@2"),
    ):
        view = read_comparison(after, one, other)
        assert (view.one.title, view.other.title) == ("2.0.0 rc1", "2.0.0 rc2")
    assert known_refs(after) == ["2.0.0@2", "2.0.0@1"]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("2.0.0", "2.0.0", "are the same"),
        ("2.0.0", "2.0.0@1", "are the same"),
        ("9.9", "2.0.0", "is no release and no candidate"),
        ("2.0.0@7", "2.0.0", "has no candidate “7”"),
        ("2.0.0@", "2.0.0", "has no candidate"),
        ("2.0.0@-1", "2.0.0", "has no candidate"),
        ("2.0.0@" + "9" * 400, "2.0.0", "has no candidate"),
        ("", "2.0.0", "is no release"),
        ("\x1b[31m@1", "2.0.0", "is no release"),
        ("abc", "2.0.0", "is no release"),
    ],
)
def test_what_cannot_be_compared_is_said(shop: Context, one: str, other: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_comparison(shop, one, other)


def test_text_and_document_hold_the_same_groups(shop: Context) -> None:
    view = read_comparison(shipped_and_next(shop), "2.0.0", "2.1.0")
    text = "\n".join(comparison_lines(view))
    found = document(view)
    assert found["schema"] == "workbench.comparison.1"
    assert all(each["title"].lower() in text.lower() for each in found["groups"])


def test_comparing_changes_nothing(shop: Context) -> None:
    after = next_candidate(shop, THIRD)
    head = after.record.head
    read_comparison(after, "rc1", "rc2")
    assert after.record.head == head
