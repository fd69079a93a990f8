"""Asking people elsewhere for a sign-off, and taking in what they answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from workbench.model.canonical import encode
from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Blob, Commit
from workbench.releases.model import require_open
from workbench.signoff import model as signing
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import SignOffView
from workbench.signoff.model import Decision, Seen, SignOff, Way
from workbench.signoff.statement import DOCUMENT
from workbench.usecases.context import Context, commit, fresh_id
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.signing import (
    Answer,
    check_due,
    check_may_approve,
    check_may_sign,
    keep_copy,
    opening,
    policy_of,
    role_for,
    shown_to,
)

_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The file that goes to somebody elsewhere; it says everything they need to answer."""

    schema: str = "workbench.request.1"
    project: str
    release: str
    candidate: str
    commit: str
    gate: str
    gate_title: str
    person: str
    role: str
    meaning: str
    code: str
    shown: str
    basis: str
    evidence: str
    asked_by: str
    asked_at: datetime
    document: dict[str, Any]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The file that comes back."""

    schema: str = "workbench.reply.1"
    code: str
    shown: str
    basis: str
    gate: str
    person: str
    role: str
    decision: Decision
    comment: str = ""
    conditions: str = ""
    conditions_due: datetime | None = None
    identity: str
    answered_at: datetime


def ask(
    context: Context, evaluation: Evaluation, gate: str | None, person_key: str, role: str | None = None
) -> Request:
    """Ask somebody elsewhere: what they are shown is kept, and sign-off is opened."""
    person = context.definitions.person(person_key)
    if person is None:
        known = ", ".join(p.key for p in context.definitions.project.people)
        raise UsageError(f"there is no person “{person_key}” in this project", hint=f"known: {known}")
    concluded = evaluation.gate(gate)
    check_may_sign(context, evaluation, concluded, person)
    check_may_approve(concluded)
    held = evaluation.held
    assert held.candidate is not None and held.candidate_id is not None
    shown = shown_to(evaluation, concluded, person.key, role_for(context, concluded, person, role))
    code = _new_code()
    seen = Seen(
        release=held.id,
        candidate=held.candidate_id,
        gate=shown.gate,
        person=person.key,
        role=shown.role,
        code=code,
        shown=shown.shown.digest,
        basis=shown.basis.digest,
        evidence=shown.evidence,
        by=context.author().actor,
        at=context.now,
    )
    changes = [*opening(context, evaluation, concluded), signing.asked(seen)]
    commit(context, changes, blobs=[shown.shown, shown.basis])
    return Request(
        project=evaluation.project,
        release=held.release.version,
        candidate=held.candidate.name,
        commit=held.candidate.commit,
        gate=shown.gate,
        gate_title=concluded.gate.title,
        person=person.key,
        role=shown.role,
        meaning=policy_of(concluded).meaning,
        code=code,
        shown=seen.shown,
        basis=seen.basis,
        evidence=seen.evidence,
        asked_by=seen.by,
        asked_at=seen.at,
        document=msgspec.json.decode(shown.shown.data),
    )


def _new_code() -> str:
    letters = "".join(secrets.choice(_CODE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def read_request(data: bytes) -> Request:
    """A request file; an error says what is wrong with it."""
    try:
        request = msgspec.json.decode(data, type=Request)
        matches = Blob.of(encode(request.document), DOCUMENT).digest == request.shown
    except (msgspec.DecodeError, ValueError, TypeError) as error:
        raise UsageError("this is no request for a sign-off", where=str(error)[:200]) from None
    if not matches:
        raise UsageError("this request was changed on its way: its document is not the one that was shown")
    return request


def reply(request: Request, answer: Answer, *, identity: str, at: datetime) -> Reply:
    """The answer to a request, without any record."""
    signing.require_words(answer.decision, comment=answer.comment, conditions=answer.conditions)
    check_due(answer, request.asked_at)
    return Reply(
        code=request.code,
        shown=request.shown,
        basis=request.basis,
        gate=request.gate,
        person=request.person,
        role=request.role,
        decision=answer.decision,
        comment=answer.comment,
        conditions=answer.conditions,
        conditions_due=answer.conditions_due,
        identity=identity,
        answered_at=at,
    )


def take_in_reply(context: Context, evaluation: Evaluation, data: bytes) -> Commit:
    """``import``: a reply file becomes a sign-off, its original kept."""
    try:
        answer = msgspec.json.decode(data, type=Reply)
    except (msgspec.DecodeError, ValueError) as error:
        raise UsageError("this is no answer to a request", where=str(error)[:200]) from None
    _, seen = signing.request(context.record, answer.code)
    if (answer.shown, answer.basis, answer.gate, answer.person) != (
        seen.shown,
        seen.basis,
        seen.gate,
        seen.person,
    ):
        raise NotAllowed("this answer belongs to another request", hint="compare code, gate and person")
    said = Answer(
        decision=answer.decision,
        comment=answer.comment,
        conditions=answer.conditions,
        conditions_due=answer.conditions_due,
    )
    return _from_elsewhere(
        context,
        evaluation,
        seen,
        said,
        Blob.of(data, DOCUMENT),
        Way.REQUEST,
        f"asserted identity ({answer.identity})",
    )


def receive(context: Context, evaluation: Evaluation, data: bytes, code: str, answer: Answer) -> Commit:
    """``sign --received``: a mail or chat answer, entered by somebody else, its original kept.

    The code of the sheet has to stand in the message.
    """
    _, seen = signing.request(context.record, code)
    text = data.decode("utf-8", "replace").upper()
    if seen.code not in text and seen.code.replace("-", "") not in text:
        raise NotAllowed(
            f"the message does not hold the code {seen.code}",
            hint="the answer must quote the code of its sheet",
        )
    by = context.author().actor
    if by == seen.person:
        raise UsageError("this is your own answer", hint="sign here instead: workbench sign")
    media = "message/rfc822" if b"\nfrom:" in b"\n" + data[:2000].lower() else "text/plain"
    identity = f"asserted identity (a message, entered by {by})"
    return _from_elsewhere(context, evaluation, seen, answer, Blob.of(data, media), Way.RECEIVED, identity)


def _from_elsewhere(
    context: Context,
    evaluation: Evaluation,
    seen: Seen,
    answer: Answer,
    original: Blob,
    way: Way,
    identity: str,
) -> Commit:
    require_open(evaluation.held)
    if seen.release != evaluation.held.id:
        raise NotAllowed("this answer is for another release", hint="choose it with --release")
    if any(v.signoff.code == seen.code for _, v in _all(evaluation)):
        raise UsageError(f"the answer with the code {seen.code} is in the record already")
    concluded = evaluation.gate(seen.gate)
    candidate = next((c for s, c in evaluation.held.candidates if s.id == seen.candidate), None)
    value = SignOff(
        release=seen.release,
        candidate=seen.candidate,
        commit=candidate.commit if candidate else "",
        gate=seen.gate,
        person=seen.person,
        role=seen.role,
        decision=answer.decision,
        meaning=policy_of(concluded).meaning,
        at=context.now,
        shown=seen.shown,
        basis=seen.basis,
        evidence=seen.evidence,
        comment=answer.comment.strip(),
        conditions=answer.conditions.strip(),
        conditions_due=answer.conditions_due,
        way=way,
        identity=identity,
        entered_by=context.author().actor,
        original=original.digest,
        code=seen.code,
    )
    done = commit(context, [signing.signed(value, fresh_id(context))], blobs=[original])
    keep_copy(context)
    return done


def _all(evaluation: Evaluation) -> Sequence[tuple[Concluded, SignOffView]]:
    return [(item, view) for item in evaluation.gates for view in item.signoffs]
