"""Every statement of the record that a key has signed, and what each signature is worth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from workbench.model.text import safe_text
from workbench.record import Checkpoint
from workbench.signoff import model as signing
from workbench.signoff.keyed import KeySignature
from workbench.signoff.ssh_signatures import Namespace, check, signers_of
from workbench.signoff.statement import read_statement
from workbench.usecases.context import Context

_MOST_TOLD = 5


class SignedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with a key's signature: whose it is, or in ``problem`` why it does not count.

    ``about`` says what was said of what, and ``checkpoint`` is the head that it names.
    """

    person: str
    about: str
    checkpoint: Checkpoint | None = None
    problem: str = ""


def signed_statements(context: Context) -> list[SignedStatement]:
    """Each signature over a statement of the record, judged by the people of the files here."""
    return list(dict.fromkeys(_all(context)))


def _all(context: Context) -> Iterator[SignedStatement]:
    record = context.record
    for row in record.all("signoff"):
        answer = row.decode(signing.SignOff)
        if answer.signature:
            held_at = record.history("signoff", row.id)[-1].recorded_at
            yield _judged(context, answer.statement, answer.signature, held_at, answer.person)
    for row in record.all("signature"):
        value = row.decode(KeySignature)
        yield _judged(context, value.statement, value.signature, row.recorded_at, value.person)


def _judged(
    context: Context, statement: str, signature: str, held_at: datetime, person: str
) -> SignedStatement:
    said, armored = (_bytes(context, digest) for digest in (statement, signature))
    if said is None or armored is None:
        return SignedStatement(
            person=person, about="what they said", problem="the statement or the signature is not here"
        )
    try:
        found = read_statement(said)
    except (ValueError, msgspec.DecodeError):
        return SignedStatement(person=person, about="what they said", problem="the statement cannot be read")
    verdict = check(
        signers_of(context.definitions.project.people),
        said,
        armored,
        Namespace.STATEMENT,
        found.said_at,
        held_at=None if context.demonstration else held_at,
        person=found.person,
    )
    about = " ".join(part for part in (found.act.value, found.release, found.gate or found.part) if part)
    return SignedStatement(
        person=found.person, about=safe_text(about, 120), checkpoint=found.checkpoint, problem=verdict.problem
    )


def _bytes(context: Context, digest: str) -> bytes | None:
    blob = context.record.blob(digest) if digest else None
    return blob.data if blob is not None and blob.data else None


def told(found: list[SignedStatement]) -> Iterator[str]:
    """How many signatures hold, and of each other one why not."""
    if not found:
        return
    bad = [each for each in found if each.problem]
    yield f"signatures of keys over statements that hold: {len(found) - len(bad)} of {len(found)}"
    for each in bad[:_MOST_TOLD]:
        yield f"the signature of {safe_text(each.person, 60)} ({each.about}) does not hold: {each.problem}"
    if len(bad) > _MOST_TOLD:
        yield f"{len(bad) - _MOST_TOLD} more signatures do not hold"
