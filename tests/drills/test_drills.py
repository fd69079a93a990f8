"""A drill: what may happen to it, what came of it, and how its runbook stands afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.definitions.runbooks import Purpose, Runbook, RunbookStep
from workbench.drills import acting
from workbench.drills.model import Drill, DrillResult, StepState, taken_by, text_of, within
from workbench.drills.standing import Standing, clock, state_of
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Change, Stored

AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
BOOK = Runbook(
    key="fallback",
    title="Take payments without the gateway",
    for_=Purpose.SERVICE,
    steps=[RunbookStep(do="look"), RunbookStep(do="switch", target="2min"), RunbookStep(do="tell")],
    detect_within="5min",
    mitigate_within="15min",
)
LINKED = Runbook(key="rollback", title="Roll back", link="https://wiki.example.com/rollback")
DONE, FAILED, SKIPPED = StepState.DONE, StepState.FAILED, StepState.SKIPPED


def stored(value: Drill) -> Stored:
    return Stored("id", "base", 1, "started", b"", value.started_at, "kim")


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def made(change: Change) -> Drill:
    assert isinstance(change.value, Drill)
    return change.value


def step(value: Drill, number: int, state: StepState = DONE, at: float = 1, note: str = "seen") -> Drill:
    return made(acting.answered(stored(value), value, number, state, by="kim", at=minutes(at), note=note))


def stamp(value: Drill, what: str, at: float) -> Drill:
    return made(acting.stamped(stored(value), value, what, minutes(at)))


def end(value: Drill, wanted: DrillResult | None = None, words: str = "", at: float = 20) -> Drill:
    return made(acting.ended(stored(value), value, wanted, words, minutes(at)))


def walked(
    book: Runbook = BOOK, *, mitigated: float = 9, failed: int | None = None, at: datetime = AT
) -> Drill:
    value = msgspec.structs.replace(acting.begun(book, by="kim", at=AT), candidate="rc1")
    for number in range(len(book.steps)):
        value = step(value, number, FAILED if number == failed else DONE, at=number + 1)
    value = stamp(stamp(value, "detected", 2), "mitigated", mitigated)
    ended = end(value, DrillResult.WORKED if not book.steps else None)
    return msgspec.structs.replace(ended, started_at=at, ended_at=at + timedelta(minutes=20))


def test_a_drill_that_was_walked_in_time_worked() -> None:
    value = walked()
    assert value.result is DrillResult.WORKED
    assert within(value, "detected") and within(value, "mitigated")
    assert taken_by(value, 1) == timedelta(minutes=1)


def test_a_failed_step_and_a_missed_target_both_fail_a_drill() -> None:
    assert walked(failed=1).result is DrillResult.FAILED
    assert walked(mitigated=16).result is DrillResult.FAILED
    assert walked(mitigated=15).result is DrillResult.WORKED


def test_what_nobody_timed_does_not_pass() -> None:
    value = step(step(step(acting.begun(BOOK, by="kim", at=AT), 0), 1), 2)
    with pytest.raises(UsageError, match="when was it noticed"):
        end(value)
    with pytest.raises(UsageError, match="when was it mitigated"):
        end(stamp(value, "detected", 2))


def test_what_nobody_answered_keeps_a_drill_from_ending_unless_it_is_stopped() -> None:
    value = step(acting.begun(BOOK, by="kim", at=AT), 0)
    with pytest.raises(UsageError, match="what came of step 2: switch"):
        end(value)
    with pytest.raises(UsageError, match="stopping a drill needs a reason"):
        end(value, DrillResult.STOPPED, "tbd")
    assert end(value, DrillResult.STOPPED, "the vendor called us away").result is DrillResult.STOPPED


def test_a_drill_whose_every_step_was_skipped_drilled_nothing() -> None:
    value = acting.begun(BOOK, by="kim", at=AT)
    for number in range(3):
        value = step(value, number, SKIPPED, note="nobody was there")
    with pytest.raises(UsageError, match="every step was skipped"):
        end(value)


def test_nobody_can_call_a_drill_good_that_was_not() -> None:
    value = acting.begun(BOOK, by="kim", at=AT)
    for number in range(3):
        value = step(value, number, FAILED if number == 1 else DONE)
    with pytest.raises(NotAllowed, match="step 2 failed"):
        end(value, DrillResult.WORKED)
    assert end(value).result is DrillResult.FAILED


def test_a_runbook_that_stands_elsewhere_is_judged_by_a_person() -> None:
    value = acting.begun(LINKED, by="kim", at=AT)
    with pytest.raises(UsageError, match="did it work"):
        end(value)
    with pytest.raises(UsageError, match="has none"):
        step(value, 0)
    with pytest.raises(UsageError, match="say what failed"):
        end(value, DrillResult.FAILED)
    assert end(value, DrillResult.WORKED).result is DrillResult.WORKED


def test_a_step_that_failed_or_was_skipped_needs_a_note() -> None:
    value = acting.begun(BOOK, by="kim", at=AT)
    for state in (FAILED, SKIPPED):
        with pytest.raises(UsageError, match="needs a note"):
            step(value, 0, state, note=" ")
    with pytest.raises(UsageError, match="no step 4"):
        step(value, 3)


def test_a_step_can_be_answered_again_until_the_drill_ends() -> None:
    value = step(step(acting.begun(BOOK, by="kim", at=AT), 1, FAILED), 1, DONE, at=2)
    assert [(one.step, one.state) for one in value.steps] == [(1, DONE)]
    with pytest.raises(NotAllowed, match="has ended: worked"):
        step(walked(), 0)


def test_nothing_happens_before_a_drill_begins_nor_after_its_end() -> None:
    value = acting.begun(BOOK, by="kim", at=AT)
    with pytest.raises(UsageError, match="began after that"):
        step(value, 0, at=-1)
    with pytest.raises(UsageError, match="before anybody noticed"):
        stamp(stamp(value, "detected", 5), "mitigated", 4)
    with pytest.raises(UsageError, match="before the last thing"):
        end(step(value, 0, at=5), DrillResult.STOPPED, "the vendor called us away", at=4)


# --- how a runbook stands ------------------------------------------------------------------


def state(book: Runbook, drills: list[Drill], days: float = 1, **asked: Any) -> tuple[Standing, str]:
    found = state_of(book, drills, AT + timedelta(days=days), UTC, **asked)
    return found.standing, found.why


def test_a_drill_that_worked_counts_for_ninety_days() -> None:
    assert state(BOOK, [walked()]) == (Standing.REHEARSED, "worked on 3 Nov, in 9:00")
    assert state(BOOK, [walked()], days=90)[0] is Standing.REHEARSED
    standing, why = state(BOOK, [walked()], days=91)
    assert standing is Standing.STALE
    assert why == "drilled last on 3 Nov 2026, 91 days ago; a drill counts for 90 days"


def test_a_runbook_that_nobody_drilled_says_so() -> None:
    assert state(BOOK, []) == (Standing.NEVER, "never drilled")
    value = end(acting.begun(BOOK, by="kim", at=AT), DrillResult.STOPPED, "the vendor called us away")
    assert state(BOOK, [value]) == (Standing.NEVER, "never drilled; a drill was stopped")
    assert state(BOOK, [acting.begun(BOOK, by="kim", at=AT)])[0] is Standing.NEVER


def test_a_step_that_failed_is_stale_until_the_runbook_is_changed_and_drilled_again() -> None:
    failed = walked(failed=1)
    assert state(BOOK, [failed]) == (Standing.FAILED, "step 2 failed on 3 Nov, and nobody changed it")
    mended = msgspec.structs.replace(
        BOOK, steps=[*BOOK.steps[:1], RunbookStep(do="switch both"), BOOK.steps[2]]
    )
    standing, why = state(mended, [failed])
    assert (standing, why) == (
        Standing.STALE,
        "changed since step 2 failed on 3 Nov, and not drilled since then",
    )
    again = walked(mended, at=AT + timedelta(hours=2))
    assert state(mended, [again, failed])[0] is Standing.REHEARSED


def test_the_latest_drill_counts_however_well_an_earlier_one_went() -> None:
    assert state(BOOK, [walked(failed=0, at=AT + timedelta(hours=2)), walked()])[0] is Standing.FAILED


def test_a_drill_of_another_build_says_nothing_of_this_one() -> None:
    assert state(BOOK, [walked()], candidate="rc1")[0] is Standing.REHEARSED
    assert state(BOOK, [walked()], candidate="rc2") == (Standing.NEVER, "never drilled for this candidate")


def test_another_target_is_no_other_text_but_another_step_is() -> None:
    assert text_of(BOOK) == text_of(msgspec.structs.replace(BOOK, mitigate_within="30min", owner="robin"))
    assert text_of(BOOK) != text_of(msgspec.structs.replace(BOOK, steps=BOOK.steps[:2]))
    assert text_of(LINKED) != text_of(msgspec.structs.replace(LINKED, changed="2026-11-02"))


@given(st.integers(0, 10**7))
def test_a_clock_shows_what_it_counted(seconds: int) -> None:
    shown = clock(timedelta(seconds=seconds))
    parts = [int(part) for part in shown.split(":")]
    assert sum(part * 60**place for place, part in enumerate(reversed(parts))) == seconds
