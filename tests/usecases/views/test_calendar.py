"""The calendar in words: days, weeks and releases, the row of marks, and the document."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from workbench.model.errors import UsageError
from workbench.model.times import zone_of
from workbench.usecases.context import Context
from workbench.usecases.views import calendar as words
from workbench.usecases.views.calendar import By, Calendar, Day, Event, Planned, Readiness, What
from workbench.usecases.views.calendar_strip import strip
from workbench.usecases.views.marks import Mark
from workbench.usecases.views.pieces import plain
from workbench.usecases.views.ready_at import ReadyAt

ZONE = zone_of("Europe/Amsterdam")
FIRST = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def event(day: int, **said: object) -> Event:
    at = datetime(2026, 12, day, 9, 0, tzinfo=UTC)
    fields = {
        "key": f"k{day}",
        "at": at,
        "what": What.REVIEW,
        "title": "a review is due",
        "day": at.date().isoformat(),
    }
    return Event(**{**fields, **said})  # type: ignore[arg-type]


def calendar(**days: Day) -> Calendar:
    """From 28 November to 28 December: ready at first, not from the 12th."""
    every = []
    for number in range(31):
        day = FIRST + timedelta(days=number)
        late = day >= date(2026, 12, 12)
        usual = Day(date=day, events=(), readiness=Readiness.NOT_READY if late else Readiness.READY)
        every.append(days.get(f"d{day.day}", usual) if day.month == 12 else usual)
    return Calendar(
        first=FIRST, last=date(2026, 12, 28), zone=ZONE, now=NOW, days=tuple(every), overdue=(), title="2.14.0 rc1",
        planned=(Planned("2.14.0", datetime(2026, 12, 15, 9, 0, tzinfo=UTC)),),
        ready_at=ReadyAt(at=datetime(2026, 12, 1, 14, 0, tzinfo=UTC)),
    )  # fmt: skip


TURNING = Day(
    date=date(2026, 12, 12), events=(event(12),), readiness=Readiness.NOT_READY, turns=True,
    why="the override on Checkout p95 ends, and the data of Staging is due for a refresh",
)  # fmt: skip


def test_a_day_reads_as_a_sentence() -> None:
    assert words.noted(TURNING) == (
        "✗ not ready: the override on Checkout p95 ends, and the data of Staging is due for a refresh"
    )


def test_days_without_anything_are_left_out() -> None:
    found = list(words.groups(calendar(d12=TURNING), By.DAY))
    assert [group.title for group in found] == ["Sat 12 Dec 2026"]


def test_weeks_begin_on_monday_and_say_how_they_end() -> None:
    other = Day(date=date(2026, 12, 7), events=(event(7),), readiness=Readiness.READY)
    (week,) = words.groups(calendar(d7=other, d12=TURNING), By.WEEK)
    assert (week.key, week.title) == ("2026-W50", "Week of Mon 7 Dec 2026")
    assert week.note == "not ready from Sat 12 Dec 2026" and len(week.days) == 2


def test_releases_take_what_falls_due_until_their_day() -> None:
    after = Day(date=date(2026, 12, 20), events=(event(20),), readiness=Readiness.NOT_READY)
    until, rest = words.groups(calendar(d12=TURNING, d20=after), By.RELEASE)
    assert until.title == "Until 2.14.0, planned for Tue 15 Dec 2026" and until.days == (TURNING,)
    assert rest.title == "After 2.14.0" and rest.days == (after,)
    assert (until.note, rest.note) == ("", "")
    (until, _) = words.groups(
        msgspec.structs.replace(calendar(d12=TURNING, d20=after), version="2.14.0"), By.RELEASE
    )
    assert until.note == "✗ not ready on that day"


def drawn(found: Calendar, width: int) -> list[str]:
    return plain(strip(found, width)).split("\n")


def test_the_row_of_marks_shows_each_day_and_points_at_what_counts() -> None:
    dates, marks, *pointers, key = drawn(calendar(), 78)
    assert dates.split() == ["28", "Nov", "7", "14", "21", "28"] and dates.index(" 7") == 17
    assert marks == " ".join("✓" * 14 + "✗" * 17)
    assert key == "✗ not ready  ○ waits for people  ✓ ready but for signatures"
    assert pointers == [f"{' ' * 6}↑ ready at the earliest", f"{' ' * 34}↑ 2.14.0 planned"]


def test_where_days_share_a_cell_the_worst_is_shown() -> None:
    _, marks, *pointers, _ = drawn(calendar(), 16)
    assert marks == "✓✓✓✓✓✓✓✗✗✗✗✗✗✗✗✗"
    assert all(len(line) <= 16 for line in pointers)


def test_what_cannot_be_told_is_not_drawn() -> None:
    days = tuple(Day(date=FIRST + timedelta(days=n), events=()) for n in range(5))
    blank = Calendar(first=FIRST, last=FIRST, zone=ZONE, now=NOW, days=days, overdue=(), planned=())
    assert strip(blank, 78) == []


@pytest.mark.parametrize(
    ("at", "until", "said"),
    [
        ("2026-12-12T09:00+01:00", None, "09:00"),
        ("2026-12-12T00:00+01:00", None, "all day"),
        ("2026-12-12T23:59:59.999999+01:00", None, "all day"),
        ("2026-12-12T09:00+01:00", "2026-12-13T10:30+01:00", "09:00 until 13 Dec 10:30"),
        ("2026-12-12T00:00+01:00", "2026-12-14T23:59:59.999999+01:00", "until 14 Dec"),
    ],
)
def test_a_time_is_told_as_people_do(at: str, until: str | None, said: str) -> None:
    ends = datetime.fromisoformat(until) if until else None
    assert words.time_words(event(12, at=datetime.fromisoformat(at), until=ends), ZONE) == said


def test_of_many_of_one_kind_the_first_are_told_but_all_that_block() -> None:
    many = [event(12, key=f"k{n}") for n in range(7)]
    blocking = event(12, key="blocking", blocks=True, effect="it blocks")
    told = list(words.shortened([*many, blocking]))
    assert [(one.key, more) for one, more in told] == [
        ("k0", ""), ("k1", ""), ("k2", "4 more of this kind"), ("blocking", ""),
    ]  # fmt: skip
    assert words.mark_of(blocking) is Mark.BLOCKS


def test_days_in_the_wrong_order_or_too_many_are_refused(small: Context) -> None:
    with pytest.raises(UsageError, match="ends before it begins"):
        words.read_calendar(small, date(2026, 12, 2), date(2026, 12, 1))
    with pytest.raises(UsageError, match="more than ten years"):
        words.read_calendar(small, date(2026, 12, 2), date(2046, 12, 1))
    with pytest.raises(UsageError, match="too far off"):
        words.read_calendar(small, date(9999, 12, 31))


def test_the_document_names_every_event_once(shop: Context) -> None:
    found = words.read_calendar(shop)
    document = words.document(found, By.WEEK)
    told = [one["key"] for group in document["groups"] for day in group["days"] for one in day["events"]]
    assert document["schema"] == "workbench.calendar.1"
    assert len(told) == len(set(told)) and set(told) == {one.key for one in found.events}
    assert {By.DAY, By.WEEK, By.RELEASE} == set(By)
