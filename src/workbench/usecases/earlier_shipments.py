"""Releases that went out before shipments were recorded: their reports are kept once, and labelled so."""

from __future__ import annotations

from datetime import datetime

import msgspec

from workbench.model.errors import WorkbenchError
from workbench.model.times import from_text
from workbench.record import Author, Blob, Record
from workbench.releases import model as releases
from workbench.releases import shipment as shipments
from workbench.releases.model import Held, Outcome
from workbench.signoff.statement import DOCUMENT
from workbench.usecases.context import Context, commit
from workbench.usecases.evaluate import evaluate
from workbench.usecases.shipment_documents import documents_of, shipment_of

# Keeping a report afterwards is nobody's act, and so nobody's to undo.
ITSELF = Author(actor="workbench", identity="the workbench itself", os_user="")


def keep_earlier(context: Context) -> None:
    """Keep the reports of releases that were shipped before shipments were recorded, as judged today.

    Where the record cannot be judged or written, nothing happens: it is tried again next time.
    """
    for version in shipments.without_shipment(context.record):
        try:
            _keep(context, releases.find(context.record, version))
        except WorkbenchError:
            return


def _keep(context: Context, held: Held) -> None:
    went = _went_out(context.record, held)
    if went is None:
        return
    by, at, run, reason = went
    evaluation = evaluate(context, held.release.version, at=at)
    documents = documents_of(context, evaluation)
    value = msgspec.structs.replace(
        shipment_of(context, evaluation, documents, at, at),
        by=by,
        run=run,
        reason=reason,
        through=evaluation.through,
        frontier=(),
        afterwards=True,
    )
    blobs = (documents.shown, documents.basis, Blob.of(context.definitions.document, DOCUMENT))
    context = msgspec.structs.replace(context, author=lambda: ITSELF)
    commit(context, [shipments.record_shipment(None, value)], blobs=blobs, if_head=evaluation.head)


def _went_out(record: Record, held: Held) -> tuple[str, datetime, str | None, str] | None:
    """Who said when that a release was shipped, by which run, and why if they said so."""
    for entry in record.history(entity="release", id=held.id):
        value = entry.value or {}
        if entry.verb == Outcome.SHIPPED.value and value.get("outcome_at"):
            at = from_text(value["outcome_at"])
            return entry.actor, at, value.get("run"), entry.reason or ""
    return None
