"""What a person was shown when they acted is kept with the act, and so is what they said."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.model.canonical import encode, plain
from workbench.record import Blob, Change
from workbench.signoff.conclude import Concluded
from workbench.signoff.keyed import KeySignature, keyed, signature_blob
from workbench.signoff.statement import DOCUMENT, Act, Statement
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.reporting.signed import shown_document


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """What an act rests on: the document on screen, what decides whether it holds, and the
    digest of the measurements behind it."""

    shown: Blob
    basis: Blob
    evidence: str = ""


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with all that has to be kept beside it, in the same act.

    ``signature`` is the digest of a key's signature over it and ``key`` that key's fingerprint, empty where
    none signed.  ``keyed`` are the changes that record the signature of what is no sign-off.
    """

    statement: Statement
    digest: str
    blobs: tuple[Blob, ...]
    signature: str = ""
    key: str = ""

    @property
    def keyed(self) -> tuple[Change, ...]:
        if not self.signature:
            return ()
        said = self.statement
        value = KeySignature(
            statement=self.digest,
            signature=self.signature,
            key=self.key,
            person=said.person,
            act=said.act,
            at=said.said_at,
        )
        return (keyed(value),)


def documents_of(evaluation: Evaluation, concluded: Concluded) -> Documents:
    """What a person who acts on a gate is shown now, and what their act rests on."""
    basis = evaluation.bases.of(concluded.gate.key)
    return Documents(
        shown=Blob.of(encode(plain(shown_document(evaluation, concluded))), DOCUMENT),
        basis=Blob.of(encode(basis.document), DOCUMENT),
        evidence=basis.evidence,
    )


def state(
    context: Context,
    evaluation: Evaluation,
    act: Act,
    documents: Documents,
    *,
    subject: str = "",
    gate: str = "",
    part: str = "",
    person: str = "",
    for_person: str = "",
    role: str = "",
    decision: str = "",
    words: str = "",
    conditions: str = "",
    conditions_due: datetime | None = None,
    meaning: str = "",
    needed: str = "",
    needed_from: str = "",
    asked: str = "",
    code: str = "",
    replaces: tuple[str, ...] = (),
    said_at: datetime | None = None,
) -> Stated:
    """What somebody says of the release in hand, with everything that is kept beside it.

    ``subject`` is the digest of the entry that the act is about, the candidate's if it is left
    out; ``person`` the one who sits here unless another one is named.  Secrets that were typed are left out.
    """
    words, conditions, needed = (without_secrets_in(context, text) for text in (words, conditions, needed))
    held = evaluation.held
    candidate = held.candidates[-1] if held.candidates else None
    definitions = Blob.of(context.definitions.document, DOCUMENT)
    statement = Statement(
        act=act,
        record=context.record.info.record_id,
        project=evaluation.project_key,
        subject=subject or (candidate[0].base if candidate else held.stored.base),
        release=held.release.version,
        candidate=candidate[1].name if candidate else "",
        commit=candidate[1].commit if candidate else "",
        gate=gate,
        part=part,
        person=person or context.author().actor,
        for_person=for_person,
        role=role,
        decision=decision,
        words=words,
        conditions=conditions,
        conditions_due=conditions_due,
        meaning=meaning,
        needed=needed,
        needed_from=needed_from,
        asked=asked,
        code=code,
        shown=documents.shown.digest,
        basis=documents.basis.digest,
        evidence=documents.evidence,
        definitions=definitions.digest,
        frontier=context.record.frontier(),
        checkpoint=context.record.checkpoint(),
        replaces=replaces,
        said_at=said_at or context.now,
    )
    blob = statement.blob()
    kept = (documents.shown, documents.basis, definitions, blob)
    if context.signs is None:
        return Stated(statement=statement, digest=blob.digest, blobs=kept)
    armored, key = context.signs(blob.data)
    signature = signature_blob(armored)
    return Stated(
        statement=statement,
        digest=blob.digest,
        blobs=(*kept, signature),
        signature=signature.digest,
        key=key,
    )
