"""Flaky checks: who may set one aside, what that changes, and that it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.building import gate, who

from workbench.gates.model import GateState, Part, State, Weight
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate, Release
from workbench.usecases import approving, quarantining, releasing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.reporting.remarks import remarks_of

WEEK = timedelta(days=7)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def propose(context: Context, ref: str = "errors", **changed: object) -> None:
    said: dict[str, Any] = {
        "reason": "fails one run in five since the load balancer moved",
        "until": context.now + WEEK,
        "approver": "robin",
    }
    quarantining.quarantine(context, evaluate(context), ref, **{**said, **changed})


def approve(context: Context, ref: str = "errors", person: str = "robin", **said: Any) -> None:
    here = who(context, person)
    approving.approve(here, evaluate(here), ref, **said)


def line_of(context: Context, key: str = "benchmark/errors") -> Part:
    """The line of a check in the gate that asks for it."""
    return next(part for part in evaluate(context).gate("benchmarks").parts if part.key == key)


def test_until_a_second_person_approves_it_the_check_blocks(shop: Context) -> None:
    propose(shop)
    part = line_of(shop)
    assert part.state is State.NOT_MET
    assert part.why.startswith("quarantine waiting for approval by robin; ")
    with pytest.raises(NotAllowed, match="waiting for approval by robin"):
        approving.approve(shop, evaluate(shop), "errors")
    approve(shop)
    part = line_of(shop)
    assert part.state is State.OVERRIDDEN
    assert part.quarantined
    assert part.weight is Weight.RISK
    assert part.why.startswith("quarantined until ")
    assert "now: " in part.why


def test_it_is_counted_and_listed_wherever_the_figures_are(shop: Context) -> None:
    propose(shop)
    approve(shop)
    found = evaluate(shop)
    assert any(
        text.startswith("1 check quarantined, until 22")
        for text in remarks_of(found, found.gate("benchmarks"))
    )
    (listed,) = quarantining.read_quarantines(found)
    assert (listed.ended, listed.quarantine.title) == (False, "Checkout errors")
    assert gate(shop, "benchmarks").state is GateState.READY


def test_a_rejected_one_changes_nothing(shop: Context) -> None:
    propose(shop)
    approve(shop, reject=True, words="it fails every time, that is not flaky")
    assert line_of(shop).state is State.NOT_MET


def test_it_ends_and_the_check_blocks_again(shop: Context) -> None:
    propose(shop, until=shop.now + timedelta(hours=1))
    approve(shop)
    assert line_of(shop).state is State.OVERRIDDEN
    later = build.at(shop, shop.now + timedelta(hours=2))
    found = evaluate(later)
    assert line_of(later).state is State.NOT_MET
    assert [item.ended for item in quarantining.read_quarantines(found)] == [True]


def test_it_is_of_the_record_and_outlives_a_release(shop: Context) -> None:
    propose(shop)
    approve(shop)
    releasing.plan(shop, Release(version="9.9.9"), Candidate(release="", number=1, commit=build.SHA_2))
    next_one = msgspec.structs.replace(shop, release="9.9.9")
    build.figures(next_one, errors="1.5")
    assert line_of(next_one).state is State.OVERRIDDEN


def test_lifted_it_counts_again_at_once(shop: Context) -> None:
    propose(shop)
    approve(shop)
    quarantining.lift(shop, "errors", "the load balancer is mended")
    assert line_of(shop).state is State.NOT_MET
    with pytest.raises(UsageError, match="nothing called"):
        quarantining.lift(shop, "errors", "the load balancer is mended")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": "flaky"}, "reason"),
        ({"reason": ""}, "reason"),
        ({"approver": "kim"}, "cannot approve your own quarantine"),
        ({"until": build.NOW}, "future"),
        ({"ref": "notes"}, "cannot be quarantined"),
        ({"ref": "nothing"}, "there is no check"),
    ],
)
def test_what_it_needs(shop: Context, changed: dict[str, Any], words: str) -> None:
    with pytest.raises((NotAllowed, UsageError), match=words):
        propose(shop, **changed)


def test_twice_is_refused(shop: Context) -> None:
    propose(shop)
    approve(shop)
    with pytest.raises(NotAllowed, match="already"):
        propose(shop)


def test_what_was_never_measured_is_not_flaky(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop") as context, pytest.raises(NotAllowed, match="never measured"):
        propose(context)


def test_a_verdict_that_flips_in_quarantine_leaves_a_signature_alone(shop: Context) -> None:
    propose(shop)
    approve(shop)
    before = evaluate(shop).bases.of("benchmarks").digest
    build.figures(shop, errors="0.2")
    assert "now: passes" in line_of(shop).why
    assert evaluate(shop).bases.of("benchmarks").digest == before


def test_who_mends_it_is_said(shop: Context) -> None:
    propose(shop, owner="Sam")
    approve(shop)
    assert line_of(shop).why.startswith("quarantined until 22 Sep, sam mends it: fails one run")
    (listed,) = quarantining.read_quarantines(evaluate(shop))
    assert listed.quarantine.owner == "sam"


def test_a_stranger_quarantines_nothing(shop: Context) -> None:
    with pytest.raises(NotAllowed, match="not among the people"):
        propose(who(shop, "stranger"))


def red(context: Context, *names: str, failed: int | None = None) -> None:
    """A red run of the reports, in which these tests failed."""
    facts = {"failed": failed or len(names), "all_failing": msgspec.json.encode(names).decode()}
    build.measured(
        context, "tests/reports", "0", role="tests", unit="", why="2 failed, 5 passed", facts=facts
    )


def run_of(context: Context) -> Part:
    return next(part for part in evaluate(context).gate("ready").parts if part.key == "tests/reports")


def test_a_red_run_counts_as_green_where_all_that_failed_is_quarantined(shop: Context) -> None:
    red(shop, "cart.adds", "cart.pays")
    propose(shop, "cart.adds")
    approve(shop, "cart.adds")
    assert run_of(shop).state is State.NOT_MET
    propose(shop, "test/reports/cart.pays")
    approve(shop, "test/reports/cart.pays")
    part = run_of(shop)
    assert (part.state, part.weight, part.quarantined) == (State.MET, Weight.RISK, True)
    assert "all that failed is quarantined: cart.adds (until 22 Sep" in part.why
    found = evaluate(shop)
    assert any(text.startswith("2 checks quarantined") for text in remarks_of(found, found.gate("ready")))


def test_another_test_that_fails_blocks_again(shop: Context) -> None:
    red(shop, "cart.adds")
    propose(shop, "cart.adds")
    approve(shop, "cart.adds")
    assert run_of(shop).state is State.MET
    red(shop, "cart.adds", "cart.pays")
    assert run_of(shop).state is State.NOT_MET


def test_a_report_that_does_not_name_all_that_failed_stays_red(shop: Context) -> None:
    build.measured(shop, "tests/reports", "0", role="tests", unit="", why="red", facts={"failed": 2})
    with pytest.raises(UsageError, match="there is no check"):
        propose(shop, "cart.adds")
    assert run_of(shop).state is State.NOT_MET
