"""When a desk connects, exchanges and waits: no attempt is lost, none is made over and over, and leaving is at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.usecases.sharing.pacing import (
    GAP,
    LONGEST_PAUSE,
    LOOK_AGAIN,
    REFUSED_PAUSE,
    Course,
    Do,
    Happened,
    Phase,
    Step,
    after,
    next_step,
    pause,
)

NOW = 100.0


def come(*events: Happened, at: float = NOW, desk: str = "a desk") -> Course:
    """The state after these events, all in one second."""
    course = Course(desk=desk)
    for event in events:
        course = after(course, event, at)
    return course


LIVE = (Happened.CONNECTED, Happened.EXCHANGED)


def test_the_first_thing_is_to_connect() -> None:
    assert next_step(Course(), NOW) == Step(Do.CONNECT)


def test_who_has_connected_exchanges_at_once() -> None:
    assert next_step(come(Happened.CONNECTED), NOW) == Step(Do.EXCHANGE)


def test_then_it_waits_until_it_looks_again() -> None:
    course = come(*LIVE)
    assert next_step(course, NOW) == Step(Do.WAIT, LOOK_AGAIN)
    assert next_step(course, NOW + LOOK_AGAIN) == Step(Do.EXCHANGE)


@pytest.mark.parametrize("event", [Happened.WRITTEN, Happened.ASKED])
def test_live_whatever_is_new_is_exchanged_at_once(event: Happened) -> None:
    assert next_step(come(*LIVE, event), NOW) == Step(Do.EXCHANGE)


def test_what_is_heard_is_exchanged_at_once_but_not_right_after_an_exchange() -> None:
    course = come(*LIVE)
    assert next_step(after(course, Happened.HEARD, NOW + GAP), NOW + GAP) == Step(Do.EXCHANGE)
    assert next_step(after(course, Happened.HEARD, NOW), NOW) == Step(Do.WAIT, GAP)
    wanted = after(after(course, Happened.HEARD, NOW), Happened.WRITTEN, NOW)
    assert next_step(wanted, NOW) == Step(Do.EXCHANGE), "what somebody here does waits for nothing"


@given(st.lists(st.integers(0, 50), min_size=1, max_size=100))
def test_however_often_a_server_tells_of_packs_they_are_asked_for_four_times_a_second(
    gaps: list[int],
) -> None:
    """Any login may notify, thousands of times: what is heard is exchanged soon, and all of it at once."""
    course, now, exchanged, heard = come(*LIVE), NOW, [NOW], list[float]()
    for gap in gaps:
        now += gap / 1024
        course = after(course, Happened.HEARD, now)
        heard.append(now)
        if next_step(course, now).do is Do.EXCHANGE:
            course = after(course, Happened.EXCHANGED, now)
            exchanged.append(now)
            heard.clear()
    assert all(later - before >= GAP for before, later in pairwise(exchanged))
    assert not heard or next_step(course, now).seconds <= GAP


def test_off_line_it_tries_again_after_a_pause_and_what_is_written_waits() -> None:
    course = come(*LIVE, Happened.LOST)
    assert course.phase is Phase.OFF_LINE
    assert next_step(course, NOW) == Step(Do.WAIT, pause("a desk", 1))
    assert after(course, Happened.WRITTEN, NOW) == course
    assert next_step(course, course.due) == Step(Do.CONNECT)


@pytest.mark.parametrize("lost", [Happened.LOST, Happened.REFUSED])
def test_who_asks_is_answered_at_once_off_line_too(lost: Happened) -> None:
    assert next_step(come(lost, Happened.ASKED), NOW) == Step(Do.CONNECT)


def test_pauses_grow_to_a_bound_and_begin_anew_after_an_exchange() -> None:
    pauses = [pause("a desk", failures) for failures in range(1, 12)]
    assert all(before < next_ for before, next_ in zip(pauses[:3], pauses[2:5], strict=True))
    assert max(pauses) <= LONGEST_PAUSE and min(pauses[-3:]) >= LONGEST_PAUSE / 2
    failed = [Happened.LOST] * 9
    assert come(*failed, *LIVE, Happened.LOST).failures == 1


def test_a_server_that_accepts_and_then_fails_is_not_asked_faster_and_faster() -> None:
    again_and_again = [Happened.CONNECTED, Happened.LOST] * 8
    assert come(*again_and_again).failures == 8


def test_desks_do_not_all_ask_in_the_same_moment() -> None:
    asked = {come(Happened.LOST, desk=f"desk {number}").due for number in range(100)}
    assert len(asked) > 90
    assert max(asked) - min(asked) > 0.4


def test_a_server_that_refuses_is_asked_seldom() -> None:
    step = next_step(come(Happened.REFUSED), NOW)
    assert step.do is Do.WAIT and REFUSED_PAUSE / 2 <= step.seconds <= REFUSED_PAUSE


def test_a_full_server_is_asked_again_after_a_pause_and_still_heard() -> None:
    course = come(*LIVE, Happened.HINDERED)
    assert course.connected
    assert next_step(course, NOW) == Step(Do.WAIT, pause("a desk", 1))
    assert next_step(after(course, Happened.HEARD, NOW + GAP), NOW + GAP) == Step(Do.EXCHANGE)


@given(st.lists(st.sampled_from(Happened)), st.floats(0, 1e9))
def test_no_order_of_events_makes_it_ask_over_and_over(events: Sequence[Happened], now: float) -> None:
    course = Course(desk="any")
    for event in events:
        course = after(course, event, now)
    if Happened.LEAVING in events:
        assert next_step(course, now) == Step(Do.END)
        return
    failures = (Happened.LOST, Happened.REFUSED, *([Happened.HINDERED] if course.connected else []))
    for failing in failures:
        step = next_step(after(course, failing, now), now)
        assert step.do is Do.WAIT and step.seconds >= 0.49
    if course.connected:
        assert next_step(after(course, Happened.EXCHANGED, now), now).do is Do.WAIT
    assert next_step(after(course, Happened.LEAVING, now), now) == Step(Do.END)
