"""Handing a gate back to whoever sent it back: what they needed is there."""

from __future__ import annotations

from workbench.model.errors import UsageError
from workbench.record import Commit
from workbench.signoff import hand_backs as room
from workbench.signoff.conclude import Concluded
from workbench.signoff.hand_backs import HandBack
from workbench.signoff.holding import SignOffView
from workbench.signoff.model import Decision
from workbench.usecases.context import Context, commit, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.people import key_or_text


def hand_back(
    context: Context, evaluation: Evaluation, gate: str | None, reason: str, to: str = ""
) -> tuple[Commit, HandBack]:
    """Hand a gate back to who sent it back (``to``, where several have), with what was done.

    Their clock runs again, and the gate stays blocked until they have answered.
    """
    evaluation.require_open()
    person = require_person(context)
    concluded, view = _sent_back(context, evaluation, gate, to)
    if concluded.handed_back.get(view.stored.id) is not None:
        raise UsageError(
            f"{concluded.gate.title} was handed back to {view.signoff.person} already",
            hint=f"workbench ask {view.signoff.person} reminds them",
        )
    value = HandBack(
        release=evaluation.held.id,
        gate=concluded.key,
        signoff=view.stored.id,
        person=view.signoff.person,
        by=person.key,
        at=context.now,
        reason=without_secrets_in(context, reason),
        identity=context.author().identity,
    )
    return commit(context, [room.handed_back(value)], if_head=evaluation.head), value


def _sent_back(
    context: Context, evaluation: Evaluation, gate: str | None, to: str
) -> tuple[Concluded, SignOffView]:
    """The gate, and the answer that sent it back: the only one, or that of ``to``."""
    whom = key_or_text(context.definitions.project.people, to) if to else ""
    found = [
        (concluded, view)
        for concluded in (evaluation.gates if gate is None else [evaluation.gate(gate)])
        for view in concluded.stops
        if view.signoff.decision is Decision.SEND_BACK and whom in ("", view.signoff.person)
    ]
    if not found:
        where = "no gate" if gate is None else evaluation.gate(gate).gate.title
        raise UsageError(
            f"nobody has sent {'a gate' if gate is None else where} back" + (f" as {whom}" if whom else ""),
            hint="workbench gate shows what is open",
        )
    if len(found) > 1:
        named = ", ".join(f"{one.key} ({view.signoff.person})" for one, view in found)
        raise UsageError(
            f"several answers sent a gate back: {named}", hint="name the gate, and the person with --to"
        )
    return found[0]
