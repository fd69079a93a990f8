"""Whose word counts: roles that are gone, a no that stays, sending back, and dismissing with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests import building as build
from tests.building import clear, gate, requirement, sign, signature, who

from workbench.gates.model import GateState
from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import excerpts, releasing, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options

ROBIN = "{key: robin, name: Robin, roles: [release-owner, staging-owner]}"
WITHOUT = f"{ROBIN.replace(', staging-owner', '')}\n  - {{key: ron, name: Ron, roles: [staging-owner]}}"
RON = "{key: ron, name: Ron, roles: [staging-owner]}"
KIM = "{key: kim, name: Kim, roles: [release-owner]}"
TWO = KIM.replace("release-owner", "release-owner, staging-owner")


@pytest.fixture
def cleared(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        clear(context)
        yield context


# --- roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (WITHOUT, "robin no longer has the role staging-owner"),
        (
            RON,
            "robin is no longer listed under people: in this project",
        ),
    ],
)
def test_a_signature_counts_only_while_its_person_has_the_role(cleared: Context, line: str, why: str) -> None:
    sign(cleared, "benchmarks", "robin")
    changed = build.rewrite(cleared, ROBIN, line)
    view = signature(changed, "benchmarks")
    assert (view.currency, view.why, view.counts) == (Currency.WITHOUT_ROLE, why, False)
    assert not gate(changed, "benchmarks").through
    back = build.rewrite(changed, line, ROBIN)
    assert signature(back, "benchmarks").counts and gate(back, "benchmarks").through


def test_a_role_that_was_given_for_one_signature_counts_no_longer_than_the_file_says(
    cleared: Context,
) -> None:
    given = build.rewrite(cleared, KIM, TWO)
    sign(given, "benchmarks", "kim")
    assert gate(given, "benchmarks").through
    restored = build.rewrite(given, TWO, KIM)
    assert not gate(restored, "benchmarks").through
    assert signature(restored, "benchmarks").why == "kim no longer has the role staging-owner"


def test_an_approval_by_whom_the_author_turned_out_to_be_does_not_count(tmp_path: Path) -> None:
    anybody = build.SHOP.replace("own: false", "own: true").replace("owner}]}", "owner}], own: true}")
    with build.shop(tmp_path / "shop", anybody) as context:
        held = evaluate(context).held
        releasing.propose(context, held, Candidate(release="", number=0, commit="a1b2c3d4"))
        clear(context)
        sign(context, "benchmarks", "robin")
        sign(context, "go", "kim")
        named = Candidate(release="", number=0, commit="a1b2c3d4", author="kim")
        releasing.propose(context, evaluate(context).held, named)
        assert signature(context, "go").counts
        strict = build.rewrite(
            context, "{role: product-owner}], own: true", "{role: product-owner}], own: false"
        )
        assert signature(strict, "go").why == "kim wrote this build and cannot approve it"


# --- a no -------------------------------------------------------------------------------------


def test_a_gate_is_sent_back_until_the_person_answers_anew(cleared: Context) -> None:
    with pytest.raises(UsageError, match="say what you need"):
        sign(cleared, "benchmarks", "robin", "send_back")
    with pytest.raises(UsageError, match="no person “joe”"):
        sign(cleared, "benchmarks", "robin", "send_back", needed="the load test", needed_from="joe")
    sign(cleared, "benchmarks", "robin", "send_back", needed="the load test again", needed_from="jo")
    found = gate(cleared, "benchmarks")
    assert found.state is GateState.BLOCKED
    assert found.requirements[-1].parts[0].why == "sent back by robin: needs the load test again, from jo"
    assert found.roles[0].missing == 1
    sign(cleared, "benchmarks", "robin")
    assert gate(cleared, "benchmarks").through


@pytest.mark.parametrize("decision", ["reject", "send_back"])
def test_a_no_outlives_its_person_and_their_role(cleared: Context, decision: str) -> None:
    sign(cleared, "benchmarks", "robin", decision, "a fault", needed="a mended build")
    for line in (WITHOUT, RON):
        changed = build.rewrite(cleared, ROBIN, line)
        found = gate(changed, "benchmarks")
        assert found.state is GateState.BLOCKED and "robin" in found.requirements[-1].parts[0].why
        assert found.requirements[-1].parts[0].step.job == "dismiss"
        build.rewrite(changed, line, ROBIN)


def test_a_no_is_dismissed_by_another_person_of_the_role_with_a_reason(cleared: Context) -> None:
    two = build.rewrite(cleared, KIM, TWO)
    sign(two, "benchmarks", "robin", "reject", "a fault")
    kim = who(two, "kim")
    with pytest.raises(NotAllowed, match="only another staging-owner"):
        signing.dismiss(who(two, "sam"), evaluate(two), "benchmarks", "robin", "it is mended now")
    with pytest.raises(NotAllowed, match="wrote this candidate"):
        signing.dismiss(who(two, "jo"), evaluate(two), "benchmarks", "robin", "it is mended now")
    with pytest.raises(UsageError, match="your own answer"):
        signing.dismiss(who(two, "robin"), evaluate(two), "benchmarks", "robin", "it is mended now")
    with pytest.raises(UsageError, match="reason"):
        signing.dismiss(kim, evaluate(kim), "benchmarks", "robin", "TBD")
    with pytest.raises(UsageError, match="no answer by sam"):
        signing.dismiss(kim, evaluate(kim), "benchmarks", "sam", "it is mended now")
    done = signing.dismiss(kim, evaluate(kim), "benchmarks", "robin", "it is mended now")
    view = signature(two, "benchmarks")
    assert (view.currency, view.why) == (Currency.DISMISSED, "dismissed by kim: it is mended now")
    assert not view.stops and gate(two, "benchmarks").state is GateState.READY
    stored = two.record.get("dismissal", done.touched[0][1])
    assert stored is not None
    blob = two.record.blob(msgspec.json.decode(stored.value)["statement"])
    assert blob is not None
    statement = read_statement(blob.data)
    assert (statement.act, statement.person, statement.subject) == (Act.DISMISS, "kim", view.stored.base)
    with pytest.raises(UsageError, match="no answer by robin"):
        signing.dismiss(kim, evaluate(kim), "benchmarks", "robin", "it is mended now")
    sign(two, "benchmarks", "kim")
    assert gate(two, "benchmarks").through


def test_a_dismissal_counts_only_while_its_person_has_the_role(cleared: Context) -> None:
    two = build.rewrite(cleared, KIM, TWO)
    sign(two, "benchmarks", "robin", "reject", "a fault")
    kim = who(two, "kim")
    signing.dismiss(kim, evaluate(kim), "benchmarks", "robin", "it is mended now")
    restored = build.rewrite(two, TWO, KIM)
    assert gate(restored, "benchmarks").state is GateState.BLOCKED


def test_every_no_is_told(cleared: Context) -> None:
    two = build.rewrite(cleared, KIM, TWO)
    sign(two, "benchmarks", "robin", "reject", "a fault")
    sign(two, "benchmarks", "kim", "send_back", needed="the load test again")
    parts = requirement(two, "benchmarks", "signatures").parts
    assert [part.key for part in parts][:2] == ["rejection/benchmarks/robin", "rejection/benchmarks/kim"]


# --- what is kept --------------------------------------------------------------------------------


def test_a_signature_keeps_its_statement_with_the_documents_that_it_names(cleared: Context) -> None:
    sign(cleared, "benchmarks", "robin", "reject", "a fault")
    before = signature(cleared, "benchmarks").stored.id
    sign(cleared, "benchmarks", "robin", comment="mended")
    value = signature(cleared, "benchmarks").signoff
    blob = cleared.record.blob(value.statement)
    assert blob is not None
    said = read_statement(blob.data)
    assert (said.act, said.person, said.role, said.decision, said.words) == (
        Act.SIGN, "robin", "staging-owner", "approve", "mended",
    )  # fmt: skip
    assert said.replaces == value.replaces == (before,)
    assert said.meaning == value.meaning and said.commit == build.SHA
    for digest in (said.shown, said.basis, said.definitions):
        assert cleared.record.blob(digest) is not None


def test_who_has_answered_meanwhile_looks_again(cleared: Context) -> None:
    robin = who(cleared, "robin")
    shown = signing.prepare(robin, evaluate(robin), "benchmarks")
    sign(cleared, "benchmarks", "robin", "reject", "a fault")
    with pytest.raises(NotAllowed, match="answered this gate in the meantime"):
        signing.sign(robin, shown, signing.Answer(decision=signing.Decision.APPROVE))
    assert gate(cleared, "benchmarks").state is GateState.BLOCKED


# --- from an excerpt ------------------------------------------------------------------------------


def test_an_excerpt_is_judged_by_the_same_people_and_keeps_every_no(cleared: Context, tmp_path: Path) -> None:
    """CI has no record, only the excerpt and the files: what counts is what these files say."""
    given = build.rewrite(cleared, KIM, TWO)
    sign(given, "benchmarks", "kim")
    sign(given, "benchmarks", "robin", "reject", "a fault")
    file = tmp_path / "ci.excerpt.jsonl"
    file.write_bytes(excerpts.excerpt(given))
    kim = who(given, "kim")
    signing.dismiss(kim, evaluate(kim), "benchmarks", "robin", "it is mended now")
    after = tmp_path / "later.excerpt.jsonl"
    after.write_bytes(excerpts.excerpt(given))
    for path, text, told in (
        (file, TWO, (GateState.BLOCKED, True, True)),
        (after, TWO, (GateState.SIGNED, True, False)),
        (after, KIM, (GateState.BLOCKED, False, True)),
    ):
        build.write(cleared.root, build.SHOP.replace(KIM, text))
        context = build.at(excerpts.from_excerpt(Options(project=cleared.root), path), build.NOW)
        with closing(context.record):
            found = gate(context, "benchmarks")
            kims, robins = found.signoffs
            assert (found.state, kims.counts, robins.stops) == told
