"""People elsewhere: a request and its reply, a message with a code, and what does not fit."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import building as build
from tests.building import clear, gate, sign, signature, who

from workbench.gates.model import GateState
from workbench.model.canonical import encode, sha256
from workbench.model.errors import NotAllowed, UsageError, WorkbenchError
from workbench.releases.model import Candidate
from workbench.signoff.holding import Currency
from workbench.signoff.model import Decision, Way
from workbench.signoff.statement import Act, read_statement
from workbench.usecases import releasing, requests, shipping, signing_elsewhere
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


def reseal(request: dict[str, Any], forged: dict[str, Any]) -> None:
    """Forges a request's document, its digest too."""
    request["document"].update(forged)
    request["asking"]["shown"] = sha256(encode(request["document"]))


def ask(context: Context, person: str = "sam") -> requests.Request:
    return signing_elsewhere.ask(context, evaluate(context), "go", person)


def replied(
    request: requests.Request,
    answer: Answer = APPROVE,
    at: datetime = build.NOW + timedelta(hours=2),
    **changed: Any,
) -> bytes:
    """A reply file; what is ``changed`` of its statement is forged."""
    reply = requests.reply(request, answer, identity="git config", at=at)
    statement = msgspec.structs.replace(reply.statement, **changed)
    return msgspec.json.encode(msgspec.structs.replace(reply, statement=statement))


def test_a_reply_becomes_a_sign_off_and_its_original_is_kept(asking: Context) -> None:
    request = requests.read_request(msgspec.json.encode(ask(asking)))
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


def test_who_imports_a_reply_is_of_the_project_as_who_signs_is(asking: Context) -> None:
    data = replied(requests.read_request(msgspec.json.encode(ask(asking))), APPROVE)
    author = msgspec.structs.replace(asking.author(), actor="root", identity="name of the system user")
    nobody, before = msgspec.structs.replace(asking, author=lambda: author), asking.record.head
    with pytest.raises(NotAllowed, match="“root” is not among the people") as told:
        signing_elsewhere.take_in_reply(nobody, evaluate(asking), data)
    assert "--as PERSON" in (told.value.hint or "") and asking.record.head == before


def test_what_was_shown_is_kept_with_the_request(asking: Context) -> None:
    request = ask(asking)
    for digest in (request.asking.shown, request.asking.basis, request.asking.definitions):
        assert asking.record.blob(digest) is not None
    assert asking.record.count("request", "code = ?", (request.code,)) == 1


@pytest.mark.parametrize(
    "tamper",
    [
        lambda request: request["document"].update(state="signed"),
        lambda request: request["document"]["verdicts"].clear() or request["document"].update(gate="x"),
        lambda request: request["asking"].update(shown="0" * 64),
        lambda request: request["asking"].pop("asked"),
        lambda request: request["document"].pop("asked"),
        lambda request: request["document"]["asked"].update(meaning="I would like the vegetarian menu"),
        lambda request: request.update(document=[1.5]),
        *(
            lambda request, name=name: request["asking"].update({name: "another"})
            for name in (
                "project",
                "release",
                "candidate",
                "commit",
                "gate",
                "meaning",
                "asked",
                "role",
                "code",
                "person",
            )
        ),
        *(
            lambda request, forged=forged: reseal(request, forged)
            for forged in ({"title": 7}, {"candidate": 7}, {"candidate": None})
        ),
    ],
)
def test_a_request_that_was_changed_on_its_way_is_noticed(
    asking: Context, tamper: Callable[[dict[str, Any]], object]
) -> None:
    request = msgspec.json.decode(msgspec.json.encode(ask(asking)))
    tamper(request)
    with pytest.raises(UsageError):
        requests.read_request(msgspec.json.encode(request))


DEEP = b"[" * 100_000
UNREADABLE = [
    b"",
    b"{}",
    b"\xff\xfe",
    b"[1]",
    DEEP,
    b'{"schema": ' + DEEP,
    b'{"schema": "workbench.reply.2"}',
]


@pytest.mark.parametrize("data", UNREADABLE)
def test_what_is_no_request_or_reply_is_said(asking: Context, data: bytes) -> None:
    with pytest.raises(UsageError, match="not a request"):
        requests.read_request(data)
    with pytest.raises(UsageError, match="not an answer"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)


@pytest.mark.parametrize("kind", ["request", "reply"])
def test_files_of_an_earlier_version_are_refused_in_words(asking: Context, kind: str) -> None:
    data = b'{"schema": "workbench.%s.1", "code": "ABCD-EFGH"}' % kind.encode()
    read = requests.read_request if kind == "request" else requests.read_reply
    with pytest.raises(UsageError, match=f"workbench.{kind}.1 of an earlier version"):
        read(data)


