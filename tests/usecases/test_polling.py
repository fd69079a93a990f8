"""A go/no-go poll: who may say what, what it comes to, and that it never is a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import building as build
from tests.building import clear, gate, who
from tests.ssh import make_key, public_line

from workbench.model.errors import NotAllowed, UsageError
from workbench.signoff import polls
from workbench.signoff.polls import Asked, Poll, PollResult, PollVote, Vote, result_of
from workbench.usecases import noting, polling, signing
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.polling import Ballot
from workbench.usecases.ssh_signing import with_key
from workbench.usecases.views.poll_minutes import document, minutes
from workbench.usecases.views.polls import PollPage, clock, facts, read_poll, seat_facts


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Context]:
    with build.shop(tmp_path / "shop") as context:
        yield context


def vote(context: Context, ident: str, person: str, said: Vote, **more: str) -> None:
    polling.enter(context, ident, Ballot(person=person, vote=said, **more))


def page(context: Context, ident: str) -> PollPage:
    return read_poll(context, ref=ident)


def test_a_poll_is_go_once_every_role_said_so_and_leaves_no_signature(shop: Context) -> None:
    clear(shop)
    ident = polling.begin(shop, "go")
    assert [seat.person for seat in page(shop, ident).seats] == ["kim", "robin", "sam"]
    vote(shop, ident, "kim", Vote.GO)
    assert page(shop, ident).result is PollResult.INCOMPLETE
    vote(shop, ident, "sam", Vote.GO)
    polling.end(shop, ident, "at nine tomorrow")
    done = page(shop, ident)
    assert done.result is PollResult.GO and done.value.words == "at nine tomorrow"
    assert not gate(shop, "go").signoffs and not gate(shop, "go").through


def test_dissent_is_kept_in_words_and_makes_it_a_no_go(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    with pytest.raises(UsageError, match="a no-go needs words"):
        vote(shop, ident, "sam", Vote.NO_GO, words="  ")
    vote(shop, ident, "kim", Vote.GO)
    vote(shop, ident, "sam", Vote.NO_GO, words="the queue was not drained")
    found = page(shop, ident)
    assert found.result is PollResult.NO_GO
    assert [(seat.name, seat.vote.words) for seat in found.concerns if seat.vote] == [
        ("Sam", "the queue was not drained")
    ]
    assert [seat.entered for seat in found.concerns] == ["entered by kim"]
    statement = shop.record.blob(found.concerns[0].vote.statement)  # type: ignore[union-attr]
    assert statement is not None and b"the queue was not drained" in statement.data


def test_somebody_without_a_role_can_voice_a_concern_which_decides_nothing(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    with pytest.raises(NotAllowed, match="Jo has none of the roles"):
        vote(shop, ident, "jo", Vote.GO)
    vote(shop, ident, "jo", Vote.NO_GO, words="nobody tried the rollback")
    for person in ("kim", "sam"):
        vote(shop, ident, person, Vote.GO)
    found = page(shop, ident)
    assert found.result is PollResult.GO and [seat.role_words for seat in found.concerns] == ["in the room"]


def test_a_person_counts_once_whatever_roles_they_have(shop: Context) -> None:
    policy = signing.policy_of(evaluate(shop).gate("go"))
    assert [one.role for one in policy.roles] == ["release-owner", "product-owner"]
    ident = polling.begin(shop, "go")
    vote(shop, ident, "robin", Vote.GO)
    vote(shop, ident, "robin", Vote.NO_GO, words="on second thought, not yet")
    assert [seat.says for seat in page(shop, ident).seats if seat.person == "robin"] == ["no-go"]
    assert shop.record.count("poll_vote") == 1
    with pytest.raises(NotAllowed, match="does not have the role product-owner"):
        vote(shop, ident, "robin", Vote.GO, role="product-owner")


def test_nobody_enters_a_vote_of_somebody_who_is_away_until_they_are_marked_present(tmp_path: Path) -> None:
    away = "sam, name: Sam, away: [{from: 2026-09-14, until: 2026-09-16}],"
    with build.shop(tmp_path / "away", build.SHOP.replace("sam, name: Sam,", away)) as shop:
        ident = polling.begin(shop, "go")
        assert [seat.remark for seat in page(shop, ident).seats if seat.person == "sam"] == [
            "is away until 16 Sep"
        ]
        with pytest.raises(NotAllowed, match="Sam is away until 16 Sep, so nobody can enter a vote"):
            vote(shop, ident, "sam", Vote.GO)
        vote(who(shop, "sam"), ident, "sam", Vote.GO)  # at their own terminal they are there
        second = polling.begin(shop, "go", another=True)
        vote(shop, second, "sam", Vote.PRESENT)
        vote(shop, second, "sam", Vote.GO)
        assert page(shop, second).seats[-1].says == "go"


def test_a_poll_goes_on_after_one_has_left_and_a_second_one_is_told(shop: Context) -> None:
    first = polling.begin(shop, "go")
    vote(shop, first, "kim", Vote.GO)
    assert read_poll(shop, "go").stored.id == first
    with pytest.raises(NotAllowed, match="a poll of Go is running: begun by kim"):
        polling.begin(shop, "go")
    second = polling.begin(shop, "go", another=True)
    assert len(page(shop, first).others) == len(page(shop, second).others) == 1
    assert "votes count only in the poll" in page(shop, first).others[0]
    assert page(shop, second).seats[0].vote is None
    polling.end(shop, second)
    assert page(shop, first).others == () and read_poll(shop, "go").stored.id == first


def test_a_poll_of_another_build_takes_no_votes(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    build.proposed(shop, 2)
    with pytest.raises(NotAllowed, match="another build is the candidate now"):
        vote(shop, ident, "kim", Vote.GO)


def test_a_poll_of_another_build_says_so_before_anybody_votes(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    assert not page(shop, ident).newer
    build.proposed(shop, 2)
    found = page(shop, ident)
    told = {fact.label: fact.text for fact in facts(found, found.now())}
    assert found.newer and told["Build"].startswith(f"{found.newer} is the candidate now")
    polling.end(shop, ident)
    assert not page(shop, ident).newer


def test_who_has_ended_it_is_kept_and_nothing_comes_after(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    polling.end(shop, ident)
    for act in (lambda: vote(shop, ident, "kim", Vote.GO), lambda: polling.end(shop, ident)):
        with pytest.raises(NotAllowed, match="this poll has ended"):
            act()
    assert page(shop, ident).value.ended_by == "kim"


def test_what_is_read_out_is_kept_with_the_poll(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    before = page(shop, ident)
    assert before.value.read_out and before.value.shown
    assert shop.record.blob(before.value.shown) is not None
    clear(shop)
    assert page(shop, ident).value.read_out == before.value.read_out
    assert len(page(shop, ident).open) < len(before.open)
    assert "nothing is open" in seat_facts(page(shop, ident), page(shop, ident).seats[0])[-1].text


def test_minutes_say_who_said_what_in_every_format(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    vote(shop, ident, "sam", Vote.SEND_BACK, words="the <b>refund</b> test\x1b[31m again")
    vote(shop, ident, "kim", Vote.ABSENT)
    polling.end(shop, ident, "Thursday")
    found = page(shop, ident)
    for form in ("txt", "md", "html"):
        text = minutes(shop, found, form)
        assert "poll of Go" in text
        assert "Sam" in text and "Kim" in text and "Thursday" in text and "\x1b" not in text
    assert "<b>refund" not in minutes(shop, found, "html")
    told = document(found)
    assert (told["result"], told["absent"], told["concerns"]) == ("sent_back", ["kim"], ["sam"])
    assert told["votes"][0]["entered_by"] == "kim" and told["running"] is False
    with pytest.raises(UsageError, match="cannot be written as"):
        minutes(shop, found, "pdf")


def test_a_poll_stands_in_the_release_notes_as_votes_and_no_signatures(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    vote(shop, ident, "sam", Vote.NO_GO, words="the queue was not drained")
    vote(shop, ident, "robin", Vote.ABSENT)
    polling.end(shop, ident, "again on Thursday")
    text = " ".join(noting.written(shop, evaluate(shop), "txt").split())
    assert "no-go: again on Thursday (votes are no signatures)" in text
    assert "Sam as product owner: no-go: the queue was not drained" in text and "Entered by: Kim" in text
    assert "Robin as release owner: absent" in text and "No one has signed yet." in text
    found = msgspec.json.decode(noting.written(shop, evaluate(shop), "json"))
    assert [(one["result"], len(one["votes"])) for one in found["polls"]] == [("no_go", 2)]


def test_secrets_in_what_was_said_are_not_kept(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    vote(shop, ident, "sam", Vote.NO_GO, words="the key AKIAIOSFODNN7EXAMPLE is in the log")
    assert not any(b"AKIAIOSFODNN7EXAMPLE" in line for line in shop.record.ledger_lines())
    assert shop.remarks and "removed before saving" in shop.remarks[0]


def test_another_person_enters_in_person_at_their_own_terminal(shop: Context) -> None:
    ident = polling.begin(shop, "go")
    vote(who(shop, "sam"), ident, "sam", Vote.GO)
    vote(shop, ident, "robin", Vote.GO)
    entered = {seat.person: seat.entered for seat in page(shop, ident).seats if seat.vote}
    assert entered == {"sam": "entered in person", "robin": "entered by kim"}


def test_a_vote_is_signed_with_ones_own_key_and_never_with_somebody_elses(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    mine = f'kim, name: Kim, keys: [{{key: "{public_line(key)}"}}],'
    with build.shop(tmp_path / "keys", build.SHOP.replace("kim, name: Kim,", mine)) as shop:
        ident = polling.begin(shop, "go")
        keyed = with_key(shop, str(key), asks=False)
        vote(keyed, ident, "kim", Vote.NO_GO, words="the queue was not drained")
        (row,) = shop.record.all("signature")
        statement = page(shop, ident).seats[0].vote.statement  # type: ignore[union-attr]
        assert row.decode(dict)["statement"] == statement and row.decode(dict)["person"] == "kim"
        with pytest.raises(NotAllowed, match="your key cannot sign what sam says"):
            vote(keyed, ident, "sam", Vote.GO)


def test_the_timer_is_made_of_the_moments_that_are_kept(shop: Context) -> None:
    assert [clock(timedelta(seconds=n)) for n in (-5, 0, 272, 3872)] == ["0:00", "0:00", "4:32", "1:04:32"]


@given(
    asked=st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1),
    said=st.dictionaries(
        st.sampled_from(["p", "q", "r", "s", "t"]), st.tuples(st.sampled_from("abcd"), st.sampled_from(Vote))
    ),
)
def test_a_poll_is_go_exactly_if_every_role_has_its_goes_and_no_role_says_no(
    asked: dict[str, int], said: dict[str, tuple[str, Vote]]
) -> None:
    poll = Poll(
        release="r",
        candidate="c",
        commit="7c4e19f",
        gate="go",
        at=build.NOW,
        by="kim",
        asked=tuple(Asked(role=role, count=count) for role, count in asked.items()),
    )
    votes = [
        PollVote(
            poll="1",
            release="r",
            gate="go",
            person=person,
            role=role,
            vote=one,
            at=build.NOW,
            entered_by="kim",
        )
        for person, (role, one) in said.items()
    ]
    counted = [(role, one) for role, one in said.values() if role in asked]
    no = any(one in polls.CONCERNS for _, one in counted)
    full = all(counted.count((role, Vote.GO)) >= count for role, count in asked.items())
    assert (result_of(poll, votes) is PollResult.GO) == (full and not no)
    assert (result_of(poll, votes) in (PollResult.NO_GO, PollResult.SENT_BACK)) == no


def test_of_one_vote_at_two_desks_the_stricter_one_counts() -> None:
    kind = next(each for each in polls.ENTITIES if each.name == "poll_vote")
    assert kind.stricter is not None
    go, no = ({"vote": each.value} for each in (Vote.GO, Vote.NO_GO))
    assert kind.stricter([go, no]) == 1 and kind.stricter([no, go]) == 0
    assert msgspec.to_builtins(Vote.NO_GO) == "no_go"
