"""Where each claim of a report comes from: entries of the ledger, measurements, kept documents, by their full digests."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.benchmarks.measurements import Measurement
from workbench.gates.probed import LATEST
from workbench.parity.model import Difference
from workbench.record import Record
from workbench.signoff.holding import SignOffView
from workbench.usecases.context import Context
from workbench.usecases.evaluate import Evaluation
from workbench.usecases.reporting.report import CitedReport


def cited(context: Context, evaluation: Evaluation, listed: tuple[str, ...]) -> tuple[CitedReport, ...]:
    """Every claim that rests on something in the record, in the order of the report; ``listed`` are ids of differences."""
    record = context.record
    found = [
        *_measured(record, evaluation),
        *_differences(record, evaluation, listed),
        *_exceptions(record, evaluation),
        *(each for gate in evaluation.gates for view in gate.signoffs for each in _signed(view)),
    ]
    return tuple(dict.fromkeys(found))


def _measured(record: Record, evaluation: Evaluation) -> Iterator[CitedReport]:
    """A measurement goes by its batch, which is one entry, and by the answers that were kept of it."""
    batches: dict[str, str] = {}

    def of(about: str, value: Measurement | None) -> Iterator[CitedReport]:
        if value is None:
            return
        if value.batch not in batches:
            stored = record.get("batch", value.batch)
            batches[value.batch] = stored.base if stored else ""
        if batches[value.batch]:
            yield CitedReport(about=about, kind="measurement", name=value.ref, digest=batches[value.batch])
        for digest in value.evidence:
            yield CitedReport(about=about, kind="answer", name="as it was received", digest=digest)

    for item in evaluation.judged:
        about = f"benchmark/{item.key}"
        yield from of(about, item.value)
        yield from of(about, item.baseline)


def _differences(record: Record, evaluation: Evaluation, listed: tuple[str, ...]) -> Iterator[CitedReport]:
    """A difference goes by its last entry, and by the last run of the probe that watches it."""
    runs = evaluation.facts(LATEST)
    for ident in dict.fromkeys((*(each for each, _ in evaluation.differences), *listed)):
        stored = record.get("difference", ident)
        if stored is None:
            continue
        about = f"difference/{ident}"
        yield CitedReport(about=about, kind="ledger entry", name=f"“{stored.verb}”", digest=stored.base)
        probe = stored.decode(Difference).probe
        if probe in runs:
            run = record.get("probe_run", runs[probe][0])
            if run is not None:
                yield CitedReport(about=about, kind="probe run", name=probe, digest=run.base)


def _exceptions(record: Record, evaluation: Evaluation) -> Iterator[CitedReport]:
    """What was proposed and what approved it: the entries of this release about a part."""
    parts = {item.part for item in (*evaluation.overrides, *evaluation.quarantines)}
    for entity in ("override", "quarantine"):
        for stored in record.all(entity):
            value = stored.decode(dict)
            part = str(value.get("part", ""))
            if part in parts and value.get("release", evaluation.held.id) == evaluation.held.id:
                about = f"{entity}/{part}"
                yield CitedReport(
                    about=about, kind="ledger entry", name=f"“{stored.verb}”", digest=stored.base
                )
                if value.get("statement"):
                    yield CitedReport(about=about, kind="statement", digest=str(value["statement"]))


def _signed(view: SignOffView) -> Iterator[CitedReport]:
    value, about = view.signoff, f"signature/{view.stored.id}"
    yield CitedReport(about=about, kind="ledger entry", name=f"“{view.stored.verb}”", digest=view.stored.base)
    for kind in ("statement", "shown", "basis", "signature"):
        digest = str(getattr(value, kind, "") or "")
        if digest:
            yield CitedReport(about=about, kind=_KINDS[kind], digest=digest)


_KINDS = {
    "statement": "statement",
    "shown": "document that was shown",
    "basis": "basis",
    "signature": "SSH signature",
}
