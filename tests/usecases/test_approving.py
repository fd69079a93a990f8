"""What one person proposes waits until another one has acted: a name that the author typed is no approval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.building import requirement, who

from workbench.gates.approvals import Approval, Ruling, able
from workbench.gates.model import State
from workbench.gates.overrides import Answers, Override
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Change
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import approving, deciding, safekeeping, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate

REASON = "one noisy client, muted tomorrow"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def propose(context: Context, approver: str = "", **said: Any) -> None:
    until = context.now + timedelta(days=1)
    deciding.override(
        context,
        evaluate(context),
        "errors",
        **{"reason": REASON, "until": until, "approver": approver, **said},
    )


def act(context: Context, person: str, ref: str = "errors", **said: Any) -> None:
    here = who(context, person)
    approving.approve(here, evaluate(here), ref, **said)


def part(context: Context) -> Any:
    return next(
        p for p in requirement(context, "benchmarks", "benchmarks").parts if p.key == "benchmark/errors"
    )


@pytest.mark.parametrize(
    ("approver", "words"),
    [("robin", "robin"), ("", "robin, sam or jo")],
)
def test_an_override_lets_nothing_past_until_somebody_else_has_acted(
    shop: Context, approver: str, words: str
) -> None:
    propose(shop, approver)
    assert part(shop).state is State.NOT_MET
    assert part(shop).why.startswith(f"override waits for approval by {words}; ")
    assert evaluate(shop).overrides == ()
    act(shop, "robin")
    assert part(shop).state is State.OVERRIDDEN
    assert [item.approver for item in evaluate(shop).overrides] == ["robin"]
    assert not evaluate(shop).proposals


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("kim", "you proposed it"),
        ("sam", "it waits for approval by robin"),
        ("stranger", "not among the people"),
    ],
)
def test_who_may_not_approve(shop: Context, person: str, words: str) -> None:
    propose(shop, "robin")
    with pytest.raises(NotAllowed, match=words):
        act(shop, person)
    assert part(shop).state is State.NOT_MET


@pytest.mark.parametrize("person", ["kim", "sam", "stranger"])
def test_an_approval_by_anybody_else_counts_for_nothing_wherever_it_comes_from(
    shop: Context, person: str
) -> None:
    propose(shop, "robin")
    (waits,) = evaluate(shop).proposals
    value = Approval(
        subject=waits.subject, what=waits.what, ref=waits.ref, title=waits.title, person=person,
        decision=Ruling.APPROVE, at=shop.now,
    )  # fmt: skip
    commit(shop, [Change("approval", f"{waits.subject}/{person}", "approved", plain(value))])
    assert part(shop).state is State.NOT_MET


def test_an_edited_proposal_waits_again(shop: Context) -> None:
    propose(shop, "robin")
    act(shop, "robin")
    (row,) = shop.record.all("override")
    value = msgspec.structs.replace(row.decode(Override), until=shop.now + timedelta(days=300))
    commit(shop, [Change("override", row.id, "edited", plain(value), row.base)])
    assert part(shop).why.startswith("override waits for approval by robin")


def test_a_rejection_says_why_and_holds_until_the_same_person_approves(shop: Context) -> None:
    propose(shop)
    with pytest.raises(UsageError, match="rejecting a proposal needs a reason"):
        act(shop, "robin", reject=True, words="no")
    act(shop, "robin", reject=True, words="the client is ours")
    act(shop, "sam")
    assert part(shop).why.startswith("override, rejected by robin: the client is ours; ")
    act(shop, "robin", words="I was wrong about it")
    assert part(shop).state is State.OVERRIDDEN
    undoing.undo(who(shop, "robin"))
    assert "rejected by robin" in part(shop).why


def test_who_left_the_project_approves_no_more(shop: Context) -> None:
    propose(shop)
    act(shop, "jo")
    gone = build.rewrite(shop, "  - {key: jo, name: Jo, roles: [developer]}\n", "")
    assert part(gone).state is State.NOT_MET


def test_without_people_anybody_but_the_author_approves() -> None:
    assert not able([], "kim").includes("kim")
    assert able([], "kim").includes("anybody")
    assert not able([], "kim", asked="jo").includes("anybody")


def test_lifting_stays_one_act_and_what_ended_waits_no_more(shop: Context) -> None:
    propose(shop)
    assert not evaluate(build.later(shop, days=2)).proposals
    deciding.lift_override(shop, evaluate(shop), "errors", "it is fixed")
    assert not evaluate(shop).proposals


def test_what_was_seen_is_kept_and_empty_answers_are_refused(shop: Context) -> None:
    for words in ("None", "no risk", "TBD", "n/a"):
        with pytest.raises(UsageError, match="answers nothing"):
            propose(shop, answers=Answers(affects=words))
    propose(shop, answers=Answers(affects="who pays by card", regression=False))
    (row,) = shop.record.all("override")
    value = row.decode(Override)
    assert value.seen is not None and value.answers is not None
    assert (value.seen.state, value.seen.value) == (State.NOT_MET, "1.5 %")
    assert value.answers.affects == "who pays by card"


def test_both_acts_leave_a_statement(shop: Context) -> None:
    propose(shop, "robin")
    act(shop, "robin", words="seen it")
    (row,) = shop.record.all("override")
    (said,) = shop.record.all("approval")
    blobs = [
        shop.record.blob(each) for each in (row.decode(Override).statement, said.decode(Approval).statement)
    ]
    proposed, approved = (read_statement(blob.data) for blob in blobs if blob)
    assert (proposed.act, proposed.person, proposed.part) == (Act.OVERRIDE, "kim", "benchmark/errors")
    assert (approved.act, approved.person, approved.decision) == (Act.APPROVE, "robin", "approve")
    assert approved.subject == row.base and approved.words == "seen it"
    assert said.decode(Approval).identity == "asserted by --as"


@pytest.mark.parametrize("ref", ["errors", "benchmark/errors", "checkout ERRORS", "id", "end", "digest"])
def test_what_names_a_proposal(shop: Context, ref: str) -> None:
    propose(shop)
    (waits,) = evaluate(shop).proposals
    names = {"id": waits.ref, "end": waits.ref[-6:], "digest": waits.subject[:8]}
    act(shop, "robin", names.get(ref, ref))
    assert part(shop).state is State.OVERRIDDEN


def test_a_name_that_nothing_has_gets_the_nearest(shop: Context) -> None:
    propose(shop)
    with pytest.raises(UsageError) as caught:
        act(shop, "robin", "eror")
    assert caught.value.hint == "did you mean errors?"


def test_an_excerpt_keeps_who_approved(shop: Context, tmp_path: Path) -> None:
    propose(shop)
    act(shop, "robin")
    file = tmp_path / "ci.excerpt.jsonl"
    file.write_bytes(safekeeping.excerpt(shop))
    context = safekeeping.from_excerpt(build.Options(project=shop.root, as_person="kim"), file)
    with context.record:
        there = build.at(context, shop.now)
        assert [item.approver for item in evaluate(there).overrides] == ["robin"]