MOMENTS = [
    "2027-01-01T00:00:00",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("field", ["conditions_due", "said_at"])
def test_a_moment_that_cannot_be_told_everywhere_is_refused(asking: Context, field: str, moment: str) -> None:
    found = msgspec.json.decode(replied(ask(asking)))
    found["statement"][field] = moment
    with pytest.raises(UsageError, match="not an answer"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), msgspec.json.encode(found))


# Everything that a reply says about what it answers; what the person says themselves is free.
@pytest.mark.parametrize(
    "changed",
    [
        {"act": "sign"}, {"record": "another"}, {"project": "x"}, {"subject": "0" * 64}, {"release": "9.9.9"},
        {"candidate": "rc9"}, {"commit": "ffff"}, {"gate": "benchmarks"}, {"part": "x"}, {"person": "kim"},
        {"role": "release-owner"}, {"meaning": "I would like the vegetarian menu"}, {"asked": "kim"},
        {"answers": "0" * 64}, {"basis": "0" * 64}, {"shown": "0" * 64}, {"evidence": "0" * 64},
        {"definitions": "0" * 64}, {"replaces": ("0" * 32,)},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_an_answer_for_another_person_gate_or_basis_is_refused(
    asking: Context, changed: dict[str, str]
) -> None:
    data = replied(ask(asking), **changed)
    with pytest.raises(NotAllowed, match="another request"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    assert not gate(asking, "go").through


def test_an_unknown_code_and_a_second_answer_are_refused(asking: Context) -> None:
    request = ask(asking)
    with pytest.raises(UsageError, match="no sign-off request has the code"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request, code="ABCD-EFGH"))
    data = replied(request)
    signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    with pytest.raises(UsageError, match="in the record already"):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), data)
    with pytest.raises(UsageError, match="in the record already"):
        signing_elsewhere.receive(
            asking, evaluate(asking), f"yes {request.code}".encode(), request.code, APPROVE
        )


LENA = build.SHOP.replace(
    "{key: sam, name: Sam, roles: [product-owner]}", "{key: lena, name: Lena, roles: [product-owner]}"
)
REJECT = Answer(decision=Decision.REJECT, comment="found a fault since")


@pytest.mark.parametrize("first", ["yes", "no"])
@pytest.mark.parametrize("requests_made", [1, 2])
def test_the_order_of_importing_decides_nothing(tmp_path: Path, first: str, requests_made: int) -> None:
    with build.shop(tmp_path / "p", LENA) as context:
        clear(context)
        sign(context, "benchmarks", "robin")
        sign(context, "go", "kim")
        asked = [ask(context, "lena") for _ in range(requests_made)]
        files = {"yes": replied(asked[0]), "no": replied(asked[-1], REJECT, build.NOW)}
        for name in (first, "no" if first == "yes" else "yes"):
            signing_elsewhere.take_in_reply(context, evaluate(context), files[name])
        found = gate(context, "go")
        assert found.state is GateState.BLOCKED
        assert found.requirements[-1].why.startswith("Go: rejected by lena: found a fault since")
        for data in files.values():
            with pytest.raises(UsageError, match="in the record already"):
                signing_elsewhere.take_in_reply(context, evaluate(context), data)
        anew = ask(context, "lena")
        assert len(anew.asking.replaces) == 2
        signing_elsewhere.take_in_reply(context, evaluate(context), replied(anew))
        assert gate(context, "go").through


def test_who_answers_once_more_replaces_every_answer_that_did_not_know_of_the_others(asking: Context) -> None:
    due = build.NOW + timedelta(days=9)
    bound = Answer(decision=Decision.CONDITIONS, conditions="watch it", conditions_due=due)
    requests_made = [ask(asking), ask(asking)]
    for request, answer in zip(requests_made, (bound, REJECT), strict=True):
        signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request, answer, build.NOW))
    sign(asking, "go", "sam")
    assert [view.currency.value for view in gate(asking, "go").signoffs[1:]] == [
        "replaced",
        "replaced",
        "current",
    ]
    assert gate(asking, "go").through


def test_a_reply_keeps_what_was_said_whole(asking: Context) -> None:
    request = ask(asking)
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request))
    blob = asking.record.blob(signature(asking, "go").signoff.statement)
    assert blob is not None
    said = read_statement(blob.data)
    assert (said.act, said.person, said.decision, said.answers) == (
        Act.ANSWER,
        "sam",
        "approve",
        request.asking.blob().digest,
    )
    assert said.said_at == build.NOW + timedelta(hours=2)


