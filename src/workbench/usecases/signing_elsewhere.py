"""Asking people elsewhere for a sign-off, and taking in what they answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from workbench.model.canonical import encode, plain
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.times import to_text
from workbench.record import Blob, Commit
from workbench.releases.model import Held, Outcome, Release, require_open
from workbench.signoff import model as signing
from workbench.signoff.conclude import Concluded
from workbench.signoff.holding import SignOffView
from workbench.signoff.keyed import APART, signature_blob
from workbench.signoff.model import Seen, SignOff, Way
from workbench.signoff.ssh_signatures import Namespace, check, signers_of
from workbench.signoff.statement import DOCUMENT, Act, Statement, read_statement
from workbench.usecases import stating
from workbench.usecases.context import Context, commit, fresh_id, require_person
from workbench.usecases.evaluate import Evaluation, evaluate
from workbench.usecases.messages import contradiction, is_mail, message_text
from workbench.usecases.people import known_person
from workbench.usecases.reporting.signed import shown_document
from workbench.usecases.requests import Reply, Request, answered, asked_document, differing, read_reply
from workbench.usecases.signing import (
    Answer,
    answers_of,
    check_apart,
    check_may_approve,
    check_may_sign,
    gate_to_sign,
    keep_copy,
    opening,
    policy_of,
    role_for,
)
from workbench.usecases.ssh_signing import Signature
from workbench.usecases.stating import Documents, Stated

_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def ask(
    context: Context, evaluation: Evaluation, gate: str | None, named: str, role: str | None = None
) -> Request:
    """Ask somebody elsewhere, ``named`` by key, name or e-mail: what they are shown is kept, and sign-off is opened."""
    person = known_person(context.definitions.project.people, named)
    concluded = gate_to_sign(evaluation, gate)
    check_may_sign(context, evaluation, concluded, person)
    check_may_approve(concluded)
    check_apart(evaluation, concluded, {person.key})
    held = evaluation.held
    assert held.candidate is not None and held.candidate_id is not None
    stated = _asking(context, evaluation, concluded, person.key, role_for(context, concluded, person, role))
    asking = stated.statement
    seen = Seen(
        release=held.id,
        candidate=held.candidate_id,
        gate=asking.gate,
        person=asking.asked,
        role=asking.role,
        code=asking.code,
        shown=asking.shown,
        basis=asking.basis,
        evidence=asking.evidence,
        by=asking.person,
        at=context.now,
        replaces=asking.replaces,
        statement=stated.digest,
    )
    changes = [*opening(context, evaluation, concluded), signing.asked(seen), *stated.keyed]
    commit(context, changes, blobs=stated.blobs)
    document = next(blob for blob in stated.blobs if blob.digest == asking.shown)
    return Request(asking=asking, document=msgspec.json.decode(document.data))


def _asking(context: Context, evaluation: Evaluation, concluded: Concluded, person: str, role: str) -> Stated:
    """The statement that asks somebody, with all that has to be kept beside it."""
    code, meaning, by = _new_code(), policy_of(concluded).meaning, context.author().actor
    head = {
        "by": by,
        "person": person,
        "role": role,
        "meaning": meaning,
        "code": code,
        "at": to_text(context.now),
    }
    documents = stating.documents_of(evaluation, concluded)
    shown = asked_document(plain(shown_document(evaluation, concluded)), head)
    return stating.state(
        context,
        evaluation,
        Act.ASK,
        Documents(shown=Blob.of(encode(shown), DOCUMENT), basis=documents.basis, evidence=documents.evidence),
        gate=concluded.gate.key,
        person=by,
        role=role,
        meaning=meaning,
        asked=person,
        code=code,
        replaces=answers_of(concluded, person),
    )


def _new_code() -> str:
    letters = "".join(secrets.choice(_CODE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def take_in_reply(context: Context, evaluation: Evaluation, data: bytes) -> Commit:
    """``import``: a reply file becomes a sign-off, its original kept."""
    found, answer = read_reply(data)
    said = found.statement
    _, seen = signing.request(context.record, said.code)
    kept = _kept(context, seen)
    if kept is None:
        raise NotAllowed("this answer belongs to another request", hint="ask again: workbench ask PERSON")
    other = differing(kept, said, answer)
    if other:
        raise NotAllowed(
            f"this answer belongs to another request: its {other.replace('_', ' ')} is not what was asked",
            hint="compare code, gate and person",
        )
    judged = _of_its_release(context, evaluation, seen)
    outcome_at = judged.held.release.outcome_at
    if outcome_at is not None and said.said_at > outcome_at:
        require_open(judged.held)
    if said.said_at + APART < kept.said_at:
        raise NotAllowed(
            "this answer is back-dated: it says that it was given before it was asked for",
            hint="ask again; is the clock of the machine where it was given right?",
        )
    signature = signature_of_reply(context, found)
    identity = f"asserted identity ({found.identity})"
    original = Blob.of(data, DOCUMENT)
    return _take_in(context, judged, seen, answer, said, original, Way.REQUEST, identity, signature)


def signature_of_reply(context: Context, reply: Reply) -> Signature | None:
    """The signature that came with a reply, if it is one of the person's own key; ``None`` where none came."""
    if not reply.signature:
        return None
    said = reply.statement
    checked = check(
        signers_of(context.definitions.project.people),
        said.blob().data,
        reply.signature.encode("utf-8", "replace"),
        Namespace.STATEMENT,
        said.said_at,
        held_at=None if context.demonstration else context.now,
        person=said.person,
    )
    if not checked.holds:
        raise NotAllowed(
            f"this answer is signed, but its signature does not hold: {checked.problem}",
            hint="ask again; whose keys count stands under people: in workbench.yaml",
        )
    return Signature(reply.signature.encode(), checked.fingerprint)


