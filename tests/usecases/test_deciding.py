"""Overrides, freezes and promises: what they ask for, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import building as build
from tests.building import gate, requirement, who

from workbench.gates import model as gates
from workbench.gates.model import State, Weight
from workbench.model.errors import NotAllowed, UsageError
from workbench.usecases import approving, deciding
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def propose(context: Context, ref: str = "errors", **changed: object) -> None:
    said = {
        "reason": "one noisy client, muted tomorrow",
        "approver": "robin",
        "until": context.now + timedelta(days=1),
    }
    build.propose_override(context, evaluate(context), ref, **{**said, **changed})  # type: ignore[arg-type]


def approve(context: Context, ref: str = "errors", person: str = "robin", **said: Any) -> None:
    here = who(context, person)
    approving.approve(here, evaluate(here), ref, **said)


def override(context: Context, ref: str = "errors") -> None:
    propose(context, ref)
    approve(context, ref)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": "TBD"}, "reason"),
        ({"reason": "  tbd.  "}, "reason"),
        ({"reason": "because"}, "reason"),
        ({"reason": "urgent!"}, "reason"),
        ({"reason": ""}, "reason"),
        ({"approver": "kim"}, "cannot approve your own override"),
        ({"approver": "stranger"}, "no person"),
        ({"until": build.NOW}, "future"),
        ({"until": build.NOW - timedelta(days=1)}, "future"),
        ({"ref": "p95"}, "does not block"),
        ({"ref": "benchmark/nope"}, "no gate requires"),
    ],
)
def test_what_an_override_needs(shop: Context, changed: dict[str, object], words: str) -> None:
    with pytest.raises((UsageError, NotAllowed), match=words):
        propose(shop, **changed)  # type: ignore[arg-type]
    assert shop.record.count("override") == 0


@pytest.mark.parametrize("ref", ["errors", "benchmark/errors", "Checkout errors", "checkout ERRORS"])
def test_one_part_is_let_past_and_listed(shop: Context, ref: str) -> None:
    override(shop, ref)
    found = requirement(shop, "benchmarks", "benchmarks")
    assert found.state is State.OVERRIDDEN
    assert [part.state for part in found.parts] == [State.MET, State.OVERRIDDEN]
    assert "overridden until 16 Sep, up to 1.5 %: one noisy client" in found.parts[1].why
    (value,) = evaluate(shop).overrides
    assert (value.author, value.approver, value.part) == ("kim", "robin", "benchmark/errors")


def test_it_opens_again_when_it_ends_or_is_lifted(shop: Context) -> None:
    override(shop)
    assert requirement(build.later(shop, hours=23), "benchmarks", "benchmarks").state is State.OVERRIDDEN
    assert requirement(build.later(shop, hours=24), "benchmarks", "benchmarks").state is State.NOT_MET
    deciding.lift_override(shop, evaluate(shop), "errors", "it is fixed")
    assert requirement(shop, "benchmarks", "benchmarks").state is State.NOT_MET
    with pytest.raises(UsageError, match="nothing called"):
        deciding.lift_override(shop, evaluate(shop), "errors", "again")


def test_other_parts_stay_unmet(shop: Context) -> None:
    build.measured(shop, "p95", "0.9")
    override(shop)
    found = requirement(shop, "benchmarks", "benchmarks")
    assert found.state is State.NOT_MET and "1 of 2 not met: Checkout p95" in found.why


def test_an_override_is_of_one_release(shop: Context) -> None:
    override(shop)
    releasing = build.releasing
    releasing.plan(
        shop, build.Release(version="3.0.0"), build.Candidate(release="", number=0, commit=build.SHA_2)
    )
    other = build.msgspec.structs.replace(shop, release="3.0.0")
    build.measured(other, "errors", "1.5")
    assert requirement(other, "benchmarks", "benchmarks").state is State.NOT_MET


def test_a_freeze_blocks_until_it_is_lifted_and_cannot_be_overridden(shop: Context) -> None:
    deciding.freeze(shop, "payment incident")
    found = requirement(shop, "go", "not_frozen")
    assert found.state is State.NOT_MET and found.why == "frozen by kim: payment incident"
    with pytest.raises(NotAllowed, match="frozen already"):
        deciding.freeze(shop, "once more")
    with pytest.raises(NotAllowed, match="lifted, not overridden"):
        override(shop, "freeze")
    with pytest.raises(UsageError, match="reason"):
        deciding.lift_freeze(shop, " ")
    deciding.lift_freeze(who(shop, "robin"), "root cause found")
    assert requirement(shop, "go", "not_frozen").state is State.MET
    with pytest.raises(NotAllowed, match="not frozen"):
        deciding.lift_freeze(shop, "once more")
    with pytest.raises(UsageError, match="reason"):
        deciding.freeze(shop, "x")


@pytest.mark.parametrize("reason", ["asap", "n/a", " TBD. ", "urgent!", "because"])
def test_a_placeholder_neither_freezes_nor_lifts_a_freeze(shop: Context, reason: str) -> None:
    with pytest.raises(UsageError, match="a freeze needs a reason that still makes sense a year from now"):
        deciding.freeze(shop, reason)
    deciding.freeze(shop, "payment incident")
    with pytest.raises(
        UsageError, match="lifting a freeze needs a reason that still makes sense a year from now"
    ):
        deciding.lift_freeze(shop, reason)
    assert requirement(shop, "go", "not_frozen").state is State.NOT_MET


def test_two_desks_that_froze_at_once_both_have_to_lift(shop: Context) -> None:
    for person in ("kim", "robin"):
        commit(who(shop, person), [gates.freeze_change(f"incident of {person}", by=person, at=shop.now)])
    deciding.lift_freeze(shop, "the first is over")
    assert requirement(shop, "go", "not_frozen").state is State.NOT_MET
    deciding.lift_freeze(shop, "the second too")
    assert requirement(shop, "go", "not_frozen").state is State.MET


def test_a_promise_never_changes_a_state(shop: Context) -> None:
    before = build.states(evaluate(shop))
    deciding.promise(shop, evaluate(shop), "errors", "sam", shop.now + timedelta(days=1), "muting it")
    deciding.promise(shop, evaluate(shop), "sign/go/product-owner", "sam", None)
    deciding.promise(shop, evaluate(shop), "errors", "jo", None)
    evaluation = evaluate(shop)
    assert build.states(evaluation) == before
    assert evaluation.promises["benchmark/errors"].owner == "jo"
    with pytest.raises(UsageError, match="is not open"):
        deciding.promise(shop, evaluation, "p95", "sam", None)
    with pytest.raises(UsageError, match="no owner given"):
        deciding.promise(shop, evaluation, "errors", "  ", None)


def test_a_name_that_nobody_has_gets_the_nearest(shop: Context) -> None:
    with pytest.raises(UsageError) as caught:
        deciding.find_part(evaluate(shop), "benchmark/eror")
    assert caught.value.hint == "did you mean benchmark/errors?"


def test_counts_say_what_blocks_what_is_to_do_and_what_to_sign(shop: Context) -> None:
    counts = evaluate(shop).counts()
    assert (counts[Weight.BLOCKS], counts[Weight.TO_DO], counts[Weight.TO_SIGN]) == (1, 2, 3)
    assert gate(shop, "go").requirements[-2].why == "Benchmarks met has not passed, and 1 more"
