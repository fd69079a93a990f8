"""Signing: who may, what it rests on, what keeps it current, what makes it lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import building as build
from tests.building import add_flow, clear, gate, measured, sign, signature, who

from workbench.gates.model import GateState, State
from workbench.model.canonical import encode, sha256
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.usecases import acting, deciding, releasing, shipping, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation, evaluate


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


@pytest.fixture
def cleared(shop: Context) -> Context:
    clear(shop)
    return shop


@pytest.fixture
def signed(cleared: Context) -> Context:
    """Every gate signed."""
    sign(cleared, "benchmarks", "robin")
    sign(cleared, "go", "kim")
    sign(cleared, "go", "sam")
    assert [item.through for item in evaluate(cleared).gates] == [True] * 3
    return cleared


# --- who may sign what -------------------------------------------------------------------


def test_a_gate_is_signed_by_every_role_that_it_asks_for(cleared: Context) -> None:
    sign(cleared, "benchmarks", "robin")
    assert gate(cleared, "benchmarks").state is GateState.SIGNED
    sign(cleared, "go", "kim", comment="looks good")
    half = gate(cleared, "go")
    assert half.state is GateState.READY and not half.through
    assert [role.missing for role in half.roles] == [0, 1]
    sign(cleared, "go", "sam")
    assert gate(cleared, "go").state is GateState.SIGNED


def test_gates_are_signed_in_order(cleared: Context) -> None:
    with pytest.raises(NotAllowed, match="has not passed"):
        sign(cleared, "go", "kim")
    with pytest.raises(UsageError, match="needs no signatures"):
        sign(cleared, "ready", "kim")


def test_nothing_unmet_can_be_approved_but_it_can_be_rejected(shop: Context) -> None:
    with pytest.raises(NotAllowed, match="can't approve Benchmarks met yet"):
        sign(shop, "benchmarks", "robin")
    sign(shop, "benchmarks", "robin", "reject", "nothing was measured")
    assert gate(shop, "benchmarks").state is GateState.BLOCKED


def test_a_role_that_is_missing_cannot_sign(cleared: Context) -> None:
    with pytest.raises(NotAllowed, match="none of the roles"):
        sign(cleared, "benchmarks", "sam")
    with pytest.raises(UsageError, match="asks for no"):
        sign(cleared, "benchmarks", "robin", role="product-owner")
    with pytest.raises(NotAllowed, match="not among the people"):
        sign(cleared, "benchmarks", "stranger")


def test_the_author_may_not_sign_unless_the_policy_says_so(cleared: Context) -> None:
    context = build.rewrite(cleared, "roles: [developer]", "roles: [developer, staging-owner]")
    with pytest.raises(NotAllowed, match="wrote this candidate"):
        sign(context, "benchmarks", "jo")
    own = build.rewrite(
        context, "{roles: [{role: staging-owner}]}", "{roles: [{role: staging-owner}], own: true}"
    )
    sign(own, "benchmarks", "jo")
    assert gate(own, "benchmarks").through


def test_one_person_counts_once(cleared: Context) -> None:
    text = "{roles: [{role: release-owner}, {role: staging-owner}]}"
    context = build.rewrite(cleared, "{roles: [{role: staging-owner}]}", text)
    sign(context, "benchmarks", "robin", role="release-owner")
    sign(context, "benchmarks", "robin", role="staging-owner")
    assert [role.missing for role in gate(context, "benchmarks").roles] == [1, 0]
    two = build.rewrite(context, text, "{roles: [{role: release-owner, count: 2}]}")
    sign(two, "benchmarks", "robin")
    with pytest.raises(NotAllowed) as refused:
        sign(two, "benchmarks", "robin")
    assert refused.value.where == "still missing: release owner (kim or robin)"
    assert "workbench ask kim asks them" in str(refused.value.hint)
    assert gate(two, "benchmarks").roles[0].missing == 1
    sign(two, "benchmarks", "kim")
    assert gate(two, "benchmarks").through


def test_a_rejection_blocks_until_the_person_says_something_else(cleared: Context) -> None:
    with pytest.raises(UsageError, match="rejection needs a comment"):
        sign(cleared, "benchmarks", "robin", "reject")
    sign(cleared, "benchmarks", "robin", "reject", "the p95 was taken at night")
    blocked = gate(cleared, "benchmarks")
    assert blocked.state is GateState.BLOCKED and "taken at night" in blocked.requirements[-1].why
    sign(cleared, "benchmarks", "robin")
    assert gate(cleared, "benchmarks").through


def test_conditions_fall_due(cleared: Context) -> None:
    due = cleared.now + timedelta(hours=5)
    with pytest.raises(UsageError, match="state the conditions"):
        sign(cleared, "benchmarks", "robin", "approve_with_conditions")
    with pytest.raises(UsageError, match="give a due date for the conditions"):
        sign(cleared, "benchmarks", "robin", "approve_with_conditions", conditions="watch the queue")
    with pytest.raises(UsageError, match="in the future"):
        sign(
            cleared,
            "benchmarks",
            "robin",
            "approve_with_conditions",
            conditions="x",
            conditions_due=cleared.now,
        )
    sign(
        cleared,
        "benchmarks",
        "robin",
        "approve_with_conditions",
        conditions="watch the queue",
        conditions_due=due,
    )
    assert gate(cleared, "benchmarks").through
    late = signature(build.at(cleared, due), "benchmarks")
    assert late.currency is Currency.LAPSED and "watch the queue" in late.why
    assert not gate(build.at(cleared, due), "benchmarks").through


def test_a_signature_is_revoked_with_a_reason_by_its_owner(signed: Context) -> None:
    robin = who(signed, "robin")
    with pytest.raises(UsageError, match="needs a reason"):
        signing.revoke(robin, evaluate(robin), "benchmarks", " ")
    with pytest.raises(NotAllowed, match="only the person who signed"):
        signing.revoke(signed, evaluate(signed), "benchmarks", "not mine", person="robin")
    signing.revoke(robin, evaluate(robin), "benchmarks", "asked the wrong slot")
    assert signature(signed, "benchmarks").why == "revoked: asked the wrong slot"
    assert not gate(signed, "benchmarks").through
    assert gate(signed, "go").state is GateState.BLOCKED  # an earlier gate is open again
    with pytest.raises(UsageError, match="has not signed"):
        signing.revoke(robin, evaluate(robin), "benchmarks", "once more")


def test_signing_again_replaces_what_was_said_and_revoking_takes_all_of_it_back(signed: Context) -> None:
    robin = who(signed, "robin")
    with pytest.raises(NotAllowed, match="already gave this approval of Benchmarks met"):
        sign(signed, "benchmarks", "robin", comment="looked at again")
    sign(signed, "benchmarks", "robin", "reject", comment="looked at again")
    sign(signed, "benchmarks", "robin", comment="looked at once more")
    _, first, second = gate(signed, "benchmarks").signoffs
    assert (first.currency, second.currency) == (Currency.REPLACED, Currency.CURRENT)
    assert not first.counts
    signing.revoke(robin, evaluate(robin), "benchmarks", "the wrong slot")
    assert [view.currency for view in gate(signed, "benchmarks").signoffs] == [
        Currency.REPLACED,
        Currency.REPLACED,
        Currency.REVOKED,
    ]
    assert not gate(signed, "benchmarks").through
    with pytest.raises(UsageError, match="has not signed"):
        signing.revoke(robin, evaluate(robin), "benchmarks", "once more")


def test_nobody_waits_for_an_author_who_may_not_sign(cleared: Context) -> None:
    roles = {state.role: state.can for state in gate(cleared, "go").roles}
    assert "kim" in roles["release-owner"]
    releasing.propose(
        cleared, evaluate(cleared).held, Candidate(release="", number=0, commit="f" * 7, author="kim")
    )
    assert "kim" not in {state.role: state.can for state in gate(cleared, "go").roles}["release-owner"]


def test_what_was_shown_is_what_is_signed(cleared: Context) -> None:
    robin = who(cleared, "robin")
    shown = signing.prepare(robin, evaluate(robin), "benchmarks")
    measured(cleared, "p95", "0.56")  # a warning now
    with pytest.raises(NotAllowed, match="has changed in the meantime"):
        signing.sign(robin, shown, signing.Answer(decision=signing.Decision.APPROVE))
    kim = who(cleared, "kim")
    with pytest.raises(NotAllowed, match="shown to robin"):
        signing.sign(kim, shown, signing.Answer(decision=signing.Decision.APPROVE))
    assert gate(cleared, "benchmarks").signoffs == ()


def test_signing_judges_once_and_again_only_if_somebody_writes_meanwhile(
    cleared: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    robin = who(cleared, "robin")
    shown = signing.prepare(robin, evaluate(robin), "benchmarks")
    judged: list[str | None] = []
    meanwhile = [lambda: add_flow(cleared, "refund")]

    def judge(context: Context, release: str | None = None) -> Evaluation:
        judged.append(release)
        found = evaluate(context, release)
        if meanwhile:
            meanwhile.pop()()
        return found

    monkeypatch.setattr(acting, "evaluate", judge)
    signing.sign(robin, shown, signing.Answer(decision=signing.Decision.APPROVE))
    assert judged == ["2.0.0", "2.0.0"] and gate(cleared, "benchmarks").through
    judged.clear()
    again = signing.prepare(robin, evaluate(robin), "benchmarks")
    signing.sign(robin, again, signing.Answer(decision=signing.Decision.REJECT, comment="too early"))
    assert judged == ["2.0.0"]


def test_document_and_basis_are_kept_as_evidence(signed: Context) -> None:
    value = signature(signed, "go").signoff
    for digest in (value.shown, value.basis):
        blob = signed.record.blob(digest)
        assert blob is not None and sha256(blob.data) == digest
        assert encode(msgspec.json.decode(blob.data)) == blob.data  # canonical
    shown = msgspec.json.decode(signed.record.blob(value.shown).data)  # type: ignore[union-attr]
    assert shown["gate"] == "go" and shown["candidate"]["commit"] == build.SHA
    basis = msgspec.json.decode(signed.record.blob(value.basis).data)  # type: ignore[union-attr]
    assert basis["schema"] == "workbench.basis.2"
    assert {section.get("gate") for section in basis["sections"]} == {None, "benchmarks", "ready", "go"}
    assert (
        value.identity.startswith("asserted identity")
        and value.candidate == evaluate(signed).held.candidate_id
    )


def test_a_copy_is_made_after_each_signature(signed: Context) -> None:
    assert len(list((signed.data_folder / "backups").glob("*.db"))) == 3


# --- what leaves a signature current -----------------------------------------------------


def test_anothers_signature_and_comments_leave_it_current(signed: Context) -> None:
    sign(signed, "go", "robin", comment="me too")
    deciding.freeze(signed, "an incident")
    deciding.lift_freeze(signed, "it is over")
    build.answer(signed, "notes", comment="another word about it")
    assert {view.currency for view in gate(signed, "go").signoffs} == {Currency.CURRENT}


def test_a_refetch_with_the_same_outcome_counts(signed: Context) -> None:
    measured(signed, "p95", "0.47")
    after = build.later(signed, hours=73)  # no longer pinned
    for context, subject in ((after, "p95"), (after, "errors")):
        measured(context, subject, "0.5" if subject == "errors" else "0.48")
    measured(after, "p95", "0.45", role="baseline")
    view = signature(after, "benchmarks")
    assert view.currency is Currency.NEWER_EVIDENCE and view.counts
    assert gate(after, "benchmarks").through


def test_a_policy_may_refuse_newer_evidence(cleared: Context) -> None:
    text = "{roles: [{role: staging-owner}], newer_evidence: false, open_for: 1h}"
    context = build.rewrite(cleared, "{roles: [{role: staging-owner}]}", text)
    sign(context, "benchmarks", "robin")
    after = build.later(context, hours=2)
    assert signature(after, "benchmarks").currency is Currency.CURRENT
    measured(after, "p95", "0.47")
    view = signature(after, "benchmarks")
    assert view.currency is Currency.OUT_OF_DATE and "signing again" in view.why
    assert not gate(after, "benchmarks").through


# --- what makes it out of date, and the reason names exactly that ------------------------


def why_not(context: Context) -> tuple[Currency, str]:
    """The state of the final gate's signature."""
    view = signature(context, "go")
    assert not view.counts and not gate(context, "go").through
    return view.currency, view.why


