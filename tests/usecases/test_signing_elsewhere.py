"""People elsewhere: a request and its reply, a message with a code, and what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.building import clear, gate, sign, signature, who

from workbench.model.canonical import sha256
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision, Way
from workbench.usecases import releasing, signing_elsewhere
from workbench.usecases.context import Context
from workbench.usecases.evaluate import evaluate
from workbench.usecases.signing import Answer

APPROVE = Answer(decision=Decision.APPROVE)


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Context]:
    """Kim's desk, where *go* waits for the product owner only."""
    with build.shop(tmp_path / "shop") as context:
        clear(context)
        sign(context, "benchmarks", "robin")
        sign(context, "go", "kim")
        yield context


def ask(context: Context, person: str = "sam") -> signing_elsewhere.Request:
    return signing_elsewhere.ask(context, evaluate(context), "go", person)


def replied(request: signing_elsewhere.Request, answer: Answer = APPROVE, **changed: Any) -> bytes:
    reply = signing_elsewhere.reply(request, answer, identity="git config", at=build.NOW + timedelta(hours=2))
    return msgspec.json.encode(msgspec.structs.replace(reply, **changed))


def test_a_reply_becomes_a_sign_off_and_its_original_is_kept(asking: Context) -> None:
    request = signing_elsewhere.read_request(msgspec.json.encode(ask(asking)))
    data = replied(request, msgspec.structs.replace(APPROVE, comment="go ahead"))
    signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    value = signature(asking, "go").signoff
    assert (value.person, value.role, value.way, value.entered_by) == (
        "sam",
        "product-owner",
        Way.REQUEST,
        "kim",
    )
    assert value.identity == "asserted identity (git config)" and value.comment == "go ahead"
    assert value.original == sha256(data)
    kept = asking.record.blob(value.original)
    assert kept is not None and kept.data == data
    assert signature(asking, "go").currency is Currency.CURRENT and gate(asking, "go").through


def test_what_was_shown_is_kept_with_the_request(asking: Context) -> None:
    request = ask(asking)
    for digest in (request.shown, request.basis):
        assert asking.record.blob(digest) is not None
    assert asking.record.count("request", "code = ?", (request.code,)) == 1


@pytest.mark.parametrize(
    "tamper",
    [
        lambda request: request["document"].update(state="signed"),
        lambda request: request["document"]["verdicts"].clear() or request["document"].update(gate="x"),
        lambda request: request.update(shown="0" * 64),
        lambda request: request.pop("code"),
        lambda request: request.update(document=[1.5]),
    ],
)
def test_a_request_that_was_changed_on_its_way_is_noticed(
    asking: Context, tamper: Callable[[dict[str, Any]], object]
) -> None:
    request = msgspec.json.decode(msgspec.json.encode(ask(asking)))
    tamper(request)
    with pytest.raises(UsageError):
        signing_elsewhere.read_request(msgspec.json.encode(request))


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"schema": "workbench.reply.1"}'])
def test_what_is_no_request_or_reply_is_said(asking: Context, data: bytes) -> None:
    with pytest.raises(UsageError, match="no request"):
        signing_elsewhere.read_request(data)
    with pytest.raises(UsageError, match="no answer"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)


@pytest.mark.parametrize(
    "changed", [{"person": "kim"}, {"gate": "benchmarks"}, {"basis": "0" * 64}, {"shown": "0" * 64}]
)
def test_an_answer_for_another_person_gate_or_basis_is_refused(
    asking: Context, changed: dict[str, str]
) -> None:
    data = replied(ask(asking), **changed)
    with pytest.raises(NotAllowed, match="another request"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    assert not gate(asking, "go").through


def test_the_role_that_was_asked_for_counts(asking: Context) -> None:
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(ask(asking), role="release-owner"))
    assert signature(asking, "go").signoff.role == "product-owner"


