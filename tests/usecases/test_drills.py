"""Drills on a project: the clock is in the record, a runbook's standing answers checklists, and the figure counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build

from workbench.definitions.shapes import AutomaticFact
from workbench.drills.model import DrillResult, StepState
from workbench.incidents import timeline
from workbench.incidents.timeline import LineKind
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import drills, incidents
from workbench.usecases.context import Context
from workbench.usecases.drills import Begin
from workbench.usecases.evaluate import evaluate
from workbench.usecases.turning import turns_at
from workbench.usecases.views import drills as views
from workbench.usecases.views.checklists import source_of
from workbench.usecases.views.runbooks import read_runbooks

BOOKS = """
runbooks:
  - key: rollback
    title: Roll the shop back
    for: rollback
    mitigate_within: 15min
    steps: [{do: Stop the canary}, {do: Deploy the version before, expect: its version answers}]
  - {key: restore, title: Restore the orders, for: restore, link: "https://wiki.example.com/restore"}
"""
LIST = """\
checklist: ready
title: Ready
items:
  - {key: back, title: Rollback rehearsed, why: It fails otherwise., check: Look., automatic: rollback_rehearsed}
  - {key: here, title: Rehearsed with any build, why: It fails otherwise., check: Look., automatic: rollback_rehearsed, carry: true}
  - {key: restored, title: Restore tried, why: It fails otherwise., check: Look., needs_fact: restore_rehearsed, needs_evidence: true}
  - {key: ahead, title: Deployment rehearsed, why: It fails otherwise., check: Look., automatic: runbook_rehearsed}
