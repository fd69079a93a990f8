"""Drift on a page: words for the index, its course, and each parameter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workbench.definitions.shapes import Category
from workbench.parity.drift import Appeared, Differing, Drift, Index
from workbench.probes.runs import Seen
from workbench.usecases.views.drift import Blind, Budget, DriftView, Place, Point, budget_words
from workbench.usecases.views.drift_page import (
    appeared_words,
    bars,
    course_words,
    drift_mark,
    earlier,
    facts,
    in_order,
    place_title,
    row_words,
    summary,
    values,
)
from workbench.usecases.views.marks import Mark

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
INDEX = Index(compared=1204, differing=14, intended=6, by_category={"configuration": 9, "data": 5})


def drift(after: timedelta | None = timedelta(hours=50), **fields: object) -> Drift:
    change = Seen(path="app.env/DB_POOL", staging="5", production="50")
    what = {
        "probe": "settings",
        "environment": "staging",
        "region": "eu",
        "category": Category.CONFIGURATION,
        "change": change,
    }
    appeared = Appeared(seen=NOW - timedelta(hours=26), after=None if after is None else NOW - after)
    return Drift(
        what=Differing(**{**what, **fields}),  # type: ignore[arg-type]
        appeared=appeared,
        noticed=NOW - timedelta(hours=26),
    )


def course(*counts: int) -> list[Point]:
    return [Point(NOW - timedelta(days=len(counts) - place), count) for place, count in enumerate(counts, 1)]


@pytest.mark.parametrize(
    ("numbers", "drawn"),
    [((), ""), ((0, 0), "▁▁"), ((0, 7, 14), "▁▅█"), ((1, 1), "██")],
)
def test_numbers_are_drawn_from_none_to_the_largest(numbers: tuple[int, ...], drawn: str) -> None:
    assert bars(numbers) == drawn


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((), ""),
        ((4,), ""),
        ((4, 8), "▅█ 4 on 14 Sep, 8 now"),
        ((9, 0, 0, 0, 0, 0, 0, 0, 0, 3), "▁▁▁▁▁▁▁█ 0 on 8 Sep, 3 now"),
        ((4, 8, 4), "▅█▅ as many as on 13 Sep"),
    ],
)
def test_the_course_says_what_it_was_a_week_before(counts: tuple[int, ...], words: str) -> None:
    assert course_words(course(*counts), NOW, UTC) == words


def test_the_present_is_compared_with_a_week_ago_or_with_the_first_day() -> None:
    assert earlier((), NOW) == ""
    assert earlier(course(1, 2, 3), NOW) == "2026-09-13"
    assert earlier(course(*range(8)), NOW) == "1 week ago"


def view(**fields: object) -> DriftView:
    whole = {
        "index": INDEX,
        "places": (),
        "drifts": (),
        "intended": (),
        "blind": (),
        "budgets": (),
        "course": (),
        "unrecorded": (),
    }
    return DriftView(**{**whole, **fields})  # type: ignore[arg-type]


def test_a_budget_of_what_nothing_looked_at_is_not_kept() -> None:
    budget = Budget(at_most=1, used=0, words="staging", looked=False)
    assert not budget.kept
    assert budget_words(budget) == "budget of staging not known: nothing was compared, 1 allowed"


def test_the_summary_says_what_is_over_its_budget_and_what_nobody_looked_at() -> None:
    over, kept = Budget(at_most=10, used=14, words="staging"), Budget(at_most=9, used=5, words="data staging")
    found = view(budgets=(kept, over), blind=(Blind("a", "A", "never run"),), course=tuple(course(4, 8)))
    assert [(phrase.text, phrase.mark) for phrase in summary(found, NOW, UTC)] == [
        ("14 of 1,204 parameters drifted, 6 more intended", None),
        (f"▲ {budget_words(over)}", Mark.WARNS),
        ("▅█ 4 on 14 Sep, 8 now", None),
        ("▲ 1 not looked at", Mark.WARNS),
        (budget_words(kept), None),
    ]
    nothing = Index(compared=0, differing=0, intended=0, by_category={})
    assert [phrase.text for phrase in summary(view(index=nothing), NOW, UTC)] == ["Nothing was compared yet"]


def test_an_environment_says_how_much_of_it_drifted_and_when_it_was_looked_at() -> None:
    place = Place(environment="staging", region="eu", index=INDEX, looked_at=NOW - timedelta(hours=3))
    assert place_title(place, NOW) == (
        "staging in eu",
        "14 of 1,204 drifted, configuration 9, data 5, looked at 3 h ago",
    )


@pytest.mark.parametrize(
    ("found", "mark", "words"),
    [
        (drift(), Mark.WARNS, "not on the map"),
        (drift(row="1"), Mark.WARNS, "undecided"),
        (drift(row="1", decided=True), Mark.UNDER_WAY, "decided"),
        (drift(row="1", decided=True, intended=True), Mark.EXCEPTED, "intended"),
    ],
)
def test_what_the_map_says_of_a_drift(found: Drift, mark: Mark, words: str) -> None:
    assert (drift_mark(found), row_words(found)) == (mark, words)


def test_a_drift_tells_both_values_when_it_appeared_and_for_how_long_nobody_noticed() -> None:
    told = {fact.label: fact.text for fact in facts(drift(), "Settings are alike", NOW, UTC)}
    assert told == {
        "On the map": "not on the map",
        "Staging": "5",
        "Production": "50",
        "Appeared": "between 13 Sep 10:00 and yesterday 10:00",
        "Unnoticed": "up to 24 h, until 26 h ago",
        "Found by": "Settings are alike, at app.env/DB_POOL",
    }
    assert appeared_words(drift(), NOW) == "26 h ago"
    assert appeared_words(drift(after=None), NOW) == "over 26 h ago"


def test_a_secret_is_never_told() -> None:
    secret = Seen(path="a", staging="secret-1", production="secret-2", secret=True)
    assert values(drift(change=secret)) == ("a secret", "another secret")


def test_what_nobody_has_decided_on_comes_first() -> None:
    decided, open_one = drift(row="1", decided=True), drift()
    assert in_order([decided, open_one, decided]) == [open_one, decided, decided]
