"""The conditions of approvals: what is due when, and saying with evidence that they were kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.record import Commit
from workbench.signoff import conditions as room
from workbench.signoff.conclude import Concluded
from workbench.signoff.conditions import ConditionKept
from workbench.signoff.holding import WITHDRAWN, SignOffView
from workbench.signoff.model import Decision
from workbench.usecases.answering import evidence_for
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import key_or_text


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """The conditions of one approval: ``kept`` says how, "" where nobody has said so; ``ended`` once they were due without that."""

    gate: str
    person: str
    conditions: str
    due: datetime
    kept: str = ""
    kept_by: str = ""
    ended: bool = False


def conditions_of(evaluation: Evaluation) -> list[Condition]:
    """The conditions of every approval of a release that stands, the one that is due first."""
    found = [
        Condition(
            gate=concluded.key,
            person=view.signer,
            conditions=view.signoff.conditions,
            due=due,
            kept=done.words if done else "",
            kept_by=done.by if done else "",
            ended=done is None and due <= evaluation.facts.now,
        )
        for concluded, view, due in _standing(evaluation)
        for done in (concluded.conditions_kept.get(view.stored.id),)
    ]
    return sorted(found, key=lambda one: (one.due, one.gate, one.person))


def keep(
    context: Context,
    evaluation: Evaluation,
    gate: str | None,
    words: str,
    *,
    of: str = "",
    link: str = "",
    file: Path | None = None,
) -> tuple[Commit, ConditionKept]:
    """Say that the conditions of an approval are kept, before they are due, with a link or a file as evidence."""
    evaluation.require_open()
    person = require_person(context)
    whom = key_or_text(context.definitions.project.people, of) if of else ""
    concluded, view, due = _one(evaluation, gate, whom)
    if concluded.conditions_kept.get(view.stored.id) is not None:
        raise UsageError(f"the conditions of {view.signer} are marked as kept already")
    if due <= context.now:
        raise NotAllowed(
            f"the conditions of {view.signer} were due, and nobody had said that they were kept",
            hint=f"{view.signoff.person} signs again: workbench sign {concluded.key}",
        )
    policy = concluded.gate.sign
    if policy is not None and policy.require_signature:
        raise NotAllowed(
            f"in {concluded.gate.title} counts what a key has signed, and no key signs that a condition is kept",
            hint=f"{view.signoff.person} answers again with their key: workbench sign {concluded.key} --ssh-key FILE",
        )
    value = ConditionKept(
        release=evaluation.held.id,
        gate=concluded.key,
        signoff=view.stored.id,
        person=view.signoff.person,
        by=person.key,
        at=context.now,
        words=without_secrets_in(context, words),
        identity=context.author().identity,
    )
    if not link and file is None:
        return commit(context, [room.kept(value)], if_head=evaluation.head), value
    evidence = evidence_for(context, f"signoff/{view.stored.id}", link=link, file=file)
    value = msgspec.structs.replace(value, evidence=evidence.change.id)
    changes = [room.kept(value), evidence.change]
    return commit(context, changes, blobs=evidence.blobs, if_head=evaluation.head), value


def _standing(evaluation: Evaluation) -> list[tuple[Concluded, SignOffView, datetime]]:
    return [
        (concluded, view, view.signoff.conditions_due)
        for concluded in evaluation.gates
        for view in concluded.signoffs
        if view.signoff.decision is Decision.CONDITIONS
        and view.signoff.conditions_due is not None
        and view.currency not in WITHDRAWN
    ]


def _one(evaluation: Evaluation, gate: str | None, whom: str) -> tuple[Concluded, SignOffView, datetime]:
    wanted = evaluation.gate(gate).key if gate is not None else None
    found = [
        each
        for each in _standing(evaluation)
        if wanted in (None, each[0].key) and whom in ("", each[1].signoff.person)
    ]
    if not found:
        raise UsageError("no approval with conditions stands there", hint="workbench condition lists them")
    if len(found) > 1:
        named = ", ".join(f"{one.key} ({view.signoff.person})" for one, view, _ in found)
        raise UsageError(
            f"several approvals have conditions: {named}", hint="name the gate, and the person with --of"
        )
    return found[0]
