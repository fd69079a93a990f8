"""The report of a release that went out, as it was kept, and what a judgement of today finds otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from workbench.gates.kind import Alteration
from workbench.model.times import moment_text, zone_of
from workbench.record import Stored
from workbench.releases.shipment import Shipment, find_shipment
from workbench.signoff.alterations import alterations
from workbench.signoff.basis import sections_of
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.incidents import incidents_of
from workbench.usecases.reporting.keeping import decode
from workbench.usecases.reporting.making import ending
from workbench.usecases.reporting.report import Report
from workbench.usecases.views.break_glass import lines_of


def kept_report(context: Context, evaluation: Evaluation) -> Report | None:
    """What was shown of a release when it went out, to the letter; ``None`` where it did not.

    Beside it stands what changed since.  Only what is known later is of today: whether it is
    watched or closed, how it ended, and its incidents.  Raises ``WorkbenchError`` where it cannot be shown.
    """
    found = find_shipment(context.record, evaluation.held.id)
    if found is None or not found[1].stands:
        return None
    blob = context.record.blob(found[1].report)
    if blob is None or blob.purged:
        return None
    report = decode(blob.data)
    return msgspec.structs.replace(
        report,
        state=evaluation.state,
        ending=ending(evaluation),
        incidents=incidents_of(context, evaluation.held.id),
        kept=_kept(report, *found) + _past_its_gates(evaluation),
        since=tuple(_since(context, evaluation, report, found[1])),
    )


def _kept(report: Report, stored: Stored, value: Shipment) -> str:
    """Of which moment it is, and why it went out against a gate, in a line."""
    if stored.contested:
        return f"Two desks have shipped {value.version} at once: workbench contested shows both, choose one"
    at, entered = (moment_text(moment, zone_of(report.timezone)) for moment in (value.at, value.entered_at))
    if value.afterwards:
        words = f"Shipped on {at}, before reports were kept: judged later for that moment"
    elif value.at != value.entered_at:
        words = f"Shipped on {at}, entered on {entered}: as judged when it was entered"
    else:
        words = f"As judged when it was shipped, on {at}"
    return f"{words}; reason: {value.reason}" if value.reason else words


def _past_its_gates(evaluation: Evaluation) -> str:
    """Who broke the glass for it, and how the review of that stands; "" for what went out otherwise."""
    found = [one for one in evaluation.break_glass if one.ident == evaluation.held.id]
    lines = lines_of(found, evaluation.now, evaluation.facts.zone)
    return "".join(f"; break-glass by {one.value.by}, review: {one.review}" for one in lines)


def _since(context: Context, evaluation: Evaluation, report: Report, value: Shipment) -> Iterator[str]:
    for item in _alterations(context, evaluation, report, value):
        yield item.words
    for concluded in evaluation.gates:
        for view in concluded.signoffs:
            known = context.record.was_known(view.stored, "signoff", value.frontier)
            if not known and not value.afterwards:
                said = view.signoff.decision.value.replace("_", " ")
                yield (
                    f"{concluded.gate.title}: “{said}” by {view.signoff.person} was not known when it shipped"
                )


def _alterations(
    context: Context, evaluation: Evaluation, report: Report, value: Shipment
) -> list[Alteration]:
    """What it rested on then, compared with the present as of the moment of its shipping."""
    blob = context.record.blob(value.basis)
    if blob is None or blob.purged:
        return [Alteration("what it rested on is not kept here, and cannot be compared")]
    try:
        then = sections_of(msgspec.json.decode(blob.data))
    except ValueError:
        return [Alteration("what it rested on cannot be read by this version of the workbench")]
    now = evaluation.basis.sections if evaluation.basis else ()
    titles = {(item.kind, item.key): item.title for item in report.rests_on}
    return alterations(then, now, evaluation.facts.now, titles)
