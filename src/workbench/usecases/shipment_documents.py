"""What is kept of a release that goes out: the whole report, and what all its gates rest on."""

from __future__ import annotations

from datetime import datetime

import workbench
from workbench.definitions.shapes import EnvironmentKind
from workbench.model.canonical import encode
from workbench.record import Blob
from workbench.releases import shipment as shipments
from workbench.releases.shipment import Shipment
from workbench.signoff.basis import document_of
from workbench.signoff.statement import DOCUMENT
from workbench.usecases import stating
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.keeping import encode as encode_report
from workbench.usecases.reporting.whole import report_of


def documents_of(context: Context, evaluation: Evaluation) -> stating.Documents:
    """The whole report as it is shown, and what all gates together rest on."""
    basis = evaluation.basis
    return stating.Documents(
        shown=Blob.of(encode_report(report_of(context, evaluation)), DOCUMENT),
        basis=Blob.of(encode(basis.document if basis else document_of(())), DOCUMENT),
        evidence=basis.evidence if basis else "",
    )


def shipment_of(
    context: Context, evaluation: Evaluation, documents: stating.Documents, at: datetime, entered: datetime
) -> Shipment:
    """The shipment of a release that went out ``at`` a moment and was judged when that was ``entered``."""
    production = [
        item.key
        for item in context.definitions.project.environments
        if item.kind is EnvironmentKind.PRODUCTION
    ]
    held = evaluation.held
    return Shipment(
        release=held.id,
        version=held.release.version,
        by=context.author().actor,
        at=at,
        entered_at=entered,
        through=evaluation.through,
        environment=", ".join(production),
        workbench=workbench.__version__,
        frontier=context.record.frontier(),
        report=documents.shown.digest,
        basis=documents.basis.digest,
        definitions=context.definitions.digest,
        **shipments.build_of(held),
    )
