"""Signing policies: a person counts once, N of M, gates that are apart, delegation with an end, absence."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import building as build
from tests.building import later, who
from tests.usecases.policies import PEOPLE, gate, lend, opened, project, sign, states

from workbench.gates.model import GateState
from workbench.model.errors import NotAllowed, UsageError
from workbench.signoff.delegations import Delegation, delegations
from workbench.usecases import delegating, signing
from workbench.usecases.calendar.event import Asked
from workbench.usecases.calendar.people import tell_absences, tell_delegations
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate

TWO = "{roles: [{role: owner}, {role: security}]}"


# --- a person counts once ------------------------------------------------------------------------


def test_who_has_two_roles_is_asked_in_the_one_that_leaves_the_gate_to_the_others(tmp_path: Path) -> None:
    """Only robin and sam are security, only kim and robin owners; without sam, robin has to be security."""
    alone = PEOPLE.replace("[security]", "[developer]")
    with opened(tmp_path / "p", project(TWO, people=alone)) as context:
        sign(context, "one", "robin")
        assert gate(context, "one").signoffs[0].signoff.role == "security"
        sign(context, "one", "kim")
        assert gate(context, "one").through


def test_a_person_with_two_roles_fills_one_seat(tmp_path: Path) -> None:
    alone = PEOPLE.replace("[security]", "[developer]").replace(
        "kim, name: Kim, roles: [owner]", "kim, name: Kim"
    )
    with opened(tmp_path / "p", project(TWO.replace("]}", "], own: true}"), people=alone)) as context:
        role = gate(context, "one").roles[0]
        assert role.short == "owner and security need 2 people, but only robin has them"
        sign(context, "one", "robin", role="owner")
        sign(context, "one", "robin", role="security")
        assert [item.missing for item in gate(context, "one").roles] == [1, 0]


def test_who_has_signed_in_one_role_is_not_waited_for_in_another(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(TWO)) as context:
        sign(context, "one", "robin", role="owner")
        (line,) = [part for part in gate(context, "one").parts if part.key == "sign/one/security"]
        assert line.why == "waiting for sam"


def test_who_signed_in_a_role_that_others_have_is_asked_to_sign_in_the_one_that_only_they_have(
    tmp_path: Path,
) -> None:
    alone = PEOPLE.replace("[security]", "[developer]")
    with opened(tmp_path / "p", project(TWO, people=alone)) as context:
        sign(context, "one", "robin", role="owner")
        (owner, security) = gate(context, "one").roles
        assert (owner.missing, owner.short) == (0, "")
        assert security.short == "robin has to sign as security instead: nobody else is left who can"
        sign(context, "one", "robin", role="security")
        sign(context, "one", "kim")
        assert gate(context, "one").state is GateState.SIGNED


# --- N of M --------------------------------------------------------------------------------------


def test_only_those_whom_a_gate_names_can_sign_it(tmp_path: Path) -> None:
    text = project("{roles: [{role: owner, people: [robin]}]}")
    with opened(tmp_path / "p", text) as context:
        assert gate(context, "one").roles[0].can == ("robin",)
        with pytest.raises(NotAllowed, match="none of the roles"):
            sign(context, "one", "kim")
        sign(context, "one", "robin")
        assert gate(context, "one").through


def test_a_signature_of_somebody_who_is_named_no_more_does_not_count(tmp_path: Path) -> None:
    text = project("{roles: [{role: owner, people: [kim, robin]}]}")
    with opened(tmp_path / "p", text) as context:
        sign(context, "one", "kim")
        changed = build.rewrite(context, "people: [kim, robin]", "people: [robin]")
        view = gate(changed, "one").signoffs[0]
        assert view.why == "kim is none of those whom this gate names as owner"
        assert not view.counts


# --- gates that are apart ------------------------------------------------------------------------

APART = ("{roles: [{role: owner}]}", "{roles: [{role: security}], apart_from: [one]}")


def test_nobody_signs_a_gate_that_is_apart_from_one_they_signed(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(*APART)) as context:
        sign(context, "one", "robin")
        with pytest.raises(NotAllowed, match="robin has signed One, and Two is signed by other people"):
            sign(context, "two", "robin")
        sign(context, "two", "sam")
        assert gate(context, "two").through


def test_the_other_way_round_it_is_refused_as_well(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(*APART[::-1], keys="two one")) as context:
        # The gate that is apart comes first here, and does not wait for the other.
        sign(context, "two", "robin")
        with pytest.raises(NotAllowed, match="robin has signed Two, and One is signed by other people"):
            sign(context, "one", "robin")


def test_a_signature_counts_no_more_once_the_gates_are_said_to_be_apart(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(APART[0], "{roles: [{role: security}]}")) as context:
        sign(context, "one", "robin")
        sign(context, "two", "robin")
        changed = build.rewrite(context, "{role: security}]}", "{role: security}], apart_from: [one]}")
        view = gate(changed, "two").signoffs[0]
        assert not view.counts and gate(changed, "one").through


def test_one_person_alone_cannot_satisfy_gates_that_are_apart_and_it_says_so(tmp_path: Path) -> None:
    alone = PEOPLE.replace("[owner]", "[developer]").replace("[security]", "[developer]")
    with opened(tmp_path / "p", project(*APART, people=alone)) as context:
        words = "owner and security need 2 people in One and Two, which different people sign, but only robin has them"
        assert gate(context, "one").roles[0].short == words
        assert gate(context, "two").roles[0].short == words


# --- delegation ----------------------------------------------------------------------------------

ONE = "{roles: [{role: security}, {role: owner}]}"


def test_who_got_a_delegation_signs_for_somebody_and_it_says_for_whom(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada")
        assert gate(context, "one").roles[0].can == ("robin", "sam", "ada")
        waits = next(part for part in gate(context, "one").parts if part.key == "sign/one/security")
        assert waits.why == "waiting for robin or sam or ada for sam"
        sign(context, "one", "ada", for_person="sam")
        view = gate(context, "one").signoffs[0]
        assert (view.signer, view.signoff.role, view.counts) == ("ada for sam", "security", True)
        part = next(part for part in gate(context, "one").parts if part.key == "sign/one/security")
        assert part.why == "signed by ada for sam"


def test_a_delegate_counts_once(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "kim")
        sign(context, "one", "kim")
        sign(context, "one", "kim", for_person="sam")
        assert states(context, "one") == [("kim", "replaced"), ("kim for sam", "current")]


def test_a_person_who_signs_themselves_takes_their_seat_back(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada")
        sign(context, "one", "ada", for_person="sam")
        sign(context, "one", "sam")
        assert states(context, "one") == [("ada for sam", "replaced"), ("sam", "current")]


def test_what_was_signed_before_a_delegation_ended_stays_signed_and_nothing_after(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE, ONE)) as context:
        lend(context, "sam", "security", "ada")
        sign(context, "one", "ada", for_person="sam")
        delegating.end(who(later(context, hours=1), "sam"), "ada", "back from the mountains early")
        after = later(context, hours=2)
        assert gate(after, "one").signoffs[0].counts
        with pytest.raises(
            NotAllowed, match="sam has not delegated Two to ada: the delegation of security is ended"
        ):
            sign(after, "two", "ada", for_person="sam")


def test_a_delegation_is_over_at_its_end(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada", days=1)
        with pytest.raises(NotAllowed, match="the delegation of security is over"):
            sign(later(context, days=2), "one", "ada", for_person="sam")
        assert gate(later(context, days=2), "one").roles[0].can == ("robin", "sam")
        assert [one.state for one in delegating.read_delegations(later(context, days=2))] == ["over"]


@pytest.mark.parametrize(
    ("person", "role", "to", "said"),
    [
        ("kim", "security", "ada", "kim does not have the role security"),
        ("sam", "security", "sam", "cannot delegate to yourself"),
        ("jo", "developer", "ada", "no gate asks for a signature as developer"),
    ],
)
def test_what_cannot_be_delegated(tmp_path: Path, person: str, role: str, to: str, said: str) -> None:
    with opened(tmp_path / "p", project(ONE)) as context, pytest.raises((NotAllowed, UsageError), match=said):
        lend(context, person, role, to)


def test_who_has_no_role_of_their_own_signs_for_the_one_who_delegated(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada")
        sign(context, "one", "ada")
        assert states(context, "one") == [("ada for sam", "current")]
        lend(context, "robin", "owner", "ada")
        with pytest.raises(UsageError, match="sam or robin have delegated to you: for whom do you sign"):
            sign(context, "one", "ada")


def test_a_delegation_does_not_begin_in_the_past(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        before = build.later(context, days=-2).now
        with pytest.raises(UsageError, match="does not begin in the past"):
            lend(context, "sam", "security", "ada", begins=before)
        (unsigned,) = [build.msgspec.structs.replace(_made(context), begins=before)]
        assert not unsigned.in_force(before + (context.now - before) / 2) and unsigned.in_force(context.now)


def _made(context: Context) -> Delegation:
    lend(context, "sam", "security", "ada")
    return delegations(context.record)[0][1]


def test_what_came_by_a_delegation_is_not_passed_on(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "kim")
        with pytest.raises(NotAllowed, match="sam delegated it to them, and that cannot be passed on"):
            lend(context, "kim", "security", "ada")


def test_where_a_gate_names_its_people_nobody_else_stands_in(tmp_path: Path) -> None:
    text = project("{roles: [{role: security, people: [sam, robin]}]}")
    with opened(tmp_path / "p", text) as context, pytest.raises(NotAllowed, match="ada is none of them"):
        lend(context, "sam", "security", "ada")


def test_only_the_two_whom_it_is_about_end_a_delegation(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada")
        with pytest.raises(NotAllowed, match="only sam or ada"):
            delegating.end(who(context, "kim"), "ada", "I do not like it at all")
        delegating.end(who(context, "ada"), "ada", "I do not want to do this")
        ((_, value),) = delegations(context.record)
        assert value.ended_why == "I do not want to do this"


def test_the_role_of_the_person_themselves_has_to_last(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project(ONE)) as context:
        lend(context, "sam", "security", "ada")
        sign(context, "one", "ada", for_person="sam")
        changed = build.rewrite(context, "sam, name: Sam, roles: [security]", "sam, name: Sam")
        assert gate(changed, "one").signoffs[0].why == "sam no longer has the role security"


# --- absence -------------------------------------------------------------------------------------


def test_who_is_away_is_named_and_whose_move_it_is_are_the_others(tmp_path: Path) -> None:
    away = PEOPLE.replace(
        "roles: [security]", "roles: [security], away: [{from: 2026-09-14, until: 2026-09-20}]"
    )
    with opened(tmp_path / "p", project(ONE, people=away)) as context:
        part = next(part for part in gate(context, "one").parts if part.key == "sign/one/security")
        assert part.why == "waiting for robin or sam (away until 20 Sep)"
        assert part.turn is not None and part.turn.who == ("robin",)


def test_where_everybody_is_away_it_says_until_when(tmp_path: Path) -> None:
    away = PEOPLE.replace(
        "roles: [security]", "roles: [security], away: [{from: 2026-09-14, until: 2026-09-20}]"
    )
    away = away.replace("[owner, security]", "[owner]")
    with opened(tmp_path / "p", project(ONE, people=away)) as context:
        security = gate(context, "one").roles[0]
        assert (
            security.short
            == "security needs a person, and nobody who can sign has it (sam is away until 20 Sep)"
        )
        assert not gate(later(context, days=6), "one").roles[0].short
        signing.sign(
            who(context, "sam"),
            signing.prepare(who(context, "sam"), evaluate(context), "one"),
            signing.Answer(decision=signing.Decision.APPROVE),
        )
        assert gate(context, "one").roles[0].missing == 0


def test_nothing_is_said_of_people_where_every_seat_is_taken(tmp_path: Path) -> None:
    with opened(tmp_path / "p", project("{roles: [{role: security}]}")) as context:
        sign(context, "one", "sam")
        gone = build.rewrite(context, "[owner, security]", "[owner]")
        assert gate(gone, "one").roles[0].short == ""
        assert gate(later(gone, hours=1), "one").through


def test_the_calendar_tells_when_somebody_is_away_and_when_a_delegation_ends(tmp_path: Path) -> None:
    away = PEOPLE.replace(
        "roles: [security]", "roles: [security], away: [{from: 2026-09-18, until: 2026-09-20}]"
    )
    with opened(tmp_path / "p", project(ONE, people=away)) as context:
        lend(context, "sam", "security", "ada", days=5)
        asked = Asked(context=context)
        (absent,) = tell_absences(asked)
        (ends,) = tell_delegations(asked)
        assert (absent.title, absent.at.isoformat()) == ("Sam is away", "2026-09-17T22:00:00+00:00")
        assert (ends.title, ends.at) == (
            "ada no longer signs as security for sam",
            build.later(context, days=5).now,
        )
        assert list(tell_delegations(Asked(context=later(context, days=6)))) == []
