"""Requests, replies and messages: what goes to somebody elsewhere, and what comes back, changed on the way."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz import odd
from tests.fuzz.effort import SOME
from tests.fuzz.places import asking

REQUEST = "sign-off-1-0-early-sam.json"
ANSWERS = st.sampled_from(
    (
        ["--approve"],
        ["--reject", "--comment", "no"],
        ["--conditions", "watch it", "--due", "2030-12-01"],
        ["--send-back", "the plan", "--from", "kim"],
        ["--approve", "--json"],
    )
)
CODES = st.one_of(st.just(""), odd.texts)


@cache
def request() -> bytes:
    return asking().original(REQUEST)


@cache
def reply() -> bytes:
    place = asking()
    place.put_back()
    assert (
        place.survives("sign", REQUEST, "--approve", "--confirm", "1.0", "--output", "reply.json").code == 0
    )
    return (place.root / "reply.json").read_bytes()


@cache
def code() -> str:
    found: str = json.loads(request())["asking"]["code"]
    return found


def _changed(data: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(odd.trees(json.loads(data)).map(odd.as_json), odd.bytes_of([data]))


@SOME
@given(st.deferred(lambda: _changed(request())), ANSWERS)
def test_requests(data: bytes, answer: list[str]) -> None:
    place = asking()
    place.put_back()
    (place.root / "request.json").write_bytes(data)
    place.survives("sign", "request.json", "--confirm", "1.0", *answer)


@SOME
@given(st.deferred(lambda: _changed(reply())))
def test_replies(data: bytes) -> None:
    place = asking()
    place.put_back()
    (place.root / "reply.json").write_bytes(data)
    place.survives("import", "reply.json", "--as", "kim")
    place.survives("gate")


def _mail(text: str) -> bytes:
    return (
        "From: Sam <sam@shop.example>\nTo: kim@shop.example\nSubject: =?utf-8?q?Re=3A_Early?=\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{text}\n--x\nContent-Type: text/html\n\n<p>{text}</p>\n--x--\n"
    ).encode()


def _messages() -> st.SearchStrategy[bytes]:
    text = f"I approve. {code()}"
    return odd.bytes_of(
        [text.encode(), _mail(text), text.encode("utf-16"), _mail(text).replace(b"utf-8", b"x-odd")]
    )


@SOME
@given(st.deferred(_messages), ANSWERS, CODES)
def test_messages(data: bytes, answer: list[str], said: str) -> None:
    place = asking()
    place.put_back()
    (place.root / "mail.eml").write_bytes(data)
    typed = said.replace("\x00", "") or code()
    place.survives("sign", "--received", "mail.eml", "--code", typed, "--as", "kim", "--sure", *answer)
    place.survives("gate", "early", *_any(data))


def _any(data: bytes) -> list[Any]:
    return ["--json"] if len(data) % 2 else []
