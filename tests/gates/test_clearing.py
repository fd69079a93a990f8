"""Which command clears an item of a checklist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import building as build

from workbench.checklists.model import ItemState, clear
from workbench.definitions.shapes import OF_INCIDENTS, AutomaticFact
from workbench.model.steps import Job, Step
from workbench.parity import reviews
from workbench.releases.model import Release
from workbench.usecases import answering, releasing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views.clearing import command

ITEMS = "".join(
    f"  - {{key: {fact.value.replace('_', '-')}, title: {fact.value}, why: w, check: c, automatic: {fact.value}}}\n"
    for fact in AutomaticFact
    if fact not in OF_INCIDENTS
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop", stated=False, **{"ready.yaml": build.READY + ITEMS}) as context:
        yield context


def clears(context: Context, item: str) -> str:
    return command(clear(answering.find_item(evaluate(context), item)))


def test_an_answer_and_its_evidence(shop: Context) -> None:
    assert clears(shop, "notes") == "workbench checklist tick ready/notes"
    assert clears(shop, "rehearsed") == "workbench checklist tick ready/rehearsed --link URL"
    build.answer(shop, "rehearsed", note="")
    assert clears(shop, "rehearsed") == "workbench checklist attach ready/rehearsed --link URL"
    build.answer(shop, "rehearsed", "failed", note="", comment="no")
    assert clears(shop, "rehearsed") == "workbench checklist tick ready/rehearsed --link URL"


def test_an_item_that_the_record_answers_takes_what_clears_the_fact(shop: Context) -> None:
    assert clears(shop, "parity-reviewed") == (
        "workbench parity add WHAT, or workbench parity reviewed --nothing-differs --note WHY"
    )
    ident = build.add_difference(shop)
    assert clears(shop, "parity-reviewed") == "workbench parity reviewed"
    assert clears(shop, "differences-decided") == command(Step(Job.DECIDE_DIFFERENCE, ident))
    assert clears(shop, "benchmarks-met") == "workbench fetch"
    assert clears(shop, "tests-green") == "workbench fetch --source reports"
    assert clears(shop, "rollback-planned") == "workbench release edit --rollback-step STEP"
    assert clears(shop, "watch-planned") == "workbench release edit --watch WHAT"
    build.figures(shop, errors="1.5")
    assert clears(shop, "benchmarks-met") == "workbench release candidate COMMIT"


def test_a_person_who_says_no_where_the_record_says_yes(shop: Context) -> None:
    build.add_difference(shop, severity="low")
    build.answer(shop, "parity-reviewed", "failed", comment="in haste")
    assert clears(shop, "parity-reviewed") == "workbench parity reviewed"
    held = evaluate(shop).held
    commit(shop, [reviews.review_change(reviews.reviewed(shop.record, held.id, by="kim", at=shop.now))])
    assert clears(shop, "parity-reviewed") == "workbench checklist tick ready/parity-reviewed --reopen"
    build.answer(shop, "parity-reviewed", "open", note="")
    assert answering.find_item(evaluate(shop), "parity-reviewed").state is ItemState.DONE


def test_without_a_candidate_one_is_proposed_first(shop: Context) -> None:
    releasing.plan(shop, Release(version="3.0.0"), None)
    fixes = [command(part.step) for _, part in evaluate(shop, "3.0.0").open_parts()]
    assert "workbench release candidate COMMIT" in fixes
    assert not any(fix.startswith(("workbench fetch", "workbench benchmark enter")) for fix in fixes)


def test_a_fact_that_no_command_brings_about_is_ruled_out(tmp_path: Path) -> None:
    text = build.SHOP.replace("      - tests_green: reports\n", "")
    with build.shop(tmp_path / "p", text, **{"ready.yaml": build.READY + ITEMS}) as context:
        command = "workbench checklist tick ready/tests-green --not-applicable --reason WHY"
        assert clears(context, "tests-green") == command
        build.answer(context, "tests-green", "not_applicable", note="", reason="no tests yet")
        assert answering.find_item(evaluate(context), "tests-green").complete
