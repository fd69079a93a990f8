"""Actions: what is done after an incident, and the requirement that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.incidents.recording import changed, happened

from workbench.gates.model import Part, State
from workbench.incidents.actions import Action, ActionState
from workbench.incidents.model import IncidentEnd
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Stored
from workbench.usecases import actions
from workbench.usecases.context import Context
from workbench.usecases.incident_reviews import subject_of
from workbench.usecases.views.actions import lines, read_actions
from workbench.usecases.views.clearing import command
from workbench.usecases.views.marks import Mark

ASKED = build.SHOP.replace("      - not_frozen: {}\n", "      - actions_done: {}\n")
SOON = build.SHOP.replace("      - not_frozen: {}\n", "      - actions_done: 3d\n")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", ASKED) as context:
        yield context


def add(context: Context, title: str = "add a probe", subject: str = "", **given: Any) -> str:
    return actions.add_action(context, {"title": title, **given}, subject)


def one(context: Context, ref: str = "add a probe") -> tuple[Stored, Action]:
    return actions.find_action(context, ref)


def parts(context: Context) -> list[Part]:
    state = build.requirement(context, "go", "actions_done")
    return [part for part in state.parts if part.state is State.NOT_MET]


def test_an_action_says_what_it_came_of_and_who_does_it_until_when(shop: Context) -> None:
    ident = happened(shop)
    add(shop, subject=subject_of(shop, incident="payments"), owner="Kim", due="2026-09-17")
    _, value = one(shop)
    assert (value.subject, value.owner) == (f"incident/{ident}", "kim")
    (line,) = lines(shop, read_actions(shop))
    assert (line.after, line.due, line.mark) == ("Payments fail with 503", "17 Sep, in 2 days", Mark.OPEN)


def test_its_day_counts_whole_and_after_it_the_release_waits(shop: Context) -> None:
    add(shop, owner="kim", due="2026-09-15")
    assert not parts(shop)
    tomorrow = build.later(shop, days=1)
    (part,) = parts(tomorrow)
    assert part.why == "kim, due 15 Sep: 12 h overdue"
    assert part.turn is not None and part.turn.who == ("kim",)
    assert command(part.step).startswith("workbench action done ")


def test_without_an_owner_or_a_day_it_counts_as_due_for_it_would_never_be(shop: Context) -> None:
    add(shop)
    add(shop, "tell the bank", owner="kim")
    assert [part.why for part in parts(shop)] == ["has no owner and no day", "has no day"]
    assert command(parts(shop)[0].step).endswith("--owner PERSON --due DATE")
    actions.edit_action(shop, *one(shop), {"owner": "robin", "due": "2026-10-01"})
    assert [part.why for part in parts(shop)] == ["has no day"]


def test_a_gate_may_ask_for_them_ahead_of_their_day(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", SOON) as context:
        add(context, owner="kim", due="2026-09-17")
        assert [part.why for part in parts(context)] == ["kim, due 17 Sep"]


def test_done_and_dropped_clear_it_and_reopened_it_counts_again(shop: Context) -> None:
    add(shop, owner="kim", due="2026-09-10")
    assert len(parts(shop)) == 1
    actions.finish_action(shop, *one(shop), why="probe gateway-timeouts runs", link="https://ci/7")
    assert not parts(shop) and one(shop)[1].link == "https://ci/7"
    with pytest.raises(NotAllowed, match="was done already by kim"):
        actions.drop_action(shop, *one(shop), "we changed our mind")
    actions.reopen_action(shop, *one(shop), "the probe was switched off")
    assert len(parts(shop)) == 1 and one(shop)[1].ended_at is None
    with pytest.raises(UsageError, match="reason"):
        actions.drop_action(shop, *one(shop), "later")
    actions.drop_action(shop, *one(shop), "the gateway is replaced in May")
    assert one(shop)[1].state is ActionState.DROPPED and not parts(shop)


def test_as_of_an_earlier_moment_it_was_still_to_be_done(shop: Context) -> None:
    add(shop, owner="kim", due="2026-09-10")
    actions.finish_action(build.later(shop, hours=2), *one(shop))
    assert parts(build.later(shop, hours=1)) and not parts(build.later(shop, hours=3))
    assert not parts(build.later(shop, hours=-1)), "nobody knew of it then"


def test_the_same_action_is_not_added_twice_for_one_incident(shop: Context) -> None:
    add(shop)
    with pytest.raises(UsageError, match="is an open action already"):
        add(shop, "Add a probe")
    add(shop, subject="incident/x")
    with pytest.raises(UsageError, match="matches several actions"):
        one(shop)
    with pytest.raises(UsageError, match="say what is to be done"):
        add(shop, "  ")


def test_a_list_shows_what_is_late_and_whose_it_is(shop: Context) -> None:
    add(shop, owner="kim", due="2026-09-10")
    add(shop, "tell the bank", owner="robin", due="2026-09-20")
    add(shop, "write it down")
    shown = lines(shop, read_actions(shop))
    assert [(line.title, line.mark, line.owner) for line in shown] == [
        ("add a probe", Mark.WARNS, "kim"),
        ("tell the bank", Mark.OPEN, "robin"),
        ("write it down", Mark.WARNS, "unassigned"),
    ]
    assert shown[0].overdue and shown[2].due == "no day"
    assert len(read_actions(shop, owner="robin")) == 1


def test_what_came_of_a_mistake_is_nobodys_to_do(shop: Context) -> None:
    ident = happened(shop)
    add(shop, subject=f"incident/{ident}", owner="kim", due="2026-09-10")
    assert len(parts(shop)) == 1
    changed(shop, ident, ended=IncidentEnd.MISTAKE)
    assert not parts(shop) and not read_actions(shop)
    assert len(read_actions(shop, subject=f"incident/{ident}")) == 1, "it is kept"


def test_an_incident_has_the_actions_of_those_that_were_merged_into_it(shop: Context) -> None:
    one, two, three = (happened(shop, title) for title in ("Payments fail", "Cart is slow", "Mails are late"))
    changed(shop, three, ended=IncidentEnd.MERGED, into=two)
    changed(shop, two, ended=IncidentEnd.MERGED, into=one)
    for ident in (one, two, three):
        add(shop, subject=f"incident/{ident}", owner="kim", due="2026-09-10")
    assert len(read_actions(shop, subject=f"incident/{one}")) == len(parts(shop)) == 3
    assert len(read_actions(shop, subject=f"incident/{two}")) == 2