def receive(
    context: Context,
    evaluation: Evaluation,
    data: bytes,
    code: str,
    answer: Answer,
    *,
    sure: bool = False,
) -> Commit:
    """``sign --received``: a mail or chat answer, entered by somebody else, its original kept.

    The code of the sheet has to stand in the message.  Where the message's words say something
    else than the answer, it is refused unless who enters it is ``sure``.
    """
    _, seen = signing.request(context.record, code)
    text = message_text(data)
    letters = text.upper()
    if seen.code not in letters and seen.code.replace("-", "") not in letters:
        raise NotAllowed(
            f"the message does not contain the code {seen.code}",
            hint="the answer must quote the code of its sheet",
        )
    by = context.author().actor
    if by == seen.person:
        raise UsageError("this is your own answer", hint="sign here instead: workbench sign")
    against = contradiction(text, answer.decision)
    if against and not sure:
        raise UsageError(
            f"the message says “{against}”, and it is entered as “{answer.decision.value.replace('_', ' ')}”",
            hint="enter what it says; if you mean it as it is: --sure",
        )
    kept = _kept(context, seen)
    said = answered(kept, answer, context.now) if kept else None
    original = Blob.of(data, "message/rfc822" if is_mail(data) else "text/plain")
    identity = f"asserted identity (a message, entered by {by})"
    judged = _of_its_release(context, evaluation, seen)
    return _take_in(context, judged, seen, answer, said, original, Way.RECEIVED, identity)


def _kept(context: Context, seen: Seen) -> Statement | None:
    """The statement that asked; ``None`` for a request of an earlier version."""
    blob = context.record.blob(seen.statement) if seen.statement else None
    return read_statement(blob.data) if blob is not None and not blob.purged else None


def _of_its_release(context: Context, evaluation: Evaluation, seen: Seen) -> Evaluation:
    """The release that an answer is about, which need not be the one in hand any more."""
    if seen.release == evaluation.held.id:
        return evaluation
    stored = context.record.get("release", seen.release)
    if stored is None:
        raise NotAllowed("the release that was asked about is not in this record any more")
    return evaluate(context, stored.decode(Release).version)


def _take_in(
    context: Context,
    evaluation: Evaluation,
    seen: Seen,
    answer: Answer,
    said: Statement | None,
    original: Blob,
    way: Way,
    identity: str,
    signature: Signature | None = None,
) -> Commit:
    require_person(context)
    _check_new(evaluation, seen, answer, original)
    concluded = evaluation.gate(seen.gate)
    held = evaluation.held
    candidate = next((c for s, c in held.candidates if s.id == seen.candidate), None)
    statement = said.blob() if said is not None else None
    sealed = signature_blob(signature.armored) if signature is not None else None
    value = SignOff(
        release=seen.release,
        candidate=seen.candidate,
        commit=candidate.commit if candidate else "",
        gate=seen.gate,
        person=seen.person,
        role=seen.role,
        decision=answer.decision,
        meaning=said.meaning if said is not None else policy_of(concluded).meaning,
        at=context.now,
        shown=seen.shown,
        basis=seen.basis,
        evidence=seen.evidence,
        comment=answer.comment.strip(),
        conditions=answer.conditions.strip(),
        conditions_due=answer.conditions_due,
        needed=answer.needed.strip(),
        needed_from=answer.needed_from.strip(),
        replaces=seen.replaces or (),
        statement=statement.digest if statement else "",
        signature=sealed.digest if sealed is not None else "",
        key=signature.fingerprint if signature is not None else "",
        late=_late(held),
        way=way,
        identity=identity,
        entered_by=context.author().actor,
        original=original.digest,
        code=seen.code,
    )
    blobs = [original, *(blob for blob in (statement, sealed) if blob is not None)]
    done = commit(context, [signing.signed(value, fresh_id(context))], blobs=blobs)
    keep_copy(context)
    return done


def _late(held: Held) -> str:
    """What had become of a release before an answer arrived; "" while it is open."""
    outcome = held.release.outcome
    return "" if outcome is Outcome.OPEN else outcome.value.replace("_", " ")


def _check_new(evaluation: Evaluation, seen: Seen, answer: Answer, original: Blob) -> None:
    """The same answer is taken in once.

    Another one under the same code is another answer: whichever of them arrives first, the stricter
    one holds.
    """
    for _, view in _all(evaluation):
        value = view.signoff
        if value.code == seen.code and (
            value.original == original.digest or value.decision is answer.decision
        ):
            raise UsageError(f"the answer with the code {seen.code} is in the record already")


def _all(evaluation: Evaluation) -> Sequence[tuple[Concluded, SignOffView]]:
    return [(item, view) for item in evaluation.gates for view in item.signoffs]
