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

from workbench.checklists import model as checklists
from workbench.gates import model as gates
from workbench.gates.approvals import Approval, Ruling, able
from workbench.gates.model import State
from workbench.gates.overrides import Override
from workbench.model.canonical import plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.parity import model as parity
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.record import Change
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import approving, deciding, excerpts, mapping, undoing
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.views import checklists as views
from workbench.usecases.views.clearing import command
from workbench.usecases.views.parity import waiting

REASON = "one noisy client, muted tomorrow"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        build.figures(context, errors="1.5")
        yield context


def propose(context: Context, approver: str = "", **said: Any) -> None:
    until = context.now + timedelta(days=1)
    build.propose_override(
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
    assert part(shop).why.startswith(f"override waiting for approval by {words}; ")
    assert evaluate(shop).overrides == ()
    act(shop, "robin")
    assert part(shop).state is State.OVERRIDDEN
    assert [item.approver for item in evaluate(shop).overrides] == ["robin"]
    assert not evaluate(shop).proposals


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("kim", "you proposed it"),
        ("sam", "waiting for approval by robin"),
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
    assert part(shop).why.startswith("override waiting for approval by robin")


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


def test_what_was_seen_is_kept(shop: Context) -> None:
    propose(shop)
    (row,) = shop.record.all("override")
    value = row.decode(Override)
    assert value.seen is not None and value.answers == build.ANSWERS
    assert (value.seen.state, value.seen.value) == (State.NOT_MET, "1.5 %")
    assert value.seen.bound == value.bound and value.candidate == evaluate(shop).held.candidate_id


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
    file.write_bytes(excerpts.excerpt(shop))
    context = excerpts.from_excerpt(build.Options(project=shop.root, as_person="kim"), file)
    with context.record:
        there = build.at(context, shop.now)
        assert [item.approver for item in evaluate(there).overrides] == ["robin"]


# --- accepting a high difference -----------------------------------------------------------


def accepted(context: Context, severity: str = "high") -> str:
    ident = build.add_difference(context, severity=severity, production="8 GB")
    until = context.now + timedelta(days=30)
    build.decide(context, ident, "accept", alone=True, reason="the load is small", until=until)
    return ident


def difference(context: Context) -> Any:
    (found,) = requirement(context, "ready", "differences_decided").parts
    return found


def test_a_high_difference_that_one_person_accepted_is_undecided_until_a_second_one_has_acted(
    shop: Context,
) -> None:
    ident = accepted(shop)
    assert difference(shop).state is State.NOT_MET
    assert difference(shop).why == "accepted by kim, waiting for approval by robin, sam or jo"
    with pytest.raises(NotAllowed, match="you proposed it"):
        act(shop, "kim", ident[-12:])
    act(shop, "jo", "smaller database")
    assert difference(shop).state is State.MET


@pytest.mark.parametrize("severity", ["medium", "low"])
def test_a_lesser_difference_needs_one_person(shop: Context, severity: str) -> None:
    accepted(shop, severity)
    assert not evaluate(shop).proposals


def test_better_words_leave_an_approval_alone_and_another_decision_does_not(shop: Context) -> None:
    ident = accepted(shop)
    act(shop, "jo", "smaller database")
    stored, value = mapping.find_difference(shop, ident)
    mapping.edit_difference(shop, stored, msgspec.structs.replace(value, owner="sam"))
    assert difference(shop).state is State.MET
    later = build.later(shop, minutes=1)
    build.decide(
        later, ident, "accept", alone=True, reason="the load is small", until=later.now + timedelta(9)
    )
    assert difference(later).why.startswith("accepted by kim, waiting for approval")


def test_a_rejected_acceptance_is_decided_otherwise(shop: Context) -> None:
    ident = accepted(shop)
    act(shop, "sam", "smaller database", reject=True, words="orders are lost then")
    assert difference(shop).why == "accepted by kim, rejected by sam: orders are lost then"
    assert command(difference(shop).step).startswith("workbench parity decide")
    build.decide(shop, ident, "mitigate", mitigation="a load test each week")
    assert difference(shop).state is State.MET and not evaluate(shop).proposals


def test_accepting_keeps_a_statement_and_what_was_shown(shop: Context) -> None:
    ident = build.add_difference(shop)
    stored, value = mapping.find_difference(shop, ident)
    said = {"reason": "the load is small", "until": shop.now + timedelta(days=30)}
    mapping.decide(shop, [(stored, value)], Decision.ACCEPT, **said)
    kept = shop.record.blob(mapping.find_difference(shop, ident)[1].statement)
    assert kept is not None
    statement = read_statement(kept.data)
    assert (statement.act, statement.subject, statement.part) == (
        Act.ACCEPT,
        stored.base,
        f"difference/{ident}",
    )
    assert shop.record.blob(statement.shown) and shop.record.blob(statement.definitions)


def test_a_signature_is_out_of_date_when_an_acceptance_is_approved_no_more(shop: Context) -> None:
    build.figures(shop)
    build.answer(shop, "notes")
    build.answer(shop, "rehearsed")
    accepted(shop)
    act(shop, "jo", "smaller database")
    build.sign(shop, "benchmarks", "robin")
    build.sign(shop, "go", "kim")
    undoing.undo(who(shop, "jo"))
    (only,) = build.signature(shop, "go").changes
    assert only.words == "the decision on “smaller database” is waiting for a second person"


def test_what_was_accepted_in_the_first_format_needed_one_person() -> None:
    (kind,) = [kind for kind in parity.ENTITIES if kind.name == "difference"]
    assert kind.lift is not None
    old = {"title": "t", "severity": "high", "decision": "accept", "reason": "small", "decided_by": "kim"}
    value = msgspec.convert(kind.lift(1, old), Difference)
    assert value.one_was_enough
    assert not parity.decided_now(value).one_was_enough


# --- items of a role -----------------------------------------------------------------------

SECURITY = """\
checklist: ready
title: Ready
items:
  - {key: seen, title: Security has agreed, why: They know., check: Ask., role: product-owner}
"""


@pytest.fixture
def security(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "security", ready=SECURITY) as context:
        yield context


def item(context: Context) -> Any:
    (found,) = requirement(context, "ready", "checklist").parts
    return found


def test_an_item_of_a_role_counts_by_a_person_of_that_role(security: Context) -> None:
    build.answer(who(security, "sam"), "seen")
    assert item(security).state is State.MET and not evaluate(security).proposals


def test_anybody_elses_answer_waits_for_a_person_of_that_role(security: Context) -> None:
    build.answer(security, "seen", comment="Sam said so")
    assert item(security).state is State.NOT_MET
    assert item(security).why == "answered by kim, waiting for approval by sam"
    assert command(item(security).step) == "workbench approve item/ready/seen"
    view = evaluate(security).checklists["ready"][0]
    assert view.answer is not None and view.answer.comment == "Sam said so"
    assert [fact.text for fact in views.standing(view, security.now)][-1] == item(security).why
    with pytest.raises(NotAllowed, match="waiting for approval by sam"):
        act(security, "robin", "seen")
    act(security, "sam", "seen")
    assert item(security).state is State.MET
    (said,) = security.record.all("approval")
    assert said.decode(Approval).role == "product-owner"


@pytest.mark.parametrize(("state", "more"), [("failed", {"comment": "no"}), ("open", {})])
def test_only_what_would_clear_an_item_waits(security: Context, state: str, more: dict[str, str]) -> None:
    build.answer(security, "seen")
    build.answer(security, "seen", state, **more)
    assert not evaluate(security).proposals


def test_answered_anew_it_waits_anew(security: Context) -> None:
    build.answer(security, "seen")
    act(security, "sam", "seen")
    build.answer(security, "seen", comment="looked again")
    assert item(security).state is State.NOT_MET


def test_answers_and_promises_of_the_first_format_are_about_a_release() -> None:
    kinds = {kind.name: kind for kind in (*checklists.ENTITIES, *gates.ENTITIES)}
    for name in ("answer", "promise"):
        lift = kinds[name].lift
        assert lift is not None
        lifted = lift(1, {"release": "R", "by": "kim"})
        assert lifted["subject"] == "release/R" and "release" not in lifted


def test_an_acceptance_that_waits_is_told_so_on_the_map_too(shop: Context) -> None:
    ident = accepted(shop)
    assert waiting(shop) == {ident: "accepted by kim, waiting for approval by robin, sam or jo"}
    act(shop, "jo", "smaller database")
    assert not waiting(shop)