def test_a_verdict_that_flips(signed: Context) -> None:
    measured(signed, "p95", "0.9")
    assert why_not(signed) == (Currency.OUT_OF_DATE, "out of date: Checkout p95: pass → fail")
    assert signature(signed, "benchmarks").why == "out of date: Checkout p95: pass → fail"
    measured(signed, "p95", "0.46")
    assert signature(signed, "go").counts


def test_an_item_whose_text_was_edited(signed: Context) -> None:
    context = build.rewrite(signed, "check: Read them.", "check: Read them twice.", "ready.yaml")
    assert why_not(context)[1] == "out of date: the wording of item “Notes are written” was edited"
    assert signature(context, "benchmarks").currency is Currency.CURRENT


def test_an_item_that_was_answered_otherwise(signed: Context) -> None:
    build.answer(signed, "notes", "failed", comment="two are missing")
    assert why_not(signed)[1] == "out of date: item “Notes are written”: done → failed"


def test_a_new_candidate(signed: Context) -> None:
    releasing.propose(signed, evaluate(signed).held, Candidate(release="", number=0, commit=build.SHA_2))
    expected = "out of date: a new candidate: rc1 7c4e19f → rc2 a1b2c3d"
    assert [signature(signed, key).why for key in ("benchmarks", "go")] == [expected] * 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass: <= 1 %", "pass: <= 2 %"),
        ("query: down", "query: rate(down)"),
        (
            "    pass: <= 1 %\n    mode: blocking\n    max_age: 24h",
            "    pass: <= 1 %\n    mode: blocking\n    max_age: 48h",
        ),
    ],
)
def test_a_benchmark_that_was_changed(signed: Context, old: str, new: str) -> None:
    context = build.rewrite(signed, old, new)
    expected = "out of date: benchmark “Checkout errors” was changed"
    assert [signature(context, key).why for key in ("benchmarks", "go")] == [expected] * 2


