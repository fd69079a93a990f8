"""Sending a gate back and handing it back: whose move it is, whose clock runs, and how long answers take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build
from tests.building import later, who
from tests.usecases.policies import gate, opened, project, sign

from workbench.gates.turn import Move
from workbench.model.errors import UsageError
from workbench.usecases.answer_times import read_answer_times
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.handing_back import hand_back
from workbench.usecases.reporting.making import judgement_of_lines
from workbench.usecases.views.clearing import command
from workbench.usecases.views.ready_at import ready_at

TWO = "{roles: [{role: owner}, {role: security}]}"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    """Tuesday 15 September 2026, 12:00 in Amsterdam."""
    with opened(tmp_path / "p", project(TWO, TWO)) as context:
        yield context


def line(context: Context, person: str = "sam") -> object:
    return next(part for part in gate(context, "one").parts if part.key == f"rejection/one/{person}")


def sent_back(context: Context, **more: object) -> None:
    sign(context, "one", "sam", "send_back", needed="the load test again", **more)


def test_what_was_sent_back_is_the_move_of_whoever_was_named(shop: Context) -> None:
    sent_back(shop, needed_from="jo")
    part = line(shop)
    assert part.why == "sent back by sam: needs the load test again, from jo"
    assert (part.turn.move, part.turn.who) == (Move.ANOTHER, ("jo",))
    assert command(part.step) == "workbench hand-back one --reason WHY"


def test_where_nobody_was_named_it_is_the_move_of_anybody_but_who_sent_it_back(shop: Context) -> None:
    sent_back(shop)
    assert line(shop).turn.but == "sam"


def test_handed_back_it_is_the_move_of_who_sent_it_back_and_the_gate_stays_blocked(shop: Context) -> None:
    sent_back(shop, needed_from="jo")
    hand_back(who(shop, "jo"), evaluate(shop), "one", "the load test ran again, and passed")
    part = line(shop)
    assert part.why.startswith(
        "handed back to sam by jo: the load test ran again, and passed (sent back by sam"
    )
    assert part.turn.who == ("sam",)
    assert not gate(shop, "one").through
    sign(shop, "one", "sam")
    assert not gate(shop, "one").stops


@pytest.mark.parametrize(
    ("person", "reason", "said"),
    [
        ("sam", "the load test ran again", "you sent it back yourself"),
        ("jo", "TBD", "needs a reason"),
    ],
)
def test_what_is_not_handed_back(shop: Context, person: str, reason: str, said: str) -> None:
    sent_back(shop)
    with pytest.raises(UsageError, match=said):
        hand_back(who(shop, person), evaluate(shop), "one", reason)


def test_only_what_was_sent_back_is_handed_back_and_only_once(shop: Context) -> None:
    with pytest.raises(UsageError, match="nobody has sent One back"):
        hand_back(who(shop, "jo"), evaluate(shop), "one", "the load test ran again")
    sent_back(shop)
    hand_back(who(shop, "jo"), evaluate(shop), None, "the load test ran again")
    with pytest.raises(UsageError, match="handed back to sam already"):
        hand_back(who(shop, "jo"), evaluate(shop), "one", "the load test ran again")


def test_of_several_that_sent_it_back_one_is_named(shop: Context) -> None:
    sent_back(shop)
    sign(shop, "one", "robin", "send_back", needed="figures of today", role="security")
    with pytest.raises(UsageError, match="several answers sent a gate back"):
        hand_back(who(shop, "jo"), evaluate(shop), "one", "the load test ran again")
    _, value = hand_back(who(shop, "jo"), evaluate(shop), "one", "here are the figures", "Robin")
    assert value.person == "robin"


# --- how long it takes ---------------------------------------------------------------------------


def test_the_clock_runs_in_working_hours_and_stands_still_until_it_is_handed_back(shop: Context) -> None:
    """Opened on Tuesday 12:00; sent back Wednesday 11:00, handed back Thursday 11:00, decided Thursday 17:00."""
    sign(shop, "one", "kim")
    sent_back(later(shop, hours=23))
    back = later(shop, hours=47)
    hand_back(who(back, "jo"), evaluate(back), "one", "the load test ran again")
    sign(later(shop, hours=53), "one", "sam")
    (answer,) = read_answer_times(later(shop, hours=60)).answers
    assert (answer.person, answer.role) == ("sam", "security")
    # 12 to 17 and 9 to 11 are seven of eight hours; then 11 to 17 are six more.
    assert (answer.first, answer.decided) == (7 / 8, 13 / 8)


def test_who_opened_sign_off_waited_for_nobody(shop: Context) -> None:
    sign(shop, "one", "kim")
    assert read_answer_times(shop).answers == ()


def test_medians_by_role_and_person_and_when_what_is_missing_can_be_expected(shop: Context) -> None:
    sign(shop, "one", "kim")
    sign(later(shop, hours=24), "one", "sam")
    sign(later(shop, hours=25), "two", "sam")
    after = later(shop, hours=25)
    times = read_answer_times(after)
    assert times.roles["security"].words == "security answers in 1 day, once"
    found = ready_at(judgement_of_lines(evaluate(after)), times)
    assert found.signed_at is None and found.lines[-1] == "how long owner takes to answer is not known yet"
    sign(later(shop, hours=27), "two", "robin", role="owner")
    done = evaluate(later(shop, hours=28))
    assert (
        ready_at(judgement_of_lines(done), read_answer_times(after)).signed_at is None
    )  # nothing is missing


def test_a_release_is_signed_at_the_earliest_after_the_answers_that_are_missing(shop: Context) -> None:
    sign(shop, "one", "kim")
    sign(later(shop, hours=24), "one", "sam")
    times = read_answer_times(later(shop, hours=24))
    typical = times.roles["security"]
    both = {**times.roles, "owner": typical}
    now = later(shop, hours=25)
    found = ready_at(judgement_of_lines(evaluate(now)), build.msgspec.structs.replace(times, roles=both))
    # Wednesday 13:00 and one working day are Thursday 13:00.
    assert found.signed_at == later(shop, hours=49).now
    assert found.lines[-1].startswith(
        "signed Thu 17 Sep 2026 13:00 CEST at the earliest: security answers in 1 day"
    )
