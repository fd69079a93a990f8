"""What is waiting for a second person, and that person's word on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.gates.approvals import Approval, Proposal, Ruling, What, approval_id, ruled
from workbench.gates.bound import beyond
from workbench.gates.model import State
from workbench.model.errors import NotAllowed, UsageError
from workbench.model.keys import nearest
from workbench.model.reasons import readable_reason
from workbench.record import Change, Commit
from workbench.releases.model import require_open
from workbench.signoff.conclude import Concluded
from workbench.signoff.statement import Act
from workbench.usecases.context import Context, acting, commit, person, require_person
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.stating import Stated, documents_of, state

_OF_RELEASE = (What.OVERRIDE, What.ITEM)
SHORTEST_END = 4  # characters of an id's end that name it


def find_proposal(evaluation: Evaluation, ref: str) -> Proposal:
    """What waits under that name: a line of a gate, the end of its key, a title, an id or its end."""
    waiting = evaluation.proposals
    for fits in (_named, _ends):
        found = [item for item in waiting if fits(item, ref)]
        if len(found) == 1:
            return found[0]
        if found:
            named = "; ".join(f"{item.ref[-12:]} ({item.title})" for item in found[:3])
            raise UsageError(f"“{ref}” matches several proposals waiting for approval", hint=named)
    meant = nearest(ref, [name for item in waiting for name in (item.part, item.part.rpartition("/")[2])])
    hint = f"did you mean {meant}?" if meant else "workbench approve lists what is waiting"
    raise UsageError(f"nothing called “{ref}” is waiting for approval", hint=hint)


def _named(item: Proposal, ref: str) -> bool:
    return ref in (item.ref, item.part, item.subject) or item.title.lower() == ref.lower()


def _ends(item: Proposal, ref: str) -> bool:
    if item.part.endswith(f"/{ref}"):
        return True
    if item.what is What.PURGE and len(ref) >= SHORTEST_END and digest_of(item).startswith(ref):
        return True
    return len(ref) >= SHORTEST_END and (item.ref.endswith(ref) or item.subject.startswith(ref))


def digest_of(purge: Proposal) -> str:
    """What is to be purged, by its digest."""
    return purge.part.removeprefix("purge/")


def approve(
    context: Context, evaluation: Evaluation, ref: str, *, reject: bool = False, words: str = ""
) -> Commit:
    """Act on what somebody else proposed: let it count, or, with ``reject``, say why it does not.

    Who says it again replaces their own word.  What is to be purged is gone then, too.
    """
    proposal = find_proposal(evaluation, ref)
    if proposal.what in _OF_RELEASE:
        require_open(evaluation.held)
    if context.definitions.project.people:
        require_person(context)
    author = context.author()
    if obstacle := proposal.why_not(author.actor):
        raise NotAllowed(
            f"{proposal.title}: {obstacle}",
            hint="someone other than the proposer has to approve or reject it",
        )
    against = proposal.rejected
    if proposal.what is What.PURGE and against is not None and against.person != author.actor and not reject:
        raise NotAllowed(f"{proposal.title}: rejected by {against.person}: {against.words}")
    if proposal.what is What.BREAK_GLASS:
        readable_reason(words, "the review of a break-glass")
    words = without_secrets_in(context, words)
    decision = Ruling.REJECT if reject else Ruling.APPROVE
    stated = stated_on(
        context,
        evaluation,
        Act.APPROVE,
        proposal.part,
        subject=proposal.subject,
        decision=decision.value,
        words=words,
    )
    value = Approval(
        subject=proposal.subject,
        decided=proposal.decided,
        what=proposal.what,
        ref=proposal.ref,
        title=proposal.title,
        person=author.actor,
        role=proposal.able.role,
        decision=decision,
        words=words,
        at=context.now,
        identity=author.identity,
        statement=stated.digest if stated else "",
    )
    existing = context.record.get("approval", approval_id(value.decided or value.subject, value.person))
    done = commit(context, [ruled(existing, value), *keyed_of(stated)], blobs=stated.blobs if stated else ())
    if not reject and (more := worse_than_proposed(evaluation, proposal)):
        context.remarks.append(f"it does not cover what there is now: {more}")
    if proposal.what is What.PURGE and not reject:
        return carry_out(context, digest_of(proposal), proposal.words)
    return done


def worse_than_proposed(evaluation: Evaluation, proposal: Proposal) -> str:
    """Why a proposed override would not cover its line as it stands now, naming both values; "" where it would."""
    if proposal.bound is None:
        return ""
    parts = (part for gate in evaluation.gates for part in gate.result.parts if part.key == proposal.part)
    part = next(parts, None)
    return beyond(proposal.bound, part.bound) if part is not None and part.state is State.NOT_MET else ""


def carry_out(context: Context, digest: str, reason: str) -> Commit:
    """Remove the content of that digest for good, once two people have wanted it.

    What the server of a shared record holds of it goes with :func:`workbench.usecases.sharing.purging.after`.
    """
    with acting(context) as said:
        return context.record.purge(digest, reason, **said)


def stated_on(context: Context, evaluation: Evaluation, act: Act, part: str, **said: Any) -> Stated | None:
    """What somebody says about a line of a gate, with what they were shown; ``None`` without any gate."""
    gate = _gate_of(evaluation.gates, part)
    if gate is None:
        return None
    return state(
        context, evaluation, act, documents_of(evaluation, gate), gate=gate.gate.key, part=part, **said
    )


def keyed_of(stated: Stated | None) -> tuple[Change, ...]:
    """The changes that record a key's signature over a statement, where there are both."""
    return stated.keyed if stated is not None else ()


def _gate_of(gates: Sequence[Concluded], part: str) -> Concluded | None:
    """The first gate with that line; the last one for what no gate asks."""
    found = (item for item in gates if any(each.key == part for each in item.parts))
    return next(found, gates[-1] if gates else None)


def mine(context: Context, evaluation: Evaluation) -> list[Proposal]:
    """What waits for the person who sits here."""
    me = person(context)
    key = me.key if me else context.author().actor
    return [item for item in evaluation.proposals if not item.rejected and item.able.includes(key)]