def test_a_title_is_no_change(signed: Context) -> None:
    context = build.rewrite(signed, "title: Checkout errors", "title: Errors at checkout")
    assert signature(context, "go").currency is Currency.CURRENT


def test_a_benchmark_that_is_new_or_gone(signed: Context) -> None:
    text = "  - {key: more, flow: checkout, title: More, measure: {source: hand}, mode: advisory}\ngates:\n"
    context = build.rewrite(signed, "gates:\n", text)
    assert "benchmark “More” was added" in why_not(context)[1]


def test_a_difference_that_is_new_or_decided_otherwise(signed: Context) -> None:
    ident = build.add_difference(signed)
    assert "difference “smaller database” was added" in why_not(signed)[1]
    build.decide(signed, ident, "mitigate", mitigation="watch it")
    sign(signed, "go", "kim")
    build.decide(signed, ident, "accept", reason="small enough", until=signed.now + timedelta(days=9))
    view = next(v for v in reversed(gate(signed, "go").signoffs) if v.signoff.person == "kim")
    assert view.why == "out of date: difference “smaller database”: mitigated → accepted"


def test_small_differences_are_out_of_scope(signed: Context) -> None:
    build.add_difference(signed, severity="low")
    assert signature(signed, "go").currency is Currency.CURRENT


