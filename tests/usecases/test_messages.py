"""What a message says, and whether its words contradict the decision that is entered from it."""

from __future__ import annotations

import pytest

from workbench.signoff.model import Decision
from workbench.usecases.messages import contradiction, is_mail, message_text

YES, IF, BACK, NO = Decision.APPROVE, Decision.CONDITIONS, Decision.SEND_BACK, Decision.REJECT


@pytest.mark.parametrize(
    ("text", "decision", "against"),
    [
        ("I approve, ABCD-2345", YES, ""),
        ("Fine with me. ABCD-2345", YES, ""),
        ("Ja, akkoord", YES, ""),
        ("I REJECT this. ABCD-2345", YES, "reject"),
        ("I do not approve this", YES, "not approve"),
        ("I can't really approve that", YES, "can't really approve"),
        ("That’s a no-go for me", YES, "no-go"),
        ("please send it back to Jo", YES, "send it back"),
        ("I approve on the condition that it is watched", YES, "on the condition"),
        ("I approve on the condition that it is watched", IF, ""),
        ("Rejected!", IF, "rejected"),
        ("I reject because of the p95", NO, ""),
        ("I approve", NO, "approve"),
        ("I do not approve", NO, ""),
        ("Approved, go ahead", BACK, "approved"),
        ("I send it back: the load test is missing", BACK, ""),
        ("I approve\n> I reject because …, ABCD-2345", YES, ""),
        ("I\nreject", YES, "reject"),
    ],
)
def test_words_that_contradict_a_decision_are_named(text: str, decision: Decision, against: str) -> None:
    assert contradiction(text, decision) == against


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_any_encoding_of_unicode(encoding: str) -> None:
    assert "Grüße, ABCD-2345" in message_text("I approve. Grüße, ABCD-2345".encode(encoding))


def test_the_words_of_a_mail_are_read_as_they_were_written() -> None:
    head = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n"
    soft = head + b"Content-Transfer-Encoding: quoted-printable\n\nI approve, ABCD-=\n2345"
    assert "ABCD-2345" in message_text(soft) and is_mail(soft)
    assert "plain words" in message_text(b"From: nobody\n\nplain words")


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"From:", b"\xff", b"\xff\xfe", b"From: x\nContent-Type: multipart/mixed\n\n--\n"]
)
def test_what_is_no_message_is_no_crash(data: bytes) -> None:
    assert isinstance(message_text(data), str)
