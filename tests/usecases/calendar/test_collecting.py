"""What falls due, and what the gates make of it: told by the subjects, judged ahead by the gates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.drills import model as drills
from workbench.environments.model import (
    EndOfLife,
    Finding,
    Occupancy,
    Refresh,
    end_change,
    occupancy_change,
    refresh_change,
)
from workbench.gates.model import Weight
from workbench.gates.predictions import Prediction, predicted
from workbench.incidents import actions
from workbench.incidents.actions import Action
from workbench.model.canonical import plain
from workbench.model.dates import begin_of, read_moment
from workbench.model.times import zone_of
from workbench.record import Change
from workbench.releases.model import Candidate, Outcome, Release
from workbench.usecases import breaking_glass, deciding, releasing
from workbench.usecases.calendar.ahead import look_ahead
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.calendar import Calendar, Event, Readiness, What, head_lines, read_calendar

AMSTERDAM = zone_of("Europe/Amsterdam")
REFRESHED = """\
  - {key: staging, kind: staging, title: Staging, fresh_within: 7d, owner: kim, ends: 2026-09-30}
"""
TEXT = (
    build.SHOP.replace("  - {key: staging, kind: staging}\n", REFRESHED).replace(
        "      - not_frozen: {}\n",
        "      - not_frozen: {}\n      - data_fresh: {}\n      - outside_change_freeze: {}\n",
    )
    + "change_freezes:\n  - {first: 2026-09-20, last: 2026-09-21, reason: the autumn sale}\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", TEXT) as context:
        yield context


def end_of(day: str) -> datetime:
    return read_moment(day, AMSTERDAM, end=True)


def refresh(context: Context, at: datetime) -> None:
    passed = dict.fromkeys(("rows", "distributions", "plans"), Finding.PASSED)
    value = Refresh(environment="staging", at=at, by="kim", **passed)
    commit(context, [refresh_change(value, fresh_id(context), context.now)])


def events(found: Calendar, what: What) -> list[Event]:
    return [one for one in found.events if one.what is what]


def day(found: Calendar, text: str) -> tuple[Readiness, str, list[str]]:
    one = next(one for one in found.days if one.date.isoformat() == text)
    return one.readiness, one.why, [event.title for event in one.events]


def test_a_day_says_why_a_release_is_not_ready_then(shop: Context) -> None:
    build.clear(shop)
    build.measured(shop, "errors", "1.5")
    build.override(
        shop, evaluate(shop), "errors", reason="a known bug of the load balancer", approver="robin", until=end_of("2026-09-17")
    )  # fmt: skip
    refresh(shop, build.NOW - timedelta(days=5))
    found = read_calendar(shop)
    assert day(found, "2026-09-16")[0] is Readiness.READY
    readiness, why, titles = day(found, "2026-09-17")
    assert (readiness, titles) == (Readiness.NOT_READY, [
        "the data of Staging is due for a refresh", "the override on Checkout errors ends",
    ])  # fmt: skip
    assert why == "the data of Staging is due for a refresh"
    # A day that is an end counts whole: the override is over on the next one.
    readiness, why, titles = day(found, "2026-09-18")
    assert (readiness, why, titles) == (Readiness.NOT_READY, "the override on Checkout errors ends", [])
    override = events(found, What.OVERRIDE)[0]
    assert override.blocks and override.effect.startswith(
        "from 18 Sep: Checkout errors blocks: 0.5 points over"
    )
    assert (override.ref, override.owner, override.release) == ("benchmark/errors", "kim", "2.0.0")


def test_an_override_of_what_is_met_changes_nothing_when_it_ends(shop: Context) -> None:
    build.measured(shop, "errors", "1.5")
    build.override(
        shop, evaluate(shop), "errors", reason="a known bug of the load balancer", approver="robin", until=end_of("2026-09-17")
    )  # fmt: skip
    build.clear(shop)  # measured again, and good
    override = events(read_calendar(shop), What.OVERRIDE)[0]
    assert (override.effect, override.blocks) == ("", False)


def test_a_change_freeze_blocks_from_its_first_day_and_clears_after_its_last(shop: Context) -> None:
    build.clear(shop)
    refresh(shop, build.NOW - timedelta(days=1))
    found = read_calendar(shop)
    stands = {one.date.day: one.readiness for one in found.days if one.date.month == 9}
    assert [stands[n] for n in (19, 20, 21, 22)] == [
        Readiness.READY, Readiness.NOT_READY, Readiness.NOT_READY, Readiness.NOT_READY,
    ]  # fmt: skip
    assert day(found, "2026-09-20")[1] == "a change freeze holds: the autumn sale"
    # On the 21st the data gets too old; the freeze is over on the 22nd, the data still too old.
    assert day(found, "2026-09-22")[1] == "Outside change-freeze dates clears"
    freeze = events(found, What.FREEZE)[0]
    assert freeze.until == end_of("2026-09-21") and freeze.blocks


def test_values_that_get_too_old_are_told_and_block_no_day(shop: Context) -> None:
    build.clear(shop)
    refresh(shop, build.NOW)
    found = read_calendar(shop, last=date(2026, 9, 18))
    assert [one.title for one in events(found, What.VALUES)] == [
        "2 values get too old: Checkout errors, and 1 more"
    ]
    assert not events(found, What.VALUES)[0].blocks
    assert {one.readiness for one in found.days} == {Readiness.READY}


def test_what_is_not_met_stays_so_unless_it_clears_by_the_clock(shop: Context) -> None:
    build.add_difference(shop)
    ahead = look_ahead(shop, evaluate(shop), build.NOW + timedelta(days=30))
    assert all({part.key for part in ahead.open} <= {part.key for part in one.open} for one in ahead.days)
    assert any(part.weight is Weight.BLOCKS for part in ahead.open)


def test_decisions_end_and_differences_are_looked_at_again(shop: Context) -> None:
    ident = build.add_difference(shop, "Payment gateway mocked", review_by=end_of("2026-09-18"))
    build.decide(
        shop,
        ident,
        "accept",
        until=end_of("2026-09-19"),
        reason="the vendor has no test system",
        mitigation="manual test",
    )
    found = read_calendar(shop)
    decision = events(found, What.DECISION)[0]
    assert decision.title == "the decision on Payment gateway mocked ends (accepted)"
    assert decision.blocks and decision.effect.startswith(
        "from 20 Sep: Payment gateway mocked blocks: undecided again"
    )
    assert events(found, What.REVIEW)[0].title == "Payment gateway mocked is to be looked at again"


def test_promises_planned_days_ends_of_life_and_occupancy_are_told(shop: Context) -> None:
    deciding.promise(shop, evaluate(shop), "benchmark/p95", "jo", build.NOW + timedelta(hours=3))
    releasing.plan(shop, Release(version="2.15.0", planned_at=end_of("2026-09-25"), owner="robin"))
    commit(shop, [
        occupancy_change(
            Occupancy(environment="staging", who="payments", why="a load test", begins=build.NOW + timedelta(days=1), ends=build.NOW + timedelta(days=2), by="kim"),
            fresh_id(shop),
        ),
    ])  # fmt: skip
    commit(shop, [
        end_change(EndOfLife(environment="staging", ends=end_of("2026-09-28"), reason="it moves to another account", by="kim", at=build.NOW), fresh_id(shop)),
    ])  # fmt: skip
    found = read_calendar(shop)
    told = {one.what: (one.title, one.day, one.owner) for one in found.events}
    assert told[What.PROMISE] == ("jo has promised to clear Checkout p95", "2026-09-15", "jo")
    assert told[What.RELEASE] == ("2.15.0 is planned to go out", "2026-09-25", "robin")
    assert told[What.OCCUPANCY] == ("payments uses Staging: a load test", "2026-09-16", "payments")
    title, ends, _ = told[What.END_OF_LIFE]
    assert title.startswith("the life of Staging ends (set by kim") and ends == "2026-09-28"


def test_what_was_promised_for_an_earlier_day_is_overdue(shop: Context) -> None:
    deciding.promise(shop, evaluate(shop), "benchmark/p95", "jo", build.NOW + timedelta(hours=3))
    found = read_calendar(build.later(shop, days=2))
    assert [one.title for one in found.overdue] == ["jo has promised to clear Checkout p95"]
    assert found.events[0].overdue


def test_of_a_release_that_ended_nothing_is_judged_ahead(shop: Context) -> None:
    releasing.end(shop, releasing.find(shop), Outcome.ABANDONED, reason="the feature was taken out again")
    found = read_calendar(shop)
    assert {one.readiness for one in found.days} == {Readiness.UNKNOWN}
    assert not [one for one in found.events if one.blocks]


def test_where_no_gate_asks_for_anything_no_day_is_ready(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", build.HEAD) as context:
        found = read_calendar(context)
        assert {day.readiness for day in found.days} == {Readiness.UNKNOWN}
        assert head_lines(found)[0] == "2.0.0 rc1 is not judged: no gate asks for anything"


def test_a_record_without_a_release_has_a_calendar(tmp_path: Path) -> None:
    build.write(tmp_path / "new", TEXT)
    with build.opened(tmp_path / "new") as context:
        found = read_calendar(context)
    told = [one.what for one in found.events if one.what is not What.ROUTINE]
    assert told == [What.FREEZE, What.END_OF_LIFE]
    assert found.title == ""


def test_what_ended_earlier_today_is_still_told_and_turns_nothing_any_more(shop: Context) -> None:
    build.clear(shop)
    build.measured(shop, "errors", "1.5")
    until = build.NOW + timedelta(days=1)
    reason = "a known bug of the load balancer"
    build.override(shop, evaluate(shop), "errors", reason=reason, approver="robin", until=until)
    found = read_calendar(build.at(shop, until + timedelta(seconds=1)))
    assert [(one.effect, one.blocks) for one in events(found, What.OVERRIDE)] == [("", False)]
    assert found.days[0].readiness is Readiness.NOT_READY and not found.days[0].turns


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        # Clocks are put back at 01:00 UTC on 25 October in Amsterdam: that day has 25 hours.
        ("Europe/Amsterdam", ["2026-10-24", "2026-10-25", "2026-10-25", "2026-10-26"]),
        ("America/Los_Angeles", ["2026-10-24", "2026-10-24", "2026-10-25", "2026-10-25"]),
        ("Pacific/Auckland", ["2026-10-25", "2026-10-25", "2026-10-26", "2026-10-26"]),
    ],
)
def test_a_day_is_one_of_the_project_also_across_a_change_of_clocks(
    tmp_path: Path, zone: str, days: list[str]
) -> None:
    moments = ("24T21:59:59Z", "24T22:00Z", "25T22:59:59Z", "25T23:00Z")
    with build.shop(tmp_path / "shop", build.SHOP.replace("Europe/Amsterdam", zone)) as context:
        for number, text in enumerate(moments):
            at = datetime.fromisoformat(f"2026-10-{text}")
            releasing.plan(context, Release(version=f"3.{number}.0", planned_at=at))
        found = read_calendar(context, last=date(2026, 10, 31))
    told = events(found, What.RELEASE)
    assert [one.day for one in told] == days
    assert [day.date.isoformat() for day in found.days for one in day.events if one in told] == days


def test_an_override_until_a_day_ends_with_the_25_hours_of_that_day(shop: Context) -> None:
    build.clear(shop)
    build.measured(shop, "errors", "1.5")
    until = end_of("2026-10-25")
    assert until == datetime(2026, 10, 25, 22, 59, 59, 999_999, UTC)
    reason = "a known bug of the load balancer"
    build.override(shop, evaluate(shop), "errors", reason=reason, approver="robin", until=until)
    found = read_calendar(shop, date(2026, 10, 20), date(2026, 10, 31))
    assert day(found, "2026-10-25")[2] == ["the override on Checkout errors ends"]
    assert day(found, "2026-10-26")[1] == "the override on Checkout errors ends"


def test_actions_are_due_gamedays_come_and_drills_stop_counting(shop: Context) -> None:
    context = build.rewrite(
        shop,
        "gates:\n",
        "runbooks:\n  - {key: pool, title: Pool exhausted, stale_after: 10d, steps: [{do: look}]}\ngates:\n",
    )
    action = actions.added(
        Action(title="add a probe", by="kim", at=build.NOW, owner="jo", due=end_of("2026-09-18"))
    )
    gameday = drills.Gameday(
        title="autumn gameday", at=build.NOW + timedelta(days=2), by="kim", people=("kim", "jo")
    )
    runbook = context.definitions.project.runbooks[0]
    drill = drills.Drill(
        runbook="pool", text=drills.text_of(runbook), title=runbook.title, started_at=build.NOW - timedelta(hours=1),
        ended_at=build.NOW, by="kim", result=drills.DrillResult.WORKED,
    )  # fmt: skip
    commit(context, [
        action,
        Change("gameday", fresh_id(context), "planned", plain(gameday)),
        Change("drill", fresh_id(context), "ended", plain(drill)),
    ])  # fmt: skip
    found = read_calendar(context)
    (due,) = events(found, What.ACTION)
    assert (due.title, due.day, due.owner) == ("the action “add a probe” is due", "2026-09-18", "jo")
    assert [(one.title, one.day) for one in events(found, What.DRILL)] == [
        ("the gameday autumn gameday", "2026-09-17"),
        ("the last drill of Pool exhausted no longer counts", "2026-09-25"),
    ]
    assert events(read_calendar(build.later(context, days=5)), What.ACTION)[0].overdue


def test_routines_are_due_and_block_where_a_gate_asks(shop: Context) -> None:
    own = "routines:\n  - {key: open-findings, role: staging-owner}\ngates:\n"
    context = build.rewrite(shop, "gates:\n", own)
    found = read_calendar(context)
    (due,) = [one for one in events(found, What.ROUTINE) if one.ref == "routine/open-findings"]
    assert (due.title, due.day, due.owner) == (
        "the routine “Open findings” is due", "2026-09-27", "staging-owner",
    )  # fmt: skip
    assert not due.blocks
    assert events(read_calendar(build.later(context, days=15)), What.ROUTINE)[0].overdue
    context = build.rewrite(context, "    requires:\n", "    requires:\n      - routines_done\n")
    (due,) = [
        one for one in events(read_calendar(context), What.ROUTINE) if one.ref == "routine/open-findings"
    ]
    assert due.blocks and due.effect.startswith("from 28 Sep: Open findings blocks: overdue")


def test_a_review_of_break_glass_holds_the_next_regular_release_once_it_is_overdue(shop: Context) -> None:
    breaking_glass.break_glass(shop, reason="checkout was down and the bank was calling us")
    releasing.plan(
        shop, Release(version="2.1.0"), Candidate(release="", number=0, commit=build.SHA_2, author="jo")
    )
    found = read_calendar(shop)
    (review,) = events(found, What.BREAK_GLASS)
    # Entered on a Tuesday: two working days later is Thursday's end.
    assert (review.title, review.day) == ("break-glass for 2.0.0 is to be reviewed", "2026-09-17")
    assert review.blocks and review.effect.startswith(
        "from 18 Sep: Break-glass for 2.0.0 reviewed blocks: review overdue"
    )
    assert "break-glass for 2.0.0 is to be reviewed" in day(found, "2026-09-18")[1]
    late = read_calendar(build.later(shop, days=5))
    assert [one.title for one in late.overdue if one.what is What.BREAK_GLASS] == [review.title]


def test_what_is_said_of_a_day_is_what_the_gates_say_once_it_has_come(tmp_path: Path) -> None:
    """Where nothing gets too old, looking ahead and waiting come to the same, on every day of a month."""
    with build.shop(tmp_path / "shop", TEXT.replace("    max_age: 24h\n", "")) as shop:
        build.clear(shop)
        build.measured(shop, "errors", "1.5")
        refresh(shop, build.NOW - timedelta(days=1))
        reason = "a known bug of the load balancer"
        build.override(
            shop, evaluate(shop), "errors", reason=reason, approver="robin", until=end_of("2026-09-19")
        )
        ident = build.add_difference(shop, "Payment gateway mocked")
        why = {"reason": "the vendor has no test system", "mitigation": "tested by hand"}
        build.decide(shop, ident, "accept", until=build.NOW + timedelta(days=8), **why)
        found = read_calendar(shop)
        assert len({one.readiness for one in found.days}) == 2
        assert sum(one.turns for one in found.days) == 4
        for one in found.days:
            ends = begin_of(one.date + timedelta(days=1), AMSTERDAM) - timedelta(seconds=1)
            then = evaluate(build.at(shop, ends))
            weights = {part.weight for _, part in then.open_parts()} - {Weight.TO_SIGN}
            assert (one.readiness is Readiness.READY) == (not weights), one.date
            assert (one.readiness is Readiness.NOT_READY) == (Weight.BLOCKS in weights), one.date


def test_a_prediction_can_be_scored_on_its_day(shop: Context) -> None:
    held = releasing.find(shop)
    value = Prediction(
        release=held.id, benchmark="p95", title="Checkout p95", states="<= 0.8 s", until=end_of("2026-09-22"), by="jo",
        at=build.NOW,
    )  # fmt: skip
    commit(shop, [predicted(fresh_id(shop), value)])
    (event,) = events(read_calendar(shop), What.PREDICTION)
    assert event.title == "the prediction that Checkout p95 is <= 0.8 s can be scored"
    assert (event.day, event.release, event.owner, event.blocks) == ("2026-09-22", "2.0.0", "jo", False)
