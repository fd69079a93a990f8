"""A release goes out, or did not after all; what was known then is kept for ever."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.model.errors import NotAllowed, UsageError
from workbench.model.reasons import what_it_lacks
from workbench.record import Blob, Change, Commit
from workbench.releases import model as releases
from workbench.releases import shipment as shipments
from workbench.releases.model import Outcome
from workbench.signoff.statement import Act
from workbench.usecases import stating
from workbench.usecases.acting import commit_judged
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.handed_in import without_secrets_in
from workbench.usecases.shipment_documents import documents_of, shipment_of
from workbench.usecases.signing import keep_copy


def ship(
    context: Context,
    version: str | None = None,
    *,
    run: str | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Commit:
    """Say that a release was shipped, now or ``at`` an earlier moment.

    It is judged as it is entered.  Every gate is through, or a reason says why it went out all
    the same, which stands in the notes for good.
    """
    said = without_secrets_in(context, reason)
    done = commit_judged(context, version, lambda evaluation: shipped(context, evaluation, run, said, at))
    keep_copy(context)
    return done


def shipped(
    context: Context, evaluation: Evaluation, run: str | None, reason: str, at: datetime | None
) -> tuple[list[Change], tuple[Blob, ...]]:
    """The changes that say that a release went out, and the documents that are kept with them."""
    held, now = evaluation.held, context.now
    if at is not None and at > now:
        raise UsageError("a release that was shipped went out in the past", hint="leave --at out for now")
    change = releases.conclude(
        held, Outcome.SHIPPED, by=context.author().actor, at=at or now, run=run, reason=reason
    )
    if held.candidate is not None and held.candidate.withdrawn_at is not None:
        why = held.candidate.withdrawn_why
        raise NotAllowed(
            f"{held.title} was withdrawn, so it does not go out: {why}",
            hint="workbench release candidate COMMIT proposes another build",
        )
    through = evaluation.through
    if not through and (lacks := what_it_lacks(reason)):
        why = lacks if reason else "say why with --reason"
        raise NotAllowed(
            f"not every gate of {held.release.version} has passed",
            hint=f"clear them; or, if it shipped anyway, {why}",
        )
    documents = documents_of(context, evaluation)
    stated = stating.state(
        context, evaluation, Act.SHIP, documents, subject=held.stored.base, decision="shipped", words=reason
    )
    value = shipment_of(context, evaluation, documents, at or now, now)
    value = msgspec.structs.replace(
        value, run=run or value.run, reason=reason, through=through, statement=stated.digest
    )
    found = shipments.find_shipment(context.record, held.id)
    return [
        change,
        shipments.record_shipment(found[0] if found else None, value),
        *stated.keyed,
    ], stated.blobs


def take_back(context: Context, version: str, reason: str) -> Commit:
    """Say that a release was not shipped after all: it is open again, and what was kept stays."""
    held = releases.find(context.record, version)
    found = shipments.find_shipment(context.record, held.id)
    if held.release.outcome is not Outcome.SHIPPED or found is None or not found[1].stands:
        raise NotAllowed(f"{held.release.version} is not shipped, so there is nothing to withdraw")
    stored, value = found
    reason = without_secrets_in(context, reason)
    withdrawn = shipments.withdraw(stored, value, by=context.author().actor, at=context.now, why=reason)
    return commit(context, [withdrawn, releases.reopened(held, reason)])
