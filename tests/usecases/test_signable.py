"""What ``check`` proves of signatures beforehand, and which exceptions have outlived their release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests import building as build
from tests.building import later
from tests.definitions.test_persons import key
from tests.usecases.policies import PEOPLE, lend, opened, project

from workbench.definitions import Definitions
from workbench.model.errors import Problem
from workbench.parity.decisions import Decision
from workbench.releases.model import Outcome
from workbench.signoff.delegations import delegations
from workbench.usecases import releasing
from workbench.usecases.evaluate import evaluate
from workbench.usecases.outliving import outlived
from workbench.usecases.project import Options, read_definitions
from workbench.usecases.signable import doubts, signable
from workbench.usecases.stuck_seats import stuck

NOON = datetime(2026, 9, 15, 10, tzinfo=UTC)
TWO = "{roles: [{role: owner}, {role: security}]}"
ALONE = PEOPLE.replace("[security]", "[developer]")


def read(root: Path, *policies: str, people: str = PEOPLE) -> Definitions:
    build.write(root, project(*policies, people=people))
    return read_definitions(Options(project=root))[1]


def told(definitions: Definitions, now: datetime = NOON) -> list[Problem]:
    return list(doubts(definitions, signable(definitions, now)))


def test_a_gate_that_can_be_signed_says_by_whom_for_example(tmp_path: Path) -> None:
    (one,) = signable(read(tmp_path, TWO), NOON)
    assert one.ok and one.words == "can be signed, for example by kim as owner, robin as security"
    assert told(read(tmp_path, TWO)) == []


def test_two_roles_of_one_person_are_a_mistake_at_the_line_of_the_policy(tmp_path: Path) -> None:
    alone = ALONE.replace("kim, name: Kim, roles: [owner]", "kim, name: Kim")
    found = read(tmp_path, TWO, people=alone)
    (problem,) = told(found)
    assert (
        problem.what
        == "the gate one can never be signed: owner and security need 2 people, but only robin has them"
    )
    assert problem.severity == "error"
    assert problem.line == found.mark("gate", "one").line  # type: ignore[union-attr]


def test_who_cannot_be_done_without_is_named_with_their_next_absence(tmp_path: Path) -> None:
    away = ALONE.replace(
        "[owner, security]", "[owner, security], away: [{from: 2026-12-03, until: 2026-12-09}]"
    )
    (one,) = signable(read(tmp_path, TWO, people=away), NOON)
    assert one.words == "can be signed only by kim as owner, robin as security: robin (away from 3 Dec)"
    assert "only with robin (away from 3 Dec) the gate one can be signed" in [
        p.what for p in told(read(tmp_path, TWO, people=away))
    ]


def test_while_they_are_away_it_cannot_be_signed_and_a_delegation_helps(tmp_path: Path) -> None:
    away = ALONE.replace(
        "[owner, security]", "[owner, security], away: [{from: 2026-09-10, until: 2026-09-20}]"
    )
    with opened(tmp_path / "p", project(TWO, people=away)) as context:
        definitions = context.definitions
        words = "the gate one cannot be signed now: security needs a person, and nobody who can sign has it (robin is away until 20 Sep)"
        assert [(p.what, p.severity) for p in told(definitions)] == [(words, "warning")]
        assert signable(definitions, NOON + timedelta(days=6))[0].ok
        lend(context, "robin", "security", "ada")
        found = signable(definitions, NOON, [value for _, value in delegations(context.record)])
        assert found[0].ok and ("security", "ada for robin") in found[0].filled


def test_where_everybody_is_needed_a_build_of_theirs_cannot_be_signed(tmp_path: Path) -> None:
    """Each role has one person more than it asks for, and still all three have to sign."""
    people = PEOPLE.replace("sam, name: Sam, roles: [security]", "sam, name: Sam")
    found = read(tmp_path, "{roles: [{role: owner}, {role: security}]}", people=people)
    assert "nobody can sign the gate one if kim wrote the build" in [problem.what for problem in told(found)]


def test_a_gate_that_asks_for_keys_needs_people_who_have_one_that_is_valid(tmp_path: Path) -> None:
    policy = "{roles: [{role: security}], require_signature: true}"
    (problem,) = told(read(tmp_path, policy))
    assert problem.what.endswith(
        "nobody who can sign has it (robin has no SSH key in the project file, sam has no SSH key in the project file)"
    )
    keyed = PEOPLE.replace("[security]", f"[security], keys: [{{key: {key(1)}, until: 2026-11-30}}]")
    found = read(tmp_path, policy, people=keyed)
    assert "only with sam (no key is valid after 30 Nov) the gate one can be signed" in [
        p.what for p in told(found)
    ]
    assert "sam has no SSH key that is valid then" in told(found, NOON + timedelta(days=100))[0].what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("requires: [{outside_change_freeze: {}}]", "there are no change_freezes, so this can never fail"),
        (
            "requires: [{advisory_score: {pass: 0, warn: 0}}]",
            "every score is at least 0, so this can never fail",
        ),
        (
            "requires: [{advisory_score: {pass: 80, warn: 80}}]",
            "it can never warn: warn and pass are both 80",
        ),
        (
            "escalate: {after: 1d, to: owner}",
            "the gate two asks for nothing, so nothing of it is ever escalated",
        ),
        (
            "sign: {roles: [{role: owner}], apart_from: [three]}",
            "nobody signs the gate three, so being apart from it can never matter",
        ),
    ],
)
def test_rules_that_can_never_fail_and_warnings_that_can_never_fire(
    tmp_path: Path, text: str, said: str
) -> None:
    gates = f"gates:\n  - {{key: two, title: Two, {text}}}\n  - {{key: three, title: Three, requires: [not_frozen: {{}}]}}\n"
    build.write(tmp_path, project().replace("gates:\n", gates))
    assert said in [problem.what for problem in read_definitions(Options(project=tmp_path))[1].warnings]


def test_where_only_the_author_has_a_role_check_names_the_gate(tmp_path: Path) -> None:
    """The files allow it, for the builds of others."""
    with opened(tmp_path / "p", project(TWO, people=ALONE), author="robin") as context:
        assert signable(context.definitions, NOON)[0].ok
        (words,) = stuck(context)
        assert words.startswith(
            "one of 2.0.0 rc1 cannot be signed: security needs a person, and nobody who can"
        )
        assert "robin wrote the build" in words
    with opened(tmp_path / "q", project(TWO, people=ALONE), author="jo") as context:
        assert list(stuck(context)) == []


# --- exceptions that outlive their release -------------------------------------------------------


def test_an_acceptance_and_an_override_that_outlive_their_release_are_told(tmp_path: Path) -> None:
    with build.shop(tmp_path / "shop", stated=False) as context:
        ident = build.add_difference(context, until=None)
        build.decide(
            context,
            ident,
            "accept",
            reason="we can live with a smaller one",
            until=later(context, days=90).now,
        )
        build.measured(context, "errors", "3")
        build.override(
            context, evaluate(context), "errors", reason="known and being mended", approver="robin",
            until=later(context, days=30).now,
        )  # fmt: skip
        assert list(outlived(context)) == []
        after = later(context, days=2)
        held = evaluate(after).held
        releasing.end(after, held, Outcome.ABANDONED, reason="the new gateway is not ready")
        words = list(outlived(later(context, days=3)))
        assert words[0].startswith("the override of “Checkout errors” holds until 15 Oct")
        assert words[1].startswith("the acceptance of “smaller database” holds until 14 Dec")
        assert all("2.0.0, for which it was made, was abandoned on 17 Sep" in one for one in words)
        assert list(outlived(later(context, days=91))) == []
        assert Decision.ACCEPT.value == "accept"
