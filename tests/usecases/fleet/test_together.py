"""All projects together: one line each, what needs somebody first, copies once, and figures that are counted, not averaged."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.usecases.fleet.made import DAY, NOW, delivered, due, project, release, waiting, went

from workbench.usecases.fleet.shapes import Project
from workbench.usecases.fleet.together import Level, assemble, calendar, of_all, of_each


def names(*projects: Project) -> list[str]:
    return [row.project.key for row in assemble(projects).rows]


def test_what_needs_somebody_first_stands_first() -> None:
    found = (
        project("out", release(open=False, state="watching", went_out_at=NOW - DAY)),
        project("ready", release()),
        project("waits", release(first=waiting("another", blocks=False, who=("Sam",)))),
        project("planned", release(candidate="", passed=False, first=waiting())),
        project("clock", release(first=waiting("clock", until=NOW + DAY))),
        project("overdue", release(first=waiting("another", who=("Sam",)), overdue=1)),
        project("blocked", release(first=waiting())),
        project("broken", trouble="files"),
        project("fresh", trouble="no record"),
    )
    assert names(*found) == [
        "broken", "overdue", "blocked", "waits", "clock", "ready", "planned", "out", "fresh",
    ]  # fmt: skip


def test_of_several_that_are_blocked_ones_own_comes_first_then_what_is_planned_next() -> None:
    assert names(
        project("theirs", release(first=waiting("another"), planned_at=NOW + DAY)),
        project("later", release(first=waiting(), planned_at=NOW + 3 * DAY)),
        project("unplanned", release(first=waiting(since=NOW - DAY))),
        project("longest", release(first=waiting(since=NOW - 9 * DAY))),
        project("next", release(first=waiting(), planned_at=NOW + 2 * DAY)),
    ) == ["next", "later", "longest", "unplanned", "theirs"]


def test_a_release_without_a_gate_that_asks_for_anything_is_not_ready() -> None:
    (row,) = assemble([project("shop", release(passed=False))]).rows
    assert row.level is Level.BLOCKED


KINDS = st.sampled_from(["gone", "no record", "files", "version", "record", "time", "mistake"])


@given(st.lists(KINDS, min_size=1, max_size=4), st.booleans())
def test_what_was_not_judged_is_never_ready(kinds: list[str], named: bool) -> None:
    why = {"why": "named"} if named else {}
    found = [project("shop", release())]
    found += [project(f"p{n}", trouble=kind, **why) for n, kind in enumerate(kinds)]
    fleet = assemble(found)
    assert not any(row.level is Level.READY for row in fleet.rows if row.project.key != "shop")
    asked_for = [kind for kind in kinds if kind != "no record" and (named or kind != "gone")]
    assert fleet.all_ready is not bool(asked_for)
    assert len(fleet.rows) + len(fleet.gone) == len(found)


def test_nothing_at_all_is_not_ready_and_neither_is_what_is_still_judged() -> None:
    assert not assemble([]).all_ready
    assert not assemble([project("shop", release())], asked=2).all_ready
    assert assemble([project("shop", release())], asked=1).all_ready


def test_of_two_copies_of_one_record_the_one_that_is_further_on_is_shown_and_the_other_told() -> None:
    old = project("old", release(), record_id="one", entries=41)
    new = project("new", release(), record_id="one", entries=63)
    fleet = assemble([old, new])
    assert [one.key for one in fleet.projects] == ["new"]
    (copy,) = fleet.copies
    assert (copy.root, copy.entries, copy.shown, copy.shown_entries) == ("/srv/old", 41, "/srv/new", 63)


def test_a_copy_that_cannot_be_judged_gives_way_to_one_that_can() -> None:
    fleet = assemble(
        [project("a", trouble="files", record_id="one"), project("b", release(), record_id="one", entries=1)]
    )
    assert [one.key for one in fleet.projects] == ["b"] and len(fleet.copies) == 1


def test_demonstrations_that_nobody_asked_for_are_left_out() -> None:
    opened = project("opened", demonstration=True, judged=False)
    named = project("named", release(), demonstration=True, why="named")
    fleet = assemble([opened, named])
    assert [one.key for one in fleet.projects] == ["named"]
    assert [one.key for one in fleet.demonstrations] == ["opened"]


def test_what_was_not_judged_without_a_word_why_is_not_ready_either() -> None:
    (row,) = assemble([project("shop", judged=False)]).rows
    assert row.level is Level.NOT_JUDGED and not assemble([row.project]).all_ready


def test_the_calendar_is_of_all_what_is_overdue_first() -> None:
    fleet = assemble(
        [
            project("a", due=(due("late", -3, overdue=True), due("far", 9))),
            project("b", due=(due("near", 1), due("later", -1, overdue=True))),
        ]
    )
    assert [one.due.key for one in calendar(fleet)] == ["late", "later", "near", "far"]


# --- figures ---------------------------------------------------------------------------------

OUT = st.lists(
    st.builds(
        went,
        st.sampled_from(["1.0", "1.1", "2.0"]),
        st.floats(0, 60).map(lambda days: round(days, 1)),
        kind=st.sampled_from(["regular", "hotfix", "rollback"]),
        follows=st.sampled_from(["", "1.0", "1.1"]),
    ),
    max_size=6,
    unique_by=lambda one: one.version,
)


@given(st.lists(OUT, min_size=1, max_size=4))
def test_what_is_counted_of_all_is_the_sum_of_what_is_counted_of_each(projects: list[list[object]]) -> None:
    fleet = assemble(
        [project(f"p{n}", delivered=delivered(*out)) for n, out in enumerate(projects)]  # type: ignore[arg-type]
    )
    together, each = of_all(fleet), of_each(fleet)
    assert together is not None
    for place, figure in enumerate(together.figures):
        own = [one.figures[place] for one in each]
        assert figure.numerator == sum(one.numerator for one in own), figure.key
        assert figure.rests_on == sum(one.rests_on for one in own)
        if figure.unit != "per week":
            assert figure.denominator == sum(one.denominator for one in own), figure.key


def test_a_ratio_over_all_is_no_average_of_ratios() -> None:
    bad = went("9.9", 20, rolled_back_at=NOW - 19 * DAY)
    fleet = assemble(
        [
            project("one", delivered=delivered(bad)),
            project("many", delivered=delivered(*(went(f"1.{n}", 20 + n) for n in range(9)))),
        ]
    )
    together = of_all(fleet)
    assert together is not None
    figure = next(one for one in together.figures if one.key == "change_fail_rate")
    assert (figure.numerator, figure.denominator, figure.value) == (1, 10, 0.1)
    assert figure.interval is not None and not figure.too_few


def test_a_hotfix_of_one_project_mends_nothing_of_another() -> None:
    fleet = assemble(
        [
            project("a", delivered=delivered(went("1.0", 20))),
            project("b", delivered=delivered(went("1.0.1", 18, kind="hotfix", follows="1.0"))),
        ]
    )
    together = of_all(fleet)
    assert together is not None
    assert next(one for one in together.figures if one.key == "change_fail_rate").numerator == 0


def test_a_release_that_its_own_clock_still_watches_is_watched_over_all() -> None:
    early = delivered(went("1.0", 30))
    early = type(early)(now=NOW - 28 * DAY, releases=early.releases)
    fleet = assemble(
        [project("early", delivered=early), project("now", delivered=delivered(went("1.0", 30)))]
    )
    together = of_all(fleet)
    assert together is not None
    assert next(one for one in together.figures if one.key == "change_fail_rate").denominator == 1


def test_without_anything_known_there_is_no_figure() -> None:
    assert of_all(assemble([project("shop", trouble="files")])) is None


def test_a_quarter_counts_what_became_of_a_release_after_it() -> None:
    out, hotfix = went("1.0", 40), went("1.0.1", 5, kind="hotfix", follows="1.0")
    said = delivered(out, since=NOW - 60 * DAY, until=NOW - 30 * DAY)
    said = type(said)(
        now=NOW, since=said.since, until=said.until, releases=(out,), whole_releases=(out, hotfix)
    )
    together = of_all(assemble([project("shop", delivered=said)]))
    assert together is not None
    by_key = {one.key: one for one in together.figures}
    assert by_key["change_fail_rate"].numerator == 1
    assert by_key["deployment_frequency"].denominator == timedelta(days=30).days
