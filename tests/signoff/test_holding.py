"""Which of several answers of one person counts: a table of attacks, in every order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest

from workbench.record import Stored
from workbench.signoff.holding import (
    STOPPING,
    Currency,
    SignOffView,
    Team,
    last_words,
    latest_of_each,
    stop_words,
)
from workbench.signoff.model import ENTITIES, Decision, SignOff, replaced

THEN = datetime(2026, 9, 15, 10, tzinfo=UTC)
YES, IF, BACK, NO = Decision.APPROVE, Decision.CONDITIONS, Decision.SEND_BACK, Decision.REJECT


def answer(
    ident: str,
    decision: Decision,
    replaces: tuple[str, ...] | None = (),
    *,
    person: str = "lena",
    candidate: str = "rc1",
    currency: Currency = Currency.CURRENT,
) -> SignOffView:
    value = SignOff(
        release="r", candidate=candidate, commit="abcd", gate="go", person=person, role="owner",
        decision=decision, meaning="", at=THEN, shown="", basis="", evidence="", replaces=replaces,
        comment="because", needed="the load test again", needed_from="jo",
    )  # fmt: skip
    stored = Stored(ident, "", 0, "", b"", THEN, person)
    return SignOffView(stored=stored, signoff=value, currency=currency)


def arrived(views: Sequence[SignOffView]) -> list[SignOffView]:
    """The same answers, recorded one after the other in this order."""
    return [
        msgspec.structs.replace(
            view,
            stored=msgspec.structs.replace(view.stored, seq=place, recorded_at=THEN + timedelta(hours=place)),
        )
        for place, view in enumerate(views)
    ]


def outcome(views: Sequence[SignOffView], candidate: str = "rc1") -> tuple[list[str], list[str]]:
    """The ids that count, and those that stop the gate."""
    found = last_words(views, candidate)
    return sorted(v.stored.id for v in latest_of_each(found) if not v.stops), sorted(
        v.stored.id for v in found if v.stops
    )


# What was said; what then counts; what then stops the gate.
ATTACKS: dict[str, tuple[list[SignOffView], list[str], list[str]]] = {
    "asked twice, approves the first and rejects the second": (
        [answer("yes", YES), answer("no", NO)], [], ["no"],
    ),
    "answers anew, knowing both": (
        [answer("yes", YES), answer("no", NO), answer("anew", YES, ("yes", "no"))], ["anew"], [],
    ),
    "answers anew, knowing only the approval": (
        [answer("yes", YES), answer("no", NO), answer("anew", YES, ("yes",))], [], ["no"],
    ),
    "rejects, then approves": ([answer("no", NO), answer("yes", YES, ("no",))], ["yes"], []),
    "approves, then rejects": ([answer("yes", YES), answer("no", NO, ("yes",))], [], ["no"]),
    "sends back beside an approval": ([answer("yes", YES), answer("back", BACK)], [], ["back"]),
    "rejects beside a send back": ([answer("back", BACK), answer("no", NO)], [], ["no"]),
    "conditions beside an approval": ([answer("yes", YES), answer("if", IF)], ["if"], []),
    "conditions that fell due beside an approval": (
        [answer("yes", YES), answer("if", IF, currency=Currency.LAPSED)], [], [],
    ),
    "an answer that was taken back beside an approval": (
        [answer("yes", YES), answer("no", NO, currency=Currency.REVOKED)], [], [],
    ),
    "a no that was dismissed beside an approval": (
        [answer("yes", YES), answer("no", NO, currency=Currency.DISMISSED)], [], [],
    ),
    "approves again after a no that was dismissed": (
        [answer("no", NO, currency=Currency.DISMISSED), answer("yes", YES, ("no",))], ["yes"], [],
    ),
    "takes back the answer that replaced the first": (
        [answer("yes", YES), answer("if", IF, ("yes",), currency=Currency.REVOKED)], [], [],
    ),
    "an approval of the build before beside one of this build": (
        [answer("old", YES, candidate="rc0", currency=Currency.OUT_OF_DATE), answer("new", YES)], ["new"], [],
    ),
    "conditions on the build before beside an approval of this build": (
        [answer("old", IF, candidate="rc0", currency=Currency.OUT_OF_DATE), answer("new", YES)], ["new"], [],
    ),
    "a no to the build before beside an approval of this build": (
        [answer("old", NO, candidate="rc0", currency=Currency.OUT_OF_DATE), answer("new", YES)], [], ["old"],
    ),
    "a no that came after shipping beside an approval": (
        [answer("yes", YES), answer("late", NO, ("yes",), currency=Currency.LATE)], ["yes"], [],
    ),
    "a no of one person beside an approval of another": (
        [answer("yes", YES), answer("no", NO, person="sam")], ["yes"], ["no"],
    ),
    "says that it replaces what somebody else said": (
        [answer("no", NO, person="sam"), answer("yes", YES, ("no",))], ["yes"], ["no"],
    ),
    "two approvals of the same build": (
        [answer("stale", YES, currency=Currency.OUT_OF_DATE), answer("yes", YES)], ["yes"], [],
    ),
    "a no whose grounds are out of date": (
        [answer("no", NO, currency=Currency.OUT_OF_DATE), answer("yes", YES)], [], ["no"],
    ),
    "a no whose grounds have lapsed": ([answer("no", NO, currency=Currency.LAPSED)], [], ["no"]),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_order_of_arrival_decides_nothing(attack: str) -> None:
    views, counts, stops = ATTACKS[attack]
    for order in permutations(views):
        assert outcome(arrived(order)) == (counts, stops)


@pytest.mark.parametrize("said", [[YES, NO], [NO, YES], [NO, BACK, YES], [IF, YES, NO]])
def test_answers_of_the_first_format_replace_the_ones_before_them(said: list[Decision]) -> None:
    views = arrived([answer(str(place), decision, None) for place, decision in enumerate(said)])
    last = views[-1]
    expected = ([], [last.stored.id]) if last.signoff.decision in STOPPING else ([last.stored.id], [])
    assert outcome(views) == expected


def test_an_answer_of_the_second_format_replaces_one_of_the_first_only_if_it_says_so() -> None:
    old = answer("old", NO, None)
    assert outcome(arrived([old, answer("new", YES)])) == ([], ["old"])
    assert outcome(arrived([old, answer("new", YES, ("old",))])) == (["new"], [])
    assert outcome(arrived([answer("new", YES, ("old",)), old])) == (["new"], [])


def test_each_answer_says_why_it_counts_no_more() -> None:
    yes, no, anew = last_words(
        arrived([answer("yes", YES), answer("no", NO), answer("anew", NO, ("yes",))]), "rc1"
    )
    assert yes.why == "superseded by a later signature of the same person"
    assert {no.why, anew.why} == {
        "a no counts until that person answers again",
        "superseded: a rejection by the same person counts; neither knew of the other",
    }


def test_a_no_says_what_is_needed_and_who_cannot_answer_any_more() -> None:
    gone = Team({}, None)
    assert stop_words(answer("b", BACK), Team({}, None, judged=False)) == (
        "sent back by lena: needs the load test again, from jo"
    )
    assert stop_words(answer("n", NO), gone) == (
        "rejected by lena: because (lena is no longer listed under people: in this project)"
    )


def test_what_is_replaced_is_replaced_whatever_became_of_the_answer_that_did() -> None:
    views = [answer("a", YES), answer("b", YES, ("a",), currency=Currency.REVOKED)]
    assert replaced([(v.stored, v.signoff) for v in views]) == {"a"}


@pytest.mark.parametrize(
    ("decision", "values", "counts"),
    [
        ("approve", [False, True], True),
        ("approve", [None, False], None),
        ("reject", [True, False], False),
        ("send_back", [None, False], False),
        ("reject", [True, True], True),
    ],
)
def test_of_one_answer_at_two_desks_the_stricter_counts(
    decision: str, values: list[bool | None], counts: bool | None
) -> None:
    (kind,) = [entity for entity in ENTITIES if entity.name == "signoff"]
    said = [v if v is None else {"decision": decision, "revoked_at": "then" if v else ""} for v in values]
    assert kind.stricter is not None
    for order in (said, said[::-1]):
        place = kind.stricter(order)
        assert place is not None
        chosen = order[place]
        assert (None if chosen is None else bool(chosen["revoked_at"])) is counts
