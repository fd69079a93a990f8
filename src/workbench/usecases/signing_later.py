"""A key signs what its owner said before: the statement is the same, and its signature stands beside it."""

from __future__ import annotations

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.releases.model import require_open
from workbench.signoff.keyed import KeySignature, keyed, signature_blob
from workbench.signoff.statement import read_statement
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.signing import gate_to_sign, keep_copy, standing_answer


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that was added to an answer: on which gate, the answer's id, the key, and the act."""

    gate: str
    answer: str
    key: str
    change: str


def add_signature(context: Context, evaluation: Evaluation, gate: str | None) -> Added:
    """Sign the answer that the person who sits here has on a gate; the context brings the key."""
    require_open(evaluation.held)
    person, concluded = require_person(context), gate_to_sign(evaluation, gate)
    given = [
        view
        for view in concluded.signoffs
        if view.signoff.person == person.key and not view.signoff.revoked_at
    ]
    view = standing_answer(concluded, person.key) or (given[-1] if given else None)
    if view is None:
        raise UsageError(
            f"you have not answered {concluded.gate.title}", hint="workbench sign --ssh-key FILE"
        )
    if view.checked is not None and view.checked.holds:
        raise UsageError(f"your answer is signed already, with {view.checked.fingerprint}")
    blob = context.record.blob(view.signoff.statement) if view.signoff.statement else None
    if blob is None or not blob.data:
        raise NotAllowed("no statement is kept with your answer that a key could sign", hint="sign again")
    assert context.signs is not None
    armored, key = context.signs(blob.data)
    said = read_statement(blob.data)
    sealed = signature_blob(armored)
    value = KeySignature(
        statement=blob.digest,
        signature=sealed.digest,
        key=key,
        person=person.key,
        act=said.act,
        at=context.now,
    )
    done = commit(context, [keyed(value)], blobs=[sealed])
    keep_copy(context)
    return Added(gate=concluded.key, answer=view.stored.id, key=key, change=done.change_id)
