"""When a routine falls due, is done, and is overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.definitions.routines import Routine
from workbench.routines.due import Calendar, Doing, Due, DueState, due_of
from workbench.routines.periods import sprints

BEGUN = datetime(2026, 9, 16, 10, tzinfo=UTC)  # a Wednesday


def on(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T12:00+00:00")


def due(
    every: str, now: str, *done: str, zone: tzinfo = UTC, refreshed: tuple[str, ...] = (), **said: str
) -> Due:
    calendar = Calendar(
        zone=zone,
        sprint=sprints(None, "2w", BEGUN, zone),
        begun=BEGUN,
        refreshed=tuple(on(day) for day in refreshed),
    )
    routine = Routine(
        key="r", title="R", every=every, **{k.replace("from", "from_"): v for k, v in said.items()}
    )  # type: ignore[arg-type]
    return due_of(routine, [Doing(at=on(day), by="kim") for day in done], calendar, on(now))


def last_day(found: Due, zone: tzinfo = UTC) -> str:
    assert found.due_at is not None
    return found.due_at.astimezone(zone).date().isoformat()


@pytest.mark.parametrize(
    ("every", "first"),
    [
        ("week", "2026-09-27"),
        ("sprint", "2026-10-11"),
        ("month", "2026-10-31"),
        ("quarter", "2026-12-31"),
        ("10d", "2026-09-26"),
    ],
)
def test_it_first_falls_due_at_the_end_of_the_first_whole_period(every: str, first: str) -> None:
    found = due(every, "2026-09-17")
    assert last_day(found) == first
    assert found.last is None and not found.overdue


def test_a_day_that_the_routine_names_counts_the_period_that_it_lies_in() -> None:
    found = due("month", "2026-09-17", **{"from": "2026-09-30"})
    assert (found.state, last_day(found)) == (DueState.DUE, "2026-09-30")


@pytest.mark.parametrize(
    ("now", "done", "state", "by"),
    [
        ("2026-09-18", (), DueState.WAITING, "2026-09-27"),
        ("2026-09-21", (), DueState.DUE, "2026-09-27"),
        ("2026-09-28", (), DueState.OVERDUE, "2026-09-27"),
        ("2026-09-22", ("2026-09-22",), DueState.DONE, "2026-10-04"),
        ("2026-09-28", ("2026-09-22",), DueState.DUE, "2026-10-04"),
        ("2026-10-05", ("2026-09-22",), DueState.OVERDUE, "2026-10-04"),
        # Done late it counts for the week in which it was done: nobody does three weeks' work at once.
        ("2026-10-21", ("2026-09-22", "2026-10-20"), DueState.DONE, "2026-11-01"),
        # What was done afterwards is not known yet.
        ("2026-09-28", ("2026-09-29",), DueState.OVERDUE, "2026-09-27"),
    ],
)  # fmt: skip
def test_every_week(now: str, done: tuple[str, ...], state: DueState, by: str) -> None:
    found = due("week", now, *done)
    assert (found.state, last_day(found)) == (state, by)


def test_what_is_overdue_answers_the_period_that_runs() -> None:
    found = due("week", "2026-10-21")
    assert found.overdue and last_day(found) == "2026-09-27"
    assert found.answers is not None and found.answers.date().isoformat() == "2026-10-25"


def test_so_many_days_count_from_when_it_was_done() -> None:
    assert last_day(due("10d", "2026-09-20", "2026-09-19")) == "2026-09-29"
    assert due("10d", "2026-09-29", "2026-09-19").state is DueState.DONE
    assert due("10d", "2026-09-30", "2026-09-19").overdue


def test_after_a_refresh_it_is_due_within_its_time() -> None:
    assert due("refresh", "2026-09-20").state is DueState.WAITING
    assert (
        due("refresh", "2026-09-20", refreshed=("2026-09-10",)).state is DueState.WAITING
    )  # before the record
    found = due("refresh", "2026-09-20", refreshed=("2026-09-19", "2026-09-18"), within="2d")
    assert (found.state, last_day(found)) == (DueState.DUE, "2026-09-20")  # the first that nobody followed up
    assert due("refresh", "2026-09-22", refreshed=("2026-09-18",)).overdue
    assert due("refresh", "2026-09-22", "2026-09-19", refreshed=("2026-09-18",)).state is DueState.DONE


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/Los_Angeles"])
def test_a_week_ends_with_the_sunday_of_the_zone(zone: str) -> None:
    found = due("week", "2026-09-21", zone=ZoneInfo(zone))
    assert found.due_at is not None
    local = found.due_at.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.hour, local.minute) == (6, 23, 59)


@given(
    st.sampled_from(["week", "sprint", "month", "quarter", "10d"]),
    st.lists(st.integers(0, 400), max_size=6),
    st.integers(0, 400),
)
def test_doing_it_now_always_clears_it(every: str, days: list[int], now: int) -> None:
    calendar = Calendar(zone=UTC, sprint=sprints(None, "2w", BEGUN, UTC), begun=BEGUN)
    routine = Routine(key="r", title="R", every=every)
    at = BEGUN + timedelta(days=now)
    done = [Doing(at=BEGUN + timedelta(days=day), by="kim") for day in days]
    found = due_of(routine, [*done, Doing(at=at, by="kim")], calendar, at)
    assert found.state is DueState.DONE
    assert found.due_at is not None and found.due_at > at