def test_a_role_that_was_taken_away_since_asking_counts_nothing(asking: Context) -> None:
    request = ask(asking)
    for new, why in (
        ("{key: sam, name: Sam, roles: [developer]}", "sam no longer has the role product-owner"),
        (
            "{key: tess, name: Tess, roles: [developer]}",
            "sam is no longer listed under people: in this project",
        ),
    ):
        text = "{key: sam, name: Sam, roles: [product-owner]}"
        changed = build.rewrite(asking, text, f"{new}\n  - {{key: pat, name: Pat, roles: [product-owner]}}")
        if not gate(changed, "go").signoffs[1:]:
            signing_elsewhere.take_in_reply(changed, evaluate(changed), replied(request))
        view = signature(changed, "go")
        assert (view.currency, view.why) == (Currency.WITHOUT_ROLE, why)
        assert not gate(changed, "go").through
        build.write(asking.root)


def shipped(context: Context) -> None:
    shipping.ship(context, reason="it had to go out today")


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_an_answer_given_before_shipping_that_arrives_after_counts_nowhere(
    asking: Context, decision: str
) -> None:
    request = ask(asking)
    answer = Answer(decision=Decision(decision), comment="my word")
    later = build.later(asking, hours=1)
    shipped(later)
    before = gate(later, "go").state
    signing_elsewhere.take_in_reply(later, evaluate(later), replied(request, answer, build.NOW))
    view = signature(later, "go")
    assert (view.currency, view.why) == (
        Currency.LATE,
        "arrived after 2.0.0 was shipped, so it does not count",
    )
    assert view.signoff.late == "shipped" and not view.stops
    assert gate(later, "go").state is before
    shipping.take_back(later, "2.0.0", "the deployment was stopped at the last moment")
    assert signature(later, "go").stops is (
        decision == "reject"
    )  # a no holds, once the release is open again
    assert not signature(later, "go").counts or decision == "reject"


def test_an_answer_given_after_shipping_is_refused(asking: Context) -> None:
    request = ask(asking)
    later = build.later(asking, hours=1)
    shipped(later)
    with pytest.raises(NotAllowed, match="frozen"):
        signing_elsewhere.take_in_reply(later, evaluate(later), replied(request))


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
        (b"I approve", None, "does not contain the code"),
        (b"I approve ABCD-2345", None, "does not contain the code"),
        (b"I approve", "ABCD-2345", "no sign-off request has the code"),
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
    with pytest.raises(NotAllowed, match="you can't approve"):
        ask(asking)


def test_asking_opens_sign_off_and_pins_the_figures(tmp_path: Path) -> None:
    with build.shop(tmp_path / "p") as context:
        clear(context)
        signing_elsewhere.ask(context, evaluate(context), "benchmarks", "robin")
        assert gate(context, "benchmarks").opening.by == "kim"
        build.measured(context, "p95", "0.47")
        assert str(build.verdict(build.later(context, hours=71), "p95").value.value) == "0.46"


@pytest.mark.parametrize(
    "data",
    [
        MAIL.decode().encode("utf-16"),
        MAIL.decode().encode("utf-16-le"),
        b"From: sam@shop.example\nContent-Transfer-Encoding: base64\n\n",
        b"From: sam@shop.example\nContent-Type: text/plain; charset=x-nobody\n\nI approve, %s",
    ],
    ids=["utf-16", "utf-16-le", "base64", "unknown charset"],
)
def test_a_mail_is_read_however_it_is_encoded(asking: Context, data: bytes) -> None:
    code = ask(asking).code
    if data.endswith(b"base64\n\n"):
        data += b64encode(f"I approve, {code}".encode())
    for encoding in ("utf-16-le", "ascii"):
        data = data.replace("%s".encode(encoding), code.encode(encoding))
    signing_elsewhere.receive(asking, evaluate(asking), data, code, APPROVE)
    assert gate(asking, "go").through


def test_a_message_that_contradicts_the_decision_is_entered_only_if_one_is_sure(asking: Context) -> None:
    code = ask(asking).code
    data = f"I REJECT this. {code}".encode()
    with pytest.raises(UsageError, match="the message says “reject”, and it is entered as “approve”"):
        signing_elsewhere.receive(asking, evaluate(asking), data, code, APPROVE)
    signing_elsewhere.receive(asking, evaluate(asking), data, code, APPROVE, sure=True)
    assert gate(asking, "go").through


@pytest.mark.parametrize("decision", ["approve_with_conditions", "send_back", "reject"])
def test_an_answer_that_needs_words_has_them(asking: Context, decision: str) -> None:
    request = ask(asking)
    bare = Answer(decision=Decision(decision))
    with pytest.raises(UsageError):
        requests.reply(request, bare, identity="x", at=build.NOW)
    said = msgspec.structs.replace(
        bare,
        comment="not yet",
        conditions="watch it",
        conditions_due=build.NOW + timedelta(days=9) if decision == "approve_with_conditions" else None,
        needed="the load test",
    )
    signing_elsewhere.take_in_reply(asking, evaluate(asking), replied(request, said))
    assert gate(asking, "go").through is (decision == "approve_with_conditions")
