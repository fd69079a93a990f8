"""Keeping the flow inventory and the parity map true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from workbench.evidence.model import Evidence
from workbench.flows import model as flows
from workbench.flows import tiers
from workbench.flows.model import Flow, Stage
from workbench.gates.predictions import PredictionOf
from workbench.model.cells import clean, short_text
from workbench.model.errors import UsageError
from workbench.parity import decisions, reviews
from workbench.parity import model as parity
from workbench.parity.bounds import apart
from workbench.parity.decisions import Decision
from workbench.parity.model import Difference
from workbench.parity.rating import rated
from workbench.parity.table import name_of, require_new_name
from workbench.record import Blob, Change, Commit, Known, Stored
from workbench.releases import model as releases
from workbench.releases.model import Held, require_open
from workbench.signoff.statement import Act
from workbench.usecases import predictions
from workbench.usecases.approving import keyed_of, stated_on
from workbench.usecases.context import Context, commit, fresh_id, require_person
from workbench.usecases.evaluate import evaluate
from workbench.usecases.handed_in import typed, without_secrets_in
from workbench.usecases.people import owner_named
from workbench.usecases.stating import Stated


def find_difference(context: Context, ref: str) -> tuple[Stored, Difference]:
    """The difference with that id (or its beginning or end), title, or part of a title."""
    return parity.find(context.record, ref)


def find_flow(context: Context, key: str) -> tuple[Stored, Flow]:
    """The flow with that key."""
    return flows.find(context.record, key)


class SuggestedTier(msgspec.Struct, frozen=True):
    """TH-6: a flow with the tier that the answers suggest, and the sentences that it follows from.

    ``remark`` says why what its failure costs did not count, where it was said.
    """

    flow: Flow
    because: tuple[str, ...]
    remark: str = ""


def suggest_tier(
    context: Context, flow: Flow, *, money: bool, login: bool, customers: bool, cost: str | None = None
) -> SuggestedTier:
    """The tier that plain questions suggest, and what five minutes of failure cost.

    ``cost`` is an amount or a class, and is kept with the flow; left out, what the flow says already counts.
    """
    said = flow.failure_cost if cost is None else clean(cost)
    costs = context.definitions.project.failure_costs
    dear = tiers.cost_of(said, costs)
    proposed = tiers.propose_tier(money=money, login=login, customers=customers, cost=dear)
    after = msgspec.structs.replace(flow, tier=proposed.tier, failure_cost=said)
    remark = ""
    if said and dear is None:
        remark = (
            f"“{short_text(said)}” cannot be compared: say low, medium or high, or what is dear in workbench.yaml: "
            "failure_costs: {dear_from: 1000 EUR, cheap_below: 100 EUR}"
        )
    return SuggestedTier(after, proposed.because, remark)


def as_severe_as_said(difference: Difference) -> Difference:
    """A difference whose severity nobody has said: it follows from how often and how badly, if both are said."""
    follows = rated(difference.frequency, difference.harm)
    return difference if follows is None else msgspec.structs.replace(difference, severity=follows)


def add_difference(context: Context, difference: Difference) -> str:
    """Put a difference on the map; returns its id.  Two with the same title and region are refused."""
    require_new_name(context.record, difference.title, difference.region)
    change = parity.new_difference(typed(context, difference), context.now)
    commit(context, [change])
    return change.id


def edit_difference(context: Context, stored: Stored, difference: Difference, reason: str = "") -> Commit:
    """Edit a difference as it was read; a stale base is refused or merged."""
    before = stored.decode(Difference)
    if name_of(before.title, before.region) != name_of(difference.title, difference.region):
        require_new_name(context.record, difference.title, difference.region)
    changed = parity.edited(stored, typed(context, difference))
    return commit(context, [_because(context, changed, reason)])


def _because(context: Context, change: Change, reason: str) -> Change:
    return msgspec.structs.replace(change, reason=without_secrets_in(context, reason) or None)


def lacks(
    decision: Decision, *, high: bool, reason: str, mitigation: str, owner: str, ends: bool
) -> dict[str, str]:
    """What a decision still needs, in words, by field.

    ``high`` says whether a high-severity difference is among those decided, ``ends`` whether an end was given.
    """
    missing = decisions.lacks(
        decision, high=high, reason=reason, mitigation=mitigation, owner=owner, ends=ends
    )
    return {name: error.what for name, error in missing.items()}


def how_far_apart(chosen: Sequence[tuple[Stored, Difference]]) -> str | None:
    """How far apart the values are, in words; "" for several differences, ``None`` where nothing can be compared."""
    found = [apart(value.staging, value.production, value.gap) for _, value in chosen]
    if not any(found):
        return None
    return str(found[0]) if len(found) == 1 else ""


def lacks_bound(chosen: Sequence[tuple[Stored, Difference]], up_to: str) -> str:
    """Why a decision about these cannot hold up to that, in words; "" where it can."""
    for _, value in chosen:
        if (error := parity.not_up_to(value, up_to)) is not None:
            named = f"{short_text(value.title)}: " if len(chosen) > 1 else ""
            return f"{named}{error.what}"
    return ""


def decide(
    context: Context,
    chosen: Sequence[tuple[Stored, Difference]],
    decision: Decision,
    *,
    reason: str = "",
    mitigation: str = "",
    owner: str = "",
    until: datetime | None = None,
    up_to: str = "",
    predicts: str = "",
) -> Commit:
    """Decide about one or several differences in one act; ``owner`` looks after each of them from now on.

    ``up_to`` says how far apart their values may get before the decision no longer covers them.  ``predicts`` is what it
    states of production until its end: ``checkout-live <= 0.8 s``.
    """
    by, at = context.author().actor, context.now
    owner = owner_named(context, owner)
    reason, mitigation = (without_secrets_in(context, text) for text in (reason, mitigation))
    changes: list[Change] = []
    blobs: list[Blob] = []
    for stored, value in chosen:
        stated = None
        if decisions.needs_second_person(value.severity, decision):
            stated = _stated(context, stored, decision, reason.strip())
        change = parity.decide(
            stored, value, decision, by=by, at=at, reason=reason, mitigation=mitigation, owner=owner, until=until, up_to=up_to,
            statement=stated.digest if stated else "",
        )  # fmt: skip
        changes += [change, *keyed_of(stated)]
        blobs += stated.blobs if stated else ()
    changes += _predicted(context, chosen, predicts, until)
    return commit(context, changes, blobs=list({blob.digest: blob for blob in blobs}.values()))


def _predicted(
    context: Context, chosen: Sequence[tuple[Stored, Difference]], predicts: str, until: datetime | None
) -> list[Change]:
    """The prediction that a decision states of the release in hand, scored until the decision ends."""
    if not predicts.strip():
        return []
    if len(chosen) != 1:
        raise UsageError("a prediction goes with one difference", hint="decide on them one by one")
    if until is None:
        raise UsageError("a prediction is scored at its end", hint="--until DATE")
    held = releases.find(context.record, context.release)
    part = f"difference/{chosen[0][0].id}"
    return [predictions.stated(context, held, predicts, until, part=part, of=PredictionOf.ACCEPTANCE)]


def _stated(context: Context, stored: Stored, decision: Decision, words: str) -> Stated | None:
    """What is said on leaving a high difference as it is, with what was on screen; ``None`` without a release."""
    if not context.record.count("release"):
        return None
    evaluation = evaluate(context)
    part = f"difference/{stored.id}"
    return stated_on(
        context,
        evaluation,
        Act.ACCEPT,
        part,
        subject=stored.base,
        decision=decision.value,
        words=words,
    )


def attach(context: Context, stored: Stored, evidence: Evidence) -> Commit:
    """Attach a piece of evidence to a difference; :func:`workbench.usecases.answering.evidence_for` makes one."""
    return commit(context, [evidence.change], blobs=evidence.blobs)


def subject_of(stored: Stored) -> str:
    """What evidence of a difference is attached to."""
    return f"difference:{stored.id}"


def remove_difference(context: Context, stored: Stored, reason: str) -> Commit:
    """Take a difference off the map, because it exists no more."""
    return remove_differences(context, [stored], reason)


def remove_differences(context: Context, chosen: Sequence[Stored], reason: str) -> Commit:
    """Take several off the map in one act; all of them stay where one of them has to."""
    reason = without_secrets_in(context, reason)
    return commit(context, [parity.removed(stored, reason) for stored in chosen])


def mark_reviewed(
    context: Context,
    held: Held,
    note: str = "",
    *,
    nothing_differs: bool = False,
    known: tuple[Known, ...] = (),
) -> Commit:
    """Say that the map was reviewed for this release; of an empty one, that ``nothing_differs``.

    ``known`` is what the record held when the reviewer saw it: all that it holds now where none is said.
    The latter is a statement: who makes it is known to the project, and what they said is kept.
    """
    require_open(held)
    by, ident = context.author().actor, fresh_id(context)
    note = without_secrets_in(context, note)
    review = reviews.reviewed(
        context.record,
        held.id,
        by=by,
        at=context.now,
        note=note,
        nothing_differs=nothing_differs,
        known=known,
    )
    blobs: tuple[Blob, ...] = ()
    stated: Stated | None = None
    if nothing_differs:
        if context.definitions.project.people:
            require_person(context)
        evaluation = evaluate(context, held.release.version)
        stated = stated_on(
            context,
            evaluation,
            Act.REVIEW,
            "parity/differences",
            decision="nothing differs",
            words=review.note,
        )
        if stated is not None:
            review = msgspec.structs.replace(review, statement=stated.digest)
            blobs = stated.blobs
    return commit(context, [reviews.review_change(review, ident), *keyed_of(stated)], blobs=blobs)


def add_flow(context: Context, flow: Flow) -> Commit:
    """List a flow."""
    return commit(context, [flows.new_flow(context.record, typed(context, flow), context.now)])


def edit_flow(context: Context, stored: Stored, flow: Flow, reason: str = "") -> Commit:
    """Edit a flow as it was read."""
    before = stored.decode(Flow)
    flow = typed(context, flow)
    done = commit(context, [_because(context, flows.edited(stored, flow), reason)])
    if before.every_step != flow.every_step:
        from workbench.usecases.fetching import keep_figures_out_of

        keep_figures_out_of(context, "steps_real", "mocks_equivalent", flow=flow.key)
    return done


def promote(context: Context, stored: Stored, flow: Flow) -> Stage:
    """FI-2: take a flow one adoption stage further."""
    stage = flows.next_stage(flow)
    if stage is not flow.stage:
        commit(context, [flows.edited(stored, msgspec.structs.replace(flow, stage=stage), "promoted")])
    return stage