def test_an_override(signed: Context) -> None:
    measured(signed, "p95", "0.9")
    until = signed.now + timedelta(days=2)
    build.override(
        signed, evaluate(signed), "p95", reason="known, small, watched", approver="robin", until=until
    )
    assert "“Checkout p95” was overridden: known, small, watched" in {
        change.words for change in signature(signed, "go").changes
    }


def test_the_policy_of_the_gate(signed: Context) -> None:
    context = build.rewrite(
        signed, "{roles: [{role: staging-owner}]}", "{roles: [{role: staging-owner}], own: true}"
    )
    assert signature(context, "benchmarks").why == "out of date: the signing policy of this gate was changed"


def test_a_requirement_of_the_gate_itself(signed: Context) -> None:
    deciding.freeze(signed, "an incident")
    assert why_not(signed)[1] == "out of date: requirement “Not frozen”: met → not met"
    context = build.rewrite(
        signed, "      - not_frozen: {}\n", "      - not_frozen: {}\n      - inventory: {}\n"
    )
    assert "requirement “Flow inventory filled” was added" in {
        c.words for c in signature(context, "go").changes
    }


# --- what makes it lapse -----------------------------------------------------------------


def test_it_lapses_by_age_after_the_deadline_and_not_before(signed: Context) -> None:
    open_ = build.later(signed, hours=71)
    assert [item.through for item in evaluate(open_).gates] == [True] * 3
    closed = build.later(signed, hours=73)
    currency, why = why_not(closed)
    assert currency is Currency.LAPSED and why.startswith("lapsed: Checkout errors: pass → too old")


