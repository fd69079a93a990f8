"""What a review of the map looks at: everything that is not as the last reviewer knew it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.usecases.projects import opened

from workbench.definitions.shapes import Severity
from workbench.parity import reviews
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.releases.model import Held, Release
from workbench.usecases import mapping, releasing
from workbench.usecases.context import Context
from workbench.usecases.reviewing import ReviewSheet, What, read_review

TITLES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("WORKBENCH_DATA", str(tmp_path / "data"))
    with opened(tmp_path / "shop") as found:
        releasing.plan(found, Release(version="1.0.0"))
        for title in TITLES:
            mapping.add_difference(found, Difference(title=title, staging="1", production="2"))
        yield found


def held_of(context: Context) -> Held:
    return releasing.find(context, None)


def edit(context: Context, title: str, **fields: object) -> None:
    stored, value = mapping.find_difference(context, title)
    mapping.edit_difference(context, stored, replace(value, **fields))  # type: ignore[arg-type]


def decide(context: Context, title: str, days: int) -> None:
    found = mapping.find_difference(context, title)
    until = context.now + timedelta(days=days)
    mapping.decide(context, [found], Decision.ACCEPT, reason="the vendor is slow", until=until)


def test_a_first_review_has_nothing_to_compare_with(context: Context) -> None:
    sheet = read_review(context, held_of(context))
    assert (sheet.last, sheet.last_words, sheet.news) == (None, "never reviewed before", ())
    assert sheet.sections() == [("Undecided, 6", [f"medium: {title}" for title in sorted(TITLES)])]


def test_all_that_changed_since_the_last_review_is_told_by_name(context: Context) -> None:
    for title in ("gamma", "delta"):
        decide(context, title, 10)
    mapping.mark_reviewed(context, held_of(context))
    mapping.add_difference(context, Difference(title="omega", severity=Severity.HIGH))
    edit(context, "alpha", staging="3", owner="kim")
    decide(context, "beta", 10)
    decide(context, "gamma", 40)
    mapping.remove_difference(context, mapping.find_difference(context, "zeta")[0], "closed with change 7")
    edit(context, "epsilon", staging="9")
    edit(context, "epsilon", staging="1")
    sheet = read_review(context, held_of(context))
    assert [(each.what, each.title, each.words) for each in sheet.news] == [
        (What.CHANGED, "alpha", "staging was 1, is now 3; owner edited"),
        (What.DECIDED, "beta", "accepted until 25 Sep, was undecided"),
        (What.WIDENED, "gamma", "accepted until 25 Oct, was accepted until 25 Sep"),
        (What.ADDED, "omega", "high, undecided"),
        (What.REMOVED, "zeta", "closed with change 7"),
    ]
    assert sheet.last_words == "last reviewed just now by you, for 1.0.0"
    assert [title for title, _ in sheet.sections()] == [
        "Undecided, 3", "Added, 1", "Widened, 1", "Changed, 1", "Decided, 1", "Removed, 1",
    ]  # fmt: skip


def test_a_review_covers_what_its_reviewer_saw_and_no_more(context: Context) -> None:
    sheet = read_review(context, held_of(context))
    mapping.add_difference(context, Difference(title="omega"))
    mapping.mark_reviewed(context, held_of(context), known=sheet.known)
    after: ReviewSheet = read_review(context, held_of(context))
    assert [each.title for each in after.news] == ["omega"]
    review = reviews.last_review(context.record)
    assert reviews.changed_since(context.record, review) == 1
