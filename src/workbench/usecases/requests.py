"""The files that go to somebody elsewhere and come back: all that they say is sealed by digests.

A request (``workbench.request.2``) holds the document that the person is shown and the statement
that asks; whoever answers compares the two.  A reply (``workbench.reply.2``) holds the statement
of the person who was asked, whole; the record compares it with the statement that it kept when it
asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import UsageError
from workbench.model.text import safe_text
from workbench.model.times import can_be_shown
from workbench.record import Blob
from workbench.signoff import model as signing
from workbench.signoff.model import Decision
from workbench.signoff.statement import DOCUMENT, Act, Statement
from workbench.usecases.signing import Answer, check_due

REQUEST, REPLY = "workbench.request.2", "workbench.reply.2"
_UNREADABLE = (msgspec.DecodeError, ValueError, TypeError, KeyError, RecursionError, OverflowError)
S = TypeVar("S", bound=msgspec.Struct)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The file that goes to somebody elsewhere; it says everything they need to answer."""

    schema: str = REQUEST
    asking: Statement
    document: dict[str, Any]

    @property
    def release(self) -> str:
        return self.asking.release

    @property
    def gate(self) -> str:
        return self.asking.gate

    @property
    def person(self) -> str:
        return self.asking.asked

    @property
    def code(self) -> str:
        return self.asking.code

    @property
    def project(self) -> str:
        return str(self.document["project"])

    @property
    def gate_title(self) -> str:
        return str(self.document["title"])


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The file that comes back; ``identity`` says how it is known who answered.

    ``signature`` is that of a key over the statement's bytes, as ``ssh-keygen`` writes it; "" where none signed.
    """

    schema: str = REPLY
    statement: Statement
    identity: str
    signature: str = ""


def asked_document(shown: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """The document that somebody elsewhere is shown: the gate, and who asks whom for what."""
    return {**shown, "asked": dict(head)}


# --- the request ---------------------------------------------------------------------------------


def read_request(data: bytes) -> Request:
    """A request file, all of whose words are those of its document; an error says what is wrong with it."""
    request = _read(
        data, Request, REQUEST, "this is not a request for a sign-off", "workbench ask makes a new one"
    )
    try:
        digest = Blob.of(encode(request.document), DOCUMENT).digest
        other = _differing(request)
    except _UNREADABLE as error:
        raise UsageError("this is not a request for a sign-off", where=_short(error)) from None
    if digest != request.asking.shown:
        raise UsageError(
            "this request was changed after it was sent: its document is not the one that was shown",
            hint="ask for a new one",
        )
    if other:
        raise UsageError(
            f"this request was changed after it was sent: its {other} is not the one of its document",
            hint="ask for a new one",
        )
    return request


def _differing(request: Request) -> str:
    """What the request says otherwise than its document; "" where they agree."""
    document, said = request.document, request.asking
    candidate, asked = document["candidate"], document["asked"]
    pairs = {
        "project": (said.project, document["project_key"]),
        "release": (said.release, document["release"]),
        "candidate": (said.candidate, candidate["name"]),
        "commit": (said.commit, candidate["commit"]),
        "gate": (said.gate, document["gate"]),
        "meaning": (said.meaning, asked["meaning"]),
        "person": (said.asked, asked["person"]),
        "role": (said.role, asked["role"]),
        "code": (said.code, asked["code"]),
        "asker": (said.person, asked["by"]),
    }
    texts = {"project": document["project"], "title": document["title"]}
    wrong = [name for name, (one, other) in pairs.items() if one != other]
    wrong += [name for name, text in texts.items() if not isinstance(text, str)]
    return wrong[0] if wrong else ""


# --- the answer ------------------------------------------------------------------------------------


def reply(
    request: Request,
    answer: Answer,
    *,
    identity: str,
    at: datetime,
    signs: Callable[[bytes], str] | None = None,
) -> Reply:
    """The answer to a request, without any record; ``signs`` signs the bytes of a statement with a key."""
    signing.require_words(
        answer.decision,
        comment=answer.comment,
        conditions=answer.conditions,
        due=answer.conditions_due,
        needed=answer.needed,
    )
    check_due(answer, request.asking.said_at)
    said = answered(request.asking, answer, at)
    signature = signs(said.blob().data) if signs is not None else ""
    return Reply(statement=said, identity=identity, signature=signature)


def answered(asking: Statement, answer: Answer, at: datetime) -> Statement:
    """What the person who was asked says, word for word about what they were asked."""
    return msgspec.structs.replace(
        asking,
        act=Act.ANSWER,
        person=asking.asked,
        asked="",
        answers=asking.blob().digest,
        frontier=(),
        decision=answer.decision.value,
        words=answer.comment.strip(),
        conditions=answer.conditions.strip(),
        conditions_due=answer.conditions_due,
        needed=answer.needed.strip(),
        needed_from=answer.needed_from.strip(),
        said_at=at,
    )


def read_reply(data: bytes) -> tuple[Reply, Answer]:
    """A reply file and what it answers; an error says what is wrong with it."""
    found = _read(data, Reply, REPLY, "this is not an answer to a request", "ask again: workbench ask PERSON")
    said = found.statement
    try:
        decision = Decision(said.decision)
    except ValueError:
        raise UsageError("this is not an answer to a request: it decides nothing") from None
    return found, Answer(
        decision=decision,
        comment=said.words,
        conditions=said.conditions,
        conditions_due=said.conditions_due,
        needed=said.needed,
        needed_from=said.needed_from,
    )


def differing(kept: Statement, said: Statement, answer: Answer) -> str:
    """What an answer says otherwise than what was asked; "" where it is an answer to just that."""
    expected = answered(kept, answer, said.said_at)
    fields: Iterable[str] = expected.__struct_fields__
    return next((name for name in fields if getattr(expected, name) != getattr(said, name)), "")


# --- reading -----------------------------------------------------------------------------------------


class _Named(msgspec.Struct, frozen=True):
    schema: str


def _read(data: bytes, kind: type[S], schema: str, wrong: str, again: str) -> S:
    """A document of this schema; ``UsageError`` says what it is instead."""
    try:
        named = msgspec.json.decode(data, type=_Named).schema
        if named == schema.replace(".2", ".1"):
            raise UsageError(
                f"this is a {named} of an earlier version of the workbench, which did not seal all that it says",
                hint=again,
            )
        if named != schema:
            raise UsageError(wrong, where=safe_text(named, 60))
        found = msgspec.json.decode(data, type=kind)
    except _UNREADABLE as error:
        raise UsageError(wrong, where=_short(error)) from None
    statement: Statement = getattr(found, "asking", None) or getattr(found, "statement")  # noqa: B009
    for moment in (statement.said_at, statement.conditions_due):
        if moment is not None and (moment.tzinfo is None or not can_be_shown(moment)):
            raise UsageError(wrong, where=f"{moment.isoformat()} is not a valid time in every time zone")
    return found


def _short(error: Exception) -> str:
    return safe_text(str(error), 200)