def test_it_lapses_when_an_override_ends(cleared: Context) -> None:
    measured(cleared, "errors", "1.5")
    until = cleared.now + timedelta(hours=6)
    build.override(
        cleared, evaluate(cleared), "errors", reason="one noisy client", approver="robin", until=until
    )
    sign(cleared, "benchmarks", "robin")
    assert gate(cleared, "benchmarks").through
    view = signature(build.at(cleared, until), "benchmarks")
    assert view.currency is Currency.LAPSED
    assert view.why == "lapsed: the override of “Checkout errors” has ended"
    deciding.lift_override(cleared, evaluate(cleared), "errors", "it was fixed")
    lifted = signature(cleared, "benchmarks")
    assert lifted.currency is Currency.OUT_OF_DATE and "was lifted" in lifted.why


def test_it_lapses_when_an_accepted_difference_ends(cleared: Context) -> None:
    until = cleared.now + timedelta(hours=6)
    ident = build.add_difference(cleared)
    build.decide(cleared, ident, "accept", reason="small enough", until=until)
    sign(cleared, "benchmarks", "robin")
    sign(cleared, "go", "kim")
    view = signature(build.at(cleared, until), "go")
    assert (view.currency, view.why) == (
        Currency.LAPSED,
        "lapsed: the decision on “smaller database” has ended",
    )


def test_it_lapses_when_a_change_freeze_begins(cleared: Context) -> None:
    context = build.rewrite(cleared, "      - not_frozen: {}\n", "      - outside_change_freeze: {}\n")
    context = build.rewrite(
        context,
        "gates:\n",
        "change_freezes:\n  - {first: 2026-09-17, last: 2026-09-20, reason: fair}\ngates:\n",
    )
    sign(context, "benchmarks", "robin")
    sign(context, "go", "kim")
    view = signature(build.later(context, days=2), "go")
    assert view.currency is Currency.LAPSED and "Outside change-freeze dates" in view.why


# --- pinning -----------------------------------------------------------------------------


def test_while_it_is_open_newer_figures_with_the_same_outcome_do_not_move_it(signed: Context) -> None:
    ref = measured(signed, "p95", "0.48")
    measured(signed, "p95", "0.47", role="baseline")
    found = build.verdict(signed, "p95")
    assert (str(found.value.value), str(found.baseline_value)) == ("0.46", "0.45")
    assert "measured again since, with the same result" in found.remarks
    assert signature(signed, "go").currency is Currency.CURRENT
    late = build.later(signed, hours=73)
    assert build.verdict(late, "p95").value.ref == ref


def test_a_pinned_measurement_that_was_invalidated_counts_no_more(signed: Context) -> None:
    ref = build.verdict(signed, "p95").value.ref
    measured(signed, "p95", "0.47")
    deciding.invalidate(signed, ref, "the wrong slot was asked")
    assert str(build.verdict(signed, "p95").value.value) == "0.47"
    assert signature(signed, "go").currency is Currency.NEWER_EVIDENCE


def test_a_verdict_that_flips_is_shown_at_once_and_does_not_age_away(signed: Context) -> None:
    measured(signed, "p95", "0.9")
    for hours in (0, 60):
        assert (
            signature(build.later(signed, hours=hours), "go").why == "out of date: Checkout p95: pass → fail"
        )


def test_what_is_too_old_when_sign_off_opens_is_not_made_young(cleared: Context) -> None:
    old = build.later(cleared, hours=30)
    sign(old, "benchmarks", "robin", "reject", "far too old")
    assert {build.verdict(old, key).verdict for key in ("p95", "errors")} == {"stale"}
    assert build.requirement(old, "benchmarks", "benchmarks").state is State.NOT_MET


def test_another_releases_value_never_takes_the_pinned_ones_place(cleared: Context) -> None:
    context = build.rewrite(cleared, "    pass: within", "    baseline: last good release\n    pass: within")
    before = build.later(context, days=-30)
    releasing.plan(
        before, releasing.Release(version="1.0.0"), Candidate(release="", number=0, commit=build.SHA_2)
    )
    measured(before, "p95", "0.45", release="1.0.0")
    shipping.ship(before, "1.0.0", reason="the vendor switches off")
    context = msgspec.structs.replace(context, release="2.0.0")
    sign(context, "benchmarks", "robin")
    measured(context, "p95", "0.48")
    found = build.verdict(context, "p95")
    assert (str(found.value.value), str(found.baseline_value)) == ("0.46", "0.45")
    assert signature(context, "benchmarks").currency is Currency.CURRENT


