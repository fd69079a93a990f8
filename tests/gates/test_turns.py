"""Whose move it is: derived from the evidence, and rolled up over all gates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests import building as build

from workbench.gates.model import Part, State, Weight
from workbench.gates.turn import Move, Turn, as_read_by
from workbench.releases.model import Release
from workbench.usecases import deciding, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

# Two lists that repeat what the gates ask for, and an item of a role.
ITEMS = """\
  - {key: map, title: The map is reviewed, why: w, check: c, automatic: parity_reviewed}
  - {key: gaps, title: Gaps are decided, why: w, check: c, automatic: differences_decided}
  - {key: met, title: Staging meets its objectives, why: w, check: c, needs_fact: benchmarks_met}
  - {key: plan, title: The rollback is planned, why: w, check: c, automatic: rollback_planned}
  - {key: agreed, title: The owner agrees, why: w, check: c, role: product-owner}
"""
MORE = """\
checklist: more
title: More
items:
  - {key: plan, title: There is a way back, why: w, check: c, automatic: rollback_planned}
"""
FROZEN = """\
change_freezes:
  - {first: 2026-09-12, last: 2026-09-16, reason: the sales}
  - {first: 2026-09-17, last: 2026-09-18, reason: and the day after}
  - {first: 2026-12-01, last: 2026-12-31, reason: the end of the year}
"""
TEXT = (
    build.SHOP.replace("checklists: [ready.yaml]", "checklists: [ready.yaml, more.yaml]").replace(
        "      - differences_decided: high\n",
        "      - checklist: more\n      - parity_reviewed: {within: 30d}\n"
        "      - differences_decided: high\n      - outside_change_freeze: {}\n",
    )
    + FROZEN
)
P95, TESTS = "benchmark/p95", "tests/reports"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    files = {"ready.yaml": build.READY + ITEMS, "more.yaml": MORE}
    with build.shop(tmp_path / "shop", TEXT, stated=False, **files) as context:
        yield context


def parts(context: Context, release: str | None = None) -> dict[str, Part]:
    return {part.key: part for _, part in evaluate(context, release).open_parts()}


def turn(context: Context, key: str) -> Turn:
    found = parts(context)[key].turn
    assert found is not None
    return found


def test_every_open_part_says_whose_move_it_is_and_no_other_does(shop: Context) -> None:
    every = [part for gate in evaluate(shop).gates for part in gate.parts]
    assert all((part.turn is not None) == (part.state is State.NOT_MET) for part in every)


def test_what_repeats_a_line_or_waits_for_it_is_behind_it_and_not_counted_again(shop: Context) -> None:
    ident = build.add_difference(shop)
    build.figures(shop, p95="0.9")
    assert turn(shop, P95).move is Move.YOURS
    for item, root in (("map", "parity/reviewed"), ("gaps", f"difference/{ident}"), ("met", P95)):
        assert turn(shop, f"item/ready/{item}") == Turn(Move.BEHIND, behind=root)
    assert turn(shop, "item/ready/plan").move is Move.YOURS, "no line of a gate says the same"
    assert turn(shop, "item/more/plan") == Turn(Move.BEHIND, behind="item/ready/plan")
    counted = evaluate(shop).counts()
    listed = [part for part in parts(shop).values() if part.weight is Weight.TO_DO]
    assert counted[Weight.TO_DO] == len(listed) - 4


def test_of_an_empty_map_one_act_clears_all_lines(shop: Context) -> None:
    assert turn(shop, "parity/differences") == Turn(Move.BEHIND, behind="parity/reviewed")
    assert turn(shop, "item/ready/gaps") == Turn(Move.BEHIND, behind="parity/reviewed")
    build.nothing_differs(shop)
    assert not {"parity/differences", "parity/reviewed", "item/ready/gaps"} & parts(shop).keys()


def test_without_a_candidate_all_that_needs_one_is_behind_one_blocker(shop: Context) -> None:
    releasing.plan(shop, Release(version="3.0.0"), None)
    found = parts(shop, "3.0.0")
    assert found[P95].turn == Turn(Move.YOURS)
    for key in ("benchmark/errors", TESTS, "item/ready/met"):
        assert found[key].turn == Turn(Move.BEHIND, behind=P95)
    assert evaluate(shop, "3.0.0").counts()[Weight.BLOCKS] == 2, "and the change freeze"


def test_signatures_wait_for_their_gate_and_are_counted_all_the_same(shop: Context) -> None:
    build.figures(shop)
    assert turn(shop, "sign/benchmarks/staging-owner") == Turn(Move.ANOTHER, ("robin",))
    assert turn(shop, "sign/go/release-owner") == Turn(
        Move.BEHIND, ("kim", "robin"), behind="sign/benchmarks/staging-owner"
    )
    assert evaluate(shop).counts()[Weight.TO_SIGN] == 3


def test_a_change_freeze_clears_by_the_clock_when_it_says_so(shop: Context) -> None:
    said = turn(shop, "change-freeze")
    assert said.move is Move.CLOCK and said.until is not None
    assert said.until.isoformat() == "2026-09-19T00:00:00+02:00", "two windows that touch are one"
    assert "change-freeze" in parts(build.at(shop, said.until - timedelta(seconds=1)))
    assert "change-freeze" not in parts(build.at(shop, said.until))


def test_an_item_of_a_role_is_theirs_who_have_it(shop: Context) -> None:
    said = turn(shop, "item/ready/agreed")
    assert said == Turn(Move.ANOTHER, ("sam",))
    assert (as_read_by(said, "sam"), as_read_by(said, "kim"), as_read_by(said, "")) == (
        Move.YOURS, Move.ANOTHER, Move.ANOTHER,
    )  # fmt: skip


def test_a_proposal_is_the_move_of_those_who_may_approve_it(shop: Context) -> None:
    build.figures(shop, p95="0.9")
    until = shop.now + timedelta(days=1)
    build.propose_override(
        shop, evaluate(shop), "p95", reason="known to everybody", approver="robin", until=until
    )
    assert turn(shop, P95) == Turn(Move.ANOTHER, ("robin",))


def test_a_freeze_is_theirs_who_froze_it_and_of_a_machine_anybodys(shop: Context) -> None:
    deciding.freeze(shop, "the database is down")
    assert turn(shop, "freeze") == Turn(Move.ANOTHER, ("kim",))
    deciding.lift_freeze(shop, "it is up again")
    deciding.freeze(build.who(shop, "pipeline"), "an alarm in staging")
    assert turn(shop, "freeze") == Turn(Move.YOURS)


def test_nobody_can_tell_when_a_run_ends_that_goes_on(shop: Context) -> None:
    build.measured(
        shop, TESTS, None, role="tests", state="missing", why="still running: build", facts={"running": 1}
    )
    assert turn(shop, TESTS).move is Move.UNKNOWN
    build.measured(shop, TESTS, "0", role="tests", why="3 of 12 failed")
    assert turn(shop, TESTS).move is Move.YOURS


def test_where_a_project_names_nobody_anybody_else_may_approve() -> None:
    said = Turn(Move.ANOTHER, but="kim")
    assert as_read_by(said, "kim") is Move.ANOTHER and as_read_by(said, "lee") is Move.YOURS