def test_an_unknown_code_and_a_second_answer_are_refused(asking: Context) -> None:
    request = ask(asking)
    with pytest.raises(UsageError, match="no sign-off was asked for"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request, code="ABCD-EFGH"))
    data = replied(request)
    signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    with pytest.raises(UsageError, match="in the record already"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    with pytest.raises(UsageError, match="in the record already"):
        signing_elsewhere.receive(
            asking, evaluate(asking), f"yes {request.code}".encode(), request.code, APPROVE
        )


def test_a_late_answer_is_kept_and_says_what_changed(asking: Context) -> None:
    request = ask(asking)
    build.measured(asking, "p95", "0.9")
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request))
    view = signature(asking, "go")
    assert view.currency is Currency.OUT_OF_DATE and view.why == "out of date: Checkout p95: pass → fail"


def test_an_answer_for_an_earlier_candidate_is_out_of_date(asking: Context) -> None:
    request = ask(asking)
    held = evaluate(asking).held
    releasing.propose(asking, held, Candidate(release="", number=0, commit=build.SHA_2))
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request))
    view = signature(asking, "go")
    assert view.signoff.commit == build.SHA and "a new candidate" in view.why


MAIL = b"From: sam@shop.example\r\nTo: kim@shop.example\r\n\r\nI approve, %s\r\n"


def test_a_mail_with_the_code_is_entered_by_somebody_else(asking: Context) -> None:
    request = ask(asking)
    data = MAIL % request.code.encode()
    signing_elsewhere.receive(asking, evaluate(asking), data, request.code.lower(), APPROVE)
    value = signature(asking, "go").signoff
    assert (value.person, value.way, value.entered_by) == ("sam", Way.RECEIVED, "kim")
    assert "entered by kim" in value.identity
    kept = asking.record.blob(value.original or "")
    assert kept is not None and (kept.media, kept.data) == ("message/rfc822", data)
    assert gate(asking, "go").through


@pytest.mark.parametrize(
    ("text", "code", "error"),
    [
        (b"I approve", None, "does not hold the code"),
        (b"I approve ABCD-2345", None, "does not hold the code"),
        (b"I approve", "ABCD-2345", "no sign-off was asked for"),
    ],
)
def test_a_message_must_hold_the_right_code(
    asking: Context, text: bytes, code: str | None, error: str
) -> None:
    request = ask(asking)
    with pytest.raises(WorkbenchError, match=error):
        signing_elsewhere.receive(asking, evaluate(asking), text, code or request.code, APPROVE)
    assert not gate(asking, "go").through


def test_nobody_enters_their_own_message(asking: Context) -> None:
    request = ask(asking)
    sam = who(asking, "sam")
    with pytest.raises(UsageError, match="your own answer"):
        signing_elsewhere.receive(sam, evaluate(sam), request.code.encode(), request.code, APPROVE)


def test_who_may_not_sign_is_not_asked(asking: Context) -> None:
    with pytest.raises(NotAllowed, match="wrote this candidate"):
        ask(asking, "jo")
    with pytest.raises(NotAllowed, match="none of the roles"):
        signing_elsewhere.ask(asking, evaluate(asking), "benchmarks", "sam")
    with pytest.raises(UsageError, match="no person"):
        ask(asking, "nobody")
    build.measured(asking, "p95", "0.9")
    with pytest.raises(NotAllowed, match="cannot be approved yet"):
        ask(asking)


def test_asking_opens_sign_off_and_pins_the_figures(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        clear(context)
        signing_elsewhere.ask(context, evaluate(context), "benchmarks", "robin")
        assert gate(context, "benchmarks").opening.by == "kim"
        build.measured(context, "p95", "0.47")
        assert str(build.verdict(build.later(context, hours=71), "p95").value.value) == "0.46"


@pytest.mark.parametrize("decision", ["approve_with_conditions", "reject"])
def test_an_answer_that_needs_words_has_them(asking: Context, decision: str) -> None:
    request = ask(asking)
    bare = Answer(decision=Decision(decision))
    with pytest.raises(UsageError):
        signing_elsewhere.reply(request, bare, identity="x", at=build.NOW)
    said = msgspec.structs.replace(bare, comment="not yet", conditions="watch it")
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request, said))
    assert gate(asking, "go").through is (decision == "approve_with_conditions")
