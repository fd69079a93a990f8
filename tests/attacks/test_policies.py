"""Attacks by the wrong people: satisfying a gate with fewer of them, or with others, than it asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.building import later, who
from tests.usecases.policies import PEOPLE, gate, lend, opened, project, sign

from workbench.model.errors import DefinitionError, NotAllowed
from workbench.releases.model import Candidate
from workbench.usecases import delegating, releasing, signing, undoing
from workbench.usecases.conditions_kept import keep
from workbench.usecases.evaluate import evaluate
from workbench.usecases.project import Options, read_definitions

TWO = "{roles: [{role: owner}, {role: security}]}"


def test_one_person_listed_twice_to_fill_two_seats(tmp_path: Path) -> None:
    """One person is listed under two names with an address in other letters, to sign as two.

    The files are refused: an address belongs to one entry, in any case and any spelling of Unicode.
    """
    twice = PEOPLE + "  - {key: kim2, name: K. I. Miller, roles: [security], also: [KIM@Shop.example]}\n"
    people = twice.replace("kim, name: Kim,", "kim, name: Kim, email: kim@shop.example,")
    build.write(tmp_path, project(TWO, people=people))
    with pytest.raises(DefinitionError, match="kim and kim2 have the same e-mail address"):
        read_definitions(Options(project=tmp_path))


def test_one_person_with_every_role_signs_alone(tmp_path: Path) -> None:
    """One person has both roles that a gate asks for and signs in each of them.

    A person fills one seat of a gate: the second answer replaces the first.
    """
    everything = PEOPLE.replace("kim, name: Kim, roles: [owner]", "kim, name: Kim, roles: [owner, security]")
    with opened(tmp_path / "p", project(TWO, people=everything)) as context:
        sign(context, "one", "kim", role="owner")
        sign(context, "one", "kim", role="security")
        assert not gate(context, "one").through
        assert sum(view.counts for view in gate(context, "one").signoffs) == 1


def test_the_author_approves_under_a_second_address(tmp_path: Path) -> None:
    """A build's author is known to git by a private address and approves their own build.

    Addresses under also: are the person's own, in any case.
    """
    also = PEOPLE.replace(
        "kim, name: Kim,", "kim, name: Kim, email: kim@shop.example, also: [kim@home.example],"
    )
    with (
        opened(tmp_path / "p", project(TWO, people=also), author="KIM@home.example") as context,
        pytest.raises(NotAllowed, match="wrote this candidate"),
    ):
        sign(context, "one", "kim")


def test_a_delegation_to_the_author_of_the_build(tmp_path: Path) -> None:
    """Who may not approve their own build has somebody's seat delegated to them.

    The author neither gets nor gives a seat where the gate says own: false.
    """
    with opened(tmp_path / "p", project(TWO), author="ada") as context:
        lend(context, "sam", "security", "ada")
        with pytest.raises(NotAllowed, match="wrote this candidate"):
            sign(context, "one", "ada", for_person="sam")
        assert "ada" not in gate(context, "one").roles[1].can


def test_a_delegation_that_makes_one_person_two(tmp_path: Path) -> None:
    """Somebody signs for themselves and, by a delegation, for somebody else.

    The delegate counts once for the gate: the later answer replaces the earlier one.
    """
    with opened(tmp_path / "p", project(TWO)) as context:
        lend(context, "sam", "security", "kim")
        sign(context, "one", "kim")
        sign(context, "one", "kim", for_person="sam")
        assert not gate(context, "one").through


def test_a_delegation_is_passed_on_or_used_after_its_end(tmp_path: Path) -> None:
    """Who got a delegation passes it on, and uses it after its end.

    Only what the files give can be delegated, and an answer needs a delegation in force at its moment.
    """
    with opened(tmp_path / "p", project(TWO)) as context:
        lend(context, "sam", "security", "ada", days=1)
        with pytest.raises(NotAllowed, match="cannot be passed on"):
            lend(context, "ada", "security", "jo")
        with pytest.raises(NotAllowed, match="is over"):
            sign(later(context, days=2), "one", "ada", for_person="sam")


def test_the_delegate_undoes_the_end_of_a_delegation(tmp_path: Path) -> None:
    """A delegation was ended early, and the person who had it undoes that.

    Somebody else's act is not undone by them.
    """
    with opened(tmp_path / "p", project(TWO)) as context:
        lend(context, "sam", "security", "ada")
        ended = delegating.end(who(context, "sam"), "ada", "back since this morning")
        with pytest.raises(NotAllowed, match="only sam can undo this"):
            undoing.undo(who(context, "ada"), ended.change_id)
        assert "ada" not in gate(context, "one").roles[1].can


def test_one_person_signs_both_gates_that_have_to_be_apart(tmp_path: Path) -> None:
    """Who has signed the step into staging signs the step into production as well.

    apart_from refuses it, and a signature that is there already does not count.
    """
    apart = ("{roles: [{role: owner}]}", "{roles: [{role: security}], apart_from: [one]}")
    with opened(tmp_path / "p", project(*apart)) as context:
        sign(context, "one", "robin")
        with pytest.raises(NotAllowed, match="is signed by other people"):
            sign(context, "two", "robin")
        held = evaluate(context).held
        again = Candidate(release="", number=0, commit=build.SHA_2, author="jo")
        releasing.propose(context, held, again)
        # Of another build nothing is signed yet: whoever signs first is kept from the other gate.
        sign(context, "one", "kim")
        sign(context, "two", "robin")
        assert gate(context, "two").through


def test_a_delegation_gets_around_the_keys_that_a_gate_asks_for(tmp_path: Path) -> None:
    """Somebody claims to be the approver, delegates their seat to themselves, and signs with their own key.

    Where a gate asks for signatures of keys nobody stands in, because no key has signed the delegation.
    """
    policy = "{roles: [{role: security}], require_signature: true}"
    with (
        opened(tmp_path / "p", project(policy)) as context,
        pytest.raises(NotAllowed, match="no key has signed the delegation"),
    ):
        lend(context, "sam", "security", "ada")


def test_the_policy_is_weakened_between_showing_and_signing(tmp_path: Path) -> None:
    """The project file asks for fewer people while an approver reads the sheet.

    What is signed is what was shown: the answer is refused until they have looked again.
    """
    with opened(tmp_path / "p", project(TWO)) as context:
        here = who(context, "kim")
        shown = signing.prepare(here, evaluate(here), "one")
        weaker = who(build.rewrite(context, ", {role: security}", ""), "kim")
        with pytest.raises(NotAllowed, match="changed"):
            signing.sign(weaker, shown, signing.Answer(decision=signing.Decision.APPROVE))
        assert gate(weaker, "one").signoffs == ()


def test_a_condition_is_said_to_be_kept_after_it_was_due(tmp_path: Path) -> None:
    """The condition of an approval was due and forgotten; afterwards somebody says that it was kept.

    It is too late: the approval has ended, and its author signs again.
    """
    with opened(tmp_path / "p", project("{roles: [{role: owner}]}")) as context:
        due = later(context, days=2).now
        said = {"conditions": "the queue is drained", "conditions_due": due}
        sign(context, "one", "kim", "approve_with_conditions", **said)
        after = who(later(context, days=3), "jo")
        with pytest.raises(NotAllowed, match="were due, and nobody had said that they were kept"):
            keep(after, evaluate(after), "one", "it was drained in time, I swear")
        assert not gate(after, "one").through