def test_a_test_run_does_not_age_while_it_is_open(cleared: Context) -> None:
    context = build.rewrite(
        cleared, "      - tests_green: reports\n", "      - tests_green: {source: reports, max_age: 1h}\n"
    )
    sign(context, "benchmarks", "robin")
    sign(context, "go", "kim")
    assert build.requirement(build.later(context, hours=70), "ready", "tests_green").state is State.MET
    late = build.later(context, hours=73)
    assert "too old" in build.requirement(late, "ready", "tests_green").why


# --- a shipped release is frozen ---------------------------------------------------------


def test_a_shipped_release_is_frozen(signed: Context) -> None:
    shipping.ship(signed, run="run 7")
    late = build.later(signed, days=60)
    assert [item.through for item in evaluate(late).gates] == [True] * 3
    shown = evaluate(late)
    for act in (
        lambda: sign(late, "go", "robin"),
        lambda: signing.revoke(who(late, "sam"), shown, "go", "second thoughts"),
        lambda: build.answer(late, "notes", "failed", comment="late"),
        lambda: deciding.lift_override(late, shown, "p95", "late"),
        lambda: build.propose_override(
            late, shown, "p95", reason="late, very late", approver="robin", until=late.now + timedelta(1)
        ),
        lambda: releasing.propose(late, shown.held, Candidate(release="", number=0, commit=build.SHA_2)),
        lambda: releasing.edit(late, shown.held, shown.held.release),
    ):
        with pytest.raises(NotAllowed, match="frozen"):
            act()


def test_what_is_shipped_between_showing_and_signing_is_not_signed(cleared: Context) -> None:
    robin = who(cleared, "robin")
    before = evaluate(robin)
    shown = signing.prepare(robin, before, "benchmarks")
    shipping.ship(cleared, reason="the vendor switches off")
    with pytest.raises(NotAllowed, match="frozen"):
        signing.sign(robin, shown, signing.Answer(decision=signing.Decision.APPROVE))


# --- the clock is not in the basis -------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.integers(0, 23 * 3600))
def test_another_moment_within_the_ages_gives_the_same_basis(cleared: Context, seconds: int) -> None:
    then = evaluate(cleared).bases.of("go")
    now = evaluate(build.later(cleared, seconds=seconds)).bases.of("go")
    assert (now.digest, now.evidence) == (then.digest, then.evidence)


IRRELEVANT = st.sampled_from(
    [
        "comment",
        "low difference",
        "other flow",
        "promise",
        "same outcome",
        "signature",
        "release text",
        "person",
    ]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(IRRELEVANT, max_size=4), number=st.integers(0, 10**9))
def test_what_does_not_matter_never_changes_the_basis(cleared: Context, acts: list[str], number: int) -> None:
    before = {key: evaluate(cleared).bases.of(key).digest for key in ("benchmarks", "ready", "go")}
    context = cleared
    for place, act in enumerate(acts):
        name = f"{number}-{place}-{cleared.record.head.seq}"
        if act == "comment":
            build.answer(context, "notes", comment=name)
        elif act == "low difference":
            build.add_difference(context, name, severity="medium")
        elif act == "other flow":
            build.add_flow(context, f"flow-{name}")
        elif act == "promise":
            deciding.promise(context, evaluate(context), "sign/go/product-owner", "sam", None, name)
        elif act == "same outcome":
            measured(context, "errors", f"0.{number % 9 + 1}")
        elif act == "signature":
            sign(context, "benchmarks", "robin", "reject", comment=f"no: {name}")
            sign(context, "benchmarks", "robin", comment=name)
        elif act == "release text":
            held = evaluate(context).held
            releasing.edit(context, held, msgspec.structs.replace(held.release, summary=name))
        else:
            context = build.rewrite(context, "name: Jo", "name: Jo B.")
            context = build.rewrite(context, "name: Jo B.", "name: Jo")
    after = {key: evaluate(context).bases.of(key).digest for key in before}
    assert after == before