"""
KIND = "\n  - {key: works, kind: runbook_success, environment: staging}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    text = build.SHOP.replace("benchmarks:\n", f"benchmarks:{KIND}", 1) + BOOKS
    with build.shop(tmp_path, text, ready=LIST) as context:
        yield context


def walk(context: Context, *, failed: bool = False, minutes: float = 8) -> Context:
    """A drill of the rollback from now on; returns the project at its end."""
    ident = drills.start_drill(context, Begin(runbook="rollback"))
    then = build.later(context, minutes=minutes)
    for state in (StepState.DONE, StepState.FAILED if failed else StepState.DONE):
        drills.answer_step(then, *drills.find_drill(then, ident), None, state, note="seen")
    drills.stamp(then, *drills.find_drill(then, ident), "mitigated")
    drills.end_drill(then, *drills.find_drill(then, ident))
    return then


def item(context: Context, key: str) -> Any:
    return next(view for view in evaluate(context).checklists["ready"] if view.item.key == key)


def test_the_clock_is_in_the_record_and_runs_while_nobody_looks(tmp_path: Path) -> None:
    with build.shop(tmp_path, build.SHOP + BOOKS) as context:
        ident = drills.start_drill(context, Begin(runbook="rollback"))
    with build.opened(tmp_path, "robin", build.NOW + timedelta(minutes=7, seconds=5)) as context:
        stored, value = drills.find_drill(context)
        assert stored.id == ident
        fact = views.clock_fact(value, context.now, views.read_drill(context, stored, value).began)
        assert fact.text.startswith("7:05 since today")
        assert views.target_fact(value, "mitigated", context.now).text == "not yet: 7:55 left of 15min"
        late = views.target_fact(value, "mitigated", context.now + timedelta(minutes=10))
        assert late.text == "not yet: 2:05 over the target 15min"


def test_one_runbook_is_drilled_once_at_a_time(shop: Context) -> None:
    drills.start_drill(shop, Begin(runbook="rollback"))
    with pytest.raises(NotAllowed, match="is being drilled already"):
        drills.start_drill(shop, Begin(runbook="rollback"))
    drills.start_drill(shop, Begin(runbook="restore"))
    with pytest.raises(UsageError, match="several drills are running"):
        drills.find_drill(shop)


def test_what_a_drill_names_has_to_be_there(shop: Context) -> None:
    for said, words in (
        ({"runbook": "rolback"}, "did you mean rollback"),
        ({"runbook": "rollback", "fault": "timeuot"}, "did you mean timeout"),
        ({"runbook": "rollback", "environment": "stagign"}, "did you mean staging"),
        ({"runbook": "rollback", "at": shop.now + timedelta(hours=1)}, "what has happened"),
    ):
        with pytest.raises(UsageError) as caught:
            drills.start_drill(shop, Begin(**said))  # type: ignore[arg-type]
        assert words in str(caught.value.hint)


def test_secrets_in_a_note_are_removed_and_told(shop: Context) -> None:
    drills.start_drill(shop, Begin(runbook="rollback"))
    drills.answer_step(
        shop,
        *drills.find_drill(shop),
        None,
        StepState.FAILED,
        note="\x1b[31mcurl -u admin:hunter2 https://shop.example",
    )
    _, value = drills.find_drill(shop)
    assert "hunter2" not in value.steps[0].note and "\x1b" not in value.steps[0].note
    assert any("removed before saving" in remark for remark in shop.remarks)


def test_a_drill_that_worked_answers_items_on_rehearsal(shop: Context) -> None:
    assert item(shop, "back").state == "open"
    assert item(shop, "back").why == "Roll the shop back: never drilled for this candidate"
    after = walk(shop)
    assert item(after, "back").state == item(after, "here").state == "done"
    assert item(after, "back").why == "Roll the shop back: worked on 15 Sep, in 8:00"
    assert item(build.later(after, days=91), "here").state == "open"


def test_the_release_is_judged_again_when_a_drill_no_longer_counts(tmp_path: Path) -> None:
    gates = "gates:\n  - {key: go, title: Go, requires: [{checklist: ready}]}\n"
    text = build.SHOP.partition("gates:")[0] + gates + BOOKS
    with build.shop(tmp_path, text, ready=LIST) as context:
        after = walk(context)
        assert turns_at(evaluate(after)) == after.now.replace(microsecond=0) + timedelta(days=90)


def test_a_new_candidate_is_rehearsed_anew_where_the_item_says_so(shop: Context) -> None:
    after = walk(shop)
    build.proposed(after, 2)
    assert item(after, "back").state == "open"
    assert item(after, "here").state == "done"


def test_a_failed_drill_cannot_be_ruled_out(shop: Context) -> None:
    after = walk(walk(shop), failed=True)
    found = item(after, "here")
    assert (found.state, found.fact.contradicts) == ("open", True)
    assert "step 2 failed" in found.why


def test_without_a_runbook_for_it_a_person_answers(tmp_path: Path) -> None:
    with build.shop(tmp_path, ready=LIST) as context:
        assert all(item(context, key).fact is None for key in ("back", "here", "restored", "ahead"))


def test_a_drill_is_evidence_of_itself(shop: Context) -> None:
    assert item(shop, "restored").lacks_evidence
    drills.start_drill(shop, Begin(runbook="restore"))
    drills.end_drill(shop, *drills.find_drill(shop), DrillResult.WORKED)
    assert not item(shop, "restored").lacks_evidence
    build.answer(shop, "ready/restored", note="")
    assert item(shop, "restored").state == "done"


def test_the_figure_counts_drills_that_were_walked_to_their_end(shop: Context) -> None:
    after = walk(walk(walk(shop)), failed=True)
    drills.start_drill(after, Begin(runbook="restore"))
    drills.end_drill(after, *drills.find_drill(after), DrillResult.STOPPED, "somebody needed staging")
    judged = build.verdict(after, "works")
    assert round(judged.outcome.inputs.value, 1) == build.Decimal("66.7")
    assert "failed: Roll the shop back" in str(judged)


def test_runbooks_stand_in_the_order_of_the_files(shop: Context) -> None:
    walk(shop, minutes=20)
    lines = read_runbooks(build.later(shop, hours=1))
    assert [(line.key, line.state.why) for line in lines] == [
        ("rollback", "it was mitigated too late on 15 Sep, and nobody changed it"),
        ("restore", "never drilled"),
    ]


def test_every_fact_has_a_place_that_it_is_answered_from(shop: Context) -> None:
    view = item(shop, "back")
    for fact in AutomaticFact:
        asking = msgspec.structs.replace(view, item=msgspec.structs.replace(view.item, automatic=fact))
        assert source_of(asking)
    assert source_of(view) == "runbook"
    assert source_of(item(walk(shop), "here")) == "runbook"


def test_a_runbook_that_is_executed_in_earnest_stands_in_the_timeline(shop: Context) -> None:
    incident = incidents.declare(
        shop, msgspec.structs.replace(incidents.new(shop), title="Payments fail", environment="staging")
    )
    drills.start_drill(shop, Begin(runbook="restore", incident="Payments fail"))
    drills.end_drill(shop, *drills.find_drill(shop), DrillResult.WORKED, "nothing was lost")
    said = [(line.what, line.words) for _, line in timeline.lines_of(shop.record, incident)]
    assert (LineKind.NOTE, "runbook “Restore the orders” begins") in said
    assert (LineKind.RUNBOOK, "runbook “Restore the orders” worked: nothing was lost") in said
